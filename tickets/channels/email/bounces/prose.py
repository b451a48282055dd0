"""Reports made for people: what qmail, Exim, sendmail, Exchange, Yahoo, QQ, 163 and others write into the text.

An entry is an address in one of the places where such texts put it; what follows, up to the next entry or the end of
the paragraph, is the reason.
"""

from __future__ import annotations

import re

from tickets.channels.email.bounces.report import Action, FailedRecipient
from tickets.channels.email.bounces.status import MAX_RECIPIENTS
from tickets.channels.email.bounces.wording import class_of, one_line, status_in

MAX_LINES, MAX_LINE, MAX_REASON_LINES = 400, 1_000, 40
#: Other scripts stand directly before it, so it is ASCII here; what is not stands in the status for programs.
_A = r"(?P<address>[A-Za-z0-9!#$%&*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{1,252})"

#: From here on it is our own mail that came back.
_COPY = re.compile(
    r"^\W*(?:(?:below this line|below the next line|attach(?:ment|ed)|this|here) is a copy of"
    r"|(?:original|unsent|returned|undelivered) (?:message|mail)(?: follows| headers)?\b[^.]{0,20}$"
    r"|message headers? follow"
    r"|(?:原邮件|原始邮件|退回的邮件)(?:内容|正文|信头|头信息)?[\s:：-]*$)",
    re.IGNORECASE,
)
_RECIPIENT = (
    r"recipient(?:\(s\))?(?: address)?|(?:final|failed|original)[- ]recipient|rcpt to"
    r"|收件人(?:邮件)?(?:地址)?|收信人|收件者|目标地址|無法傳遞的收件者|宛先|受信者|받는 ?사람|수신자|수신인"
    r"|empfänger(?:adresse)?|destinataire|destinatario|destinatário|ontvanger|odbiorca|получатель"
)
_ENTRIES = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"^\W{{0,12}}<{_A}>:?(?P<rest>.*)$",
        rf"^\W{{0,12}}'{_A}' on (?P<rest>.*)$",
        rf"^\s{{0,20}}{_A}\s*:?(?P<rest>\s*)$",
        rf"^\s{{0,20}}{_A}\s*(?:\((?P<rest>.*)\)|:(?P<other>.*))\s*$",
        rf"^\W{{0,12}}(?:{_RECIPIENT})\s*[:：（(]\s*<?{_A}(?P<rest>.*)$",
        rf"\b(?:deliver(?:ed|y)?|message|mail|sent|send) (?:your message |the message |mail )?to "
        rf"(?:the (?:following )?(?:address|recipient)s?:? )?[<\"'“]?{_A}[>\"'”]?(?P<rest>.*)$",
        rf"(?:发送到|发往|发给|发送给|投递到|送达|收件人|邮件地址)[^@]{{0,20}}?[（(<“\"' ]?{_A}(?P<rest>.*)$",
    )
]
_FAILED = re.compile(
    r"(?:could|can|was|were|has|have) ?n[o']t (?:be |been )?(?:deliver|reach)|couldn't be (?:deliver|found)|undeliver"
    r"|unable to deliver|delivery (?:has )?failed|failed permanently|permanent (?:fatal )?error|returned to sender"
    r"|rejected|did not reach|不存在|退回|退信|无法送达|無法送達|无法投递|投递失败|发送失败|未能送达|拒收|被拒"
    r"|配信(?:できません|に失敗)|届けることができません|전송되지 못|발송 ?실패"
    r"|konnte nicht zugestellt|n'a pas pu être (?:remis|distribu)"
    r"|no se (?:pudo|ha podido) entregar|échec de (?:la )?remise",
    re.IGNORECASE,
)
_DELAYED = re.compile(
    r"\bdelayed\b|warning message only|not yet been delivered|still undelivered|will be retried"
    r"|will (?:keep|continue) (?:trying|to try)|继续尝试|将会重试|延迟|暂时无法",
    re.IGNORECASE,
)
_GIVEN_UP = re.compile(
    r"failed permanently|permanent (?:(?:fatal )?error|failure)|giv(?:en|ing) up", re.IGNORECASE
)
_CODED = re.compile(r"(?<![\d.#])[45]\d\d[ -](?:#?[45]\.\d{1,3}\.\d{1,3}|[A-Za-z<])")
_EXACTLY_CODED = re.compile(r"(?<![\d.#])[45]\d\d[ -]#?[45]\.\d{1,3}\.\d{1,3}")
_LABEL = re.compile(
    r"^\W{0,6}(?:reason|because|error|the error(?: that the other server returned)? was|diagnostic"
    r"|退信原因|失败原因|失敗原因|原因|错误信息|錯誤訊息|エラー内容|理由|실패 ?사유|사유|grund|motif|motivo)"
    r"\s*(?:[:：]\s*(?P<said>\S.*)?)?$",
    re.IGNORECASE,
)


def entries_in(text: str) -> list[FailedRecipient]:
    """Who did not get the mail, each once, by the text alone."""
    lines = _own_lines(text)
    is_delay = _is_delay(lines)
    return [
        _entry(address, _reason(said) or _general_reason(lines), is_delay)
        for address, said in _said_of_each(lines).items()
    ]


def entry_for(address: str, text: str) -> FailedRecipient:
    """About an address that stands elsewhere, when the text names none."""
    lines = _own_lines(text)
    return _entry(address, _general_reason(lines), _is_delay(lines))


def general_reason(text: str) -> str:
    return _general_reason(_own_lines(text))


def speaks_of_failure(text: str) -> bool:
    return any(_FAILED.search(line) or _DELAYED.search(line) for line in _own_lines(text))


def _is_delay(lines: list[str]) -> bool:
    whole = "\n".join(lines)
    return _DELAYED.search(whole) is not None and _GIVEN_UP.search(whole) is None


def _own_lines(text: str) -> list[str]:
    """Those of the report, up to the copy of what came back."""
    kept: list[str] = []
    for line in text[: MAX_LINES * MAX_LINE].splitlines()[:MAX_LINES]:
        if _COPY.search(line[:200]):
            break
        kept.append(" ".join(line[:MAX_LINE].split()) if line.strip() else "")
    return kept


def _said_of_each(lines: list[str]) -> dict[str, list[str]]:
    """The lines from an address on up to the next one; those that come back to an address go with its others."""
    said: dict[str, list[str]] = {}
    current, before = "", ""
    for line in lines:
        address, rest = _mark(line)
        if address and (address != current or not before) and (address in said or len(said) < MAX_RECIPIENTS):
            current = address
            said.setdefault(address, []).extend(["", rest])
        elif current:
            said[current].append(line)
        before = line
    return said


def _mark(line: str) -> tuple[str, str]:
    """An address in one of those places, and what follows it on the line."""
    if "@" in line:
        for pattern in _ENTRIES:
            if entry := pattern.search(line):
                return entry["address"].lower().rstrip("."), entry["rest"] or ""
    return "", ""


def _entry(address: str, reason: str, is_delay: bool) -> FailedRecipient:
    status = status_in(reason)
    kind = class_of(status, reason)
    action = Action.DELAYED if is_delay else Action.FAILED
    return FailedRecipient(address, action, action == Action.FAILED and kind != "4", status, reason)


def _reason(lines: list[str]) -> str:
    """The reply of a server, the more exact the better; else what stands behind a word like "reason"; else the words of
    the first paragraph.
    """
    paragraphs = _paragraphs(lines[:MAX_REASON_LINES])
    for code in (_EXACTLY_CODED, _CODED):
        for text in paragraphs:
            if coded := code.search(text):
                said = one_line(text[coded.start() :]).strip("()")
                return said if "<" in said else said.rstrip(">")
    return one_line(_labelled(lines[:MAX_REASON_LINES]) or next(iter(paragraphs), "")).strip("()")


def _labelled(lines: list[str]) -> str:
    """What stands behind the first such word, or on the next line, as from cells of a table."""
    for at, line in enumerate(lines):
        if label := _LABEL.match(line):
            said = label["said"] or next(filter(None, lines[at + 1 : at + 4]), "")
            if said:
                return said
    return ""


def _paragraphs(lines: list[str]) -> list[str]:
    """Each on one line; those without a letter or digit are none."""
    found = [""]
    for line in lines:
        found[-1:] = [f"{found[-1]} {line}"] if line else [found[-1], ""]
    cleaned = [text.strip().lstrip(">:.,)） ") for text in found]
    return [text for text in cleaned if any(letter.isalnum() for letter in text)]


def _general_reason(lines: list[str]) -> str:
    """Said once for all: behind a word like "reason", else where a server's code stands, else where it says failed."""
    if labelled := _labelled(lines):
        return one_line(labelled)
    for line in lines:
        if coded := _CODED.search(line):
            return one_line(line[coded.start() :])
    return next((one_line(line) for line in lines if _FAILED.search(line)), "")
