"""What the mails to members of staff say: of one promise, and of several at once."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules.contacts_in_texts import masked_text
from helpdesk.lib import clock
from tickets.choices import NoticeKind, Priority, TimerKind
from tickets.delivery.letters import Item, Letter, moment, shown_subject
from tickets.models import Notice, OutboxMail, Ticket, Timer
from tickets.queries import notices as queries
from tickets.queries.timeline import Names, sentence, who

_ABOUT_ACTS = (NoticeKind.TO_APPROVE, NoticeKind.ACT_DECIDED)


def escalation(mail: OutboxMail) -> Letter:
    assert mail.ticket is not None
    ticket, notice = mail.ticket, _newest(mail)
    timer = queries.clocks_of([notice.event])[notice.event_id] if notice else None
    kind = TimerKind(mail.context.get("timer", TimerKind.RESOLUTION))
    late = _is_late(timer)
    heading = _heading(kind, late=late)
    zone = notice.person.time_zone if notice else ticket.brand.time_zone
    facts = [
        (_("Number"), ticket.display_number),
        (_("Subject"), _subject(ticket)),
        (_("Brand"), ticket.brand.name),
        (_("Priority"), str(Priority(ticket.priority).label)),
        (_("Promise"), str(kind.label)),
        *_law(timer),
        *_when(timer, zone, late=late),
        (_("Assignee"), _assignee(ticket)),
    ]
    return Letter(
        subject=f"[{ticket.display_number}] {heading}: {_subject(ticket)}",
        heading=heading,
        lead=(
            _("A promise to this customer is broken. Please see to the case now.")
            if late
            else _("A promise to this customer will soon be broken. Please see to the case now."),
        ),
        facts=tuple(facts),
        button=_("Open the ticket"),
        address=_ticket_address(ticket),
    )


def notice(mail: OutboxMail) -> Letter:
    """One matter that is about no clock. What customers wrote is not repeated: it is read where access is checked."""
    assert mail.ticket is not None
    ticket, told = mail.ticket, _newest(mail)
    act = told.event.data.get("act") if told and told.kind in _ABOUT_ACTS else None
    heading = str(NoticeKind(told.kind if told else NoticeKind.WATCHED).label)
    heading = heading[0].upper() + heading[1:]
    if told is not None and told.kind == NoticeKind.EMERGENCY:
        return _alarm(ticket, told, heading)
    return Letter(
        subject=f"[{ticket.display_number}] {heading}: {_subject(ticket)}",
        heading=heading,
        lead=(_said(told),) if told else (),
        facts=(
            (_("Number"), ticket.display_number),
            (_("Subject"), _subject(ticket)),
            (_("Brand"), ticket.brand.name),
            (_("Priority"), str(Priority(ticket.priority).label)),
            (_("Assignee"), _assignee(ticket)),
        ),
        button=_("Look at it") if act else _("Open the ticket"),
        address=f"{settings.PUBLIC_URL}{reverse('workspace:act', args=[act])}"
        if act
        else _ticket_address(ticket),
        after=(_set_under_my_notices(),),
    )


def _alarm(ticket: Ticket, told: Notice, heading: str) -> Letter:
    """To the page where it is taken: whoever is alarmed may not see the ticket before."""
    return Letter(
        subject=f"[{ticket.display_number}] {heading}: {ticket.brand.name}",
        heading=heading,
        lead=(_said(told), _("It rings until somebody takes it.")),
        facts=(
            (_("Number"), ticket.display_number),
            (_("Brand"), ticket.brand.name),
            (_("Reported"), moment(ticket.created_at, told.person.time_zone)),
        ),
        button=_("Open the emergencies"),
        address=f"{settings.PUBLIC_URL}{reverse('workspace:emergencies')}",
    )


def _said(told: Notice) -> str:
    said = {"who": who(told.event), "what": sentence(told.event, Names.load())}
    return masked_text(_("%(who)s: %(what)s") % said)


def _subject(ticket: Ticket) -> str:
    """Mail leaves the desk: no contact data that somebody wrote into the subject."""
    return masked_text(shown_subject(ticket))


def digest(mail: OutboxMail) -> Letter:
    """Several at once. What a line says is as it is now, not as it was when the notice was written."""
    listed = queries.listed_in(mail)
    more = int(mail.context.get("more", 0))
    count = len(listed) + more
    promises = all(_is_about_a_clock(told) for told, _timer in listed)
    if promises:
        heading = ngettext("%(count)s promise needs you", "%(count)s promises need you", count)
        lead = _("Broken, or soon to be; the most urgent come first.")
    else:
        heading = ngettext("%(count)s matter for you", "%(count)s matters for you", count)
        lead = _("The most urgent come first.")
    heading %= {"count": count}
    rest = ngettext(
        "And %(count)s more: you find it in the queue.",
        "And %(count)s more: you find them in the queue.",
        more,
    )
    return Letter(
        subject=heading,
        heading=heading,
        lead=(lead,),
        items=tuple(_item(notice, timer) for notice, timer in listed),
        button=_("Open the queue"),
        address=f"{settings.PUBLIC_URL}{reverse('workspace:queue')}?view={'due' if promises else 'mine'}",
        after=(*((rest % {"count": more},) if more else ()), _set_under_my_notices()),
    )


def _set_under_my_notices() -> str:
    address = f"{settings.PUBLIC_URL}{reverse('workspace:notices')}"
    return _("When you are told, and how often, you set under “My notices”: %(address)s") % {
        "address": address
    }


def _is_about_a_clock(told: Notice) -> bool:
    return "timer" in told.event.data


def _item(notice: Notice, timer: Timer | None) -> Item:
    ticket = notice.ticket
    if not _is_about_a_clock(notice):
        return Item(
            title=f"[{ticket.display_number}] {_subject(ticket)}",
            address=_ticket_address(ticket),
            lines=(_said(notice), ticket.brand.name),
        )
    late = _is_late(timer)
    kind = TimerKind(notice.event.data.get("timer", TimerKind.RESOLUTION))
    when = [f"{label} {value}" for label, value in _when(timer, notice.person.time_zone, late=late)]
    return Item(
        title=f"[{ticket.display_number}] {_subject(ticket)}",
        address=_ticket_address(ticket),
        lines=(
            " · ".join([_heading(kind, late=late), *when]),
            " · ".join(
                [
                    str(Priority(ticket.priority).label),
                    ticket.brand.name,
                    f"{_('Assignee')} {_assignee(ticket)}",
                ]
            ),
        ),
    )


def _newest(mail: OutboxMail) -> Notice | None:
    return mail.notices.select_related("event", "person").order_by("-event_id").first()


def _is_late(timer: Timer | None) -> bool:
    if timer is None or timer.breached_at is not None:
        return True
    return timer.due_at is not None and timer.due_at <= clock.now()


def _heading(kind: TimerKind, *, late: bool) -> str:
    words = {
        TimerKind.FIRST_RESPONSE: (_("First reply overdue"), _("First reply due soon")),
        TimerKind.NEXT_RESPONSE: (_("Next reply overdue"), _("Next reply due soon")),
        TimerKind.PERIODIC_UPDATE: (_("Regular update overdue"), _("Regular update due soon")),
        TimerKind.RESOLUTION: (_("Solution overdue"), _("Solution due soon")),
    }
    return words[kind][0 if late else 1]


def _when(timer: Timer | None, zone: str, *, late: bool) -> list[tuple[str, str]]:
    if timer is None:
        return []
    since = timer.breached_at or timer.due_at
    if late and since is not None:
        return [(_("Overdue since"), moment(since, zone))]
    return [(_("Due"), moment(timer.due_at, zone))] if timer.due_at is not None else []


def _law(timer: Timer | None) -> list[tuple[str, str]]:
    return [(_("Required by law"), timer.policy.name)] if timer is not None and timer.is_statutory else []


def _assignee(ticket: Ticket) -> str:
    return ticket.assignee.display_name if ticket.assignee else _("nobody")


def _ticket_address(ticket: Ticket) -> str:
    return f"{settings.PUBLIC_URL}{reverse('workspace:ticket', args=[ticket.number])}"
