"""Card numbers, and the security code beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tickets.rules.secrets.digits import Row
from tickets.rules.secrets.findings import Certainty, Finding, Kind
from tickets.rules.secrets.issuers import LONGEST, SHORTEST, is_card, lengths_of, luhn_holds

#: How cards are printed and typed; any other grouping counts where nothing else of the row is left over.
_LAYOUTS = frozenset(
    {
        (4, 4, 4, 4),
        (4, 4, 4, 4, 1),
        (4, 4, 4, 4, 2),
        (4, 4, 4, 4, 3),
        (4, 6, 5),
        (4, 6, 4),
        (4, 3, 3, 3),
        (6, 13),
    }
    | {
        (6, 10),
        (6, 12),
        (8, 8),
        (8, 4, 4),
        (4, 12),
        (4, 4, 8),
        (4, 5, 6),
        (4, 4, 4),
        (4, 4, 5),
        (4, 4, 4, 7),
        (16, 3),
    }
)
#: With these between, as numbers of a list, a table and a product have them too.
_OF_LISTS = frozenset(",、|*")
_LISTED = frozenset({(4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5)})
#: So many digits in groups of four are no card with its date and code any more.
_TOO_LONG = 24
#: Behind a comma only "0," begins one: the comma of "500，4111…" parts two numbers.
_FRACTION = re.compile(r"(?:\d\.|(?<!\d)0,)$")
_WORD_BEFORE = re.compile(r"[A-Za-z0-9_]{1,24}$")
_WORD_AFTER = re.compile(r"[A-Za-z0-9_]{1,24}")
#: What somebody types right behind a card: "4111…exp12/27".
_DATE_AFTER = re.compile(r"exp|valid|cv[cv]|thru|date", re.IGNORECASE)
_CARD_WORD = re.compile(r"(?:card|visa|pan|cc|no|nr|number|num|master|amex|is|to|jcb|pay)$", re.IGNORECASE)
# What a number is called decides where its digits alone would not. Only a word that names the number itself counts:
# of a "transaction with 4111…" it is the card.
_OTHER_NUMBER = re.compile(
    r"(?:\border|\btransaction|\btxn?|\btrace|\bref(?:erence)?|\btracking|\binvoice|\bparcel|\bserial"
    r"|\bticket|\bcase(?=[\s:]{0,2}#|[\s:]{1,2}(?:n[or]|num|id))"
    # "In any case 4111…" speaks of none.
    r"|(?<!\bany\s)(?<!\bthis\s)(?<!\bthat\s)(?<!\bmy\s)(?<!\bin\s)(?<!\bwhich\s)\bcase"
    r"|\bpayment id|\bimei|单号|單號|订单|訂單|流水|交易[号號]|运单|快递|发票|票号"
    r"|(?<![卡片])(?<!卡的)(?:编号|編號))"
    r"(?:[\s:;=#(\"'“\[\-]|no\b\.?|nr\b\.?|num(?:ber)?s?\b\.?|ids?\b|code\b|hash\b|is\b|was\b"
    r"|[号號码碼是为為编編单單的]){0,8}$",
    re.IGNORECASE,
)
# What stands behind a number overrules that: "my ref 4111… is the card", "ticket 4111… exp 12/27". But an order that
# was "paid by card" is an order.
_CARD_BEHIND = re.compile(
    r"(?<![a-z])(?:cvv|cvc|cvn|csc|exp(?![a-z])|exp(?:iry|iration|ires?(?= ?\d))|valid (?:thru|until|to))"
    r"|有效期|到期|安全[码碼]"
    r"|(?<!\bby\s)(?<!\bwith\s)(?<!\bvia\s)(?<!\bwith\smy\s)(?<!\bby\smy\s)"
    r"(?<![a-z])(?:(?:credit|debit|bank)?cards?(?![a-z])|visa(?![a-z])|master ?card|maestro|amex(?![a-z])|unionpay)"
    r"|(?<![用刷])(?:银联|銀聯|(?:银行|銀行|信用|借记|借記|储蓄|儲蓄)卡|卡号|卡號|[建工招农農中交]行卡|[的是张張]卡)",
    re.IGNORECASE,
)
_LOOK_BACK, _LOOK_ON = 40, 30

_CODE_NAME = re.compile(
    r"(?<![a-z])(?:cvv2?|cvc2?|cvn2?|csc|cav2?|card (?:security|verification) (?:code|number"
    r"|value))(?![a-z])|安全[码碼]|校[验驗][码碼]"
    r"|(?:背面|背后|末尾|后|後)(?:的)?(?:签名栏)?(?:那|这)?三[位个個](?:数字?|數字?|码|碼)?"
    r"|(?:three|3|four|4)[ -](?:digits?|numbers?)(?: (?:security )?(?:code|number))? (?:on|at|from) (?:the|its|my) "
    r"(?:back|reverse|front|rear)(?: (?:side )?of (?:the|my|its) card)?",
    re.IGNORECASE,
)
_CODE = re.compile(
    r"(?:\s{0,2}\((?!\d{3,4}\))[^()\n]{2,40}\))?"
    r"(?:\s{0,3}(?:is|are|was|no|code|number|是|为|為|码|碼"
    r"|[:;=#\-,(\"'“])){0,6}+\s{0,3}(?P<code>\d{3,4})(?![\d\-:/.]?\d)",
    re.IGNORECASE,
)
_CODE_BEFORE = re.compile(
    r"(?<!\d)(?<!\d[.,/:\-])(?P<code>\d{3,4})[)\"'”]?\s{0,2}(?:is|as|是|为|為"
    r"|[(\[])\s{0,2}(?:the|my|its|我的|卡的)?\s{0,2}$",
    re.IGNORECASE,
)
_DATE = r"(?:0?[1-9]|1[0-2])\s{0,1}[/\-.年|]?\s{0,1}(?:20)?[2-4]\d月?"
_BESIDE = re.compile(
    r"(?:[\s,;|/:]{1,4}+|(?=exp|valid))"
    rf"(?:(?:exp(?:iry|ires|iration)?(?: date)?|valid(?: thru| until| to)?|有效期(?:至"
    rf"|到)?|到期日?)"
    rf"[\s:.]{{0,3}}+)?(?:(?P<date>{_DATE})[\s,;|/:]{{1,4}}+)?(?P<code>\d{{3,4}})"
    r"(?![\d:.\-/,]*+\d)(?!\s{0,2}(?:元|块|円|次|笔|天|分钟|小时|个|人民币|%|usd|usdt|cny|rmb|eur|yuan"
    r"|times|days|hours|minutes))",
    re.IGNORECASE,
)


def cards(text: str, rows: Sequence[Row]) -> Iterator[Finding]:
    """``text`` is folded."""
    for row in rows:
        number = 0
        while number < len(row.digits):
            count = _groups_of_card(text, row, number)
            if count == 0:
                number += 1
                continue
            yield from _card(text, row, number, count)
            number += count


def card_codes(text: str) -> Iterator[Finding]:
    """Where the text says that it is one."""
    for name in _CODE_NAME.finditer(text):
        said = _CODE.match(text, name.end())
        said = said or _CODE_BEFORE.search(text, max(0, name.start() - 20), name.start())
        if said is not None:
            yield Finding(Kind.CARD_CODE, *said.span("code"), Certainty.CERTAIN)


def _card(text: str, row: Row, number: int, count: int) -> Iterator[Finding]:
    start, end = row.starts[number], row.ends[number + count - 1]
    digits = "".join(row.digits[number : number + count])
    beside = _BESIDE.match(text, end)
    other = _is_called_other(text, start, end) and (beside is None or beside["date"] is None)
    certainty = Certainty.LIKELY if other else Certainty.CERTAIN
    masked = f"{digits[:6]}{'•' * (len(digits) - 10)}{digits[-4:]}"
    yield Finding(Kind.CARD, start, end, certainty, masked)
    if beside is not None and not other:
        sure = beside["date"] is not None
        yield Finding(Kind.CARD_CODE, *beside.span("code"), Certainty.CERTAIN if sure else Certainty.LIKELY)


def _is_called_other(text: str, start: int, end: int) -> bool:
    """Whether it is called a number of something else, and no card's by what follows."""
    if _OTHER_NUMBER.search(text[max(0, start - _LOOK_BACK) : start]) is None:
        return False
    return _CARD_BEHIND.search(text[max(0, end - 1) : end + _LOOK_ON]) is None


def _groups_of_card(text: str, row: Row, number: int) -> int:
    """How many groups from this one on are a card number; 0 when none are. The longest is taken."""
    digits, sizes = "", []
    for part in row.digits[number : number + LONGEST]:
        if len(digits) + len(part) > LONGEST:
            break
        digits += part
        sizes.append(len(part))
    lengths = lengths_of(digits)
    if not lengths or len(digits) < SHORTEST or _is_part_of_more(text, row.starts[number]):
        return 0
    for count in range(len(sizes), 0, -1):
        size = sum(sizes[:count])
        if size in lengths and luhn_holds(digits[:size]) and _stands_as_card(text, row, number, count):
            return count
    return 0


def _is_part_of_more(text: str, start: int) -> bool:
    """A fraction, a phone number, or the rest of a code of letters and digits."""
    if start == 0:
        return False
    if text[start - 1] == "+" or _FRACTION.search(text, max(0, start - 3), start) is not None:
        return True
    word = _WORD_BEFORE.search(text, max(0, start - 24), start)
    if word is None:
        return False
    plain = word[0]
    return not (plain.isalpha() and (plain.islower() or _CARD_WORD.search(plain)))


def _stands_as_card(text: str, row: Row, number: int, count: int) -> bool:
    end = number + count
    word = _WORD_AFTER.match(text, row.ends[end - 1])
    if word is not None and not ((word[0].isalpha() and len(word[0]) > 1) or _DATE_AFTER.match(word[0])):
        return False
    sizes = tuple(len(digits) for digits in row.digits[number:end])
    if count == 1:
        return True
    gaps = {_kind(row.between(text, place)) for place in range(number, end - 1)}
    if len(gaps) > 1:
        return False
    gap = gaps.pop()
    goes_on = end < len(row.digits) and _kind(row.between(text, end - 1)) == gap
    if gap in _OF_LISTS and sizes not in _LISTED:
        return False
    if sizes in _LAYOUTS:
        return not (goes_on and set(sizes) == {4} and _is_longer_row(text, row, number, end, gap))
    began = number > 0 and _kind(row.between(text, number - 1)) == gap
    return not began and not goes_on and gap in " -"


def _is_longer_row(text: str, row: Row, number: int, end: int, gap: str) -> bool:
    """Whether groups of four go on too far; another card that follows is another card."""
    last = end
    most = number + _TOO_LONG // 4
    while last < min(len(row.digits), most) and len(row.digits[last]) == 4:
        if _kind(row.between(text, last - 1)) != gap:
            break
        last += 1
    return last >= most and not is_card("".join(row.digits[end : end + 4]))


def _kind(gap: str) -> str:
    """A gap's sign, white space being one."""
    plain = gap.strip()
    return plain[:1] if plain else " "
