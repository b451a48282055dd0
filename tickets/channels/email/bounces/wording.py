"""What servers say, made readable, and what it means where their codes do not tell."""

from __future__ import annotations

import re

from tickets.channels.email.bounces.report import MAX_REASON, Action, FailedRecipient

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_SMTP_CODE = re.compile(r"(?<![\d.])([245])\d\d(?=[ -]|$)")
#: A reply of several lines repeats its code on each.
_REPEATED = re.compile(r"^([245]\d\d)[- ]#?([245]\.\d{1,3}\.\d{1,3})\b")
_LONGEST_READ = 4_000

#: RFC 3463 and the registry after it: no such mailbox, no such domain, no such syntax, moved, null MX, disabled.
_HARD_CODES = frozenset({"5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"})
_GENERAL_CODES = frozenset({"", "5.0.0", "5.1.0", "5.2.0", "5.3.0", "5.4.0", "5.4.4", "5.5.0"})
_THING = r"(?:user|mailbox|account|recipient|address|e-?mail|domain)"
_HARD_WORDS = re.compile(
    rf"{_THING}(?: name| address| account)?(?: \S{{1,100}})? (?:is )?(?:unknown|not found|not exist|invalid|disabled"
    r"|inactive|suspended|no longer (?:exists|valid|available|in use))"
    rf"|(?:unknown|invalid|no such|nonexistent|non-existent|disabled|inactive) (?:{_THING}|local|virtual)"
    rf"|(?:does not|doesn't|did not|do not|not) exist|(?:not|isn't) (?:a )?(?:valid|known) {_THING}"
    r"|no mailbox (?:here )?by that name|doesn't have an? \S{1,40} account"
    r"|not listed in \S{1,40}|recipient ?not ?found|nosuchuser"
    r"|(?:couldn't|could not|can't|cannot) be found"
    r"|(?:mailbox|account)(?: is| has been)? (?:disabled|closed|deactivated)"
    r"|host or domain name not found|host not found|nxdomain|unrouteable address"
    r"|(?:收件人|地址|用户|邮箱|帐号|账号|帳號|域名|使用者)[^。，,]{0,80}?(?:不存在|无效|無效|停用|注销|禁用|找不到)"
    r"|存在しま(?:せん|しません)|見つかりません|存在しない|宛先不明|존재하지 ?않|없는 (?:사용자|메일|주소)"
    r"|(?:existiert|gibt es) nicht|unbekannt|introuvable|n'existe pas|inconnue?\b"
    r"|no existe|desconocid|inesistente|não existe"
    r"|(?:不存在|无效|無效)的?(?:收件人|地址|用户|邮箱|帐号|账号)|找不到(?:收件人|地址|用户|邮箱|域名)",
    re.IGNORECASE,
)
#: Said besides, the address may well exist.
_SOFT_WORDS = re.compile(
    r"quota|(?:mailbox|inbox|storage|disk)[^.]{0,40} full|too (?:big|large|many|much|fast)|exceed|\brate\b|frequen"
    r"|greylist|temporar|try again|try later|spam|junk|virus|malware|blocked|blacklist|block ?list|denylist|reputation"
    r"|policy|\bdmarc\b|\bspf\b|\bdkim\b|authenticat|unsolicited|content|banned|restrict|not allowed"
    r"|sender address rejected|relay|loop|hops|timed? ?out|expired"
    r"|已满|空间不足|容量|超出|超过|过大|垃圾|频率|频繁|拒收|拒绝|黑名单|稍后|病毒|限制"
    r"|一杯|容量超過|いっぱい|스팸|용량|초과|가득|voll\b|überschritten|plein|satur|llen[oa]\b|pien[oa]\b|cheia",
    re.IGNORECASE,
)
_LINKS = re.compile(r"https?://\S+|[^\s<>@]{1,64}+@[^\s<>@]{1,255}+")


def one_line(text: str) -> str:
    """Cleaned for people: printable, single spaces, the codes of a reply of several lines once."""
    line = " ".join(
        "".join(letter if letter.isprintable() else " " for letter in text[:_LONGEST_READ]).split()
    )
    if code := _REPEATED.match(line):
        for mark in ("-", " "):
            repeated = f" {code[1]}{mark}{code[2]} "
            line = line[: code.end()] + line[code.end() :].replace(repeated, " ")
        line = line[:3] + " " + line[4:]
    return line if len(line) <= MAX_REASON else line[: MAX_REASON - 1].rstrip() + "…"


def status_in(text: str) -> str:
    """``"5.1.1"`` of a sentence that holds it; empty when none does."""
    found = _STATUS.search(text[:_LONGEST_READ])
    return ".".join(found.groups()) if found else ""


def class_of(status: str, reason: str) -> str:
    """``"5"`` for good, ``"4"`` for now, ``"2"`` done; empty when neither code says."""
    if status:
        return status[0]
    code = _SMTP_CODE.search(reason)
    return code[1] if code else ""


def is_hard(recipient: FailedRecipient) -> bool:
    """Whether the address does not exist or is closed: to write there again is of no use until somebody mends it.

    A mailbox that is full, a mail too big, words or a sender that were refused, say nothing against the address.
    In doubt it is not hard: one mail in vain costs less than a customer who hears of us no more.
    """
    if recipient.action != Action.FAILED or not recipient.is_permanent:
        return False
    if recipient.status in _HARD_CODES:
        return recipient.status == "5.1.1" or _SOFT_WORDS.search(_without_links(recipient.reason)) is None
    if recipient.status not in _GENERAL_CODES:
        return False
    said = _without_links(recipient.reason)
    return _HARD_WORDS.search(said) is not None and _SOFT_WORDS.search(said) is None


def _without_links(text: str) -> str:
    """Links and addresses hold words that nobody said."""
    return _LINKS.sub("", text)
