"""From what mails call a charset to the codec that reads it; the larger one where a smaller is commonly mislabelled.

Follows the WHATWG Encoding Standard in reading GB2312 as GB18030, ISO-8859-1 as windows-1252, KS C 5601 as cp949,
and so on. Only codecs named here are ever used: Python has some that are no charsets, and some whose work grows
too fast.
"""

from __future__ import annotations

import re

#: Of no use as a declaration.
_NONE = frozenset(
    {"unknown8bit", "xunknown", "unknown", "default", "none", "8bit", "7bit", "binary", "xuserdefined", ""}
)

_NAMES = {
    "utf-8": "utf8 utf8mb4 utf xutf8 unicode11utf8 cputf8 uft8 utf88 cp65001",
    "utf-7": "utf7 unicode11utf7 xunicode20utf7",
    "utf-16": "utf16 unicode ucs2 iso10646ucs2",
    "utf-16-le": "utf16le",
    "utf-16-be": "utf16be",
    "utf-32": "utf32 ucs4 iso10646ucs4",
    "gb18030": "gb18030 gb2312 gbk xgbk gb231280 cngb eucn euccn cp936 ms936 windows936 gb gb180302000 isoir58 chinese "
    "csgb2312 gb23121980 gb3212 gb232 cngb231280 gb2313 utf8gbk",
    "hz": "hz hzgb2312 hzgb",
    "big5": "big5 xxbig5 cnbig5 csbig5 cp950 ms950 windows950 bigfive big5eten big5hkscs big5hk xbig5",
    "iso2022_jp": "iso2022jp csiso2022jp iso2022jp1 iso2022jp2 iso2022jp3 iso2022jpms iso2022jp2004 iso2022jpext "
    "cp50220 cp50221 xiso2022jp jis jis7",
    "cp932": "shiftjis sjis xsjis mskanji csshiftjis windows31j ms932 cp932 shiftjis2004 shiftjisx0213 "
    "windows932 shitjis",
    "euc_jp": "eucjp xeucjp cseucpkdfmtjapanese ujis xeuc eucjpms",
    "cp949": "euckr cseuckr ksc56011987 ksc56011989 ksc5601 kscc5601 korean isoir149 cp949 ms949 windows949 uhc "
    "xwindows949 kse5601 ksx1001 eurkr ksc561",
    "iso2022_kr": "iso2022kr csiso2022kr",
    "johab": "johab cp1361 ksc5601johab",
    "koi8-u": "koi8r koi8 koi8u koi8ru cskoi8r koi xkoi8r",
    "cp866": "ibm866 cp866 866 csibm866 dosrussian",
    "cp874": "windows874 tis620 iso885911 dos874",
    "mac_roman": "macintosh mac macroman xmacroman csmacintosh",
    "mac_cyrillic": "xmaccyrillic maccyrillic xmacukrainian",
    "cp437": "ibm437 cp437 437",
    "cp850": "ibm850 cp850 850",
    "cp852": "ibm852 cp852 852",
}
_CODECS = {name: codec for codec, names in _NAMES.items() for name in names.split()}
KNOWN_NAMES = tuple(_CODECS)
#: Reads all of the first, and more.
_LARGER = {1: "cp1252", 9: "cp1254", 11: "cp874"}
_ISO = re.compile(r"(?:x?iso)?8859(\d{1,2})[ei]?")
_WINDOWS = re.compile(r"(?:x?cp|windows|win|microsoftcp|xwindows|ansi)?(125[0-8])")
_LATIN = {
    "latin1": 1,
    "l1": 1,
    "iso88591": 1,
    "latin2": 2,
    "latin5": 9,
    "latin9": 15,
    "latin0": 15,
    "latin": 1,
}
_ASCII = frozenset(
    {"usascii", "ascii", "ansix341968", "iso646us", "us", "isoir6", "ansix341986", "cp367", "iso646irv"}
)
#: Codecs whose bytes are all below 0x80: that a text has none above says nothing about it.
SEVEN_BIT = frozenset(
    {"hz", "iso2022_jp", "iso2022_kr", "utf-7", "utf-16", "utf-16-le", "utf-16-be", "utf-32"}
)
#: Codecs with two bytes for a character, where strict decoding is a test.
MULTI_BYTE = frozenset({"gb18030", "big5", "cp932", "euc_jp", "cp949", "johab"})


def codec_of(declared: str) -> str:
    """The codec for a declared charset; "ascii" for US-ASCII, "" where the name says nothing."""
    name = re.sub(r"[^a-z0-9]", "", declared[:60].lower().removeprefix("charset="))
    if name in _NONE:
        return ""
    if name in _ASCII:
        return "ascii"
    if found := _CODECS.get(name):
        return found
    return _numbered(name)


def _numbered(name: str) -> str:
    if match := _WINDOWS.fullmatch(name):
        return f"cp{match[1]}"
    iso = _ISO.fullmatch(name)
    number = int(iso[1]) if iso else _LATIN.get(name, 0)
    if number in _LARGER:
        return _LARGER[number]
    return f"iso8859-{number}" if 2 <= number <= 16 and number != 12 else ""
