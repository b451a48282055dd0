"""Makes recovery phrases in both languages, as people write them down. None is anybody's: each is drawn by lot."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

from mnemonic import Mnemonic

LISTS = {name: Mnemonic(name) for name in ("english", "chinese_simplified", "chinese_traditional")}
Layout = Callable[[list[str]], str]


class PhraseMaker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def phrase(self) -> str:
        language, words = self._words()
        if language == "english":
            return self.chance.choice((*_LAYOUTS, *_OF_LETTERS))(words)
        lot = self.chance.random()
        if lot < 0.7:
            return self.chance.choice(_LAYOUTS)(words)
        if lot < 0.85:
            size = self.chance.choice((2, 3, 4, 6))
            between = self.chance.choice(("，", "、", "-", "／", " / ", "\n", "  ", "。\n", "；"))
            return self.chance.choice(("", "助记词是")) + between.join(_groups(words, size))
        return self.chance.choice(("助记词是：", "助記詞：", "种子词 ", "mnemonic: ")) + "".join(words)

    def mistyped(self) -> str:
        """One with one wrong word, and what says that it is one."""
        language, words = self._words()
        place = self.chance.randrange(len(words))
        if language != "english":
            words[place] = self.chance.choice("镕喆饕餮犇淼")
            form = self.chance.choice(
                ("我的助记词是：{}", "恢复短语\n{}", "{}\n这是我的助记词", "My mnemonic is {}")
            )
            return form.format(self.chance.choice(("", " ", "、", "\n")).join(words))
        words[place] = self._misspelled(words[place])
        form = self.chance.choice(
            ("my seed phrase is {}", "Recovery phrase:\n{}", "助记词：{}", "{}\nThis is my mnemonic")
        )
        layouts: tuple[Layout, ...] = (" ".join, ", ".join, _numbered("{}. {}", "\n"))
        return form.format(self.chance.choice(layouts)(words))

    def _words(self) -> tuple[str, list[str]]:
        language = self.chance.choice(list(LISTS))
        entropy = self.chance.randbytes(self.chance.choice((16, 20, 24, 28, 32)))
        return language, LISTS[language].to_mnemonic(entropy).split()

    def _misspelled(self, word: str) -> str:
        place = self.chance.randrange(1, len(word))
        before, letter, after = word[:place], word[place], word[place + 1 :]
        changed = before + self.chance.choice((after, f"q{letter}{after}", f"x{after}"))
        return "qwzk" if changed in LISTS["english"].wordlist else changed


def full_width(text: str) -> str:
    return "".join(
        chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else "\u3000" if sign == " " else sign for sign in text
    )


def _numbered(form: str, between: str) -> Layout:
    return lambda words: between.join(form.format(number, word) for number, word in enumerate(words, 1))


def _groups(words: list[str], size: int) -> list[str]:
    between = "" if len(words[0]) == 1 else " "
    return [between.join(words[place : place + size]) for place in range(0, len(words), size)]


def _in_rows(form: str, between: str = "\n", size: int = 4) -> Layout:
    """``form``: its number, in Chinese, its first and its last word's number, its words."""
    return lambda words: between.join(
        form.format(row, _CHINESE_NUMBERS[row - 1], (row - 1) * size + 1, min(row * size, len(words)), group)
        for row, group in enumerate(_groups(words, size), 1)
    )


def _counted(form: str, names: Sequence[str], between: str) -> Layout:
    return lambda words: between.join(
        form.format(name, word) for name, word in zip(names, words, strict=False)
    )


_CARDINALS_TEXT = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty twenty-one twenty-two twenty-three twenty-four
"""
_CARDINALS = tuple(_CARDINALS_TEXT.split())
_ORDINALS_TEXT = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth
fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-
second twenty-third twenty-fourth
"""
_ORDINALS = tuple(_ORDINALS_TEXT.split())
_FIGURES = [
    f"{number}{'st' if number in (1, 21) else 'nd' if number in (2, 22) else 'rd' if number in (3, 23) else 'th'}"
    for number in range(1, 25)
]
_CHINESE_NUMBERS_TEXT = """
一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十
二十一 二十二 二十三 二十四
"""
_CHINESE_NUMBERS = tuple(_CHINESE_NUMBERS_TEXT.split())


_LAYOUTS: tuple[Layout, ...] = (
    " ".join,
    "\n".join,
    ", ".join,
    "、".join,
    "\u3000".join,
    "\u00a0".join,
    "\u200b".join,
    "  ".join,
    "\t".join,
    " | ".join,
    "-".join,
    "\n> ".join,
    " and ".join,
    _numbered("{}. {}", "\n"),
    _numbered("{}) {}", " "),
    _numbered("({}){}", " "),
    _numbered("{}\n{}", "\n"),
    _numbered("word {}: {}", "; "),
    _numbered("第{}个词：{}", "\n"),
    _numbered("<li>{1}</li>", ""),
    _numbered('"{1}"', ","),
    lambda words: " ".join(words).upper(),
    lambda words: " ".join(word.capitalize() for word in words),
    lambda words: full_width(" ".join(words)),
    lambda words: "\n".join(" ".join(words[place : place + 4]) for place in range(0, 24, 4)),
    lambda words: " ".join(f"{word[:1]}\u200b{word[1:]}" for word in words),
    _in_rows("{0}. {4}"),
    _in_rows("{0}) {4}", size=3),
    _in_rows("Row {0}: {4}"),
    _in_rows("line {0}: {4}", size=6),
    _in_rows("Group {0}: {4}", "; "),
    _in_rows("words {2}-{3}: {4}"),
    _in_rows("第{1}行：{4}"),
    _in_rows("第{1}组：{4}", "；", 3),
    _in_rows("第{2}-{3}个词：{4}"),
    _in_rows("{1}、{4}", size=6),
    _counted("{0}、{1}", _CHINESE_NUMBERS, "\n"),
    _counted("{0} {1}", _CHINESE_NUMBERS, "，"),
    _counted("第{0}个是{1}", _CHINESE_NUMBERS, "，"),
    _counted("the {0} is {1}", _ORDINALS, ", "),
    _counted("{0} word: {1}", _ORDINALS, "\n"),
    _counted("{0} {1}", _CARDINALS, ", "),
    _counted("{0}: {1}", _CARDINALS, "\n"),
    _counted("the {0} is {1}", _FIGURES, ", "),
    " and then ".join,
    ", then ".join,
    " followed by ".join,
    " next ".join,
    "，然后".join,
    " 接着 ".join,
    "，然后是".join,
)
#: Of words that have letters.
_OF_LETTERS: tuple[Layout, ...] = (
    lambda words: "  ".join(" ".join(word) for word in words),
    lambda words: "\n".join(" ".join(word) for word in words),
    lambda words: "\n".join("-".join(word) for word in words),
    lambda words: " ".join("-".join(word) for word in words),
    lambda words: "\n".join(f"{number}. {' '.join(word)}" for number, word in enumerate(words, 1)),
    lambda words: " ".join(word[:4] for word in words),
    lambda words: "\n".join(f"{number}. {word[:4].upper()}" for number, word in enumerate(words, 1)),
)
