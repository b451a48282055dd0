"""What happened to a ticket, in words: one sentence for each kind of event, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.choices import AssignmentMode
from accounts.models import Team
from helpdesk.lib.localized import suffix
from tickets.choices import (
    ActorKind,
    Channel,
    ClockReason,
    EscalationAct,
    EventKind,
    MailPurpose,
    Nature,
    Priority,
    Status,
    TimerKind,
)
from tickets.models import Category, Event
from tickets.queries import safety_words
from tickets.queries.delivery import error_in_words
from tickets.queries.event_values import Data, label, moment
from tickets.rules import numbers
from tickets.rules.duty import Why


@dataclass(frozen=True)
class Names:
    """What slugs are called in the reader's language; events keep slugs."""

    categories: Mapping[str, str] = field(default_factory=dict)
    teams: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls) -> Names:
        """Both small tables in one query."""
        columns = ("slug", "name_zh", "name_en")
        categories = Category.objects.order_by().values_list(Value("category"), *columns)
        teams = Team.objects.order_by().values_list(Value("team"), *columns)
        called: dict[str, dict[str, str]] = {"category": {}, "team": {}}
        for what, slug, chinese, english in categories.union(teams, all=True):
            names = (chinese, english) if suffix() == "zh" else (english, chinese)
            called[what][slug] = names[0] or names[1]
        return cls(called["category"], called["team"])


def sentence(event: Event, names: Names) -> str:
    """What happened, without who did it and when."""
    return _SENTENCES[EventKind(event.kind)](event.data, names)


def who(event: Event) -> str:
    """Who did it; the desk itself where nobody did."""
    if event.actor_kind == ActorKind.SYSTEM:
        return _("Automatic")
    return event.actor_name or str(ActorKind(event.actor_kind).label)


def _opened(data: Data, names: Names) -> str:
    channel = label(Channel, data.get("channel"))
    return _("opened the case (%(channel)s)") % {"channel": channel} if channel else _("opened the case")


def _status(data: Data, names: Names) -> str:
    return _("status: %(before)s → %(after)s") % {
        "before": label(Status, data.get("from")),
        "after": label(Status, data.get("to")),
    }


def _assigned(data: Data, names: Names) -> str:
    to, before = data.get("to"), data.get("from")
    if not to:
        words = _("nobody has the case now (before: %(before)s)") if before else _("nobody has the case now")
        return words % {"before": before}
    if before:
        return _("assigned to %(to)s (before: %(before)s)") % {"to": to, "before": before}
    return _("assigned to %(to)s") % {"to": to}


def _team(data: Data, names: Names) -> str:
    if not data.get("to"):
        return _("taken out of its team")
    to = names.teams.get(data["to"], data["to"])
    return _("moved to the team %(team)s") % {"team": to}


def _priority(data: Data, names: Names) -> str:
    return _("priority: %(before)s → %(after)s") % {
        "before": _priority_label(data.get("from")),
        "after": _priority_label(data.get("to")),
    }


def _priority_label(slug: Any) -> str:
    try:
        return str(Priority.from_slug(str(slug)).label)
    except KeyError:
        return str(slug or "—")


def _category(data: Data, names: Names) -> str:
    called: dict[Any, str] = {None: "—", **names.categories}
    before, after = data.get("from"), data.get("to")
    words = {"before": called.get(before, before), "after": called.get(after, after)}
    if after is not None and before == after:
        return _("confirmed the category: %(after)s") % words
    if data.get("confidence"):
        words["percent"] = f"{100 * float(data['confidence']):.0f}"
        return _("category: %(before)s → %(after)s (by the classifier, %(percent)s %% sure)") % words
    return _("category: %(before)s → %(after)s") % words


def _tags(data: Data, names: Names) -> str:
    parts = [f"+{tag}" for tag in data.get("added", [])] + [f"−{tag}" for tag in data.get("removed", [])]
    return _("tags: %(changes)s") % {"changes": " ".join(parts)}


def _links_revoked(data: Data, names: Names) -> str:
    count = int(data.get("count") or 1)
    return ngettext("revoked %(count)s tracking link", "revoked %(count)s tracking links", count) % {
        "count": count
    }


def _follow_up(data: Data, names: Names) -> str:
    return _("a follow-up was opened: %(number)s") % {"number": numbers.display(str(data.get("number", "")))}


def _fixed_number(words: Callable[[], str]) -> Callable[[Data, Names], str]:
    return lambda data, names: words() % {"number": numbers.display(str(data.get("number", "")))}


_LINKED: Mapping[tuple[str, bool], Callable[[], str]] = {
    ("related", True): lambda: _("linked to the case %(number)s"),
    ("related", False): lambda: _("linked to the case %(number)s"),
    ("duplicate", True): lambda: _("linked: a duplicate of %(number)s"),
    ("duplicate", False): lambda: _("linked: %(number)s is a duplicate of this case"),
    ("caused_by", True): lambda: _("linked: caused by %(number)s"),
    ("caused_by", False): lambda: _("linked: this case is the cause of %(number)s"),
}


def _linked(data: Data, names: Names) -> str:
    words = _LINKED[str(data.get("how") or "related"), bool(data.get("main"))]
    return _fixed_number(words)(data, names)


def _unmerged(data: Data, names: Names) -> str:
    words = _fixed_number(lambda: _("goes on by itself again, no longer merged into %(number)s"))(data, names)
    said = int(data.get("said") or 0)
    if not said:
        return words
    stays = ngettext(
        "%(count)s message of the customer stays there", "%(count)s messages of the customer stay there", said
    )
    return _("%(what)s; %(stays)s") % {"what": words, "stays": stays % {"count": said}}


def _mentioned(data: Data, names: Names) -> str:
    return _("called %(names)s by name") % {"names": _(", ").join(data.get("who", []))}


def _complaint(data: Data, names: Names) -> str:
    return _("marked as a complaint") if data.get("complaint") else _("no longer marked as a complaint")


def _judged(data: Data, names: Names) -> str:
    return _("said of a message: %(nature)s") % {"nature": label(Nature, data.get("to"))}


def _macro(data: Data, names: Names) -> str:
    name = data.get(f"name_{suffix()}") or data.get("name_en") or data.get("name_zh") or ""
    return _("applied the macro “%(name)s”") % {"name": name}


def _paused(data: Data, names: Names) -> str:
    words = {"clock": _clock(data), "why": label(ClockReason, data.get("why", "waiting_for_customer"))}
    return _("clock “%(clock)s” paused: %(why)s") % words


def _escalated(data: Data, names: Names) -> str:
    told = data.get("told")
    if data.get("act") == "alarm":
        return _("nobody had taken the emergency yet: alarmed %(names)s") % {
            "names": safety_words.alarmed(data)
        }
    words = {"clock": _clock(data), "act": label(EscalationAct, data.get("act"))}
    if data.get("at_percent"):
        words["clock"] = _("%(clock)s, %(percent)s %% used up") % {**words, "percent": data["at_percent"]}
    if data.get("refused"):
        return _("escalated (%(clock)s): %(act)s, but that could not be done") % words
    if told:
        return _("escalated (%(clock)s): told %(names)s") % {**words, "names": _(", ").join(told)}
    if told == []:
        return _("escalated (%(clock)s): %(act)s, but there is nobody to tell") % words
    return _("escalated (%(clock)s): %(act)s") % words


def _clock(data: Data) -> str:
    return label(TimerKind, data.get("timer"))


def _about_clock(words: Callable[[], str]) -> Callable[[Data, Names], str]:
    """``words`` is called when shown: the language is the reader's."""
    return lambda data, names: words() % {"clock": _clock(data), "due": moment(data.get("due_at"))}


def _timed(with_due: Callable[[], str], without: Callable[[], str]) -> Callable[[Data, Names], str]:
    def say(data: Data, names: Names) -> str:
        words = with_due() if data.get("due_at") else without()
        return words % {"clock": _clock(data), "due": moment(data.get("due_at"))}

    return say


def _mail(words: Callable[[], str]) -> Callable[[Data, Names], str]:
    return lambda data, names: (
        words()
        % {
            "purpose": label(MailPurpose, data.get("purpose")),
            "to": data.get("to", ""),
            "error": error_in_words(data.get("error", "")),
        }
    )


def _mail_sent(data: Data, names: Names) -> str:
    if data.get("again"):
        return _mail(
            lambda: _(
                "mail “%(purpose)s” sent to %(to)s; it may come twice, for the sender had been interrupted"
            )
        )(data, names)
    return _mail(lambda: _("mail “%(purpose)s” sent to %(to)s"))(data, names)


def _routed(data: Data, names: Names) -> str:
    if data.get("mode"):
        words = {**data, "mode": label(AssignmentMode, data["mode"])}
        words["team"] = names.teams.get(data.get("team") or "", data.get("team") or "—")
        return _("%(team)s gives out its cases %(mode)s: %(to)s has it (%(load)s of %(capacity)s)") % words
    sets = [
        *(
            [_("team %(team)s") % {"team": names.teams.get(data["team"], data["team"])}]
            if "team" in data
            else []
        ),
        *(
            [_("priority %(name)s") % {"name": _priority_label(data["priority"])}]
            if "priority" in data
            else []
        ),
        *([_("policy %(name)s") % {"name": data["policy"]}] if "policy" in data else []),
        *(_("tag %(name)s") % {"name": tag} for tag in data.get("tags", [])),
    ]
    words = {"rule": data.get("name", ""), "what": _(", ").join(sets)}
    return _("routed by the rule “%(rule)s”: %(what)s") % words


def _handed_back(data: Data, names: Names) -> str:
    who = {"who": data.get("who", "")}
    match data.get("why"):
        case Why.IDLE:
            return _("handed back: %(who)s gave no sign of work and was taken off duty") % who
        case Why.HANDED_OVER:
            return _("handed back to the team, with all cases of %(who)s") % who
    return _("handed back: %(who)s went off duty") % who


def _taken_back(data: Data, names: Names) -> str:
    if data.get("forward"):
        return _("took a forwarded mail back before it left")
    return _("took a reply back before it left")


def _forwarded(data: Data, names: Names) -> str:
    count = int(data.get("messages") or 0)
    words = ngettext("forwarded %(count)s message to %(to)s", "forwarded %(count)s messages to %(to)s", count)
    return words % {"count": count, "to": _(", ").join(data.get("to", []))}


def _fixed(words: Callable[[], str]) -> Callable[[Data, Names], str]:
    return lambda data, names: words() % {"who": data.get("who", "")}


def _of_data(say: Callable[[Data], str]) -> Callable[[Data, Names], str]:
    return lambda data, names: say(data)


_SENTENCES: Mapping[EventKind, Callable[[Data, Names], str]] = {
    EventKind.OPENED: _opened,
    EventKind.REPLIED: _fixed(lambda: _("replied")),
    EventKind.NOTED: _fixed(lambda: _("wrote an internal note")),
    EventKind.STATUS_CHANGED: _status,
    EventKind.ASSIGNED: _assigned,
    EventKind.TEAM_CHANGED: _team,
    EventKind.PRIORITY_CHANGED: _priority,
    EventKind.CATEGORY_CHANGED: _category,
    EventKind.TAGS_CHANGED: _tags,
    EventKind.WATCHER_ADDED: _fixed(lambda: _("%(who)s watches the case now")),
    EventKind.WATCHER_REMOVED: _fixed(lambda: _("%(who)s no longer watches the case")),
    EventKind.LINK_REVOKED: _links_revoked,
    EventKind.LINK_SENT: _fixed(lambda: _("sent a fresh tracking link to the customer")),
    EventKind.FOLLOW_UP_OPENED: _follow_up,
    EventKind.MERGED: _fixed_number(lambda: _("merged into the case %(number)s")),
    EventKind.MERGED_HERE: _fixed_number(lambda: _("the case %(number)s was merged into this one")),
    EventKind.COMPLAINT_MARKED: _complaint,
    EventKind.MESSAGE_JUDGED: _judged,
    EventKind.TIMER_STARTED: _timed(
        lambda: _("clock “%(clock)s” started, due %(due)s"), lambda: _("clock “%(clock)s” started")
    ),
    EventKind.TIMER_PAUSED: _paused,
    EventKind.TIMER_RESUMED: _timed(
        lambda: _("clock “%(clock)s” runs again, due %(due)s"), lambda: _("clock “%(clock)s” runs again")
    ),
    EventKind.TIMER_MET: _about_clock(lambda: _("promise kept: %(clock)s")),
    EventKind.TIMER_MISSED: _about_clock(lambda: _("done after the promised time: %(clock)s")),
    EventKind.TIMER_CHANGED: _timed(
        lambda: _("clock “%(clock)s” recomputed, now due %(due)s"),
        lambda: _("clock “%(clock)s” recomputed"),
    ),
    EventKind.TIMER_CANCELLED: _about_clock(lambda: _("clock “%(clock)s” no longer needed")),
    EventKind.DUE_SOON: _about_clock(lambda: _("promised time near, the assignee was reminded: %(clock)s")),
    EventKind.BREACHED: _about_clock(lambda: _("promised time passed: %(clock)s")),
    EventKind.ESCALATED: _escalated,
    EventKind.MAIL_SENT: _mail_sent,
    EventKind.MAIL_FAILED: _mail(lambda: _("mail “%(purpose)s” to %(to)s could not be delivered: %(error)s")),
    EventKind.MAIL_BOUNCED: _mail(lambda: _("mail “%(purpose)s” to %(to)s came back: %(error)s")),
    EventKind.REPLY_TAKEN_BACK: _taken_back,
    EventKind.FORWARDED: _forwarded,
    EventKind.SENDER_ACCEPTED: _fixed(lambda: _("accepted %(who)s as the sender")),
    EventKind.PARTICIPANT_ADDED: _fixed(lambda: _("%(who)s is in copy now")),
    EventKind.PARTICIPANT_REMOVED: _fixed(lambda: _("%(who)s is no longer in copy")),
    EventKind.ROUTED: _routed,
    EventKind.HANDED_BACK: _handed_back,
    EventKind.MACRO_APPLIED: _macro,
    EventKind.UNMERGED: _unmerged,
    EventKind.UNMERGED_HERE: _fixed_number(
        lambda: _("the case %(number)s is no longer merged into this one")
    ),
    EventKind.SPLIT_OFF: _fixed_number(lambda: _("made a message a case of its own: %(number)s")),
    EventKind.SPLIT_FROM: _fixed_number(lambda: _("made from a message of the case %(number)s")),
    EventKind.LINKED: _linked,
    EventKind.UNLINKED: _fixed_number(lambda: _("no longer linked to the case %(number)s")),
    EventKind.MENTIONED: _mentioned,
    **{kind: _of_data(say) for kind, say in safety_words.SENTENCES.items()},
}
