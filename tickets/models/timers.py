from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from tickets.choices import LASTING_KINDS, BreachCause, RunState, TimerKind, TimerState
from tickets.models.sla import EscalationStep, SlaPolicy, waiting_for_customer


class Timer(models.Model):
    """One promise on one ticket. Running: ``due_at`` is set. Paused: only ``used_seconds`` is kept, due is unknown.

    What the policy said when the clock was set (target, hours, pauses) is kept here: a policy that is edited later
    moves no promise that was given.
    """

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="timers"
    )
    kind = models.CharField(_("promise"), max_length=20, choices=TimerKind.choices)
    policy = models.ForeignKey(SlaPolicy, models.PROTECT, verbose_name=_("policy"), related_name="timers")
    is_statutory = models.BooleanField(_("required by law"), default=False)
    calendar = models.ForeignKey(
        "tickets.Calendar",
        models.PROTECT,
        verbose_name=_("calendar"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: counted on the clock, day and night."),
    )
    target_seconds = models.PositiveIntegerField(_("seconds promised"))
    pauses_on = ArrayField(models.CharField(max_length=10), default=waiting_for_customer, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=TimerState.choices, default=TimerState.RUNNING
    )
    started_at = models.DateTimeField(_("started"), default=clock.now)
    #: Since when it runs without a pause; what ran before is in used_seconds.
    running_since = models.DateTimeField(null=True, blank=True)
    used_seconds = models.PositiveIntegerField(_("seconds used"), default=0)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    #: When the sweep must look next: an escalation step or the due time; empty when there is nothing to do.
    check_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    breached_at = models.DateTimeField(_("promised time passed"), null=True, blank=True)
    breach_cause = models.CharField(
        _("why the promise was broken"), max_length=20, choices=BreachCause.choices, blank=True
    )

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        constraints = [
            # Analytics reads the clocks of a period's cases out of this index alone, hence what it includes.
            models.UniqueConstraint(
                fields=["ticket", "kind"],
                condition=Q(kind__in=[kind.value for kind in LASTING_KINDS], is_statutory=False),
                include=["state", "policy", "used_seconds", "due_at", "breached_at"],
                name="one_timer_per_kind",
            ),
            models.UniqueConstraint(
                fields=["ticket", "kind"],
                condition=Q(
                    kind__in=[kind.value for kind in TimerKind if kind not in LASTING_KINDS],
                    is_statutory=False,
                    state__in=[TimerState.RUNNING.value, TimerState.PAUSED.value],
                ),
                name="one_going_timer_per_kind",
            ),
            models.UniqueConstraint(
                fields=["ticket", "policy", "kind"],
                condition=Q(is_statutory=True),
                name="one_timer_per_statute",
            ),
        ]
        indexes = [
            # The sweep: costs what is due, not what is open.
            models.Index(fields=["check_at"], name="timer_check", condition=Q(check_at__isnull=False)),
            # Forecast and the page of promises: what falls due in the next hours.
            models.Index(fields=["due_at"], name="timer_due", condition=Q(state=TimerState.RUNNING)),
            # Promises broken and kept in a period, by policy and cause.
            models.Index(fields=["breached_at"], name="timer_broken", condition=Q(breached_at__isnull=False)),
            models.Index(fields=["done_at"], name="timer_done", condition=Q(state=TimerState.DONE)),
            # Recalculation goes through the open clocks of a policy.
            models.Index(
                fields=["policy", "ticket"],
                name="timer_going",
                condition=Q(state__in=[TimerState.RUNNING.value, TimerState.PAUSED.value]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.state}"


class StepTaken(models.Model):
    """That a step was taken for a timer. The unique pair is what makes it happen once, whoever sweeps."""

    timer = models.ForeignKey(Timer, models.CASCADE, related_name="steps_taken")
    step = models.ForeignKey(EscalationStep, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["timer", "step"], name="step_once_per_timer")]

    def __str__(self) -> str:
        return f"{self.step_id} for {self.timer_id}"


class Recalculation(models.Model):
    """Somebody applied the present policies to the open cases: who, when, which, and what moved. Kept as a log.

    Worked off in batches; ``last_ticket`` is how far it came, so that a killed worker goes on where it stood.
    """

    policy = models.ForeignKey(
        SlaPolicy, models.SET_NULL, verbose_name=_("policy"), null=True, blank=True, related_name="+"
    )
    requested_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("asked for by"), related_name="+"
    )
    requested_at = models.DateTimeField(_("asked for"), default=clock.now)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.QUEUED)
    last_ticket = models.BigIntegerField(default=0)
    seen = models.PositiveIntegerField(_("cases looked at"), default=0)
    moved = models.PositiveIntegerField(_("cases with a new due time"), default=0)
    failed = models.PositiveIntegerField(_("cases that could not be recalculated"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("recalculation")
        verbose_name_plural = _("recalculations")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                Value(1),
                condition=Q(state__in=[RunState.QUEUED.value, RunState.RUNNING.value]),
                name="one_recalculation_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.requested_at:%Y-%m-%d %H:%M} {self.get_state_display()}"
