from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts import masking
from helpdesk.lib import clock
from helpdesk.lib.defang import defanged_links
from helpdesk.lib.html import linked_but_quotes, unlinked
from helpdesk.lib.marked import marked, unmarked
from tickets.choices import ActorKind, Channel, Markup, Nature, Visibility
from tickets.rules.secrets.marks import in_language


def customers_read(prefix: str = "") -> Q:
    """What customers may read of a conversation: public, not taken back, and no longer to be taken back.

    ``prefix`` leads to the message from other tables ("message__").
    """
    no_longer_held = Q(**{f"{prefix}held_until": None}) | Q(**{f"{prefix}held_until__lte": clock.now()})
    return no_longer_held & Q(**{f"{prefix}visibility": Visibility.PUBLIC, f"{prefix}taken_back_at": None})


class MessageQuerySet(models.QuerySet["Message"]):
    def standing(self) -> MessageQuerySet:
        """What was said: not what was taken back before it left."""
        return self.filter(taken_back_at=None)

    def for_customers(self) -> MessageQuerySet:
        return self.filter(customers_read())


class Message(masking.Notes, models.Model):
    """Something said on a ticket: to the customer or by them (public), or among staff (internal note).

    ``body`` is text; doors turn line breaks and links into HTML when they show it, and in what staff wrote with
    ``markup`` Markdown its few signs too.
    """

    ticket = models.ForeignKey(
        "tickets.Ticket", models.CASCADE, verbose_name=_("ticket"), related_name="messages"
    )
    visibility = models.CharField(
        _("visibility"), max_length=10, choices=Visibility.choices, default=Visibility.PUBLIC
    )
    author_kind = models.CharField(_("written by"), max_length=10, choices=ActorKind.choices)
    author = models.ForeignKey(
        "accounts.User", models.PROTECT, verbose_name=_("author"), null=True, blank=True, related_name="+"
    )
    #: As shown at the time of writing; outlives a renamed or removed log-in.
    author_name = models.CharField(_("author's name"), max_length=120, blank=True)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices, default=Channel.WEB)
    body = models.TextField(_("text"))
    markup = models.CharField(
        max_length=10, choices=Markup.choices, default=Markup.PLAIN, db_default=Markup.PLAIN.value
    )
    #: Whether a customer's message waits for an answer; judged by rule, and by staff where the rule is wrong.
    nature = models.CharField(
        _("nature"),
        max_length=10,
        choices=Nature.choices,
        default=Nature.SUBSTANCE,
        db_default=Nature.SUBSTANCE.value,
    )
    created_at = models.DateTimeField(_("written"), default=clock.now, editable=False)
    #: Until then the mail that carries it waits, and its author may take it back; the customer does not see it yet.
    held_until = models.DateTimeField(null=True, blank=True, editable=False)
    #: Taken back before it left: staff see that it was written, the customer never does.
    taken_back_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: As for tickets: the same form sent twice writes one message.
    origin_key = models.CharField(max_length=200, null=True, blank=True, unique=True, editable=False)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["id"]
        indexes = [
            # The conversation of one ticket, oldest first.
            models.Index(fields=["ticket", "id"], name="message_by_ticket"),
        ]

    def __str__(self) -> str:
        return self.body[:60]

    def note_contacts(self) -> None:
        loaded = self.__dict__
        masking.note_text(loaded.get("body"), loaded.get("author_name"))

    @property
    def signed(self) -> str:
        """Who wrote it, for people: which part of the desk an automatic one comes from ("sla") says nothing to them."""
        if self.author_kind == ActorKind.SYSTEM:
            return gettext("Automatic")
        return self.author_name or str(self.get_author_kind_display())

    @property
    def words(self) -> str:
        """The text, with what stands in place of a secret in the reader's language."""
        return in_language(self.body, get_language() or "")

    @property
    def html(self) -> SafeString:
        """The text as every reader sees it: agents, the customer, whoever gets it by mail. Only what staff wrote has
        links: nobody vouches for a customer's.
        """
        if self.by_customer:
            return unlinked(self.words)
        return marked(self.words) if self.markup == Markup.MARKDOWN else linked_but_quotes(self.words)

    @property
    def harmless(self) -> str:
        """The text as it was written, but for a customer's addresses: for programs, whose readers click too."""
        return defanged_links(self.words) if self.by_customer else self.words

    @property
    def plain(self) -> str:
        """The text for those who read no HTML. Mail programs make links of addresses in it: of staff's, then."""
        if self.by_customer:
            return defanged_links(self.words)
        return unmarked(self.words) if self.markup == Markup.MARKDOWN else self.words

    @property
    def is_public(self) -> bool:
        return self.visibility == Visibility.PUBLIC

    @property
    def is_held(self) -> bool:
        """Whether it may still be taken back; the customer does not see it yet."""
        return self.taken_back_at is None and self.held_until is not None and self.held_until > clock.now()

    @property
    def by_customer(self) -> bool:
        return self.author_kind == ActorKind.CUSTOMER
