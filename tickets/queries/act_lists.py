"""The lists of sensitive acts: those to approve, one's own, all. A page goes on where the last one ended, by id."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from accounts import access, audit
from accounts.choices import AuditKind
from accounts.models import Brand, ContactChange, User, Verification
from accounts.rules.capabilities import Capability
from accounts.rules.verification import BY_CODE
from tickets.choices import ActState
from tickets.models import ActApproval, SensitiveAct, Ticket
from tickets.queries.wallet import shown
from tickets.rules import numbers
from tickets.rules.visibility import scope_of
from tickets.rules.wallet_holder import account_key

PAGE_SIZE = 50
COUNT_LIMIT = 99


class Which(StrEnum):
    TO_APPROVE = "to_approve"
    OWN = "own"
    ALL = "all"


@dataclass(frozen=True)
class Question:
    """Empty asks for nothing. ``q``: an account, whole, in whatever spelling, or a ticket's number; ``after``: the last
    id of the page before."""

    which: Which = Which.ALL
    state: str = ""
    kind: str = ""
    brand: int | None = None
    q: str = ""
    after: int | None = None


@dataclass(frozen=True)
class Page:
    acts: list[SensitiveAct]
    #: Where the next page goes on; None on the last one.
    next: int | None


def find(user: User, question: Question, size: int = PAGE_SIZE) -> Page:
    """Newest first; what waits to be approved oldest first, for it runs out first.

    By ``act_to_approve``, ``act_by_requester`` or ``act_by_brand``; an account by ``act_by_account``. Three queries for
    any number.
    """
    rows = _narrowed(_of(user, question.which), question)
    forward = question.which is Which.TO_APPROVE
    if question.after is not None:
        rows = rows.filter(pk__gt=question.after) if forward else rows.filter(pk__lt=question.after)
    found = list(rows.order_by("pk" if forward else "-pk")[: size + 1])
    shown_on = [act.ticket.number for act in found[:size]]
    audit.saw(AuditKind.SEARCHED, where="acts", which=question.which.value, shown=shown_on)
    return Page(found[:size], found[size - 1].pk if len(found) > size else None)


def count_to_approve(user: User) -> int:
    """Counted up to one more than COUNT_LIMIT."""
    if not access.can(user, Capability.APPROVE_ACTS):
        return 0
    return _to_approve(_visible(SensitiveAct.objects.all(), user), user)[: COUNT_LIMIT + 1].count()


def _of(user: User, which: Which) -> QuerySet[SensitiveAct]:
    rows = _visible(shown(), user)
    if which is Which.OWN:
        return rows.filter(requested_by=user)
    return _to_approve(rows, user) if which is Which.TO_APPROVE else rows


def _visible(rows: QuerySet[SensitiveAct], user: User) -> QuerySet[SensitiveAct]:
    """Those on tickets that the person sees; the brand is said again, for the indexes begin with it."""
    scope = scope_of(user)
    if not scope.everything:
        rows = rows.filter(brand__in=scope.brands)
    return rows.filter(ticket__in=Ticket.objects.visible_to(user))


def _to_approve(rows: QuerySet[SensitiveAct], user: User) -> QuerySet[SensitiveAct]:
    """What this person may approve, and has not: as ``rules.wallet_states.check_approval`` says, in rows."""
    if not access.can(user, Capability.APPROVE_ACTS):
        return rows.none()
    changes = ContactChange.objects.filter(customer=OuterRef("customer"), by__isnull=False).order_by("-id")
    done = ActApproval.objects.filter(
        act=OuterRef("pk"), approver=user, content_hash=OuterRef("content_hash")
    )
    waiting = rows.filter(state=ActState.REQUESTED).exclude(requested_by=user).exclude(_own_word_alone(user))
    waiting = waiting.exclude(customer__user=user).exclude(customer__email=user.email)
    waiting = waiting.annotate(changer=Subquery(changes.values("by")[:1]))
    return waiting.filter(Q(changer=None) | ~Q(changer=user.pk)).exclude(Exists(done))


def _own_word_alone(user: User) -> Q:
    """Where nothing but this person's own word says who the customer is: a proof by somebody else, or by a code, would
    do. By ``verification_by_customer``."""
    enough = Verification.objects.in_force().filter(
        customer=OuterRef("customer"), level__gte=OuterRef("needed_level")
    )
    own = Q(by=user) & ~Q(method__in=BY_CODE)
    return Q(Exists(enough.filter(own))) & ~Q(Exists(enough.exclude(own)))


def _keys_of(account: str) -> set[str]:
    """A number without a country code is another phone with brands of another country; they are a handful."""
    regions = Brand.objects.order_by().values_list("country", flat=True).distinct()
    return {account_key(account, region=region) for region in regions}


def _narrowed(rows: QuerySet[SensitiveAct], question: Question) -> QuerySet[SensitiveAct]:
    if question.state:
        rows = rows.filter(state=question.state)
    if question.kind:
        rows = rows.filter(kind=question.kind)
    if question.brand is not None:
        rows = rows.filter(brand=question.brand)
    if question.q:
        number = numbers.parse(question.q)
        same = Q(account_key__in=_keys_of(question.q))
        rows = rows.filter(same | Q(ticket__number=number)) if number else rows.filter(same)
    return rows
