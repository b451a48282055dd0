"""What programs put on top of a mail they quote or forward whole: a line between dashes, or its headers."""

from __future__ import annotations

import re

from tickets.rules.replies.languages import words
from tickets.rules.replies.page import MAX_LINE, Kind, Page

#: A block of headers is no longer than this, with lines that were wrapped.
MAX_BLOCK = 24
MAX_CONTINUED = 3
MAX_NAME = 24

_DASHES = "-_=~—–─━＝－＿═"
_AROUND = _DASHES + "*>| \t:："
_DRAWN = frozenset(_DASHES + "*# \t")
_ORIGINAL = frozenset(word.casefold() for word in words("original"))
_FORWARDED = frozenset(word.casefold() for word in [*words("forwarded"), *words("original")])
# "-------- Forwarded by Li on 2026-01-02 --------", "---- On Fri, 2 Jan 2026 Li <…> wrote ----"
_OPEN_ENDED = re.compile(r"(?:forwarded|weitergeleitet|transféré|转发|轉寄)[ 自]|on .{6,} wrote$", re.I)
_REPLY_ABOVE = re.compile(
    r"[^\w]*(?:please )?(?:(?:type|write|enter) )?(?:your )?reply (?:text )?above this line[^\w]*"
    r"|[^\w]*请?(?:请)?在此行(?:以上|上方|之上)(?:输入|填写)?(?:您的)?(?:回复|答复)[^\w]*"
    r"|[^\w]*請?在此行(?:以上|上方|之上)(?:輸入|填寫)?(?:您的)?(?:回覆|回復)[^\w]*",
    re.I,
)

_SPREAD = re.compile(r"(?<=[\u3040-\u9fff]) (?=[\u3040-\u9fff])")
# What a program calls a mail, in a language that the table has not; right above headers only.
_CAPTION = re.compile(r"[-_=]{4,80} ?[^\W\d_]{2,20}(?:[ '’-][^\W\d_]{1,20}){0,3} ?[-_=]{4,80}")

_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,2}([./-])\d{1,2}\1\d{2,4}(?!\d)")
_TIME = re.compile(r"(?<!\d)\d{1,2} ?[:h時时点點시] ?\d\d(?!\d)")
# A day of a year and a time.
_MOMENT = re.compile(r"(?=.{0,60}(?<!\d)(?:19|20)\d\d(?!\d)).{0,60}\d{1,2} ?[:.h時时点點시] ?\d\d")

FROM, SENT, DATE, TO, SUBJECT = "from", "sent", "date", "to", "subject"
# The later rows win where languages share a word: "De" of French is a sender.
_KINDS = {
    word.casefold(): kind
    for cell, kind in (("to", TO), ("date", DATE), ("sent", SENT), ("subject", SUBJECT), ("sender", FROM))
    for word in words(cell)
}
_BESIDE = frozenset(
    [
        "importance",
        "priority",
        "attachments",
        "attachment",
        "sensitivity",
        "message-id",
        "organization",
        "wichtigkeit",
        "anlagen",
        "priorität",
        "pièces jointes",
        "datos adjuntos",
        "importancia",
        "importanza",
        "allegati",
        "bijlagen",
        "附件",
        "重要性",
        "优先级",
        "添付ファイル",
        "重要度",
    ]
)


def is_marker(line: str) -> bool:
    """Such as "-----Original Message-----", "-------- 原始邮件 --------", "Begin forwarded message:"."""
    if len(line) > 160:
        return False
    if line.endswith((":", "：")) and _said(line) in _FORWARDED:
        return True
    without_head = line.lstrip(_AROUND)
    said = without_head.rstrip(_AROUND)
    heads, tails = line[: len(line) - len(without_head)], without_head[len(said) :]
    if not said or _drawn(heads) < 2 or _drawn(tails) < 2:
        return bool(_REPLY_ABOVE.fullmatch(line))
    said = _said(said)
    return said in _ORIGINAL or bool(_OPEN_ENDED.match(said))


def _drawn(part: str) -> int:
    return sum(map(_DASHES.__contains__, part))


def headers_end(page: Page, at: int, *, marked: bool = False) -> int:
    """Behind the last header of the block that begins here; 0 where none does.

    Below a marker (``marked``) any header will do. Elsewhere a customer may list "From, To, Date, Amount" of
    a payment: so there must be a subject, or a sender's address with the word for sent, and no line of a kind
    that mail has not.
    """
    names: set[str] = set()
    kinds: dict[str, str] = {}
    end, continued, apart = at, 0, False
    for line_at in range(at, min(at + MAX_BLOCK, len(page))):
        name, value = _header(page.plain[line_at])
        kind = _KINDS.get(name, "")
        if page.kinds[line_at] is Kind.BLANK:
            apart = True
        elif kind and not (apart and (continued or name in names)):
            names.add(name)
            kinds.setdefault(kind, value)
            end, continued, apart = line_at + 1, 0, False
        elif not kinds or apart or not _may_continue(page, line_at, name) or continued == MAX_CONTINUED:
            break
        elif name not in _BESIDE:
            continued += 1
    enough = bool(kinds) if marked else _is_mail(kinds) and not _is_listed(page, at, end)
    return end if enough else 0


def _may_continue(page: Page, at: int, name: str) -> bool:
    return page.kinds[at] is Kind.TEXT and (name in _BESIDE or not _is_foreign(name, page.plain[at]))


def back_over_delimiters(page: Page, at: int) -> int:
    """The line from which on there are only delimiters and blank lines up to this one."""
    start = at
    for line_at in range(at - 1, max(at - 6, -1), -1):
        if page.kinds[line_at] is Kind.BLANK:
            continue
        line = page.plain[line_at]
        captioned = start == at and len(line) <= 200 and _CAPTION.fullmatch(line)
        if not captioned and not is_delimiter(line):
            break
        start = line_at
    return start


def is_delimiter(line: str) -> bool:
    """A line that is drawn: "--", "_____", "* * *", "—"."""
    return len(line) <= 200 and _DRAWN.issuperset(line) and (len(line) > 1 or line in "—–─━")


def _is_mail(kinds: dict[str, str]) -> bool:
    if FROM not in kinds or len(kinds) < 2:
        return False
    when = kinds.get(SENT, "") or kinds.get(DATE, "")
    addressed = any("@" in kinds.get(kind, "") for kind in (FROM, TO))
    if SUBJECT in kinds and len(kinds) > 2:
        # A letter has a day, too; mail always has a time.
        return addressed or bool(_TIME.search(when))
    if "@" not in kinds[FROM]:
        return False
    # "Sent: 500 USDT" is none.
    sent = SENT in kinds and len(kinds) > 2
    return bool(_MOMENT.search(when)) or (
        sent and (not when or bool(_DAY.search(when)) or bool(_TIME.search(when)))
    )


def _is_listed(page: Page, start: int, end: int) -> bool:
    """ "Amount: 5 USDT" right above or below: a list of the writer's."""
    beside = [page.plain[at] for at in (start - 1, end) if 0 <= at < len(page)]
    names = [(_header(line)[0], line) for line in beside]
    return any(
        name and name not in _BESIDE and _is_foreign(name, line) and not line.endswith(":")
        for name, line in names
    )


def _is_foreign(name: str, line: str) -> bool:
    return bool(name) and "@" not in line and not line.startswith(("<", "[", '"')) and len(name.split()) <= 3


def _header(line: str) -> tuple[str, str]:
    """The name in lower case and the value: "*From:* Li", "发件人：李", "| From | Li |"; ("", "") for other lines."""
    if len(line) > MAX_LINE * 4:
        line = line[: MAX_LINE * 4]
    if line.startswith("|"):
        cells = [cell.strip() for cell in line.strip("|").split("|", 1)]
        return (_said(cells[0]), cells[1]) if len(cells) == 2 and len(cells[0]) <= MAX_NAME else ("", "")
    head = line[: MAX_NAME + 8].replace("：", ":")
    name, colon, _ = head.partition(":")
    if not colon or len(name) > MAX_NAME:
        return "", ""
    return _said(name), line[len(name) + 1 :].strip(" *_\t")


def _said(phrase: str) -> str:
    """Without what is drawn, in small letters; "主　题" is spread for the eye."""
    phrase = phrase.replace("’", "'").replace("*", " ").replace("_", " ")
    return _SPREAD.sub("", " ".join(phrase.split()).strip(" :：")).casefold()
