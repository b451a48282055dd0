"""Block and allow: agents for one address and a brand of theirs, managers for whole domains and every brand."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Brand
from accounts.rules.capabilities import Capability
from helpdesk.lib import clock
from helpdesk.lib.errors import Invalid, NotAllowed
from tickets.actors import Actor
from tickets.choices import ActorKind, SenderVerdict
from tickets.models import SenderRule
from tickets.queries.sender_rules import covers_ourselves
from tickets.rules.sender_rules import is_domain, normal_pattern
from tickets.rules.visibility import scope_of

MAX_NOTE = 200


@transaction.atomic
def set_rule(
    pattern: str, *, verdict: SenderVerdict, brand: Brand | None, by: Actor, note: str = ""
) -> SenderRule:
    """Say what becomes of the mail of an address or domain from now on; said again, the last word counts.

    ``brand`` None is every brand. Raises Invalid on ``pattern``.
    """
    pattern = checked_pattern(pattern, verdict=verdict)
    _require(pattern, brand, by)
    news = {
        "verdict": verdict,
        "note": " ".join(note.split())[:MAX_NOTE],
        "created_at": clock.now(),
        "created_by": by.name[:150],
    }
    rule, _is_new = SenderRule.objects.update_or_create(pattern=pattern, brand=brand, defaults=news)
    return rule


@transaction.atomic
def remove_rule(rule: SenderRule, *, by: Actor) -> None:
    """From now on it is as if nobody had said anything. Removed twice, it is gone all the same."""
    _require(rule.pattern, rule.brand, by)
    SenderRule.objects.filter(pk=rule.pk).delete()


def checked_pattern(text: str, *, verdict: str) -> str:
    """The pattern as it is kept. Raises Invalid, also for one that would block an address of our own."""
    try:
        pattern = normal_pattern(text)
    except ValueError as problem:
        raise Invalid({"pattern": _("Write name@example.com, or @example.com for all of it.")}) from problem
    if verdict == SenderVerdict.BLOCK and covers_ourselves(pattern):
        raise Invalid({"pattern": _("That is an address of our own, or a domain that one of ours is in.")})
    return pattern


def _require(pattern: str, brand: Brand | None, by: Actor) -> None:
    if brand is None or is_domain(pattern):
        by.require(Capability.CONFIGURE_SERVICE)
        return
    by.require(Capability.WORK_TICKETS)
    if by.kind == ActorKind.STAFF and by.user is not None:
        scope = scope_of(by.user)
        if not scope.everything and brand.pk not in scope.brands:
            raise NotAllowed(capability=Capability.WORK_TICKETS.value)


def sign(rule: SenderRule, *, by: Actor) -> None:
    """Write on a rule that is about to be saved who says so, and since when."""
    _require(rule.pattern, rule.brand, by)
    rule.created_at, rule.created_by = clock.now(), by.name[:150]
