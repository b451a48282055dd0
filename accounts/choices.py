"""The words that tables of people are keyed by. A value, once released, is kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Tier(models.TextChoices):
    """How much a customer means to the company; promises may differ by it."""

    STANDARD = "standard", _("standard")
    PREMIUM = "premium", _("premium")
    VIP = "vip", _("VIP")


class Digest(models.IntegerChoices):
    """How often a member of staff gets the notices that have gathered, in minutes."""

    AT_ONCE = 0, _("at once, one by one")
    QUARTER = 15, _("every quarter of an hour")
    HALF_HOUR = 30, _("every half hour")
    HOUR = 60, _("every hour")
    FOUR_HOURS = 240, _("every four hours")
    DAY = 1440, _("once a day")


class AssignmentMode(models.TextChoices):
    """How a team's new cases find their person."""

    PULL = "pull", _("people take the next case themselves")
    ROUND_ROBIN = "round_robin", _("in turn, to whoever got one the longest ago")
    LEAST_LOADED = "least_loaded", _("to whoever has the most room left")


class Density(models.TextChoices):
    """How close the rows of lists stand."""

    COMFORTABLE = "comfortable", _("comfortable")
    COMPACT = "compact", _("compact")


class VerificationLevel(models.IntegerChoices):
    """How surely somebody is who they say; a higher level includes the lower ones."""

    NONE = 0, _("not verified")
    CONTACT = 10, _("contact proved")
    DOCUMENT = 20, _("document checked")
    IN_PERSON = 30, _("in person")


class VerificationMethod(models.TextChoices):
    """How somebody was found to be who they say."""

    CALL_BACK = "call_back", _("called back on the number on record")
    DOCUMENT = "document", _("identity document checked")
    IN_PERSON = "in_person", _("came in person, with a document")
