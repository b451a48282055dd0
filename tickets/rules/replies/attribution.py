"""The line above a quotation that says who wrote it when: "On … wrote:", in one line or wrapped over up to
four.

Known by its shape: how it begins, a day, a time, an address, the verb, a colon at the end. How much of that
is asked for depends on what follows. Marked lines below need little. Where no line is marked, all that
follows would be taken for quoted: then only what no person writes will do.
"""

from __future__ import annotations

import re

from tickets.rules.replies.languages import words
from tickets.rules.replies.page import Kind, Page

MAX_WRAPPED = 4
MAX_LENGTH = 400


def _any(cell: str) -> str:
    return "|".join(map(re.escape, words(cell)))


_START = re.compile(rf"(?:{_any('start')})(?![^\W\d_\u2e80-\u9fff])\W{{0,3}}(?=.{{0,30}}\d)", re.I)
_DAY_FIRST = re.compile(r"(?:[^\W\d]{1,14}[.,、]{0,2} )?\d{1,4}(?=[^\d]|$)")
# Of lower case: a pattern that minds the case is five times as fast.
_WROTE = re.compile(rf"(?:{'|'.join(re.escape(word.casefold()) for word in words('wrote'))})(?![^\W\d_])")
_HAN_WROTE = re.compile("(?:写道|寫道)$")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|(?<!\d)\d{1,4}([./-])\d{1,2}\1\d{1,4}(?!\d)")
_TIME = re.compile(r"(?<!\d)\d{1,2} ?[:.h時时点點시] ?\d{2}(?!\d)")
_ADDRESS = re.compile(r"[^\s<>@\"():;,，：]{1,64}@[^\s<>@\"();,，：]{1,200}")
# As programs write it beside a name, and people never.
_IN_BRACKETS = re.compile(rf"[<(\[](?:mailto:)?{_ADDRESS.pattern}|{_ADDRESS.pattern}>?のメール")
_WEEKDAY = re.compile(r"\w{1,3} ?[^\W\d]{2,12}[.,]+ ")
# What stands before the address where the name comes first: a name, not a sentence.
_NAME = re.compile(r"[^<>@?!。！？:：]{0,60}<")
# "Li Wei" <li@example.com> wrote
_NAME_ALONE = re.compile(r"[^<>@?!。！？:：]{0,60}<[^<>\s]{3,100}> ?[^\W\d_]{1,12}(?: [^\W\d_]{1,12})?")
MAX_NAME_WORDS = 6
_ENDS_IN_TIME = re.compile(r"\d(?: ?(?:[ap]\.? ?m\.?|uhr|に書きました))?\)? ?[:：]$", re.I)
# How an attribution ends below which nothing is marked, where its verb does not end it.
_ENDS = re.compile(r"[>)\d]$|\b(?:schrieb|schreef|skrev)(?: [^\s,;.!?]{1,30}){1,6}$", re.I)
# "He wrote to me" is told by a person.
_TO_ME = re.compile(
    r"\bm['’]a écrit|\bnous a(?:vez)? écrit|\b(?:schrieb|schrieben|schreef|skrev) "
    r"(?:mir|mich|uns|ich|er|wir|mij|me|ons|ik|mig|meg|jag|jeg)\b"
    r"|\b(?:me|nos) (?:ha )?escrib|\b(?:mi|ci) (?:ha|hanno) scritto"
    r"|\bwrote (?:to )?(?:me|us)\b|(?-i:\bI [a-z])|\b(?:ich|we) (?:wrote|schrieb)\b|我(?:写|寫)",
    re.I,
)


def attribution_at(page: Page, at: int) -> int:
    """Behind the last line of the attribution that begins at this line; 0 where none does."""
    first = page.plain[at]
    opened = bool(_START.match(first))
    if not opened and not _DAY_FIRST.match(first) and not _is_name_first(first):
        return 0
    said = ""
    for line_at in range(at, min(at + MAX_WRAPPED, len(page))):
        line = page.plain[line_at]
        if page.kinds[line_at] is not Kind.TEXT or (said and _begins_another(said, line)):
            return 0
        said = f"{said} {line}" if said else line
        if len(said) > MAX_LENGTH:
            return 0
        if _announces(page, said, line_at + 1, opened):
            return line_at + 1
    return 0


def _begins_another(said: str, line: str) -> bool:
    """A date begins an attribution, unless the line above is but the name and address that it lacks."""
    if not (_START.match(line) and _DATE.search(line)):
        return False
    return _has_address(line) or not (said.endswith(">") and _NAME.match(said))


def _announces(page: Page, said: str, end: int, opened: bool) -> bool:
    colon = said.endswith((":", "："))
    if not colon and not said.endswith(">"):
        return False
    below = page.filled[end]
    barred = below < len(page) and page.plain[below].startswith("|")
    if _TO_ME.search(said):
        return False
    if page.next_is_quoted(end) or barred:
        return _is_likely(said.rstrip(":： "), colon)
    return colon and _is_certain(said.rstrip(":： "), opened)


def _is_likely(said: str, colon: bool) -> bool:
    """Enough where marked lines follow. "… Lisa wrote me this:" is a person's."""
    dated, timed, addressed = bool(_DATE.search(said)), bool(_TIME.search(said)), _has_address(said)
    if colon and (verb := _WROTE.search(said.casefold())):
        last = verb.end() >= len(said.casefold())
        return addressed or (dated and timed) or (last and (dated or timed))
    return dated and addressed and bool(_DAY_FIRST.match(said)) and said.endswith(">")


def _is_certain(said: str, opened: bool) -> bool:
    """Enough where none does. A customer may well tell what an agent wrote on which day; but not from which
    address.
    """
    dated, timed = bool(_DATE.search(said)), bool(_TIME.search(said))
    if not _WROTE.search(said.casefold()):
        return dated and timed and bool(_DAY_FIRST.match(said)) and said.endswith(">") and _has_address(said)
    if not (_ENDS.search(said) or _ends_in_verb(said)):
        return False
    if "@" in said and _IN_BRACKETS.search(said):
        return dated or timed or opened or bool(_NAME_ALONE.fullmatch(said))
    if _HAN_WROTE.search(said):
        return dated and (opened or timed)
    return dated and timed and opened and bool(_WEEKDAY.match(said))


def _ends_in_verb(said: str) -> bool:
    """Some programs put a word or two of their own behind the address: "wrote", "a écrit", "şunu yazdı"."""
    return any(verb.end() == len(said.casefold()) for verb in _WROTE.finditer(said.casefold()))


def _has_address(said: str) -> bool:
    return "@" in said and bool(_ADDRESS.search(said))


def _is_name_first(line: str) -> bool:
    """ "Name <address> wrote:", "某人 于 2026年1月2日 写道：" """
    if "<" in line:
        name = _NAME.match(line)
        return bool(name) and len(line[: line.index("<")].split()) <= MAX_NAME_WORDS
    dated = _DATE.search(line)
    if not dated:
        return False
    if re.match(r"[^。！？?!，,]{1,24}(?:于|於|在) ?\d", line):
        return True
    # "Li wrote on 3/4/25 10:23:", and no word more.
    few = len(line) <= MAX_LENGTH and len(line[: dated.start()].split()) <= MAX_NAME_WORDS
    return few and bool(_ENDS_IN_TIME.search(line)) and bool(_WROTE.search(line.casefold()))
