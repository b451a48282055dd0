"""How much a text looks like something that a person wrote: to choose between readings of the same bytes."""

from __future__ import annotations

import unicodedata
from functools import cache

from tickets.channels.email.reading.characters import JAPANESE, KOREAN, SIMPLIFIED, TRADITIONAL

#: By how often they are used.
_RUSSIAN = {
    letter: weight
    for letters, weight in (("оеаинтс", 1.0), ("рвлкмдпуяы", 0.8), ("ьгзбчйхжшюё", 0.5), ("цщэфъ", 0.2))
    for letter in letters
}
_VOWELS = frozenset("аеёиоуыэюяіїє")
_FREQUENT_GREEK = frozenset("αοιετσνηρυπκμλάέήίόύώς")
_WESTERN = frozenset("éèàùâêîôûëïüöäßçñáíóúãõåæøœšžÉÈÀÄÖÜÅÆØÑÇÁÍÓÚ¿¡ăâîșțşţğıąęćłńóśźżčřůýěďťňőűđ")
_SIGNS = frozenset("，。！？：；、“”‘’《》（）【】「」『』…—·～ー€£¥°§©®™«»–„•½№")


def plausibility(text: str) -> float:
    """Mean weight of the characters that are not ASCII, from about -3 (nonsense) to 1 (what is read every day)."""
    total, count, before, earlier = 0.0, 0, " ", " "
    kana = hangul = hanzi = russian = vowels = 0
    for character in text:
        if character >= "\x80":
            count += 1
            kind, weight = _judged(character)
            total += weight
            if kind == "kana":
                kana += 1
            elif kind == "hangul":
                hangul += 1
            elif kind == "hanzi":
                hanzi += 1
            elif kind == "letter":
                if "\u0400" <= character <= "\u04ff":
                    russian += 1
                    vowels += character.lower() in _VOWELS
                total += _beside(before, character)
        elif before >= "\u0370" and "a" <= character <= "z":
            # One strange letter inside a word of plain ones.
            total -= 1.2 if before <= "\u06ff" or "a" <= earlier <= "z" else 0.0
        before, earlier = character, before
    if not count:
        return 1.0
    # Kana come in words of their own or around characters, never sprinkled; nor do Korean and Chinese letters mix.
    mixed = min(hangul, hanzi) * 0.8 + (kana * 0.9 if kana * 8 < hanzi else 0.0)
    # Two of five Russian letters are vowels; the charsets of Russian put consonants in each other's place of them.
    mute = 2 * max(0.0, 0.33 * russian - vowels) if russian >= 8 else 0.0
    return (total - mixed - mute) / count


@cache
def _judged(character: str) -> tuple[str, float]:
    code = ord(character)
    if character in _SIGNS:
        return "sign", 0.5
    if character == "\xa0":
        return "sign", 1.0
    if 0x4E00 <= code <= 0x9FFF:
        return "hanzi", _hanzi(character)
    if 0x3041 <= code <= 0x30FF:
        return "kana", 0.9
    if 0xAC00 <= code <= 0xD7A3:
        return "hangul", 1.0 if character in KOREAN else 0.35
    if 0xFF01 <= code <= 0xFF5E or 0x3000 <= code <= 0x303F:
        return "sign", 0.3
    if 0xFF61 <= code <= 0xFF9F:
        return "sign", -0.4
    if 0x0400 <= code <= 0x04FF:
        return "letter", _cyrillic(character)
    return _other(character, code)


def _hanzi(character: str) -> float:
    if character in SIMPLIFIED or character in TRADITIONAL:
        return 1.0
    if character in JAPANESE:
        return 0.8
    try:
        first = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 0.3 if _is_big5_common(character) else -0.2
    return 0.35 if first <= 0xD7 else 0.2


def _is_big5_common(character: str) -> bool:
    try:
        return character.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False


def _cyrillic(character: str) -> float:
    if character in _RUSSIAN:
        return _RUSSIAN[character]
    if character.lower() in _RUSSIAN:
        return 0.75 * _RUSSIAN[character.lower()]
    return 0.5 if character in "іїєґўІЇЄҐЎ" else -0.5


def _other(character: str, code: int) -> tuple[str, float]:
    if character in _WESTERN:
        return "letter", 0.6
    if character in _FREQUENT_GREEK:
        return "letter", 0.8
    category = unicodedata.category(character)
    if category in ("Cc", "Cn", "Co", "Cs") or character == "\ufffd":
        return "none", -3.0
    if (0x0370 <= code <= 0x06FF and category[0] == "L") or 0x0E00 <= code <= 0x0E7F:
        return "letter", 0.35
    if code >= 0x1F000 or (0x2190 <= code <= 0x27BF and not 0x2500 <= code <= 0x25FF):
        return "sign", 0.3
    if category[0] == "L":
        return "letter", 0.0
    return "sign", -0.5


def _beside(before: str, character: str) -> float:
    """Capitals begin words, and accents stand among plain letters: what does not agree is a sign of mistaken bytes."""
    if character.isupper() and before.islower():
        return -2.5
    if character >= "\u0370":
        return -1.2 if "A" <= before <= "z" else 0.0
    if character < "\u0370" and before >= "\xa0" and before not in _SIGNS:
        return -0.5
    return 0.0
