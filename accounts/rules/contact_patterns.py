"""How people, pages and addresses of pages write what somebody is reached by: e-mail addresses, numbers, and accounts
of messengers that are named as such. Finding them in texts and hiding them on pages go by the same patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

#: What people write between the digits of a number.
SEPARATORS = r"[\s().\-–‐·/_（）]"

_AT = re.compile(r"@|＠|%40|&#64;|&commat;|\\uff20|\[@\]", re.IGNORECASE)
#: Before and behind the sign.
_BLANK = "[ \u00a0\u3000]{0,2}"
_LOCAL_CHARS = r"[A-Za-z0-9._+\-]{1,64}"
_CHINESE = "[\u3400-\u9fff]{1,20}"
_LOCAL_END = re.compile(rf"({_LOCAL_CHARS}){_BLANK}\Z")
#: Only before a domain in Chinese: before another one it is the sentence that the address stands in.
_CHINESE_LOCAL_END = re.compile(rf"({_CHINESE}){_BLANK}\Z")
#: As written, and as it is shown where links are made harmless.
_DOT = r"(?:\.|．|｡|\[\.\]|%2E)"
_LABEL = r"[A-Za-z0-9\-]{1,63}"
#: Chinese is written without blanks: what else follows a dot is the next sentence.
_CHINESE_ENDS = (
    "中国|中國|公司|网络|網絡|网址|网站|网店|在线|中文网|集团|商城|商店|企业|娱乐|游戏|手机|移动|信息|政务|公益|机构|"
    "香港|台湾|台灣|澳门|新加坡|广东|佛山|世界|健康|时尚|购物|慈善|招聘|餐厅|我爱你"
)
_DOMAIN = re.compile(
    rf"{_BLANK}((?:(?:{_LABEL}|{_CHINESE}){_DOT}){{1,60}}(?:(?=[0-9\-]*[A-Za-z]){_LABEL}|{_CHINESE_ENDS}))",
    re.IGNORECASE,
)
_ANY_DOT = re.compile(_DOT, re.IGNORECASE)
_ROOM = 66


class Written(NamedTuple):
    """What stands in a text from ``start`` to ``end``, and what it means: small letters, plain dots, no blanks."""

    start: int
    end: int
    key: str


def has_sign(text: str) -> bool:
    return _AT.search(text) is not None


def addresses(text: str) -> Iterator[Written]:
    """From the sign on to both sides: to try each word for an address takes a hundred times as long."""
    for at in _AT.finditer(text):
        domain = _DOMAIN.match(text, at.end())
        if domain is None:
            continue
        first = max(at.start() - _ROOM, 0)
        local = _LOCAL_END.search(text, first, at.start())
        if local is None and not domain[1].isascii():
            local = _CHINESE_LOCAL_END.search(text, first, at.start())
        if local is not None:
            key = f"{local[1]}@{_ANY_DOT.sub('.', domain[1])}".lower()
            yield Written(local.start(), domain.end(), key)


# ── Accounts of messengers: only where they are named, for they are words like any other ─────────────────────────
_NAMED = r"(?:\s?(?:号码|號碼|账号|帐号|帳號|号|號|id\b|number\b|account\b|no\.))"
_IS = r"\s{0,2}(?:[:：=]|是|为|為|is\b)\s{0,2}"
_QQ = rf"(?<![A-Za-z])(?:QQ|扣扣|企鹅号)(?:{_NAMED})?(?:{_IS}|\s{{0,2}})(?P<qq>[1-9]\d{{4,11}})(?![\dA-Za-z])"
_WECHAT = (
    r"(?:微信|薇信|(?<![A-Za-z])(?:WeChat|Weixin|VX|WX|V信))"
    rf"(?:{_NAMED}(?:{_IS}|\s{{0,2}})|{_IS})(?P<wechat>[A-Za-z][A-Za-z0-9_\-]{{5,19}})(?![A-Za-z0-9@._\-]*@)"
)
_NAMES = re.compile("QQ|扣扣|企鹅号|微信|薇信|WeChat|Weixin|VX|WX|V信", re.IGNORECASE)
_HANDLE = re.compile(f"{_QQ}|{_WECHAT}", re.IGNORECASE)


def handles(text: str) -> Iterator[Written]:
    if _NAMES.search(text) is None:
        return
    for match in _HANDLE.finditer(text):
        which = match.lastgroup or ""
        yield Written(match.start(which), match.end(which), match[which].lower())
