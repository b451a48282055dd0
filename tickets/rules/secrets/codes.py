"""One-time codes: digits are one where the text says so, in both languages, before or behind them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tickets.rules.secrets.findings import Certainty, Finding, Kind

_ANCHOR = re.compile(r"(?<![a-z])(?:code|pin|otp|passcode|password)s?(?![a-z])|[码碼]|口令", re.IGNORECASE)
# "Code" alone is many things; which it is, the words before it say.
_WHICH = re.compile(
    r"(?:\b(?:verification|verify|verif|security|confirmation|one[ -]?time|sms|text|auth(?:entication"
    r"|enticator|orization)?|log[ -]?in"
    r"|sign[ -]?in|2fa|mfa|two[ -]factor|otp|access|google|activation|e?-?mail|phone|withdrawal"
    r"|recovery|backup|reset|pin"
    r"|six[ -]digit|6[ -]digit|4[ -]digit|secret)|(?P<bare>\b(?:my|your|the|this|that|latest|new"
    r"|received|got|gets?)|(?:^|[\n.!?])))[ -]?$",
    re.IGNORECASE,
)
# "The code I received by SMS is 482913": a clause between, which says that it was sent.
_CLAUSE = re.compile(
    r"(?P<clause>(?:\s(?!(?:amount|balance|order|case|ticket|number|error|price|total|but|and|because)\b)[a-z']{1,12}){2,10}?)"
    r"\s?(?:is|was|says|:|=){1,2}\s{0,2}[\"'“(]?(?P<code>\d(?:[ \-]?\d){3,7})(?![ \-]?\d|[.:/\-]\d|[A-Za-z0-9_])",
    re.IGNORECASE,
)
_WAS_SENT = re.compile(
    r"\b(?:receiv|got|get|sent|send|gave|text|sms|phone|e-?mail|message|app\b|whatsapp|telegram)",
    re.IGNORECASE,
)
_OTHER_CODE = re.compile(
    r"(?:error|status|promo|postal|zip|country|qr|bar|invit\w{1,5}|referr?al|coupon|gift|area|swift|sort|tracking|product"
    r"|discount|currency|source|order|voucher|booking)[ -]?$",
    re.IGNORECASE,
)
#: What makes codes, named alone: "2FA 482913".
_MAKER = re.compile(
    r"(?<![a-z0-9])(?:2fa|mfa|totp|authenticator(?: app)?|google auth)(?![a-z0-9])"
    r"|[验驗][证證]器|谷歌[验驗][证證](?![码碼器])|令牌",
    re.IGNORECASE,
)
_MADE = 6
_ONE_TIME = re.compile(r"one[ -]?time |temporary |dynamic ", re.IGNORECASE)
_CHINESE_TEXT = """
验证码 驗證碼 验证碼 認證碼 认证码 校验码 校驗碼 确认码 確認碼 授权码 授權碼 动态码
動態碼 动态口令 動態口令 动态密码 動態密碼 一次性密码 一次性密碼 短信码 短信碼 安全码
安全碼 谷歌码
"""
_CHINESE = tuple(_CHINESE_TEXT.split())
_JOINS = (
    r"(?:\s{0,3}(?:i (?:got|received|have)|you sent(?: me)?|from (?:(?:the|your|my) )?(?:sms|text|mail"
    r"|app)|here|it|that|says?|is|was|are|now|number"
    r"|again|just|the|follow(?:s|ing)|我?(?:刚才?|刚刚)?(?:收到)?(?:的)?(?:是|为|為|就是)|我?(?:刚才?"
    r"|刚刚)?收到(?:的|了)?|如下|给你|給你|发你|码|碼"
    r"|[:;=#\-,>(\[\"'“‘「【])){0,8}+\s{0,3}"
)
# Amounts, spans, dates, years and longer numbers are none. A comma ends a code: no number is written "482913,5".
_VALUE = re.compile(
    rf"{_JOINS}(?:[A-Z]{{1,2}}-)?(?!(?:19"
    rf"|20)\d\d[-/.]\d\d?[-/.]\d)(?P<code>\d(?:[ \-]?\d){{3,7}})(?![ \-]?\d|[.:/\-]\d|\s?(?:元|块|塊"
    rf"|次|遍|分钟|分鐘|秒|小时|小時|天|年|月|号"
    r"|號|个|個|条|條|笔|筆|位|点|%|usd|cny|rmb|eur|hkd|usdt|yuan|times|minutes?|mins?|seconds?|secs?"
    r"|hours?|days?|digits?|characters?|yen"
    r"|dollars?)(?![a-z]))(?![A-Za-z0-9_])",
    re.IGNORECASE,
)
# With letters in it ("K4X9P2"), only behind a plain "is".
_MIXED = re.compile(
    r"(?:\s{0,3}(?:is|was|是|为|為|[:=])){1,3}\s{0,3}[\"'“]?(?P<code>(?=[A-Za-z]{0,9}\d)(?=\d{0,9}[A-Za-z])[A-Za-z0-9]{5,10})"
    r"(?![A-Za-z0-9_]|[\-.][A-Za-z0-9])",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:(?<![\d.,:/\-])(?<![A-Za-z])|(?<=\b[A-Z]-))(?P<code>\d(?:[ \-]?\d){3,7})[)\]\"'”】」]?"
    r"\s{0,3}(?:,\s{0,2}|(?:is|as|was|be|-|是|为|為|就是|作为|\(|\[|这是|這是)\s{0,2})?"
    r"(?:(?:the|my|your|our|a|我的|您的|你的|本次|收到的|我收到的|这个"
    r"|的)\s{0,2}){0,2}(?:[A-Za-z]{2,15}\s){0,2}$",
    re.IGNORECASE,
)
_NO_LONGER = re.compile(r"\s{0,3}(?:错|錯|無|无|收不|没|沒|发|發|\d|is\b|was\b|:)")
_LOOK_BACK = 40
_DIGIT = re.compile(r"\d")


def one_time_codes(text: str) -> Iterator[Finding]:
    """``text`` is folded."""
    for maker in _MAKER.finditer(text):
        made = _VALUE.match(text, maker.end())
        if made is not None and len(_DIGIT.findall(made["code"])) >= _MADE:
            yield Finding(Kind.ONE_TIME_CODE, *made.span("code"), Certainty.CERTAIN)
    for anchor in _ANCHOR.finditer(text):
        start = _name_start(text, anchor)
        if start is None:
            if (sent := _sent(text, anchor)) is not None:
                yield Finding(Kind.ONE_TIME_CODE, *sent.span("code"), Certainty.CERTAIN)
            continue
        said = _VALUE.match(text, anchor.end()) or _MIXED.match(text, anchor.end()) or _sent(text, anchor)
        if said is None and _NO_LONGER.match(text, anchor.end()) is None:
            said = _BEFORE.search(text, max(0, start - _LOOK_BACK), start)
        if said is not None:
            yield Finding(Kind.ONE_TIME_CODE, *said.span("code"), Certainty.CERTAIN)


def _sent(text: str, anchor: re.Match[str]) -> re.Match[str] | None:
    """A code of which a clause says that somebody got it."""
    told = _CLAUSE.match(text, anchor.end())
    if told is None or _WAS_SENT.search(told["clause"]) is None:
        return None
    return None if _OTHER_CODE.search(text, max(0, anchor.start() - 12), anchor.start()) else told


def _name_start(text: str, anchor: re.Match[str]) -> int | None:
    """Where the name of a one-time code begins that ends with these letters; None where it names
    something else."""
    word = anchor[0].lower().rstrip("s")
    if word in ("码", "碼", "口令"):
        name = text[max(0, anchor.end() - 5) : anchor.end()]
        known = next((one for one in _CHINESE if name.endswith(one)), None)
        return None if known is None else anchor.end() - len(known)
    if word in ("otp", "passcode"):
        return anchor.start()
    which = _ONE_TIME if word == "password" else _WHICH
    nearby = which.finditer(text, max(0, anchor.start() - _LOOK_BACK), anchor.start())
    before = next((match for match in nearby if match.end() == anchor.start()), None)
    if before is None:
        return None
    return None if word == "pin" and before.groupdict().get("bare") is not None else before.start()
