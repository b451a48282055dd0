from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from tickets.choices import OPEN_ACT_STATES, AccountKind, ActState, Freeze, Situation
from tickets.rules.emergencies import masked


class Emergency(models.Model):
    """What somebody reported on the emergency page, beside the ticket that it opened. Nobody has proved who they are.

    Written by ``tickets.actions.emergencies`` only.
    """

    ticket = models.OneToOneField(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="emergency"
    )
    #: That of the ticket: the queue asks by it.
    brand = models.ForeignKey("accounts.Brand", models.PROTECT, verbose_name=_("brand"), related_name="+")
    account_kind = models.CharField(_("named by"), max_length=10, choices=AccountKind.choices)
    #: In one spelling (``rules.emergencies.read_account``).
    account = models.CharField(_("account"), max_length=64)
    #: As ``SensitiveAct.account_key``; in small letters it may be longer.
    account_key = models.CharField(max_length=192, default="", db_default="", editable=False)
    situations = ArrayField(
        models.CharField(max_length=20, choices=Situation.choices), verbose_name=_("what happened")
    )
    #: The stop-payment time runs from here, as far as they know.
    money_left_at = models.DateTimeField(_("money left at"), null=True, blank=True)
    opened_at = models.DateTimeField(_("reported"), default=clock.now)
    freeze = models.CharField(_("freezing"), max_length=10, choices=Freeze.choices, default=Freeze.ASKED)

    #: The freeze itself; an account that was being frozen already has one that another case asked for.
    act = models.ForeignKey(
        "tickets.SensitiveAct",
        models.PROTECT,
        verbose_name=_("sensitive act"),
        null=True,
        blank=True,
        related_name="emergencies",
    )

    call_back_phone = models.CharField(_("number for the call"), max_length=20, blank=True)
    #: Whether it is another than the registered one; unknown where none is on record.
    call_back_differs = models.BooleanField(null=True)
    #: Not before then; none: as soon as possible.
    call_back_at = models.DateTimeField(_("call not before"), null=True, blank=True)
    call_back_tries = models.PositiveSmallIntegerField(default=0)
    called_back_at = models.DateTimeField(_("called back"), null=True, blank=True)

    taken_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("taken by"), null=True, blank=True, related_name="+"
    )
    taken_at = models.DateTimeField(_("taken"), null=True, blank=True)
    #: How often was rung, and when it rings next; none once somebody has taken it or the case is over.
    alarm_round = models.PositiveSmallIntegerField(default=0)
    alarm_at = models.DateTimeField(null=True, blank=True)
    #: Who has been alarmed so far.
    alarmed = ArrayField(models.BigIntegerField(), default=list, blank=True)

    class Meta:
        verbose_name = _("emergency")
        verbose_name_plural = _("emergencies")
        ordering = ["-opened_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at=None, taken_by=None) | Q(taken_at__isnull=False, taken_by__isnull=False),
                name="emergency_taken_by_somebody",
            ),
        ]
        indexes = [
            # The alarm's sweep and the banner of every page: the few that nobody has taken yet.
            models.Index(
                fields=["alarm_at"], name="emergency_alarm", condition=models.Q(alarm_at__isnull=False)
            ),
            # The queue of emergencies, newest first; and how many a brand froze within the hour.
            models.Index(fields=["brand", "-opened_at"], name="emergency_by_brand"),
            # How often an account was reported before, and whether it is in an open emergency.
            models.Index(fields=["account_key", "-opened_at"], name="emergency_by_account"),
        ]

    def __str__(self) -> str:
        return f"{self.ticket_id} {self.masked_account}"

    @property
    def masked_account(self) -> str:
        return masked(self.account, AccountKind(self.account_kind))

    @property
    def frozen(self) -> Freeze:
        """How far the freezing is, by the act where there is one."""
        if self.act is None:
            return Freeze(self.freeze)
        if self.act.state == ActState.DONE:
            return Freeze.DONE
        return Freeze.ASKED if self.act.state in OPEN_ACT_STATES else Freeze.FAILED

    @property
    def needs_hand(self) -> bool:
        """Whether a person must freeze it: it was not ordered, or the wallet does not answer. What the wallet said of
        the account does not count, so that whoever reported it may be told."""
        if self.act is None:
            return self.freeze in (Freeze.FAILED, Freeze.WAITING)
        command = getattr(self.act, "command", None)
        return self.act.is_open and command is not None and bool(command.last_error)

    @property
    def situation_labels(self) -> list[str]:
        return [str(Situation(value).label) for value in self.situations]

    @property
    def wants_call(self) -> bool:
        return bool(self.call_back_phone) and self.called_back_at is None


class OnCall(models.Model):
    """Who is alarmed when: for a while (``starts_at`` to ``ends_at``), or every week (``weekday``, ``opens`` to
    ``closes`` in the brand's time zone; past midnight where ``closes`` is not later). What is said for a while goes
    before the weekly plan.
    """

    brand = models.ForeignKey(
        "accounts.Brand", models.CASCADE, verbose_name=_("brand"), related_name="on_call"
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        verbose_name=_("team"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: cases of every team."),
    )
    person = models.ForeignKey(
        "accounts.User", models.CASCADE, verbose_name=_("person"), related_name="on_call"
    )
    starts_at = models.DateTimeField(_("from"), null=True, blank=True)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(_("weekday"), null=True, blank=True)
    opens = models.TimeField(_("from"), null=True, blank=True)
    closes = models.TimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("on-call duty")
        verbose_name_plural = _("on-call duties")
        ordering = ["brand", "weekday", "opens", "starts_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    starts_at__isnull=False,
                    ends_at__isnull=False,
                    ends_at__gt=models.F("starts_at"),
                    weekday=None,
                    opens=None,
                    closes=None,
                )
                | Q(
                    starts_at=None,
                    ends_at=None,
                    weekday__range=(0, 6),
                    opens__isnull=False,
                    closes__isnull=False,
                ),
                name="on_call_once_or_weekly",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.person}"
