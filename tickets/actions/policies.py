"""Policies change by versions: the old one holds for the cases opened before a moment, its successor from then on."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from accounts.rules.capabilities import Capability
from helpdesk.lib.errors import Invalid
from tickets.actors import Actor
from tickets.models import SlaPolicy

#: What a successor does not take over.
_OWN = frozenset({"id", "valid_from", "replaces", "changed_at", "created_at"})


@transaction.atomic
def new_version(policy: SlaPolicy, *, valid_from: datetime, by: Actor) -> SlaPolicy:
    """A copy with all targets and steps for the cases opened from ``valid_from`` on; the old one ends there.

    Where the old one had an end already, that becomes the end of the copy. No clock that runs is touched. Raises
    Invalid for a moment in which the old one does not hold.
    """
    by.require(Capability.CONFIGURE_SERVICE)
    old = SlaPolicy.objects.select_for_update().get(pk=policy.pk)
    if old.valid_from is not None and valid_from <= old.valid_from:
        raise Invalid({"valid_from": _("Choose a moment after the one from which this version holds.")})
    if old.valid_until is not None and valid_from >= old.valid_until:
        raise Invalid({"valid_from": _("Choose a moment before the one at which this version ends.")})
    made = SlaPolicy.objects.create(**_values(old), valid_from=valid_from, replaces=old)
    made.brands.set(old.brands.all())
    made.categories.set(old.categories.all())
    for row in (*old.targets.all(), *old.steps.all()):
        type(row)._default_manager.create(**_values(row) | {"policy": made})
    old.valid_until = valid_from
    old.save(update_fields=["valid_until", "changed_at"])
    return made


def _values(row: models.Model) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.name not in _OWN]
    return {field.name: getattr(row, field.name) for field in fields}
