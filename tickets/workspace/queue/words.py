"""The queue's filters and columns in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from accounts.choices import Tier
from accounts.models import User
from tickets.choices import Channel, Priority, Status
from tickets.models import Ticket
from tickets.queries import pickers
from tickets.rules.queue import ANY, ME, MINE, NO, NONE, YES

Text = object
FILTER_TITLES: Mapping[str, Text] = {
    "status": gettext_lazy("Status"),
    "priority": gettext_lazy("Priority"),
    "category": gettext_lazy("Category"),
    "assignee": gettext_lazy("Assignee"),
    "team": gettext_lazy("Team"),
    "brand": gettext_lazy("Brand"),
    "customer": gettext_lazy("Customer"),
    "channel": gettext_lazy("Way in"),
    "language": gettext_lazy("Language"),
    "tier": gettext_lazy("Customer tier"),
    "tag": gettext_lazy("Tag"),
    "due": gettext_lazy("Due within"),
    "overdue": gettext_lazy("Overdue"),
    "waiting": gettext_lazy("The customer waits"),
    "unread": gettext_lazy("Unread"),
    "watched": gettext_lazy("Watched by me"),
    "complaint": gettext_lazy("Complaint"),
    "attachment": gettext_lazy("Has a file"),
    "unproved": gettext_lazy("Sender not proved"),
    "opened_since": gettext_lazy("Opened since"),
    "opened_before": gettext_lazy("Opened before"),
    "updated_since": gettext_lazy("Changed since"),
    "updated_before": gettext_lazy("Changed before"),
}
COLUMN_TITLES: Mapping[str, Text] = {
    "number": gettext_lazy("Number"),
    "subject": gettext_lazy("Subject"),
    "customer": gettext_lazy("Customer"),
    "category": gettext_lazy("Category"),
    "status": gettext_lazy("Status"),
    "priority": gettext_lazy("Priority"),
    "assignee": gettext_lazy("Assignee"),
    "due": gettext_lazy("Due"),
    "brand": gettext_lazy("Brand"),
    "team": gettext_lazy("Team"),
    "channel": gettext_lazy("Way in"),
    "language": gettext_lazy("Language"),
    "opened": pgettext_lazy("column", "Opened"),
    "updated": pgettext_lazy("column", "Changed"),
    "heard": gettext_lazy("Customer wrote"),
    "tags": gettext_lazy("Tags"),
}
_UNITS = {"m": "minute", "h": "hour", "d": "day", "w": "week"}


def span_in_words(text: str) -> str:
    """``4h`` as "4 hours"."""
    count, unit = int(text[:-1]), text[-1]
    said = {
        "m": ngettext("%(count)s minute", "%(count)s minutes", count),
        "h": ngettext("%(count)s hour", "%(count)s hours", count),
        "d": ngettext("%(count)s day", "%(count)s days", count),
        "w": ngettext("%(count)s week", "%(count)s weeks", count),
    }[unit]
    return said % {"count": count}


def moment_in_words(text: str) -> str:
    """``7d`` as "7 days ago", a date as a date."""
    if text[-1] in _UNITS:
        return _("%(span)s ago") % {"span": span_in_words(text)}
    day = parse_date(text)
    return date_format(day, "SHORT_DATE_FORMAT") if day else text


@dataclass(frozen=True)
class Labels:
    """What may be chosen in each filter, value and label; what is chosen by hand has no list."""

    options: Mapping[str, list[tuple[str, str]]]
    user: User

    @classmethod
    def load(cls, user: User) -> Labels:
        choices = pickers.load()
        nobody = (NONE, _("nobody"))
        people = [(str(worker.value), worker.label) for worker in choices.colleagues(user)]
        teams = [(str(choice.value), choice.label) for choice in choices.teams]
        either = [(YES, _("yes")), (NO, _("no"))]
        flags = ("overdue", "waiting", "unread", "watched", "complaint", "attachment", "unproved")
        return cls(
            {
                "status": [*_labelled(Status), (ANY, _("any status"))],
                "priority": [(one.slug, str(one.label)) for one in reversed(Priority)],
                "category": [
                    *((str(choice.value), choice.label) for choice in choices.categories),
                    (NONE, pgettext("category", "none")),
                ],
                "assignee": [(ME, _("me")), nobody, *people],
                "team": [(MINE, _("my teams")), *teams, (NONE, pgettext("team", "none"))],
                "brand": [(str(choice.value), choice.label) for choice in choices.brands(user)],
                "channel": _labelled(Channel),
                "language": [(code, str(name)) for code, name in settings.LANGUAGES],
                "tier": _labelled(Tier),
                **dict.fromkeys(flags, either),
            },
            user,
        )

    def label(self, name: str, value: str) -> str:
        if name == "due":
            return span_in_words(value)
        if name.endswith(("_since", "_before")):
            return moment_in_words(value)
        if name == "customer":
            return self._customer(value)
        known = dict(self.options.get(name, ()))
        return known.get(value, value)

    def _customer(self, value: str) -> str:
        """Whoever sees none of their tickets does not learn their name from an address either."""
        seen = Ticket.objects.visible_to(self.user).filter(customer_id=int(value))
        ticket = seen.select_related("customer").first()
        return ticket.customer.display_name if ticket else value


def _labelled(choices: type[Status] | type[Channel] | type[Tier]) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in choices.choices]
