"""Makes secrets, all of them false, and what looks like them, in sentences of both languages: by the thousand, the same
for the same seed. No secret is anybody's: each is drawn by lot.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from mnemonic import Mnemonic
from stdnum import luhn
from stdnum.cn import ric

from tickets.rules.secrets import Kind
from tickets.rules.secrets.base58 import ALPHABET

LISTS = {name: Mnemonic(name) for name in ("english", "chinese_simplified", "chinese_traditional")}

BEFORE = (
    "",
    "Hello, please help me: ",
    "I cannot open my wallet any more. Here it is:\n",
    "您好，麻烦看一下：",
    "我的钱包打不开了，",
    "Order 20260331 failed, see ",
    "请问这个可以吗？\n",
    "I paid 500 USDT on 2026-03-31 at 14:30.\n\n",
    "(",
    "“",
)
AFTER = (
    "",
    ". Thank you!",
    "，请帮我查一下。",
    "\nBest regards, Tom",
    "。谢谢！",
    " what now?",
    ")",
    "”",
    "；金额 120.50 元",
    "\n\n> 您好",
)


@dataclass(frozen=True)
class Planted:
    """A text with a secret at ``start`` to ``end``; ``core`` are the characters of it that must not stay."""

    kind: Kind
    text: str
    start: int
    end: int


class Maker:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def planted(self, count: int) -> Iterator[Planted]:
        """Each kind in turn, each in another setting."""
        makers: list[tuple[Kind, Callable[[], str]]] = [
            (Kind.MNEMONIC, self.phrase),
            (Kind.CARD, self.card),
            (Kind.PRIVATE_KEY, self.wif),
            (Kind.MNEMONIC, self.phrase),
            (Kind.PRIVATE_KEY, self.extended),
            (Kind.PRIVATE_KEY, self.pem),
            (Kind.KEYSTORE, self.keystore),
            (Kind.CARD, self.card),
            (Kind.PRIVATE_KEY, self.raw),
            (Kind.IDENTITY, self.identity),
        ]
        for number in range(count):
            kind, make = makers[number % len(makers)]
            before, secret, after = self.random.choice(BEFORE), make(), self.random.choice(AFTER)
            if kind == Kind.PRIVATE_KEY and make == self.raw:
                before += self.random.choice(
                    ("private key: ", "my secret key is ", "私钥：", "私鑰是 ", "钱包密钥 ")
                )
            yield Planted(kind, before + secret + after, len(before), len(before) + len(secret))

    # Secrets

    def phrase(self) -> str:
        language = self.random.choice(list(LISTS))
        entropy = self.random.randbytes(self.random.choice((16, 20, 24, 28, 32)))
        words = LISTS[language].to_mnemonic(entropy).split()
        if language != "english":
            return self._chinese(words)
        return self.random.choice((*_LAYOUTS, *_OF_LETTERS))(words)

    def _chinese(self, words: list[str]) -> str:
        lot = self.random.random()
        if lot < 0.7:
            return self.random.choice(_LAYOUTS)(words)
        if lot < 0.85:
            size = self.random.choice((2, 3, 4, 6))
            between = self.random.choice(("，", "、", "-", "／", " / ", "\n", "  ", "。\n", "；"))
            return self.random.choice(("", "助记词是")) + between.join(_groups(words, size))
        return self.random.choice(("助记词是：", "助記詞：", "种子词 ", "mnemonic: ")) + "".join(words)

    def mistyped(self) -> str:
        """A phrase with one wrong word, and what says that it is one."""
        language = self.random.choice(list(LISTS))
        words = LISTS[language].to_mnemonic(self.random.randbytes(self.random.choice((16, 24, 32)))).split()
        place = self.random.randrange(len(words))
        if language != "english":
            words[place] = self.random.choice("镕喆饕餮犇淼")
            form = self.random.choice(("我的助记词是：{}", "恢复短语\n{}", "{}\n这是我的助记词", "My mnemonic is {}"))
            return form.format(self.random.choice(("", " ", "、", "\n")).join(words))
        words[place] = self._misspelled(words[place])
        form = self.random.choice(
            ("my seed phrase is {}", "Recovery phrase:\n{}", "助记词：{}", "{}\nThis is my mnemonic")
        )
        return form.format(self.random.choice((" ".join, ", ".join, _numbered("{}. {}", "\n")))(words))

    def _misspelled(self, word: str) -> str:
        place = self.random.randrange(1, len(word))
        changed = self.random.choice(
            (word[:place] + word[place + 1 :], word[:place] + "q" + word[place:], f"{word[:place]}x{word[place + 1 :]}")
        )
        return "qwzk" if changed in LISTS["english"].wordlist else changed

    def card(self) -> str:
        prefix, length = self.random.choice(
            (
                ("4", 16),
                ("51", 16),
                ("2720", 16),
                ("34", 15),
                ("37", 15),
                ("6011", 16),
                ("3530", 16),
                ("62", 16),
                ("62", 19),
                ("36", 14),
            )
        )
        digits = luhn_completed(prefix + self.digits(length - len(prefix) - 1))
        return self.random.choice(
            (str, in_fours, dashed, full_width, spaced_full_width, in_fours_over_lines)
        )(digits)

    def wif(self) -> str:
        version, more = self.random.choice(
            ((b"\x80", b""), (b"\x80", b"\x01"), (b"\xef", b"\x01"), (b"\xb0", b"\x01"))
        )
        return base58check(version + self.random.randbytes(32) + more)

    def extended(self) -> str:
        version = self.random.choice(("0488ade4", "049d7878", "04b2430c", "04358394"))
        key = base58check(
            bytes.fromhex(version) + self.random.randbytes(41) + b"\x00" + self.random.randbytes(32)
        )
        return key if self.random.random() < 0.7 else f"{key[:60]}\n{key[60:]}"

    def pem(self) -> str:
        name = self.random.choice(("", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED "))
        body = base64.encodebytes(self.random.randbytes(200)).decode()
        return f"-----BEGIN {name}PRIVATE KEY-----\n{body}-----END {name}PRIVATE KEY-----"

    def keystore(self) -> str:
        crypto = {
            "cipher": "aes-128-ctr",
            "ciphertext": self.hex(64),
            "cipherparams": {"iv": self.hex(32)},
            "kdf": "scrypt",
            "kdfparams": {"dklen": 32, "n": 262144, "p": 1, "r": 8, "salt": self.hex(64)},
            "mac": self.hex(64),
        }
        key = {
            "version": 3,
            "id": "x",
            "address": self.hex(40),
            self.random.choice(("crypto", "Crypto")): crypto,
        }
        return json.dumps(key, indent=self.random.choice((None, 2)))

    def raw(self) -> str:
        return self.random.choice(("", "0x")) + self.hex(64)

    def identity(self) -> str:
        place = self.random.choice(("110101", "310115", "440305", "620102", "510107"))
        day = f"{self.random.randrange(1940, 2015)}{self.random.randrange(1, 13):02}{self.random.randrange(1, 29):02}"
        number = place + day + self.digits(3)
        return number + ric.calc_check_digit(number + "0")

    # What only looks like one

    def look_alikes(self, count: int) -> Iterator[str]:
        makers: list[Callable[[], str]] = [
            lambda: f"transaction hash 0x{self.hex(64)}",
            lambda: f"交易哈希：{self.hex(64)}",
            lambda: f"txid {self.hex(64)}",
            lambda: f"0x{self.hex(40)}",
            lambda: f"地址 {base58check(bytes([0]) + self.random.randbytes(20))}",
            lambda: f"订单号 2026{self.digits(12)}",
            lambda: f"order no. {self.digits(16)}",
            lambda: f"流水号：{self.digits(19)}",
            lambda: f"交易号 20260331{self.digits(20)}",
            lambda: f"+86 1{self.digits(2)} {self.digits(4)} {self.digits(4)}",
            lambda: f"call 1{self.digits(10)}",
            lambda: f"ISBN 978-7-{self.digits(3)}-{self.digits(5)}-{self.digits(1)}",
            lambda: str(self.random.randrange(1_600_000_000_000, 1_900_000_000_000)),
            lambda: (
                f"at 2026-{self.random.randrange(1, 13):02}-{self.random.randrange(1, 29):02} 14:30:{self.digits(2)}"
            ),
            self.iban,
            lambda: f"错误码 {self.digits(6)}",
            lambda: f"error code {self.digits(6)}",
            lambda: f"尾号 {self.digits(4)}",
            lambda: f"{self.digits(6)} 元",
            lambda: f"SF{self.digits(13)}",
            lambda: str(self.random.choice(_PROSE)),
            lambda: " ".join(self.random.choice(LISTS["english"].wordlist) for _ in range(8)),
            lambda: base58check(bytes.fromhex("0488b21e") + self.random.randbytes(74)),
            lambda: f"{self.hex(8)}-{self.hex(4)}-4{self.hex(3)}",
        ]
        for number in range(count):
            yield self.random.choice(BEFORE) + makers[number % len(makers)]() + self.random.choice(AFTER)

    def iban(self) -> str:
        account = self.digits(18)
        check = 98 - int(f"{account}131400") % 97
        return f"IBAN {in_fours(f'DE{check:02}{account}')}"

    def digits(self, count: int) -> str:
        return "".join(self.random.choices("0123456789", k=count))

    def hex(self, count: int) -> str:
        return "".join(self.random.choices("0123456789abcdef", k=count))


_PROSE = (
    "I lost my phone and cannot receive the verification code any more, what should I do now?",
    "我昨天提现五百元到招商银行，到现在还没有到账，能不能帮我查一下是什么原因？",
    "Please never ask me for my password. The first person I spoke with was not able to help; they must call again.",
    "请问助记词忘记了怎么办？钱包里面的资产还能不能找回来，我很担心。",
    "我想修改支付密码，可是一直提示验证码错误，已经试了五次了，请人工处理。",
    "Only then will the bank agree that this is my own card and give me the money back this week.",
    "客服说今天之内会有人联系我，但是等了一整天都没有人给我打电话，太失望了。",
    "我們的錢包無法登入，請問是系統維護嗎？什麼時候可以恢復正常使用？",
)


def luhn_completed(digits: str) -> str:
    return digits + luhn.calc_check_digit(digits)


def base58check(payload: bytes) -> str:
    raw = payload + hashlib.sha256(hashlib.sha256(payload).digest()).digest()[:4]
    value, text = int.from_bytes(raw, "big"), ""
    while value:
        value, digit = divmod(value, 58)
        text = ALPHABET[digit] + text
    return "1" * (len(raw) - len(raw.lstrip(b"\x00"))) + text


def in_fours(text: str, between: str = " ") -> str:
    return between.join(text[place : place + 4] for place in range(0, len(text), 4))


def dashed(text: str) -> str:
    return in_fours(text, "-")


def in_fours_over_lines(text: str) -> str:
    return in_fours(text, "\n") if len(text) == 16 else text


def full_width(text: str) -> str:
    return "".join(
        chr(ord(sign) + 0xFEE0) if "!" <= sign <= "~" else "\u3000" if sign == " " else sign for sign in text
    )


def spaced_full_width(text: str) -> str:
    return full_width(in_fours(text))


def _numbered(form: str, between: str) -> Callable[[list[str]], str]:
    return lambda words: between.join(form.format(number, word) for number, word in enumerate(words, 1))


def _groups(words: list[str], size: int) -> list[str]:
    between = "" if len(words[0]) == 1 else " "
    return [between.join(words[place : place + size]) for place in range(0, len(words), size)]


def _in_rows(form: str, between: str = "\n", size: int = 4) -> Callable[[list[str]], str]:
    """``form``: its number, in Chinese, its first and its last word's number, its words."""
    return lambda words: between.join(
        form.format(row, _CHINESE_NUMBERS[row - 1], (row - 1) * size + 1, min(row * size, len(words)), group)
        for row, group in enumerate(_groups(words, size), 1)
    )


def _counted(form: str, names: Sequence[str], between: str) -> Callable[[list[str]], str]:
    return lambda words: between.join(
        form.format(name, word) for name, word in zip(names, words, strict=False)
    )


_CARDINALS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty twenty-one twenty-two twenty-three twenty-four"
).split()
_ORDINALS = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth"
    " fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first twenty-second twenty-third"
    " twenty-fourth"
).split()
_FIGURES = [
    f"{number}{'st' if number in (1, 21) else 'nd' if number in (2, 22) else 'rd' if number in (3, 23) else 'th'}"
    for number in range(1, 25)
]
_CHINESE_NUMBERS = (
    "一 二 三 四 五 六 七 八 九 十 十一 十二 十三 十四 十五 十六 十七 十八 十九 二十 二十一 二十二 二十三 二十四"
).split()


_LAYOUTS: tuple[Callable[[list[str]], str], ...] = (
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
_OF_LETTERS: tuple[Callable[[list[str]], str], ...] = (
    lambda words: "  ".join(" ".join(word) for word in words),
    lambda words: "\n".join(" ".join(word) for word in words),
    lambda words: "\n".join("-".join(word) for word in words),
    lambda words: " ".join("-".join(word) for word in words),
    lambda words: "\n".join(f"{number}. {' '.join(word)}" for number, word in enumerate(words, 1)),
    lambda words: " ".join(word[:4] for word in words),
    lambda words: "\n".join(f"{number}. {word[:4].upper()}" for number, word in enumerate(words, 1)),
)
