"""The box "not a ticket": mails that are no case unless somebody says so, for the agents of their brands.

A page goes on where the last one ended, along the index ``incoming_aside``: of each brand the next few, then merged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache
from django.db.models import Q, QuerySet
from django.http import Http404

from accounts.models import Brand, User
from accounts.queries.texts import stands_in
from accounts.rules.contact import normal_email
from helpdesk.lib import clock
from tickets.choices import AsideReason, IncomingState
from tickets.models import IncomingMail, Ticket
from tickets.rules.visibility import scope_of

PAGE_SIZE = 30
COUNT_LIMIT = 99
#: So many of the newest are looked at to count those of the last days.
LOOKED_AT = 300
COUNT_SECONDS = 60
#: Mails that a machine put aside within so many days are worth a look.
RECENT = timedelta(days=7)
#: What people have decided needs no second look.
DECIDED = (AsideReason.BLOCKED, AsideReason.DISMISSED)


@dataclass(frozen=True)
class Question:
    """What is looked for; empty asks for nothing. ``after`` is the last id of the page before."""

    q: str = ""
    reason: str = ""
    brand: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class Page:
    mails: list[IncomingMail]
    #: Where the next page goes on; None on the last one.
    next: int | None


@dataclass(frozen=True)
class Box:
    """Whether anything is in it, and how many a machine put there lately, told up to COUNT_LIMIT."""

    has_any: bool
    recent: int

    @property
    def told(self) -> str:
        """Empty for none."""
        return f"{COUNT_LIMIT}+" if self.recent > COUNT_LIMIT else str(self.recent or "")


def find(user: User, question: Question, size: int = PAGE_SIZE) -> Page:
    """The next ``size`` mails that the user may see and the question asks for, the newest first."""
    wanted = _wanted(question)
    brands = _brands(user) if question.brand is None else _brands(user) & {question.brand}
    ids = _newest(brands, wanted, size + 1)
    rows = IncomingMail.objects.filter(pk__in=ids[:size]).select_related("brand", "mailbox").order_by("-pk")
    return Page(list(rows), ids[size - 1] if len(ids) > size else None)


def box_of(user: User) -> Box:
    """Remembered for a minute: it stands in the navigation of every page."""
    key = f"mail-aside:{user.pk}"
    known: Box | None = cache.get(key)
    if known is None:
        known = _look(_brands(user))
        cache.set(key, known, COUNT_SECONDS)
    return known


def forget_counts(user: User) -> None:
    """After the user changed something: their own act must show at once."""
    cache.delete(f"mail-aside:{user.pk}")


def mail_or_404(user: User, pk: int) -> IncomingMail:
    """A mail of a brand of the user's that is in the box; or was, and is a ticket that they may see."""
    rescued = Q(state=IncomingState.DONE, ticket__in=Ticket.objects.visible_to(user))
    rows = IncomingMail.objects.filter(Q(state=IncomingState.SET_ASIDE) | rescued, pk=pk)
    mail = rows.filter(brand__in=_brands(user)).select_related("brand", "mailbox", "ticket").first()
    if mail is None:
        raise Http404("No such mail.")
    return mail


def _brands(user: User) -> frozenset[int]:
    """As a ticket of the brand that has no team yet: everybody of the brand sees it."""
    scope = scope_of(user)
    return frozenset(Brand.objects.values_list("pk", flat=True)) if scope.everything else scope.brands


def _wanted(question: Question) -> Q:
    wanted = Q(state=IncomingState.SET_ASIDE)
    if question.reason:
        wanted &= Q(aside_reason=question.reason)
    if question.after is not None:
        wanted &= Q(pk__lt=question.after)
    if question.q:
        wanted &= _matches(question.q)
    return wanted


def _matches(text: str) -> Q:
    """A whole address, or a whole domain behind an @, is looked up; all else is sought in names and subjects.
    By a part of an address nothing is found: it is masked.
    """
    local, at, domain = text.rpartition("@")
    if at and "." in domain and " " not in text:
        sender = normal_email(text)
        return Q(sender=sender) if local else Q(sender__endswith=sender)
    return stands_in("sender_name", text) | stands_in("subject", text)


def _newest(brands: frozenset[int], wanted: Q, limit: int) -> list[int]:
    """Ids, the newest first. Asked for each brand apart: together, they would be walked or sorted whole."""
    parts = [_of_brand(pk, wanted, limit) for pk in sorted(brands)]
    if len(parts) < 2:
        return list(parts[0]) if parts else []
    ids = parts[0].union(*parts[1:], all=True).order_by("-pk")
    return list(ids[:limit])


def _of_brand(brand: int, wanted: Q, limit: int) -> QuerySet[IncomingMail, int]:
    rows = IncomingMail.objects.filter(wanted, brand=brand).order_by("-pk")
    return rows.values_list("pk", flat=True)[:limit]


def _look(brands: frozenset[int]) -> Box:
    """Of the newest LOOKED_AT: a box of a hundred thousand must cost no page anything."""
    newest = _newest(brands, Q(state=IncomingState.SET_ASIDE), LOOKED_AT)
    since = clock.now() - RECENT
    rows = IncomingMail.objects.filter(pk__in=newest, received_at__gte=since)
    recent = rows.exclude(aside_reason__in=DECIDED).count() if newest else 0
    return Box(bool(newest), recent)
