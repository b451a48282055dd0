from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from accounts import masking
from helpdesk.lib import clock
from tickets.choices import ACTIVE_STATUSES, Channel, Priority, Status
from tickets.rules import numbers, visibility

if TYPE_CHECKING:
    from accounts.models import Customer, User

ACTIVE = Q(status__in=[status.value for status in ACTIVE_STATUSES])
#: Somebody of us has to do something.
WAITING = Q(status__in=[Status.NEW.value, Status.OPEN.value])


class TicketQuerySet(models.QuerySet["Ticket"]):
    def active(self) -> TicketQuerySet:
        return self.filter(ACTIVE)

    def visible_to(self, user: User) -> TicketQuerySet:
        """The tickets that ``rules.visibility.may_see`` allows, as rows. A stranger gets none."""
        scope = visibility.scope_of(user)
        if scope.everything:
            return self
        if scope.own_customer_of is not None:
            return self.filter(customer__user_id=scope.own_customer_of)
        rows = self.filter(brand_id__in=scope.brands)
        if scope.teams is not None:
            rows = rows.filter(Q(team_id__in=scope.teams) | Q(team=None) | Q(assignee_id=user.pk))
        return rows

    def of_customer(self, customer: Customer) -> TicketQuerySet:
        return self.filter(customer=customer)


class Ticket(masking.Notes, models.Model):
    """One case of one customer with one brand. Written by ``tickets.actions`` only."""

    number = models.CharField(_("number"), max_length=12, unique=True, editable=False)
    brand = models.ForeignKey(
        "accounts.Brand", models.PROTECT, verbose_name=_("brand"), related_name="tickets"
    )
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, verbose_name=_("customer"), related_name="tickets"
    )
    category = models.ForeignKey(
        "tickets.Category",
        models.PROTECT,
        verbose_name=_("category"),
        null=True,
        blank=True,
        related_name="tickets",
    )
    subject = models.CharField(_("subject"), max_length=200)
    fields = models.JSONField(_("form answers"), default=dict, blank=True)
    language = models.CharField(_("language"), max_length=10, default="zh-hans")
    channel = models.CharField(_("way in"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.NEW)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority.choices, default=Priority.NORMAL
    )
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, verbose_name=_("team"), null=True, blank=True, related_name="tickets"
    )
    assignee = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        verbose_name=_("assignee"),
        null=True,
        blank=True,
        related_name="assigned",
    )
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, blank=True)
    watchers = models.ManyToManyField(
        "accounts.User", verbose_name=_("watchers"), blank=True, related_name="watched_tickets"
    )
    #: Counts every change; a form that shows an older one is out of date.
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("opened"), default=clock.now, editable=False)
    updated_at = models.DateTimeField(_("changed"), default=clock.now, editable=False)
    first_response_at = models.DateTimeField(_("first reply"), null=True, blank=True)
    solved_at = models.DateTimeField(_("solved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reopen_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    #: The nearest due time among the running timers; copied here so that the queue sorts by an index.
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    is_breached = models.BooleanField(_("promise broken"), default=False)
    #: The policies in force at this moment hold for the case: its opening, or a later recalculation.
    terms_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: The policy that a routing rule chose, where one did; else the first that fits holds.
    chosen_policy = models.ForeignKey(
        "tickets.SlaPolicy",
        models.SET_NULL,
        verbose_name=_("policy"),
        null=True,
        blank=True,
        related_name="+",
    )
    is_complaint = models.BooleanField(_("complaint"), default=False, db_default=False)
    last_customer_message_at = models.DateTimeField(null=True, blank=True)
    last_staff_message_at = models.DateTimeField(null=True, blank=True)
    #: The address that its mail names as sender and nobody could prove: the case is nobody's until staff accept it.
    unproved_sender = models.EmailField(_("unproved sender"), blank=True, default="", db_default="")
    follow_up_of = models.ForeignKey(
        "self", models.SET_NULL, verbose_name=_("follows"), null=True, blank=True, related_name="follow_ups"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, verbose_name=_("merged into"), null=True, blank=True, related_name="merged"
    )
    #: A copy of what ``Customer.display_name`` shows, for the queue's order. A trigger keeps it, on open tickets.
    customer_name = models.CharField(max_length=254, blank=True, default="", db_default="", editable=False)
    #: Since when it holds no words, files or names any more: erased with its customer, or by a retention rule.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    #: Names the one act that created it (form key, API idempotency key, import row): the same act twice makes one.
    origin_key = models.CharField(max_length=200, null=True, blank=True, unique=True, editable=False)

    objects = TicketQuerySet.as_manager()

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        indexes = [
            # Queue "all open" and "due soon": most urgent promise first.
            models.Index(
                F("due_at").asc(nulls_last=True), F("id"), name="ticket_active_due", condition=ACTIVE
            ),
            # Queue "mine".
            models.Index(fields=["assignee", "due_at"], name="ticket_active_assignee", condition=ACTIVE),
            # Queue "unassigned".
            models.Index(
                fields=["team", "due_at"],
                name="ticket_active_unassigned",
                condition=ACTIVE & Q(assignee=None),
            ),
            # Take next: each team's waiting cases in their order (queries.to_take), with what decides who can do them.
            models.Index(
                F("team"),
                Case(When(priority=Priority.URGENT.value, then=Value(0)), default=Value(1)),
                F("due_at"),
                F("priority").desc(),
                F("id"),
                name="ticket_to_take",
                condition=WAITING & Q(assignee=None),
                include=["brand", "language", "category"],
            ),
            # How many each person has (queries.workers): answered by the index alone.
            models.Index(
                fields=["assignee"], name="ticket_load", condition=WAITING & Q(assignee__isnull=False)
            ),
            # The counts beside the queue's views: answered by the index alone.
            models.Index(
                fields=["brand", "team", "assignee", "due_at"], name="ticket_active_scope", condition=ACTIVE
            ),
            # Queue sorted by another of its columns.
            models.Index(fields=["priority", "id"], name="ticket_active_priority", condition=ACTIVE),
            models.Index(fields=["status", "id"], name="ticket_active_status", condition=ACTIVE),
            models.Index(fields=["subject", "id"], name="ticket_active_subject", condition=ACTIVE),
            models.Index(fields=["created_at", "id"], name="ticket_active_opened", condition=ACTIVE),
            models.Index(fields=["updated_at", "id"], name="ticket_active_changed", condition=ACTIVE),
            models.Index(
                fields=["last_customer_message_at", "id"], name="ticket_active_heard", condition=ACTIVE
            ),
            models.Index(fields=["customer_name", "id"], name="ticket_active_customer", condition=ACTIVE),
            models.Index(F("tags__0"), F("id"), name="ticket_active_tagged", condition=ACTIVE & ~Q(tags=[])),
            # Queue sorted by category (which have open tickets, and of which teams), and the filter.
            models.Index(fields=["category", "team"], name="ticket_active_category", condition=ACTIVE),
            # Queue filtered and sorted by a rare language or channel.
            models.Index(fields=["language", "channel"], name="ticket_active_language", condition=ACTIVE),
            # Queue filter: the few whose sender nobody has proved.
            models.Index(fields=["id"], name="ticket_unproved", condition=~Q(unproved_sender="")),
            # Queue sorted by newest, and the API's list.
            models.Index(fields=["-created_at", "-id"], name="ticket_newest"),
            # Queue sorted by last change.
            models.Index(fields=["-updated_at", "-id"], name="ticket_changed"),
            # Portal "my tickets" and the agent's panel "other tickets of this customer".
            models.Index(fields=["customer", "-created_at"], name="ticket_by_customer"),
            # Analytics: what was opened, first answered and solved in a period.
            models.Index(fields=["brand", "created_at"], name="ticket_brand_opened"),
            models.Index(
                fields=["first_response_at"],
                name="ticket_first_reply",
                condition=Q(first_response_at__isnull=False),
            ),
            models.Index(fields=["solved_at"], name="ticket_solved_at", condition=Q(solved_at__isnull=False)),
            # Analytics: the few opened again, without reading all that changed in a period.
            models.Index(fields=["updated_at"], name="ticket_reopened", condition=Q(reopen_count__gt=0)),
            # The hourly closing of solved tickets.
            models.Index(fields=["solved_at"], name="ticket_to_close", condition=Q(status=Status.SOLVED)),
            # Retention: what was closed long ago and still holds words.
            models.Index(
                fields=["closed_at"],
                name="ticket_to_forget",
                condition=Q(closed_at__isnull=False, erased_at=None),
            ),
            # Queue filter and the tag list.
            GinIndex(fields=["tags"], name="ticket_tags"),
        ]

    def __str__(self) -> str:
        return f"{self.display_number} {self.subject}"

    def note_contacts(self) -> None:
        loaded = self.__dict__
        masking.note_case(loaded.get("customer_id"), loaded.get("fields"))
        masking.note_others([loaded.get("unproved_sender")])
        masking.note_text(loaded.get("subject"), loaded.get("customer_name"))

    @property
    def display_number(self) -> str:
        return numbers.display(self.number)

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE_STATUSES
