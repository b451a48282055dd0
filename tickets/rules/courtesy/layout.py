"""What of a message the customer wrote now: without quoted mail, signatures and the lines that programs add."""

from __future__ import annotations

import re

from tickets.rules.courtesy.chinese import NAMED, SURNAMES
from tickets.rules.courtesy.english import FIRST_NAMES

_WROTE = re.compile(
    r"on\b.{0,160}[\d@].{0,120}\bwrote ?[:：]|(?:在|于|\d).{0,200}(?:写道|寫道|写到)\s*[:：]|"
    r".{1,80}<[^<>\s]+@[^<>\s]+>.{0,80}(?:写道|寫道|wrote)\s*[:：]",
    re.I,
)
_LOOSE_WROTE = re.compile(r"on\b.{0,200}\bwrote ?[:：]|.{0,200}(?:写道|寫道|写到)\s*[:：]", re.I)
# Not "forwarded message": what a customer forwards, we are to read.
_ORIGINAL = re.compile(
    r"-{2,}\s*(?:original message|original email|原始邮件|原始郵件|原邮件|回复的原邮件|回覆的原郵件|"
    r"原始信件)\s*-{2,}",
    re.I,
)
_HEADERS = re.compile(
    r"(?:from|发件人|寄件者|寄件人) ?[:：].{1,200}\n(?:.{0,200}\n){0,2}?(?:sent|date|to|subject|发送时间|"
    r"日期|收件人|主题|时间|傳送時間|主旨) ?[:：]",
    re.I,
)

_CLIENT = re.compile(
    r"(?:sent|get) (?:from|via|with|for)? ?(?:my )?(?:iphone|ipad|android|mobile(?: (?:phone|device))?|phone|"
    r"smartphone|blackberry|outlook(?: (?:for|on) (?:ios|android|mac|windows))?|mail for windows(?: \d+)?|"
    r"yahoo mail(?: (?:on|for) (?:iphone|android|ipad))?|proton ?mail(?: mobile)?|gmail mobile|"
    r"(?:samsung|huawei|xiaomi|oppo|vivo|honor|google pixel|oneplus)(?: (?:galaxy|note|ultra|pro|max|plus|mate|"
    r"mobile|phone|smartphone|device|[a-z]{0,2}\d{1,4}[a-z+]{0,2})){0,4})\.?"
    r"|(?:发自|發自|来自|來自|发送自)(?:我的| ?my)? ?"
    r"(?:(?:iphone|ipad|手机|手機|安卓|华为|小米|荣耀|oppo|vivo|三星|outlook)(?: ?[a-z]{0,4}\d{1,3}[a-z+ ]{0,6})?"
    r"(?:手机|手機|平板)?|[a-z0-9+ -]{2,20}(?:手机|手機|邮箱|客户端))"
    r"|从 ?(?:windows|outlook|我的手机|iphone) ?版?(?:邮件)?(?:发送)",
    re.I,
)
_DELIMITER = re.compile(r"-{2,3}|_{2,}|—{1,3}|={3,}|\*{3,}")
_CLOSING = re.compile(
    r"(?:(?:with |my |our )*(?:(?:best|kind|kindest|warm|warmest) )?(?:regards|wishes)|best|cheers|sincerely|"
    r"yours (?:sincerely|faithfully|truly)|(?:many )?thanks.{0,30},|thank you.{0,30},|thx,|此致|敬礼|敬禮|"
    r"顺祝商祺|順祝商祺|顺颂商祺|祝好)\s*[,!.，！。]?",
    re.I,
)
_ADDRESS = re.compile(
    r"(?:(?:tel|phone|mobile|cell|fax|e-?mail|mail|web|www|whatsapp|wechat|qq|m|t|p|电话|手机|邮箱|邮件|"
    r"微信|网址|传真|电邮|手機|電話|郵箱|傳真)\.? ?[:：] ?(?:(?=\S*[\d@.])[\w@.+/:-]{3,60}|"
    r"\+?[\d()][\d ()./-]{4,24})"
    r"|\+\d[\d ()./-]{6,20}|[\w.+-]+@[\w.-]+\.\w{2,}|(?:https?://|www\.)[!-~]{3,60})",
    re.I | re.ASCII,
)
_COMPANY = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9()（） ]{2,24}(?:公司|集团|集團|中心|部|经理|經理|总监|總監|工程师|主管|主任|"
    r"助理|大学|事务所|工作室)(?:\s*[\u4e00-\u9fff]{2,3})?"
)
_CAPITALISED = re.compile(
    r"(?:(?:[A-ZÀ-Þ][A-Za-zÀ-ÿ.'’-]*|of|and|the|for|&|de|van|von|da|al|bin|[|,/·-])\s*){1,8}"
)
_NAME_LINE = re.compile(r"[-–—~]?\s*(?:[A-ZÀ-Þ][A-Za-zÀ-ÿ'’-]*\.?\s*){1,3}[.,]?")
# Capitalised words that are no part of a name, a title or a company: what a customer may shout below a thank-you.
_NO_NAME = re.compile(
    r"\b(?:help|urgent|asap|refund\w*|card\w*|stolen|lost|not|no|never|still|yes|ok|waiting|pending|"
    r"missing|blocked|locked|frozen|freeze|"
    r"unfreeze|cancel\w*|stop|fraud\w*|scam\w*|hack\w*|thie\w+|theft|money|cash|pin|code|password|fail\w*|"
    r"error|wrong|where|when|why|what|"
    r"who|how|which|is|are|was|were|do|does|did|can|could|will|would|should|i|you|we|they|it|my|me|your|"
    r"please|pls|again|but|however|"
    r"withdraw\w*|deposit\w*|transfer\w*|pay\w*|paid|charge\w*|fee|fees|bill\w*|limit\w*|close\w*|open\w*|"
    r"delete\w*|remove\w*|change\w*|"
    r"update\w*|answer\w*|reply|call|phone|wait\w*|received?|arriv\w*|more|less|none|nothing|now|today|"
    r"tomorrow|immediately|complain\w*|"
    r"problem\w*|issue\w*|question\w*|human|agent|lawyer|police|bank|account\w*|wallet|balance|amount|"
    r"euro?s?|usd|dollars?|pounds?|"
    r"broken|broke|useless|unacceptable|ridiculous|terrible|bad|worst|sad|angry|joke|liar\w*|escalat\w*|"
    r"attach\w*|see|send|sent|fix\w*|"
    r"check\w*|reset|unlock\w*|verif\w*|reject\w*|declin\w*|approv\w*|confirm\w*|agree\w*|disagree\w*|"
    r"accept\w*|gone|empty|zero|"
    r"half|double|twice|late|too|slow|expired?|suspend\w*|restrict\w*|disabled?|activ\w*|done|try|tried|"
    r"need|want|give|get|got|bring|take)\b",
    re.I,
)
_HAN_NAME = re.compile(
    rf"(?:(?:用户|客户|您的客户|姓名)[:： ]?)?(?:[{SURNAMES}][\u4e00-\u9fff]{{1,2}}|{NAMED}|(?:欧阳|司马|"
    rf"诸葛|上官)[\u4e00-\u9fff]{{1,2}})(?:敬上|谨启|谨上|上)?"
)
_NO_HAN_NAME = re.compile(
    "[没不未无到卡退账冻提充啊吗呢了的是在我你他很还就都也么什哪啥几时久号款钱额密码登录付转查错失盗丢急快慢要求给把被让发]|"
    "一半|周[一二三四五六日末期内换开第转]|许[多会能可]|程[序处控确核联]|陆续|顾客|苏州|武汉|江[苏西]|唐山|"
    "黎明|石油"
)

#: Who writes more lines than these has more to say than thanks.
MAX_LINES = 60


def own_lines(text: str) -> list[str]:
    """The lines that are not quoted from an earlier mail.

    Below a heading such as "On … wrote:" unmarked lines are quoted too, unless others are marked with ">": then the
    unmarked ones are answers. A quotation alone is never taken away: it is all there is.
    """
    lines = [line.strip() for line in text.replace("\r", "\n").split("\n")]
    marked = any(_is_marked(line) for line in lines)
    own: list[str] = []
    at = 0
    while at < len(lines):
        length = _heading_length(lines, at, marked)
        if length and not marked:
            return own if any(own) else lines
        if not length and not _is_marked(lines[at]):
            own.append(lines[at])
            if len(own) > MAX_LINES:
                return own
        at += max(length, 1)
    return own


def _is_marked(line: str) -> bool:
    return line.startswith((">", "＞"))


def _heading_length(lines: list[str], at: int, marked: bool) -> int:
    """How many lines from here on announce a quotation; 0 when they do not."""
    if not lines[at] or _is_marked(lines[at]):
        return 0
    if _ORIGINAL.fullmatch(lines[at]):
        return 1
    wrote = _LOOSE_WROTE if marked else _WROTE
    for length in (1, 2):
        if wrote.fullmatch(" ".join(lines[at : at + length])):
            return length
    return 1 if _HEADERS.match("\n".join(lines[at : at + 4])) else 0


def without_signature(lines: list[str], names: frozenset[str]) -> list[str]:
    """The lines above the signature; all of them where what follows might be more than one."""
    lines = _without_blank_end(lines)
    while lines and _CLIENT.fullmatch(lines[-1]):
        lines = _without_blank_end(lines[:-1])
    for at, line in enumerate(lines):
        below = [other for other in lines[at + 1 :] if other]
        if _DELIMITER.fullmatch(line) and len(below) <= 8 and all(_may_sign(other, names) for other in below):
            return lines[:at]
        closes = at and below and len(below) <= 6 and _CLOSING.fullmatch(line)
        if closes and all(_may_sign(other, names) for other in below):
            return lines[: at + 1]
    if len(lines) > 1 and _is_known_name(lines[-1], names):
        return lines[:-1]
    return lines


def _without_blank_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1]:
        lines = lines[:-1]
    return lines


def _may_sign(line: str, names: frozenset[str]) -> bool:
    """Below a closing or a line of dashes: a name, a title, a company, an address."""
    if len(line) > 80 or "?" in line or "？" in line:
        return False
    if _is_known_name(line, names) or _ADDRESS.fullmatch(line) or _CLIENT.fullmatch(line):
        return True
    if _NO_NAME.search(line):
        return False
    if _COMPANY.fullmatch(line):
        return not re.search("[吗呢没不未我你请退转冻账款钱]", line)
    return bool(_CAPITALISED.fullmatch(line)) and not re.search(r"\d", line)


def _is_known_name(line: str, names: frozenset[str]) -> bool:
    if line.casefold().strip(" .,-–—~") in names:
        return True
    if _HAN_NAME.fullmatch(line):
        return not _NO_HAN_NAME.search(line)
    known = bool(re.match(rf"[-–—~]?\s*{FIRST_NAMES}\b(?!['’])", line.casefold()))
    return known and bool(_NAME_LINE.fullmatch(line)) and not _NO_NAME.search(line)
