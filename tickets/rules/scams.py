"""What was reported as a scam, in one spelling, and by which signs two reports belong together. Fetches nothing."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from helpdesk.lib.defang import refanged
from helpdesk.lib.mail_domains import ascii_domain, is_known_name, organisational_domain
from tickets.choices import ScamKind
from tickets.rules.emergencies import read_phone
from tickets.rules.secrets.guard import guard

MAX_VALUE = 500
MAX_SIGNS = 12
_END = r"\s<>\"'“”‘’（）【】《》「」，。；：！？、"
_LINK = re.compile(
    rf"(?:https?|ftp)://[^{_END}]+|(?<![\w@.\-/])(?:[\w-]+\.)+[a-z\u4e00-\u9fff-]{{2,}}(?::\d+)?(?:/[^{_END}]*)?",
    re.I,
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"(?<![\w.])(?:\+?\d[\d ()-]{5,18}\d)(?![\w.])")
#: Addresses on chains: Bitcoin (both spellings), Ethereum and its like, Tron.
_WALLET = re.compile(
    r"\b(?:bc1[02-9ac-hj-np-z]{11,71}|[13][1-9A-HJ-NP-Za-km-z]{25,34}|0x[0-9a-fA-F]{40}|T[1-9A-HJ-NP-Za-km-z]{33})\b"
)
#: What somebody says is one, on whatever chain.
_ADDRESS = re.compile(r"[0-9A-Za-z]{14,100}")
_ACCOUNT = re.compile(r"@?[^\s@/]{2,80}")
#: Many people's pages lie on them, or they lead anywhere: the whole address is the sign, and no list names the host.
SHARED_HOSTS = frozenset(
    {
        *(
            "bit.ly",
            "t.co",
            "tinyurl.com",
            "is.gd",
            "t.cn",
            "url.cn",
            "dwz.cn",
            "suo.im",
            "goo.gl",
            "cutt.ly",
            "rb.gy",
        ),
        *(
            "t.me",
            "telegram.me",
            "wa.me",
            "line.me",
            "discord.gg",
            "discord.com",
            "facebook.com",
            "x.com",
            "twitter.com",
        ),
        *(
            "weibo.com",
            "qq.com",
            "weixin.qq.com",
            "douyin.com",
            "xiaohongshu.com",
            "instagram.com",
            "youtube.com",
        ),
        *(
            "google.com",
            "docs.google.com",
            "sites.google.com",
            "forms.gle",
            "github.com",
            "notion.site",
            "feishu.cn",
        ),
        *(
            "apple.com",
            "baidu.com",
            "taobao.com",
            "jd.com",
            "alipay.com",
            "163.com",
            "outlook.com",
            "gmail.com",
        ),
    }
)


@dataclass(frozen=True)
class Sign:
    """One thing that was reported, in one spelling."""

    kind: ScamKind
    value: str


def read_sign(kind: ScamKind, text: str, *, region: str = "CN") -> Sign | None:
    """``text`` as that kind in one spelling, refanged; None for what is none of it, or holds a secret."""
    text = refanged(unicodedata.normalize("NFKC", text)).strip()
    if not text or len(text) > MAX_VALUE or guard(text).kinds:
        return None
    value = _spelled(kind, text, region)
    return Sign(kind, value[:MAX_VALUE]) if value else None


def _spelled(kind: ScamKind, text: str, region: str) -> str:
    """Empty for what is none of that kind."""
    if kind == ScamKind.LINK:
        return _read_link(text)
    if kind == ScamKind.PHONE:
        return _read_phone(text, region)
    if kind == ScamKind.EMAIL:
        return text.lower() if _EMAIL.fullmatch(text) else ""
    if kind == ScamKind.WALLET:
        return text if _ADDRESS.fullmatch(text) else ""
    if kind == ScamKind.ACCOUNT:
        return text.removeprefix("@").lower() if _ACCOUNT.fullmatch(text) else ""
    return ""


def guess(text: str, *, region: str = "CN") -> Sign | None:
    """What a single line may be, where nobody said which kind it is."""
    text = refanged(unicodedata.normalize("NFKC", text)).strip()
    if _WALLET.fullmatch(text):
        return Sign(ScamKind.WALLET, text)
    for kind in (ScamKind.EMAIL, ScamKind.LINK, ScamKind.PHONE):
        found = read_sign(kind, text, region=region)
        if found is not None:
            return found
    return read_sign(ScamKind.ACCOUNT, text) if text.startswith("@") else None


def _read_link(text: str) -> str:
    """Scheme and host in small letters, the host in ASCII; without user, fragment and an empty path."""
    if " " in text:
        return ""
    has_scheme = re.match(r"[a-z][a-z0-9+.-]*://", text, re.I) is not None
    try:
        parts = urlsplit(text if has_scheme else f"http://{text}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https", "ftp"):
        return ""
    host = _host(host, is_sure=has_scheme)
    if not host:
        return ""
    path = parts.path.rstrip("/") if parts.path != "/" else ""
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme.lower()}://{host}{f':{port}' if port else ''}{path}{query}"


def _host(name: str, *, is_sure: bool) -> str:
    """Without ``https://`` before it, only what ends as names do: "v1.beta" is no host."""
    if re.fullmatch(r"\d{1,3}(\.\d{1,3}){3}", name):
        return name
    ascii_name = ascii_domain(name) or ""
    return ascii_name if "." in ascii_name and (is_sure or is_known_name(ascii_name)) else ""


def _read_phone(text: str, region: str) -> str:
    """Also short numbers and those that no country gives out: who cheats makes numbers up."""
    known = read_phone(text, region=region)
    if known:
        return known
    digits = re.sub(r"[\s()./-]", "", text)
    return digits if re.fullmatch(r"\+?\d{5,20}", digits) else ""


def host_of(sign: Sign) -> str:
    """The host of a link or mail address; empty for anything else."""
    if sign.kind == ScamKind.LINK:
        return urlsplit(sign.value).hostname or ""
    return sign.value.rpartition("@")[2] if sign.kind == ScamKind.EMAIL else ""


def is_shared(host: str) -> bool:
    return host in SHARED_HOSTS or organisational_domain(host) in SHARED_HOSTS


def key_of(sign: Sign) -> str:
    """By which two reports of the same are known: a host stands for all its pages, unless many people share it."""
    host = host_of(sign)
    if sign.kind == ScamKind.EMAIL and not is_shared(host):
        return f"host:{_own(host)}"
    if sign.kind == ScamKind.LINK:
        if is_shared(host):
            return f"link:{sign.value.partition('://')[2].lower()}"[:300]
        return f"host:{_own(host)}"
    value = sign.value.lower() if sign.value.lower().startswith(("0x", "bc1")) else sign.value
    return f"{sign.kind.value}:{value}"[:300]


def _own(host: str) -> str:
    return host if re.fullmatch(r"[\d.]+", host) else organisational_domain(host)


def signs_in(text: str, *, region: str = "CN") -> list[Sign]:
    """Links, addresses and numbers that stand in the words of a report; each once, at most MAX_SIGNS."""
    found: dict[Sign, None] = {}
    for sign in _signs(refanged(unicodedata.normalize("NFKC", text)), region):
        found[sign] = None
        if len(found) == MAX_SIGNS:
            break
    return list(found)


def _signs(text: str, region: str) -> Iterator[Sign]:
    for kind, pattern in ((ScamKind.EMAIL, _EMAIL), (ScamKind.WALLET, _WALLET), (ScamKind.LINK, _LINK)):
        for match in pattern.finditer(text):
            sign = read_sign(kind, match.group().rstrip(".,;:!?*_~)"), region=region)
            if sign is not None:
                yield sign
        text = pattern.sub(" ", text)
    for match in _PHONE.finditer(text):
        number = read_phone(match.group(), region=region)
        if number:
            yield Sign(ScamKind.PHONE, number)


# ── Nearly the same words ──────────
#: Shorter texts are alike by chance.
MIN_TEXT = 40
_SHINGLE, _BANDS, _ROWS = 4, 8, 5
_SALTS = tuple(hashlib.blake2b(f"scam{n}".encode(), digest_size=8).digest() for n in range(_BANDS * _ROWS))


def text_keys(text: str) -> list[str]:
    """Keys of which two texts that are nearly the same share one: MinHash in bands. Of texts that have 80 % of their
    four-letter pieces in common 19 in 20 meet, of those with 30 % one in 50. Addresses and digits do not count: each
    victim gets others.
    """
    pieces = _pieces(text)
    if not pieces:
        return []
    least = [min(_hash(piece, salt) for piece in pieces) for salt in _SALTS]
    keys = []
    for band in range(_BANDS):
        rows = b"".join(least[band * _ROWS : (band + 1) * _ROWS])
        keys.append(f"text:{band}:{hashlib.blake2b(rows, digest_size=8).hexdigest()}")
    return keys


def _pieces(text: str) -> set[str]:
    text = refanged(unicodedata.normalize("NFKC", text)).lower()
    for pattern in (_EMAIL, _WALLET, _LINK):
        text = pattern.sub("", text)
    plain = "".join(letter for letter in text if letter.isalpha())
    if len(plain) < MIN_TEXT:
        return set()
    return {plain[at : at + _SHINGLE] for at in range(len(plain) - _SHINGLE + 1)}


def _hash(piece: str, salt: bytes) -> bytes:
    return hashlib.blake2b(piece.encode(), digest_size=8, key=salt).digest()


def keys_of(signs: Collection[Sign], text: str = "") -> list[str]:
    """All keys of a report, the surest first, each once."""
    return list(dict.fromkeys([*(key_of(sign) for sign in signs if sign.value), *text_keys(text)]))


def is_ours(sign: Sign, own_hosts: Collection[str]) -> bool:
    """Whether it is an address of ours: somebody reports it by mistake, or to have it blocked."""
    host = host_of(sign)
    return bool(host) and _own(host) in {organisational_domain(own) for own in own_hosts if own}
