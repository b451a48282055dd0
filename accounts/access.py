"""May this person do this? The only reader of the table of capabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser

from accounts.rules.capabilities import ADMIN_MODELS, CAPABILITIES, Capability, Role
from helpdesk.lib.errors import NotAllowed

if TYPE_CHECKING:
    from accounts.models import User


def can(user: User | AnonymousUser, capability: Capability) -> bool:
    """Whether an active, logged-in person has the capability; strangers have none."""
    if not user.is_authenticated or not user.is_active:
        return False
    return capability in CAPABILITIES[Role(user.role)]


def require(user: User | AnonymousUser, capability: Capability) -> None:
    if not can(user, capability):
        raise NotAllowed(capability=capability.value)


def roles_that_can(capability: Capability) -> list[Role]:
    return [role for role, may in CAPABILITIES.items() if capability in may]


def has_model_permission(user: User | AnonymousUser, permission: str) -> bool:
    """Django's ``app.action_model`` question: *view* needs the first capability of the pair, the rest the second."""
    app_label, _, codename = permission.partition(".")
    action, _, model = codename.partition("_")
    pair = ADMIN_MODELS.get(f"{app_label}.{model}")
    if pair is None:
        return False
    look, change = pair
    return can(user, change) or (action == "view" and can(user, look))


def has_app_permission(user: User | AnonymousUser, app_label: str) -> bool:
    return any(
        label.startswith(f"{app_label}.") and (can(user, look) or can(user, change))
        for label, (look, change) in ADMIN_MODELS.items()
    )
