from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Tier
from helpdesk.lib import clock
from helpdesk.lib.spans import span_of
from tickets.choices import (
    Channel,
    Complaints,
    Counting,
    EscalationAct,
    Priority,
    Status,
    TimerKind,
)

#: While the ticket has one of these, a policy may let its clocks stand still.
PAUSING_STATUSES = [(status.value, status.label) for status in (Status.PENDING, Status.ON_HOLD)]


def waiting_for_customer() -> list[str]:
    return [Status.PENDING.value]


class SlaPolicy(models.Model):
    """A promise about time: for which cases, how soon, in whose hours, and what happens when time runs out.

    Of the ordinary policies the first that fits a case holds; every statutory one that fits holds beside it.
    """

    name = models.CharField(_("name"), max_length=80)
    position = models.PositiveSmallIntegerField(
        _("position"),
        default=100,
        help_text=_("Policies are asked in this order; the first that fits holds."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    is_statutory = models.BooleanField(
        _("required by law"),
        default=False,
        help_text=_("Holds beside the first policy that fits, and its clocks never stand still."),
    )
    is_for_emergencies = models.BooleanField(
        _("for the emergency page"),
        default=False,
        db_default=False,
        help_text=_("Holds for what is reported there, whatever else it asks, and for no other case."),
    )
    valid_from = models.DateTimeField(
        _("for cases opened from"), null=True, blank=True, help_text=_("Empty: from the beginning.")
    )
    valid_until = models.DateTimeField(
        _("for cases opened before"), null=True, blank=True, help_text=_("Empty: without end.")
    )
    brands = models.ManyToManyField(
        "accounts.Brand", verbose_name=_("brands"), blank=True, help_text=_("Empty: every brand.")
    )
    categories = models.ManyToManyField(
        "tickets.Category",
        verbose_name=_("categories"),
        blank=True,
        related_name="policies",
        help_text=_("With all that lie below them. Empty: every category."),
    )
    priorities = ArrayField(
        models.PositiveSmallIntegerField(choices=Priority.choices),
        verbose_name=_("priorities"),
        default=list,
        blank=True,
        help_text=_("None chosen: every priority."),
    )
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel.choices),
        verbose_name=_("ways in"),
        default=list,
        blank=True,
        help_text=_("None chosen: every way in."),
    )
    tiers = ArrayField(
        models.CharField(max_length=10, choices=Tier.choices),
        verbose_name=_("customer tiers"),
        default=list,
        blank=True,
        help_text=_("None chosen: every customer."),
    )
    complaints = models.CharField(
        _("complaints"), max_length=10, choices=Complaints.choices, default=Complaints.ANY
    )
    calendar = models.ForeignKey(
        "tickets.Calendar",
        models.PROTECT,
        verbose_name=_("calendar"),
        null=True,
        blank=True,
        help_text=_("Empty: the working hours of the ticket's team, or else of its brand."),
    )
    pauses_on = ArrayField(
        models.CharField(max_length=10, choices=PAUSING_STATUSES),
        verbose_name=_("clocks stand still while"),
        default=waiting_for_customer,
        blank=True,
    )
    remark = models.TextField(
        _("remark"), blank=True, help_text=_("Where the promise stands, who agreed to it.")
    )
    replaces = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("replaces"), null=True, blank=True, related_name="replaced_by"
    )
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("SLA policy")
        verbose_name_plural = _("SLA policies")
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_until=None) | Q(valid_from__lt=F("valid_until")),
                name="policy_ends_after_it_begins",
                violation_error_message=_("The end must lie after the beginning."),
            ),
            models.CheckConstraint(
                condition=Q(is_statutory=False) | Q(pauses_on=[]),
                name="statutory_clocks_never_pause",
                violation_error_message=_("A clock that the law sets never stands still: choose no pause."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SlaTarget(models.Model):
    """How soon. Without a priority it is for every priority that has no target of its own."""

    policy = models.ForeignKey(SlaPolicy, models.CASCADE, verbose_name=_("policy"), related_name="targets")
    priority = models.PositiveSmallIntegerField(
        _("priority"),
        choices=Priority.choices,
        null=True,
        blank=True,
        help_text=_("Empty: every priority that has no target of its own."),
    )
    kind = models.CharField(_("promise"), max_length=20, choices=TimerKind.choices)
    minutes = models.PositiveIntegerField(_("within"))
    counting = models.CharField(
        _("counted in"), max_length=10, choices=Counting.choices, default=Counting.WORKING
    )

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["kind", F("priority").desc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "priority", "kind"],
                name="one_target_per_priority_and_kind",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="target_takes_time"),
        ]

    def __str__(self) -> str:
        priority = self.get_priority_display() if self.priority else _("every priority")
        return f"{self.get_kind_display()}, {priority}: {span_of(self.minutes)}"


class EscalationStep(models.Model):
    """What happens when a part of the promised time is used up, or so long after it is over; once per clock.

    ``at_percent`` is for steps before the end. Without it the step comes ``after_minutes`` after the due time, counted
    as the promise itself is (0: at that moment).
    """

    policy = models.ForeignKey(SlaPolicy, models.CASCADE, verbose_name=_("policy"), related_name="steps")
    kind = models.CharField(_("promise"), max_length=20, choices=TimerKind.choices)
    at_percent = models.PositiveSmallIntegerField(
        _("when so much is used up (%)"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("Before the end: 50 or 80, say. Empty: at the end or after it."),
    )
    after_minutes = models.PositiveIntegerField(_("minutes after the due time"), default=0)
    act = models.CharField(_("what to do"), max_length=20, choices=EscalationAct.choices)
    person = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        verbose_name=_("person"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Who is told, or gets the ticket."),
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="+"
    )
    text = models.TextField(_("text of the note"), blank=True)
    webhook = models.ForeignKey(
        "tickets.Webhook",
        models.PROTECT,
        verbose_name=_("webhook"),
        null=True,
        blank=True,
        related_name="steps",
    )
    #: A step that was added later does not fire for moments that had passed by then.
    created_at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        verbose_name = _("escalation step")
        verbose_name_plural = _("escalation steps")
        ordering = ["kind", F("at_percent").asc(nulls_last=True), "after_minutes", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(at_percent=None) | Q(at_percent__range=(1, 99), after_minutes=0),
                name="step_before_or_after",
                violation_error_message=_("Either a share of the time, or minutes after the due time."),
            ),
        ]

    def __str__(self) -> str:
        if self.at_percent:
            when = f"{self.at_percent} %"
        else:
            when = f"+{span_of(self.after_minutes)}" if self.after_minutes else str(_("at the due time"))
        return f"{self.get_kind_display()}, {when}: {self.get_act_display()}"

    @property
    def what(self) -> tuple[object, ...]:
        """When and what, apart from the policy: two steps with the same are the same to a clock."""
        who = (self.person_id, self.team_id, self.webhook_id)
        return (self.kind, self.at_percent, self.after_minutes, self.act, *who, self.text)

    def clean(self) -> None:
        needs = {
            EscalationAct.TELL_PERSON: ("person", _("Say who is to be told.")),
            EscalationAct.ASSIGN: ("person", _("Say who is to get the ticket.")),
            EscalationAct.MOVE_TO_TEAM: ("team", _("Say which team.")),
            EscalationAct.ADD_NOTE: ("text", _("Write what the note says.")),
            EscalationAct.CALL_WEBHOOK: ("webhook", _("Say which webhook.")),
        }
        if self.act in needs:
            field, words = needs[EscalationAct(self.act)]
            if not getattr(self, field):
                raise ValidationError({field: words})
