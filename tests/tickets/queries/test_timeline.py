"""Every event is said in words, in both languages."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from helpdesk.lib import clock
from tickets.choices import ActorKind, EventKind
from tickets.models import Event
from tickets.queries.timeline import _SENTENCES, Names, sentence, who

NAMES = Names({"withdrawal": "Withdrawal", "login": "Login"}, {"risk": "Risk"})
ACT: dict[str, Any] = {"what": "unfreeze", "account": "…3401", "approvals": 1}
SAID: dict[EventKind, list[tuple[dict[str, Any], str]]] = {
    EventKind.OPENED: [({"channel": "web"}, "opened the case (web form)"), ({}, "opened the case")],
    EventKind.REPLIED: [({"then": "open"}, "replied")],
    EventKind.NOTED: [({}, "wrote an internal note")],
    EventKind.STATUS_CHANGED: [({"from": "new", "to": "open"}, "status: new → open")],
    EventKind.ASSIGNED: [
        ({"from": None, "to": "Ann"}, "assigned to Ann"),
        ({"from": "Bo", "to": "Ann"}, "assigned to Ann (before: Bo)"),
        ({"from": "Bo", "to": None}, "nobody has the case now (before: Bo)"),
        ({"to": None}, "nobody has the case now"),
    ],
    EventKind.TEAM_CHANGED: [
        ({"from": None, "to": "risk"}, "moved to the team Risk"),
        ({"from": "risk", "to": "gone"}, "moved to the team gone"),
    ],
    EventKind.PRIORITY_CHANGED: [({"from": "low", "to": "urgent"}, "priority: low → urgent")],
    EventKind.CATEGORY_CHANGED: [
        ({"from": None, "to": "login"}, "category: — → Login"),
        ({"from": "gone", "to": "withdrawal"}, "category: gone → Withdrawal"),
        ({"from": "login", "to": "login"}, "confirmed the category: Login"),
        (
            {"from": None, "to": "login", "confidence": 0.968},
            "category: — → Login (by the classifier, 97 % sure)",
        ),
    ],
    EventKind.TAGS_CHANGED: [({"added": ["vip"], "removed": ["old"]}, "tags: +vip −old")],
    EventKind.WATCHER_ADDED: [({"who": "Bo"}, "Bo watches the case now")],
    EventKind.WATCHER_REMOVED: [({"who": "Bo"}, "Bo no longer watches the case")],
    EventKind.LINK_REVOKED: [
        ({"count": 1}, "revoked 1 tracking link"),
        ({"count": 2}, "revoked 2 tracking links"),
    ],
    EventKind.LINK_SENT: [({}, "sent a fresh tracking link to the customer")],
    EventKind.FOLLOW_UP_OPENED: [({"number": "4H7QX92CP"}, "a follow-up was opened: 4H7-QX9-2CP")],
    EventKind.TIMER_STARTED: [({"timer": "resolution"}, "clock “solution” started")],
    EventKind.MERGED: [({"number": "4H7QX92CP"}, "merged into the case 4H7-QX9-2CP")],
    EventKind.MERGED_HERE: [({"number": "4H7QX92CP"}, "the case 4H7-QX9-2CP was merged into this one")],
    EventKind.COMPLAINT_MARKED: [
        ({"complaint": True}, "marked as a complaint"),
        ({"complaint": False}, "no longer marked as a complaint"),
    ],
    EventKind.MESSAGE_JUDGED: [
        ({"from": "substance", "to": "thanks"}, "said of a message: a mere thank-you")
    ],
    EventKind.TIMER_PAUSED: [
        ({"timer": "resolution"}, "clock “solution” paused: waiting for the customer"),
        (
            {"timer": "resolution", "why": "waiting_for_third_party"},
            "clock “solution” paused: waiting for a third party",
        ),
    ],
    EventKind.TIMER_RESUMED: [
        (
            {"timer": "resolution", "due_at": "2026-03-02T10:00:00+08:00"},
            "clock “solution” runs again, due 03/02/2026 10 a.m.",
        ),
        ({"timer": "resolution", "due_at": None}, "clock “solution” runs again"),
    ],
    EventKind.TIMER_MET: [({"timer": "first_response"}, "promise kept: first reply")],
    EventKind.TIMER_MISSED: [({"timer": "resolution"}, "done after the promised time: solution")],
    EventKind.TIMER_CHANGED: [({"timer": "resolution", "due_at": None}, "clock “solution” recomputed")],
    EventKind.TIMER_CANCELLED: [({"timer": "first_response"}, "clock “first reply” no longer needed")],
    EventKind.DUE_SOON: [
        ({"timer": "resolution"}, "promised time near, the assignee was reminded: solution")
    ],
    EventKind.BREACHED: [({"timer": "resolution"}, "promised time passed: solution")],
    EventKind.ESCALATED: [
        (
            {"act": "tell_lead", "timer": "resolution", "told": ["Lea", "Max"]},
            "escalated (solution): told Lea, Max",
        ),
        (
            {"act": "tell_lead", "timer": "resolution", "told": []},
            "escalated (solution): tell the team lead, but there is nobody to tell",
        ),
        ({"act": "raise_priority", "timer": "resolution"}, "escalated (solution): raise the priority"),
        (
            {"act": "tell_lead", "timer": "resolution", "at_percent": 80, "told": ["Lea"]},
            "escalated (solution, 80 % used up): told Lea",
        ),
        (
            {"act": "assign", "timer": "resolution", "refused": True},
            "escalated (solution): assign to a person, but that could not be done",
        ),
    ],
    EventKind.MAIL_SENT: [
        ({"purpose": "reply", "to": "a@b.c"}, "mail “reply” sent to a@b.c"),
        (
            {"purpose": "reply", "to": "a@b.c", "again": True},
            "mail “reply” sent to a@b.c; it may come twice, for the sender had been interrupted",
        ),
    ],
    EventKind.MAIL_BOUNCED: [
        (
            {"purpose": "copy", "to": "a@b.c", "error": "5.1.1 no"},
            "mail “copy of a reply” to a@b.c came back: 5.1.1 no",
        )
    ],
    EventKind.UNMERGED: [
        ({"number": "4H7QX92CP", "said": 0}, "goes on by itself again, no longer merged into 4H7-QX9-2CP"),
        (
            {"number": "4H7QX92CP", "said": 2},
            "goes on by itself again, no longer merged into 4H7-QX9-2CP; 2 messages of the customer stay there",
        ),
    ],
    EventKind.UNMERGED_HERE: [
        ({"number": "4H7QX92CP"}, "the case 4H7-QX9-2CP is no longer merged into this one")
    ],
    EventKind.SPLIT_OFF: [({"number": "4H7QX92CP"}, "made a message a case of its own: 4H7-QX9-2CP")],
    EventKind.SPLIT_FROM: [({"number": "4H7QX92CP"}, "made from a message of the case 4H7-QX9-2CP")],
    EventKind.LINKED: [
        (
            {"number": "4H7QX92CP", "how": "caused_by", "main": False},
            "linked: this case is the cause of 4H7-QX9-2CP",
        ),
        ({"number": "4H7QX92CP", "how": "duplicate", "main": True}, "linked: a duplicate of 4H7-QX9-2CP"),
    ],
    EventKind.UNLINKED: [
        ({"number": "4H7QX92CP", "how": "related", "main": True}, "no longer linked to the case 4H7-QX9-2CP")
    ],
    EventKind.MENTIONED: [({"who": ["Bo", "王小明"], "who_ids": [1, 2]}, "called Bo, 王小明 by name")],
    EventKind.REPLY_TAKEN_BACK: [
        ({}, "took a reply back before it left"),
        ({"forward": True}, "took a forwarded mail back before it left"),
    ],
    EventKind.SENDER_ACCEPTED: [({"who": "a@b.c"}, "accepted a@b.c as the sender")],
    EventKind.PARTICIPANT_ADDED: [({"who": "a@b.c"}, "a@b.c is in copy now")],
    EventKind.PARTICIPANT_REMOVED: [({"who": "a@b.c"}, "a@b.c is no longer in copy")],
    EventKind.ROUTED: [
        (
            {
                "rule": 1,
                "name": "VIPs",
                "team": "risk",
                "priority": "high",
                "policy": "Fast",
                "tags": ["a", "b"],
            },
            "routed by the rule “VIPs”: team Risk, priority high, policy Fast, tag a, tag b",
        ),
        (
            {"mode": "least_loaded", "team": "risk", "to": "Ann", "load": 3, "capacity": 20},
            "Risk gives out its cases to whoever has the most room left: Ann has it (3 of 20)",
        ),
    ],
    EventKind.HANDED_BACK: [
        ({"who": "Ann", "why": "off_duty"}, "handed back: Ann went off duty"),
        ({"who": "Ann", "why": "idle"}, "handed back: Ann gave no sign of work and was taken off duty"),
        ({"who": "Ann", "why": "handed_over"}, "handed back to the team, with all cases of Ann"),
    ],
    EventKind.FORWARDED: [
        ({"to": ["a@b.c"], "messages": 1}, "forwarded 1 message to a@b.c"),
        ({"to": ["a@b.c", "d@e.f"], "messages": 3}, "forwarded 3 messages to a@b.c, d@e.f"),
    ],
    EventKind.PERSON_ERASED: [
        (
            {"request": 5},
            "erased what the case said and whose it was; that there was a case stays",
        )
    ],
    EventKind.MACRO_APPLIED: [
        ({"macro": 3, "name_zh": "好", "name_en": "Vip", "after": 1}, "applied the macro “Vip”")
    ],
    EventKind.MAIL_FAILED: [
        (
            {"purpose": "reply", "to": "a@b.c", "error": "550 no"},
            "mail “reply” to a@b.c could not be delivered: 550 no",
        ),
        (
            {
                "purpose": "reply",
                "to": "a@b.c",
                "error": "dead_address: 2026-03-02T10:00:00+08:00 5.1.1 no such user",
            },
            "mail “reply” to a@b.c could not be delivered: The address refuses mail since 03/02/2026 10 a.m.: "
            "5.1.1 no such user",
        ),
    ],
    EventKind.SECRET_REMOVED: [
        ({"kinds": ["card"], "of": "customer"}, "removed a secret that the customer sent us: card number"),
        ({"kinds": ["card"], "of": "staff"}, "removed a secret from what was written: card number"),
        (
            {"kinds": ["card"], "file": "a.pdf", "how": "replaced"},
            "did not take in the file “a.pdf”, which held a secret: card number",
        ),
        (
            {"kinds": ["card"], "file": "a.txt", "how": "rewritten"},
            "took a secret out of the file “a.txt”: card number",
        ),
        (
            {"kinds": ["card"], "file": "a.txt", "how": "renamed"},
            "took a secret out of the name of the file “a.txt”: card number",
        ),
    ],
    EventKind.FILE_QUARANTINED: [
        ({"file": "a.pdf", "finding": "Eicar"}, "put the file “a.pdf” in quarantine: Eicar"),
        (
            {"file": "a.pdf", "finding": "Eicar", "deleted": True},
            "deleted the file “a.pdf” from quarantine (Eicar)",
        ),
    ],
    EventKind.FILE_RELEASED: [
        (
            {"file": "a.pdf", "finding": "Eicar", "reason": "harmless"},
            "released the file “a.pdf” from quarantine (Eicar): harmless",
        ),
    ],
    EventKind.CODE_SENT: [
        (
            {"method": "mail_code"},
            "had a code sent to the customer (code sent to the e-mail address on record)",
        ),
    ],
    EventKind.CODE_FAILED: [
        ({"tries": 2, "spent": False}, "a wrong code was typed (try 2)"),
        ({"tries": 5, "spent": True}, "a wrong code was typed; after 5 tries it is used up"),
    ],
    EventKind.VERIFIED: [
        (
            {"method": "document", "level": 20, "until": None},
            "customer verified: document checked (identity document checked)",
        ),
    ],
    EventKind.VERIFICATION_ENDED: [
        (
            {"method": "document", "level": 20},
            "took a verification back: document checked (identity document checked)",
        ),
    ],
    EventKind.SUPPORT_CODE_GIVEN: [
        ({}, "announced a call, with a code by which the customer can check it"),
    ],
    EventKind.ACT_REQUESTED: [
        (ACT, "asked for: unfreeze the account, account …3401"),
        ({**ACT, "approvals": 0}, "asked to do at once: unfreeze the account, account …3401"),
        (
            {**ACT, "changes": {"account": ["a", "b"]}},
            "changed what was asked for: unfreeze the account, account …3401",
        ),
    ],
    EventKind.ACT_APPROVED: [
        (ACT, "approved: unfreeze the account, account …3401"),
        (
            {**ACT, "approvals": 2, "given": 1, "amount": "500.00", "currency": "CNY"},
            "approved (1 of 2): unfreeze the account 500.00 CNY, account …3401",
        ),
    ],
    EventKind.ACT_REFUSED: [
        (ACT, "refused: unfreeze the account, account …3401"),
    ],
    EventKind.ACT_WITHDRAWN: [
        (ACT, "withdrawn: unfreeze the account, account …3401"),
        (
            {**ACT, "why": "frozen_again"},
            "off, for the account is being frozen: unfreeze the account, account …3401",
        ),
    ],
    EventKind.ACT_EXPIRED: [
        ({**ACT, "why": "not_decided"}, "ran out, nobody had decided: unfreeze the account, account …3401"),
        (
            {**ACT, "why": "not_sent"},
            "ran out before the wallet could be reached: unfreeze the account, account …3401",
        ),
        (
            {**ACT, "why": "proof"},
            "not carried out, the customer’s proof no longer held: unfreeze the account, account …3401",
        ),
        (
            {**ACT, "why": "contact_changed"},
            "not carried out, who approved it had changed the contact data since: unfreeze the account, account …3401",
        ),
        (
            {**ACT, "why": "voucher"},
            "not carried out, who approved it had vouched for the customer since: unfreeze the account, account …3401",
        ),
    ],
    EventKind.ACT_DONE: [
        (ACT, "carried out by the wallet: unfreeze the account, account …3401"),
    ],
    EventKind.ACT_FAILED: [
        ({**ACT, "code": "closed"}, "refused by the wallet (closed): unfreeze the account, account …3401"),
    ],
    EventKind.EMERGENCY_OPENED: [
        (
            {"situations": ["phone_stolen"], "account": "…9001", "told": ["Lea"]},
            "emergency reported for …9001: My phone is stolen or lost; alarmed Lea",
        ),
    ],
    EventKind.EMERGENCY_TAKEN: [
        ({"seconds": 150}, "took the emergency after 2m"),
    ],
    EventKind.CALL_BACK_ASKED: [
        ({}, "asked to be called back"),
        ({"differs": True}, "asked to be called back, on another number than the registered one"),
    ],
    EventKind.CALLED_BACK: [
        ({"reached": True}, "called back and reached them"),
        ({"reached": False}, "called back, nobody answered"),
    ],
    EventKind.SCAM_REPORTED: [
        ({"value": "evil[.]com"}, "reported as a scam: evil[.]com"),
    ],
}
CASES = [(kind, data, words) for kind, said in SAID.items() for data, words in said]


def event(kind: EventKind, data: dict[str, Any]) -> Event:
    return Event(kind=kind, data=data, at=clock.now(), actor_kind=ActorKind.STAFF, actor_name="Ann")


def test_no_kind_is_forgotten() -> None:
    assert set(_SENTENCES) == set(EventKind)
    assert set(SAID) == set(EventKind)


@pytest.mark.parametrize(("kind", "data", "words"), CASES)
def test_in_english(kind: EventKind, data: dict[str, Any], words: str) -> None:
    with translation.override("en"):
        assert sentence(event(kind, data), NAMES) == words


@pytest.mark.parametrize(("kind", "data", "words"), CASES)
def test_in_chinese(kind: EventKind, data: dict[str, Any], words: str) -> None:
    with translation.override("zh-hans"):
        said = sentence(event(kind, data), NAMES)
    assert said
    assert "%(" not in said


@pytest.mark.parametrize("kind", EventKind)
def test_an_old_event_without_data_is_still_said(kind: EventKind) -> None:
    assert sentence(event(kind, {}), NAMES)


def test_who() -> None:
    with translation.override("en"):
        assert who(event(EventKind.NOTED, {})) == "Ann"
        assert who(Event(actor_kind=ActorKind.SYSTEM, actor_name="sla")) == "Automatic"
        assert who(Event(actor_kind=ActorKind.CUSTOMER)) == "customer"
