from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.masking import NotesOthers
from helpdesk.lib import clock
from tickets.choices import PrivacyKind, PrivacyRefusal, PrivacyState
from tickets.gateways.storage import private_storage

#: Somebody still has to do something about it.
PENDING = Q(state__in=[PrivacyState.ASKED.value, PrivacyState.QUEUED.value, PrivacyState.RUNNING.value])


def archive_name(request: PrivacyRequest, filename: str) -> str:
    token = secrets.token_hex(16)
    return f"exports/{token[:2]}/{token}"


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def in_force(self) -> LegalHoldQuerySet:
        return self.filter(Q(until=None) | Q(until__gt=clock.now()), lifted_at=None)


class LegalHold(NotesOthers, models.Model):
    """Nothing of this person, or of this one case, is erased while it lasts. Lifted, it stays as a record."""

    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, null=True, blank=True, related_name="holds"
    )
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, blank=True, related_name="holds")
    reason = models.CharField(_("reason"), max_length=500)
    set_by = models.ForeignKey("accounts.User", models.PROTECT, verbose_name=_("set by"), related_name="+")
    set_at = models.DateTimeField(_("since"), default=clock.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("lifted by"), null=True, blank=True, related_name="+"
    )

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = _("legal hold")
        verbose_name_plural = _("legal holds")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(customer=None, ticket__isnull=False) | Q(customer__isnull=False, ticket=None),
                name="hold_of_customer_or_ticket",
            ),
        ]

    def __str__(self) -> str:
        return self.reason

    def texts(self) -> Iterable[str | None]:
        return [self.__dict__.get("reason")]

    @property
    def is_in_force(self) -> bool:
        return self.lifted_at is None and (self.until is None or self.until > clock.now())


class PrivacyRequest(NotesOthers, models.Model):
    """Somebody's right asked for: a copy of what is known of them, or their erasure. Written by
    ``tickets.actions.privacy`` only. ``progress`` says how far it is, so that a killed worker's is taken up again.
    """

    customer = models.ForeignKey("accounts.Customer", models.PROTECT, related_name="privacy_requests")
    #: In whose name it is answered.
    brand = models.ForeignKey("accounts.Brand", models.PROTECT, verbose_name=_("brand"), related_name="+")
    kind = models.CharField(_("what"), max_length=10, choices=PrivacyKind.choices)
    state = models.CharField(
        _("state"), max_length=10, choices=PrivacyState.choices, default=PrivacyState.ASKED
    )
    #: The language of the answer.
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    #: Nobody: the person themself, signed in on the portal, or a retention rule.
    asked_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("asked by"), null=True, blank=True, related_name="+"
    )
    by_themself = models.BooleanField(_("asked by the person"), default=False)
    #: A copy holds our internal notes too; whether it may, the officer decides.
    with_notes = models.BooleanField(_("with internal notes"), default=False)
    asked_at = models.DateTimeField(_("asked"), default=clock.now)
    due_at = models.DateTimeField(_("due"))
    decided_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("decided by"), null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    refusal = models.CharField(
        _("why it was refused"), max_length=20, choices=PrivacyRefusal.choices, blank=True
    )
    #: Added to the refusal, in the words that the person reads. Erased with them.
    remark = models.CharField(_("in words"), max_length=500, blank=True)
    #: Of an erasure: {"table": place, "after": key, "pass": n, "changed": n}.
    progress = models.JSONField(default=dict, blank=True)
    #: Rows by table: what an erasure emptied, what an export holds. Numbers only.
    counts = models.JSONField(default=dict, blank=True)
    #: While a copy is being made, until when the claim holds: a killed worker's runs out.
    claimed_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    #: The copy, sealed (``helpdesk.lib.sealed_files``); empty once it was forgotten.
    archive = models.FileField(upload_to=archive_name, storage=private_storage, max_length=120, blank=True)
    archive_until = models.DateTimeField(_("kept until"), null=True, blank=True)
    #: The mail that told the person; its address goes with it, once it left.
    answer = models.ForeignKey("tickets.OutboxMail", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("request about personal data")
        verbose_name_plural = _("requests about personal data")
        ordering = ["-id"]
        constraints = [
            # Asked twice is asked once; two erasures of one person never run beside each other.
            models.UniqueConstraint(
                fields=["customer", "kind"], condition=PENDING, name="one_pending_privacy_request_of_a_kind"
            ),
        ]
        indexes = [
            # What the worker takes up, and the officers' list of what is due: few at any time.
            models.Index(fields=["due_at"], name="privacy_request_pending", condition=PENDING),
            # Copies that have been kept for long enough.
            models.Index(
                fields=["archive_until"],
                name="privacy_archive_kept",
                condition=Q(archive_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.customer_id} ({self.state})"

    def texts(self) -> Iterable[str | None]:
        return [self.__dict__.get("remark")]

    @property
    def is_pending(self) -> bool:
        return self.state in (PrivacyState.ASKED, PrivacyState.QUEUED, PrivacyState.RUNNING)

    @property
    def has_archive(self) -> bool:
        return bool(self.archive) and self.archive_until is not None and self.archive_until > clock.now()
