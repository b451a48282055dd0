"""How sure the classifier is, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _


def likelihood(percent: int) -> str:
    if percent >= 90:
        return _("almost certain")
    if percent >= 70:
        return _("very likely")
    if percent >= 45:
        return _("likely")
    if percent >= 15:
        return _("possible")
    return _("unlikely")
