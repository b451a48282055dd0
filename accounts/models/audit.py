from __future__ import annotations

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.choices import AuditKind
from accounts.rules.audit_chain import Sealed, Written
from helpdesk.lib import clock


class AuditEntry(models.Model):
    """Something that somebody did or read. Written by ``accounts.audit`` alone, never changed: triggers refuse it.

    It names people and cases by number, not by key to their rows: the log outlives what it speaks of.
    """

    #: Makes two entries that say the same two entries, for the MAC.
    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    kind = models.CharField(_("what"), max_length=24, choices=AuditKind.choices)
    at = models.DateTimeField(_("at"), default=clock.now)
    actor = models.ForeignKey(
        "accounts.User",
        models.PROTECT,
        verbose_name=_("who"),
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    brand = models.ForeignKey(
        "accounts.Brand",
        models.PROTECT,
        verbose_name=_("brand"),
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )
    ticket = models.CharField(_("ticket"), max_length=12, blank=True)
    customer = models.BigIntegerField(_("customer"), null=True, blank=True)
    #: How it was reached: the address of the page before, a search, a list; for programs the token's name.
    way = models.CharField(_("reached by"), max_length=200, blank=True)
    address = models.GenericIPAddressField(_("network address"), null=True, blank=True)
    #: Names the log-in session without giving its key away.
    session = models.CharField(_("session"), max_length=16, blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)
    mac = models.CharField(max_length=64, editable=False, default="")

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        indexes = [
            # The page narrowed to a kind; the alarms; what the health gauge looks at.
            models.Index(fields=["kind", "-id"], name="audit_by_kind"),
            # The page narrowed to what a person did of a kind; a person's budget of a shift.
            models.Index(fields=["actor", "kind", "-id"], name="audit_by_actor"),
            # The page narrowed to a person, whatever they did.
            models.Index(fields=["actor", "-id"], name="audit_by_person"),
            # "Who read this", of a case and of a customer.
            models.Index(fields=["ticket", "-id"], name="audit_by_ticket", condition=~models.Q(ticket="")),
            models.Index(
                fields=["customer", "-id"],
                name="audit_by_customer",
                condition=models.Q(customer__isnull=False),
            ),
            models.Index(fields=["brand", "-id"], name="audit_by_brand"),
            # From–until, and where an export begins.
            models.Index(fields=["at"], name="audit_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at:%Y-%m-%d %H:%M}"

    @property
    def written(self) -> Written:
        return Written(
            id=self.pk or 0,
            uid=self.uid,
            kind=str(self.kind),
            at=self.at,
            actor=self.actor_id,
            brand=self.brand_id,
            ticket=self.ticket,
            customer=self.customer,
            way=self.way,
            address=self.address,
            session=self.session,
            data=self.data,
            mac=self.mac,
        )


class SealKind(models.TextChoices):
    SEALED = "sealed", _("sealed")
    #: In the place of entries that retention removed.
    TRIMMED = "trimmed", _("removed by retention")


class AuditSeal(models.Model):
    """What a stretch of entries was when it was sealed, chained to the seal before. Never changed, never removed."""

    kind = models.CharField(max_length=8, choices=SealKind.choices, default=SealKind.SEALED)
    at = models.DateTimeField(default=clock.now)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    count = models.PositiveIntegerField()
    #: Hex of SHA-256: of the seal before, and over that and the entries.
    previous = models.CharField(max_length=64)
    digest = models.CharField(max_length=64)
    #: For each entry its number and eight bytes of its hash: by them the very entry is found that is not as it was.
    fingerprints = models.BinaryField(default=b"")
    mac = models.CharField(max_length=64)

    class Meta:
        ordering = ["id"]
        indexes = [
            # Whether an entry may go (the trigger), where verifying begins.
            models.Index(fields=["kind", "last_id"], name="audit_seal_reaches"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.first_id}–{self.last_id}"

    @property
    def sealed(self) -> Sealed:
        return Sealed(
            id=self.pk or 0,
            kind=str(self.kind),
            at=self.at,
            first_id=self.first_id,
            last_id=self.last_id,
            count=self.count,
            previous=self.previous,
            digest=self.digest,
            fingerprints=bytes(self.fingerprints),
            mac=self.mac,
        )


class SecurityAlarm(models.Model):
    """Something in the log that security officers must see to. Stands until one of them says that they did."""

    kind = models.CharField(_("what"), max_length=24, choices=AuditKind.choices)
    entry = models.BigIntegerField(_("audit entry"))
    at = models.DateTimeField(_("at"), default=clock.now)
    seen_at = models.DateTimeField(_("seen to"), null=True, blank=True)
    seen_by = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("by"), null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-id"]
        indexes = [
            # The badge in the navigation, on every page of those who read the log.
            models.Index(fields=["-id"], name="security_alarm_open", condition=models.Q(seen_at=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry}"
