"""Passwords that somebody tells: "password: abc123", "密码是 abc123". Talk about passwords tells none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tickets.rules.secrets.findings import Certainty, Finding, Kind

_ANCHOR = re.compile(
    r"(?<![a-z])(?:pass ?words?|pass ?phrase|passwd|pass ?code|pass(?=\s{0,2}[:=])|pswd|pwd|pw|psw|pin(?: ?code|"
    r" number)?)(?![a-z])|密[码碼](?!箱)|口令|pin码",
    re.IGNORECASE,
)
_FOR = r"(?:(?: (?:for|to|of|on) (?:(?:my|the|this|your|our) )?[a-z]{2,20}(?: [a-z]{2,20})?)(?=\s{0,3}(?:is|was|:|=)))?"
#: "password (for the wallet): …"
_ASIDE = r"(?:\s?\([^()\n]{1,24}\)(?=\s{0,3}(?:is\b|was\b|[:=是为為])))?"
_PERHAPS = r"(?:应该|應該|可能|好像|大概|原来|原來|以前|现在|現在|目前|一直|还|還|都|也)"
_BE = (
    r"(?:should|must|might|may|could|would|will|used to|ought to) be"
    r"|(?:is|was) (?:still|now|always|probably|actually|just)"
)
_SAYS = (
    rf"\s{{0,3}}(?:{_PERHAPS}{{0,2}}(?:{_BE}|is|was|are"
    r"|使用的是|用的是|设的是|设置为|改成了?|改为|就是|是|为|為|->|=>|[:=])\s{0,3}){1,4}"
)
_QUOTES = "\"'“”‘’「」『』`"
_TOKEN = (
    rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}\n]{{3,64}})[{_QUOTES}]|[{_QUOTES}]?(?P<token>[!-~]{{3,64}}+))"
)
_TOLD = re.compile(f"{_FOR}{_ASIDE}{_SAYS}{_TOKEN}", re.IGNORECASE)
# "I changed my password to …"
_TO = re.compile(rf"\s{{1,2}}(?:in)?to\s{{1,2}}(?:be\s)?{_TOKEN}", re.IGNORECASE)
_CHANGED = re.compile(
    r"\b(?:chang\w{1,3}|set|reset|updat\w{1,3}|switch\w{0,3}|made|put)\b[^\n.,;!?]{0,24}$", re.IGNORECASE
)
# Nothing between but a space, or in Chinese nothing at all: then it must look like one.
_BARE = re.compile(rf"\s{{0,2}}(?:[(\[]\s{{0,2}})?(?![:=,.;\-]){_TOKEN}")
_WHOSE = re.compile(r"\b(?:my|the|wallet|login|account|payment) $", re.IGNORECASE)
#: Said without "is", it must look like nothing else.
_MINE = re.compile(r"\b(?:my|the)(?: (?:wallet|login|account|payment|old|new))? $", re.IGNORECASE)
_SHAPED = re.compile(r"(?=[^A-Za-z]*[A-Za-z])(?=\D*\d)[!-~]{6,64}|(?!(?:19|20)\d\d$)\d{4,8}")
# Also without "my", where it can hardly be anything else: no address, no hash.
_LETTERS_AND_DIGITS = re.compile(r"(?=[^A-Za-z]*[A-Za-z])(?=\D*\d)(?![\w.+\-]+@[\w\-]+\.)[!-~]{6,24}")
#: "Tr0ub4dor3", but not "Android14".
_MIXED = re.compile(
    r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=\D*\d[!-~]*[A-Za-z])(?![\w.+\-]+@[\w\-]+\.)[!-~]{8,24}"
)
_SHORT_NAME = re.compile(r"p(?:ass)?wd|pswd|psw|pw", re.IGNORECASE)
# A form that was copied: its label on a line, what was typed on the next.
_LINE_BEFORE = re.compile(
    r"(?:^|\n)[>*\- \t]{0,4}(?:(?:my|the|your|wallet|login|account|payment|user|email|app|old|new|current) ){0,2}$",
    re.IGNORECASE,
)
_LINE_ENDS = re.compile(r"[.,;:)\]}>\"']{0,3}[ \t]{0,3}\r?(?:\n|$)")
# What follows a number that is no password: "密码 6 位", "password 24 hours".
_UNIT = re.compile(
    r"\s{0,2}(?:位|次|遍|个|個|天|年|月|小时|小時|分钟|分鐘|秒|元|到|至|times|hours?|days?|minutes?"
    r"|characters?|digits?|letters?|attempts?)",
    re.IGNORECASE,
)
_HIDDEN = re.compile(r"[*•●xX.\-_#?]+")
_DATE_OR_SPAN = re.compile(r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-~]\d{1,2}|\d{1,2}:\d\d")
#: Not of "!" and "?": many a password ends so.
_ENDING = re.compile(r"[.,;:)\]}>\"']+[!?]*$")
#: Said of a password, not the password. Words in -ed, -ing, -ly and contractions are neither.
_STATES_TEXT = """
wrong incorrect correct right not invalid valid lost gone stolen the a an my your his her our their
still never always weak strong too very so no non none null nil empty blank required needed ok okay
fine good bad same different unknown unsafe safe secure insecure case what which where why how when
who please pls help reset forgot forgotten new old only also just being been be in on at of for to
from with without by as and or but if because this that it its there here they i we you he she long
short on off sent set unset hidden secret private known mine yours something nothing anything
everything somehow asking ask asks rejected really quite actually already again now later soon
sometimes often probably maybe perhaps definitely apparently unavailable working broken out up down
over under about after before behind across against during until than then once twice usual
sensitive compromised leaked public important mandatory optional temporary default yes true false
todo tbd na n/a redacted removed password passwords error failed failure login account email code
username user
"""
_STATES = frozenset(_STATES_TEXT.split())
_ABOUT = re.compile(r".{0,60}(?:ed|ing|ly|n't)$", re.IGNORECASE)
#: A sentence that goes on: "password: type it in again".
_GOES_ON = re.compile(r"[^\S\n]{1,3}[A-Za-z]")
_DYNAMIC = re.compile(r"(?:动态|動態|一次性|one[ -]time )$", re.IGNORECASE)


def passwords(text: str) -> Iterator[Finding]:
    """``text`` is folded."""
    for anchor in _ANCHOR.finditer(text):
        chinese = anchor[0][-1] > "\x7f"
        told = _TOLD.match(text, anchor.end()) or _changed_to(text, anchor)
        bare = told is None
        told = told or _bare(text, anchor, chinese=chinese)
        if told is None:
            continue
        start = told.start("quoted") if told["quoted"] else told.start("token")
        token = told["quoted"] or _ENDING.sub("", told["token"])
        if bare and not _has_digit(token):
            continue
        certainty = _judge(text, token, start, quoted=bool(told["quoted"]))
        if certainty is not None:
            if bare and not chinese and not _is_sure(text, anchor, token, start):
                if not _WHOSE.search(text, max(0, anchor.start() - 10), anchor.start()):
                    continue
                certainty = Certainty.LIKELY
            yield Finding(Kind.PASSWORD, start, start + len(token), certainty)


def _bare(text: str, anchor: re.Match[str], *, chinese: bool) -> re.Match[str] | None:
    # A one-time password is a code, and judged as one.
    if chinese and _DYNAMIC.search(text, max(0, anchor.start() - 10), anchor.start()):
        return None
    return _BARE.match(text, anchor.end())


def _is_sure(text: str, anchor: re.Match[str], token: str, start: int) -> bool:
    """Whether a word right behind "password" is one by its form and by how it stands there."""
    if _MINE.search(text, max(0, anchor.start() - 20), anchor.start()) and _SHAPED.fullmatch(token):
        return True
    between = text[anchor.end() : start]
    if "\n" not in between:
        shape = _LETTERS_AND_DIGITS if _SHORT_NAME.fullmatch(anchor[0]) else _MIXED
        return between != "" and shape.fullmatch(token) is not None
    if not _LINE_ENDS.match(text, start + len(token)):
        return False
    if not _LINE_BEFORE.search(text, max(0, anchor.start() - 30), anchor.start()):
        return _MIXED.fullmatch(token) is not None
    is_pin = anchor[0].lower().startswith("pin") and 4 <= len(token) <= 8 and token.isdigit()
    return is_pin or _LETTERS_AND_DIGITS.fullmatch(token) is not None


def _changed_to(text: str, anchor: re.Match[str]) -> re.Match[str] | None:
    told = _TO.match(text, anchor.end())
    if told is None or _CHANGED.search(text, max(0, anchor.start() - 40), anchor.start()) is None:
        return None
    return told


def _judge(text: str, token: str, start: int, *, quoted: bool) -> Certainty | None:
    """How sure it is that a word behind "password is" is the password; None when it is not."""
    plain = token.lower()
    if (
        len(token) < 3
        or plain.rstrip("!?") in _STATES
        or _HIDDEN.fullmatch(token)
        or plain.startswith(("http:", "https:", "www.", "["))
    ):
        return None
    if _DATE_OR_SPAN.fullmatch(token) or (token.isdigit() and _UNIT.match(text, start + len(token))):
        return None
    plain = plain.rstrip("!?")
    if quoted or not plain.isalpha():
        shaped = quoted or _has_digit(token) or re.search(r"[^A-Za-z'\-/,.]", token) is not None
        return Certainty.CERTAIN if shaped and len(token) >= 4 else None
    if _ABOUT.fullmatch(plain) or _GOES_ON.match(text, start + len(token)):
        return None
    mixed = token[1 : len(plain)] != plain[1:]
    return Certainty.CERTAIN if mixed else Certainty.LIKELY


def _has_digit(token: str) -> bool:
    return any(character.isdigit() for character in token)
