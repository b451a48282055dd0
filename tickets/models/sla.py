from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock
from tickets.choices import EscalationAct, Priority, TimerKind, TimerState


class SlaPolicy(models.Model):
    """A promise about time: how soon the first reply and the solution come, per priority."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    calendar = models.ForeignKey(
        "tickets.Calendar",
        models.PROTECT,
        verbose_name=_("calendar"),
        null=True,
        blank=True,
        help_text=_("Empty: the working hours of the ticket's brand."),
    )
    is_default = models.BooleanField(_("used where a category names none"), default=False)

    class Meta:
        verbose_name = _("SLA policy")
        verbose_name_plural = _("SLA policies")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="one_default_policy",
                violation_error_message=_("Another policy is the default already."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SlaTarget(models.Model):
    policy = models.ForeignKey(SlaPolicy, models.CASCADE, verbose_name=_("policy"), related_name="targets")
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices)
    kind = models.CharField(_("promise"), max_length=20, choices=TimerKind.choices)
    minutes = models.PositiveIntegerField(_("working minutes"))

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["kind", "-priority"]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "priority", "kind"], name="one_target_per_priority_and_kind"
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="target_takes_time"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.get_priority_display()}: {self.minutes} min"


class EscalationStep(models.Model):
    """What happens so many working minutes after a promise was broken (0: at that moment); once per clock."""

    policy = models.ForeignKey(SlaPolicy, models.CASCADE, verbose_name=_("policy"), related_name="steps")
    kind = models.CharField(_("promise"), max_length=20, choices=TimerKind.choices)
    after_minutes = models.PositiveIntegerField(_("minutes after the due time"), default=0)
    act = models.CharField(_("what to do"), max_length=20, choices=EscalationAct.choices)

    class Meta:
        verbose_name = _("escalation step")
        verbose_name_plural = _("escalation steps")
        ordering = ["kind", "after_minutes", "id"]

    def __str__(self) -> str:
        return f"+{self.after_minutes} min: {self.get_act_display()}"


class Timer(models.Model):
    """One promise on one ticket. Running: ``due_at`` is set. Paused: only ``used_seconds`` is kept, due is unknown."""

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="timers"
    )
    kind = models.CharField(_("promise"), max_length=20, choices=TimerKind.choices)
    policy = models.ForeignKey(SlaPolicy, models.PROTECT, verbose_name=_("policy"), related_name="timers")
    calendar = models.ForeignKey(
        "tickets.Calendar", models.PROTECT, verbose_name=_("calendar"), related_name="+"
    )
    target_seconds = models.PositiveIntegerField(_("working seconds promised"))
    state = models.CharField(
        _("state"), max_length=10, choices=TimerState.choices, default=TimerState.RUNNING
    )
    started_at = models.DateTimeField(_("started"), default=clock.now)
    #: Since when it runs without a pause; what ran before is in used_seconds.
    running_since = models.DateTimeField(null=True, blank=True)
    used_seconds = models.PositiveIntegerField(_("working seconds used"), default=0)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    #: When the sweep must look next: the due time, then each escalation step; empty when there is nothing to do.
    check_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    breached_at = models.DateTimeField(_("promised time passed"), null=True, blank=True)

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        constraints = [
            # Analytics reads the clocks of a period's cases out of this index alone, hence what it includes.
            models.UniqueConstraint(
                fields=["ticket", "kind"],
                include=["state", "policy", "used_seconds", "due_at", "breached_at"],
                name="one_timer_per_kind",
            ),
        ]
        indexes = [
            # The sweep: costs what is due, not what is open.
            models.Index(fields=["check_at"], name="timer_check", condition=Q(check_at__isnull=False)),
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
