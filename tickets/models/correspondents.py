from __future__ import annotations

from collections.abc import Iterable

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.masking import NotesOthers
from helpdesk.lib import clock
from tickets.choices import SenderVerdict


class Participant(NotesOthers, models.Model):
    """Somebody in copy of a case: gets our replies by mail, and what they answer is said there."""

    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="participants")
    email = models.EmailField(_("e-mail address"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    added_at = models.DateTimeField(_("since"), default=clock.now)
    #: Kept when removed, so that the next mail with the same copy does not bring them back.
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("person in copy")
        verbose_name_plural = _("people in copy")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["ticket", "email"], name="participant_once"),
        ]
        indexes = [
            # In which cases of others somebody is in copy: what is known of one person.
            models.Index(fields=["email"], name="participant_by_email"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def contacts(self) -> Iterable[str | None]:
        return [self.__dict__.get("email")]


class SenderRule(models.Model):
    """What becomes of the mail of an address or a whole domain. The longest pattern that fits decides."""

    pattern = models.CharField(
        _("address or domain"),
        max_length=254,
        help_text=_("name@example.com, or @example.com for all of it."),
    )
    brand = models.ForeignKey(
        "accounts.Brand",
        models.CASCADE,
        verbose_name=_("brand"),
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Empty: for every brand."),
    )
    verdict = models.CharField(_("verdict"), max_length=10, choices=SenderVerdict.choices)
    note = models.CharField(_("note"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("since"), default=clock.now, editable=False)
    created_by = models.CharField(_("by"), max_length=150, blank=True, editable=False)

    class Meta:
        verbose_name = _("sender rule")
        verbose_name_plural = _("sender rules")
        ordering = ["pattern"]
        constraints = [
            models.UniqueConstraint(
                fields=["pattern", "brand"], name="sender_rule_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.pattern


class DeadAddress(NotesOthers, models.Model):
    """An address whose mail came back for good: it is not written to again until somebody clears it."""

    email = models.EmailField(_("e-mail address"), unique=True)
    reason = models.CharField(_("reason"), max_length=500)
    since = models.DateTimeField(_("since"), default=clock.now)
    mail = models.ForeignKey("tickets.OutboxMail", models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("address that refuses mail")
        verbose_name_plural = _("addresses that refuse mail")
        ordering = ["-since"]

    def __str__(self) -> str:
        return self.email

    def contacts(self) -> Iterable[str | None]:
        return [self.__dict__.get("email")]

    def texts(self) -> Iterable[str | None]:
        return [self.__dict__.get("reason")]


class MailDestination(models.Model):
    """How fast one receiving domain is written to, and whether it asked us to wait."""

    domain = models.CharField(_("domain"), max_length=255, unique=True)
    #: The next mail to it leaves no earlier.
    next_at = models.DateTimeField(_("next mail"), default=clock.now)
    paused_until = models.DateTimeField(_("paused until"), null=True, blank=True)
    last_answer = models.CharField(_("what it said"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("receiving domain")
        verbose_name_plural = _("receiving domains")
        ordering = ["domain"]

    def __str__(self) -> str:
        return self.domain


class AutomaticAnswer(models.Model):
    """That a machine of ours answered this address: after two in a day no more, so no loop goes on."""

    email = models.EmailField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = [models.Index(fields=["email", "at"], name="automatic_answer_by_email")]

    def __str__(self) -> str:
        return self.email
