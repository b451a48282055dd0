from __future__ import annotations

import datetime
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib.zones import validate_time_zone

WEEKDAYS = [
    (0, _("Monday")),
    (1, _("Tuesday")),
    (2, _("Wednesday")),
    (3, _("Thursday")),
    (4, _("Friday")),
    (5, _("Saturday")),
    (6, _("Sunday")),
]


class Calendar(models.Model):
    """When somebody works: weekly hours in a time zone, and the days that differ."""

    name = models.CharField(_("name"), max_length=80)
    brand = models.OneToOneField(
        "accounts.Brand",
        models.CASCADE,
        verbose_name=_("brand"),
        null=True,
        blank=True,
        related_name="calendar",
        help_text=_("The brand whose working hours these are; empty for one that a team or a policy names."),
    )
    team = models.OneToOneField(
        "accounts.Team",
        models.CASCADE,
        verbose_name=_("team"),
        null=True,
        blank=True,
        related_name="calendar",
        help_text=_("The team whose working hours these are; they go before the brand's."),
    )
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    always_open = models.BooleanField(_("day and night"), default=False)
    holiday_country = models.CharField(
        _("public holidays of"),
        max_length=2,
        blank=True,
        help_text=_("Two letters, as in CN or GB. Empty: only the exceptions entered here."),
    )
    holiday_region = models.CharField(
        _("region"),
        max_length=10,
        blank=True,
        help_text=_("A part of the country with holidays of its own, as in ENG or BY."),
    )
    #: Moves with every change of the calendar, its hours and exceptions: what was computed from it is keyed by this.
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class PartOfCalendar(models.Model):
    """Hours and exceptions: a change of the part is a change of the calendar."""

    calendar: models.ForeignKey[Calendar]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        super().save(*args, **kwargs)
        self.calendar.save(update_fields=["changed_at"])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        result = super().delete(*args, **kwargs)
        self.calendar.save(update_fields=["changed_at"])
        return result


class CalendarHours(PartOfCalendar):
    """A stretch of work on one weekday, [opens, closes); one that closes earlier than it opens runs past midnight."""

    calendar = models.ForeignKey(Calendar, models.CASCADE, verbose_name=_("calendar"), related_name="hours")
    weekday = models.PositiveSmallIntegerField(
        _("weekday"), choices=WEEKDAYS, validators=[MinValueValidator(0), MaxValueValidator(6)]
    )
    opens = models.TimeField(_("opens"), default=datetime.time(9))
    closes = models.TimeField(
        _("closes"), default=datetime.time(18), help_text=_("00:00 is midnight at the day's end.")
    )

    class Meta:
        verbose_name = _("working hours")
        verbose_name_plural = _("working hours")
        ordering = ["weekday", "opens"]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class CalendarException(PartOfCalendar):
    """A day that differs: closed (a holiday), or worked at other hours (a make-up working day)."""

    calendar = models.ForeignKey(
        Calendar, models.CASCADE, verbose_name=_("calendar"), related_name="exceptions"
    )
    date = models.DateField(_("date"))
    reason = models.CharField(_("reason"), max_length=100)
    opens = models.TimeField(_("opens"), null=True, blank=True, help_text=_("Empty: closed all day."))
    closes = models.TimeField(_("closes"), null=True, blank=True)

    class Meta:
        verbose_name = _("exception")
        verbose_name_plural = _("exceptions")
        ordering = ["date"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(opens=None, closes=None)
                | models.Q(opens__isnull=False, closes__isnull=False),
                name="calendar_exception_both_or_none",
                violation_error_message=_("Enter both times, or none for a day that is closed."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.reason}"
