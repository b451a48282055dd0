"""What somebody typed into the search, taken apart: ``status:open before:2026-03-01 "exact words" refund``.

Operators have English and Chinese names, and a colon of either width: ``状态：处理中``. What looks like an
operator and is none (an address, a time of day) is searched for like any other word.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from helpdesk.lib.text_search import fold
from tickets.rules.intake import clean_line

MAX_CHARS = 400

#: Each operator's names, the first being its own.
NAMES: Mapping[str, tuple[str, ...]] = {
    "status": ("status", "状态"),
    "assignee": ("assignee", "负责人", "处理人"),
    "category": ("category", "分类", "类别"),
    "brand": ("brand", "品牌"),
    "team": ("team", "团队", "小组"),
    "priority": ("priority", "优先级"),
    "channel": ("channel", "渠道"),
    "language": ("language", "lang", "语言"),
    "tier": ("tier", "客户等级"),
    "tag": ("tag", "标签"),
    "customer": ("customer", "from", "客户"),
    "before": ("before", "之前", "早于"),
    "after": ("after", "since", "之后", "晚于"),
    "has": ("has", "有", "含"),
    "is": ("is", "是"),
}
#: What may follow ``has`` and ``is``, each word with what it asks for.
HAS: Mapping[str, str] = {"attachment": "attachment", "file": "attachment", "附件": "attachment"}
IS: Mapping[str, str] = {
    "overdue": "overdue",
    "late": "overdue",
    "逾期": "overdue",
    "超时": "overdue",
    "unread": "unread",
    "未读": "unread",
    "complaint": "complaint",
    "投诉": "complaint",
    "unassigned": "unassigned",
    "未分配": "unassigned",
    "mine": "mine",
    "我的": "mine",
    "open": "active",
    "未结": "active",
    "closed": "ended",
    "已结": "ended",
}
_OPERATOR_OF = {name: operator for operator, names in NAMES.items() for name in names}
_ALTERNATIVES = "|".join(sorted(map(re.escape, _OPERATOR_OF), key=len, reverse=True))
_QUOTES = '"“”„«»「」『』'
# At the beginning of a word, so that "bestatus:x" and "https://…" stay words; the value is a word or stands in quotes.
_ASKED = re.compile(
    rf"(?<!\S)(?P<name>{_ALTERNATIVES})[:：](?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}]|(?P<word>[^\s{_QUOTES}]*))",
    re.IGNORECASE,
)
_QUOTED = re.compile(rf"[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]")
_DAYS_AGO = re.compile(r"(\d{1,4})\s*(d|day|days|天|日|w|week|weeks|周|m|month|months|个?月)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?(?:月)?")


@dataclass(frozen=True)
class Condition:
    """One operator as it was typed; ``value`` is folded, ``typed`` is not."""

    operator: str
    value: str
    typed: str

    def __str__(self) -> str:
        """As it may be typed again."""
        return f'{self.operator}:"{self.typed}"' if " " in self.typed else f"{self.operator}:{self.typed}"


@dataclass(frozen=True)
class Asked:
    #: What is left to search for, quotation marks and all.
    words: str
    conditions: tuple[Condition, ...]


def read(text: str) -> Asked:
    """An operator without a value asks for nothing, and is no word either: somebody is still typing."""
    text = clean_line(text)[:MAX_CHARS]
    exact = [match.span() for match in _QUOTED.finditer(text)]
    words, conditions, at = [], [], 0
    for match in _ASKED.finditer(text):
        if any(start < match.start() < end for start, end in exact):
            continue  # within "exact words"
        words.append(text[at : match.start()])
        at = match.end()
        typed = (match["quoted"] if match["quoted"] is not None else match["word"]).strip(" ,，;；")
        if typed:
            operator = _OPERATOR_OF[match["name"].lower()]
            conditions.append(Condition(operator, " ".join(fold(typed).split()), typed))
    words.append(text[at:])
    return Asked(" ".join(" ".join(words).split()), tuple(conditions))


def day_of(value: str, today: date) -> date | None:
    """``2026-03-01``, ``2026年3月``, ``7d``, ``today``, ``昨天`` as a day; None for what is none."""
    named = {"today": 0, "今天": 0, "yesterday": 1, "昨天": 1, "前天": 2}
    if value in named:
        return today - timedelta(days=named[value])
    if ago := _DAYS_AGO.fullmatch(value):
        unit = ago[2].lower()
        days = {"d": 1, "天": 1, "日": 1, "w": 7, "周": 7}.get(unit[0], 30)
        return today - timedelta(days=int(ago[1]) * days)
    if found := _DATE.fullmatch(value):
        try:
            return date(int(found[1]), int(found[2]), int(found[3] or 1))
        except ValueError:
            return None
    return None
