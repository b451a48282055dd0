"""Which state of a sensitive act may follow which, and who may decide on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from helpdesk.lib.errors import Conflict, NotAllowed
from tickets.choices import ActState

S = ActState

FOLLOWS: Mapping[ActState, frozenset[ActState]] = {
    S.REQUESTED: frozenset({S.APPROVED, S.REFUSED, S.WITHDRAWN, S.EXPIRED}),
    # What was approved too soon may still be stopped, as long as nothing has left. Done, too: a call that was given up
    # for lost arrived after all.
    S.APPROVED: frozenset({S.SENDING, S.REFUSED, S.WITHDRAWN, S.EXPIRED, S.DONE, S.FAILED}),
    S.SENDING: frozenset({S.DONE, S.FAILED, S.UNKNOWN, S.APPROVED}),
    # The wallet says that it never heard of it: it is sent (again), or has run out.
    S.UNKNOWN: frozenset({S.DONE, S.FAILED, S.APPROVED}),
    **dict.fromkeys((S.REFUSED, S.WITHDRAWN, S.EXPIRED, S.DONE, S.FAILED), frozenset[ActState]()),
}


class Changed(Conflict):
    """It is no longer what the person saw."""

    code = "act_changed"
    message = _("This was changed after you opened it. Look again at exactly what will be done.")


OTHER_HOLDER = _(
    "The customer’s contact data have changed since this was asked for. Whoever asked must look it over and "
    "save it again."
)


class Decided(Conflict):
    """Nothing is left to decide."""

    code = "act_decided"
    message = _("This was decided already.")


class NotYours(NotAllowed):
    """The right is there, but not for this act."""

    code = "not_yours_to_approve"


@dataclass(frozen=True)
class Standing:
    """How an act stands. People by their numbers; None: nobody of the staff."""

    state: ActState
    content_hash: str
    requester: int | None
    last_contact_changer: int | None
    approvers: frozenset[int] = frozenset()
    #: On whose word it rests that the customer is who they say; nobody's where a code proved it.
    voucher: int | None = None

    #: Who of the staff is the customer.
    owners: frozenset[int] = frozenset()

    @property
    def counted(self) -> frozenset[int]:
        """Whose approvals count: who vouched after they had approved has approved nothing."""
        return self.approvers - {self.voucher} - self.owners


def may_follow(before: ActState, after: ActState) -> bool:
    return after in FOLLOWS[before]


def check_approver(standing: Standing, person: int) -> None:
    """Raises NotYours: whoever could rob the customer alone, asking, changing and approving, may not."""
    if person == standing.requester:
        raise NotYours(_("You asked for this: somebody else must approve it."))
    if person == standing.last_contact_changer:
        raise NotYours(
            _("You changed this customer's contact data last: somebody else must approve it."),
        )
    if person in standing.owners:
        raise NotYours(_("This customer is you: somebody else must approve it."))
    if person == standing.voucher:
        raise NotYours(_("You vouched for who this customer is: somebody else must approve it."))


def check_approval(standing: Standing, *, person: int, seen: str) -> None:
    """Raises NotYours, Decided, or Changed where the fingerprint that the approver saw is another one."""
    check_approver(standing, person)
    if standing.state != S.REQUESTED:
        raise Decided
    if seen != standing.content_hash:
        raise Changed
    if person in standing.approvers:
        raise Decided(_("You approved this already; it needs another person."))


def check_end(standing: Standing, after: ActState) -> None:
    """Raises Decided where it can no longer be refused or withdrawn."""
    if not may_follow(standing.state, after):
        raise Decided
