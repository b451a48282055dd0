"""Makes secrets, all of them false, and what looks like them, in sentences of both languages: by the thousand, the same
for the same seed. No secret is anybody's: each is drawn by lot.
"""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from stdnum import luhn
from stdnum.cn import ric

from tests.phrases_maker import LISTS, PhraseMaker, full_width
from tickets.rules.secrets import Kind
from tickets.rules.secrets.base58 import ALPHABET

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

#: Right before 64 hex digits: it is a key, whatever else it is for.
CALLED_KEY = (
    "private key: ",
    "my secret key is ",
    "私钥：",
    "私鑰是 ",
    "钱包密钥 ",
    "The private key of my address is ",
    "ETH_PRIVATE_KEY=",
    '{"walletPrivateKey":"',
    "私钥（转账钱包）：",
    "Private Key | Address\n",
    "my key: ",
    "export PK=",
)
#: What stands right before a secret that only words tell; cards stand anywhere. None: 64 hex digits.
CALLED: dict[Kind | None, tuple[str, ...]] = {
    None: CALLED_KEY,
    Kind.CARD: ("", "", "transaction with ", "card ", "卡号", "卡号："),
    Kind.ONE_TIME_CODE: (
        "【B特派】您的验证码是",
        "验证码：",
        "The code I received by SMS is ",
        "code they sent to my phone is ",
        "2FA ",
        "谷歌验证器 ",
        "my verification code is ",
        "OTP: ",
    ),
    Kind.PASSWORD: (
        "I changed my password to ",
        "我的密码应该是",
        "my password ",
        "密码（登录用）：",
        "pass: ",
        "password is ",
        "登录密码为",
        "my password should be ",
    ),
    Kind.CARD_CODE: (
        "CVV ",
        "CVV (3 digits on the back): ",
        "the three digits on the back are ",
        "背面三位数是",
        "安全码：",
    ),
}


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
        #: With a chance of its own, so that one more layout changes no other secret.
        self.phrases = PhraseMaker(seed)

    def planted(self, count: int) -> Iterator[Planted]:
        """Each kind in turn, each in another setting."""
        makers: list[tuple[Kind, Callable[[], str]]] = [
            (Kind.MNEMONIC, self.phrase),
            (Kind.CARD, self.card),
            (Kind.PRIVATE_KEY, self.written_wif),
            (Kind.MNEMONIC, self.phrase),
            (Kind.PRIVATE_KEY, self.extended),
            (Kind.PRIVATE_KEY, self.pem),
            (Kind.KEYSTORE, self.keystore),
            (Kind.CARD, self.card),
            (Kind.PRIVATE_KEY, self.raw),
            (Kind.IDENTITY, self.identity),
            (Kind.ONE_TIME_CODE, self.code),
            (Kind.PASSWORD, self.password),
            (Kind.CARD_CODE, self.card_code),
        ]
        for number in range(count):
            kind, make = makers[number % len(makers)]
            before, secret, after = self.random.choice(BEFORE), make(), self.random.choice(AFTER)
            before += self.random.choice(CALLED.get(kind if make != self.raw else None, ("",)))
            if make == self.written_wif and secret.isalnum():
                before += self.random.choice(("", "", "WIF", "key_", "地址的私钥"))
            yield Planted(kind, before + secret + after, len(before), len(before) + len(secret))

    # Secrets

    def phrase(self) -> str:
        return self.phrases.phrase()

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
            (
                str,
                in_fours,
                dashed,
                full_width,
                spaced_full_width,
                in_fours_over_lines,
                in_fours_with_commas,
            )
        )(digits)

    def wif(self) -> str:
        version, more = self.random.choice(
            ((b"\x80", b""), (b"\x80", b"\x01"), (b"\xef", b"\x01"), (b"\xb0", b"\x01"))
        )
        return base58check(version + self.random.randbytes(32) + more)

    def written_wif(self) -> str:
        return self.random.choice((str, str, in_fours, dashed, halved))(self.wif())

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
        if self.random.random() < 0.3:
            return self.vault()
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

    def vault(self) -> str:
        """As a wallet in a browser keeps it."""
        sizes = {"data": 300, "iv": 16, "salt": 32}
        members = {
            name: base64.b64encode(self.random.randbytes(size)).decode() for name, size in sizes.items()
        }
        return self.random.choice((json.dumps(members), json.dumps(json.dumps(members))[1:-1]))

    def raw(self) -> str:
        digits = self.hex(64)
        place = self.random.choice((0, 0, 0, 16, 32, 48))
        digits = f"{digits[:place]}\n{digits[place:]}" if place else digits
        return self.random.choice(("", "0x")) + digits

    def identity(self) -> str:
        place = self.random.choice(("110101", "310115", "440305", "620102", "510107"))
        day = f"{self.random.randrange(1940, 2015)}{self.random.randrange(1, 13):02}{self.random.randrange(1, 29):02}"
        number = place + day + self.digits(3)
        number += ric.calc_check_digit(number + "0")
        return self.random.choice((str, str, in_fours, by_its_parts))(number)

    def code(self) -> str:
        digits = self.digits(6)
        return self.random.choice((digits, digits, f"{digits[:3]} {digits[3:]}"))

    def card_code(self) -> str:
        return self.digits(3)

    def password(self) -> str:
        letters = "".join(self.random.choices("abcdefghjkmnpqrstuvwxyz", k=5))
        return self.random.choice((letters.capitalize(), letters)) + self.digits(2) + letters[:1]

    # What only looks like one

    def look_alikes(self, count: int) -> Iterator[str]:
        makers: list[Callable[[], str]] = [
            lambda: f"transaction hash 0x{self.hex(64)}",
            lambda: f"交易哈希：{self.hex(64)}",
            lambda: f"txid {self.hex(64)}",
            lambda: f"我没有泄露私钥。0x{self.hex(64)} 这笔没到账",
            lambda: f"my private key is safe. Transaction 0x{self.hex(64)}",
            lambda: f'{{"transactionHash":"0x{self.hex(64)}"}}',
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
            lambda: f"order number {luhn_completed('4' + self.digits(14))}",
            lambda: f"prices {', '.join(self.digits(4) for _ in range(5))}",
            lambda: f"余额 {self.digits(4)}，{self.digits(3)} 元",
            lambda: f"the error code I received is {self.digits(6)}",
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


def halved(text: str) -> str:
    return f"{text[:20]}-{text[20:]}"


def in_fours_with_commas(text: str) -> str:
    return in_fours(text, "，") if len(text) == 16 else text


def by_its_parts(text: str) -> str:
    """Of an identity number: place, year, day, the rest."""
    return "-".join((text[:6], text[6:10], text[10:14], text[14:]))


def in_fours_over_lines(text: str) -> str:
    return in_fours(text, "\n") if len(text) == 16 else text


def spaced_full_width(text: str) -> str:
    return full_width(in_fours(text))
