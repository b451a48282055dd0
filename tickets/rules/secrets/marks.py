"""What stands in a secret's place: ``[removed: card number / 已移除：卡号 411111••••••1111]``.

It is stored in both languages, because one text has many readers: the customer, agents, mails, programs, exports.
Where a page knows its reader, ``in_language`` leaves theirs. No detector takes it for a secret.
"""

from __future__ import annotations

import re

from tickets.rules.secrets.findings import Finding, Kind

#: What each kind is called in a mark: English, Chinese. Stored, therefore no catalogue changes them.
WORDS: dict[Kind, tuple[str, str]] = {
    Kind.MNEMONIC: ("recovery phrase", "助记词"),
    Kind.PRIVATE_KEY: ("private key", "私钥"),
    Kind.KEYSTORE: ("key file of a wallet", "钱包密钥文件"),
    Kind.CARD: ("card number", "卡号"),
    Kind.CARD_CODE: ("security code of a card", "卡片安全码"),
    Kind.ONE_TIME_CODE: ("one-time code", "验证码"),
    Kind.PASSWORD: ("password", "密码"),
    Kind.IDENTITY: ("identity number", "身份证号"),
}
_MARK = re.compile(
    r"\[removed: (?P<english>[a-z -]{4,40}) / 已移除：(?P<chinese>[\u4e00-\u9fff]{2,12})"
    r"(?P<masked>(?: \d{6}•{2,9}\d{4})?)\]"
)


def mark(found: Finding) -> str:
    english, chinese = WORDS[found.kind]
    masked = f" {found.masked}" if found.masked else ""
    return f"[removed: {english} / 已移除：{chinese}{masked}]"


def in_language(text: str, language: str) -> str:
    """The text with its marks in one language, for a reader: ``[已移除：卡号 411111••••••1111]``."""
    if "[removed: " not in text:
        return text
    if language.startswith("zh"):
        return _MARK.sub(r"[已移除：\g<chinese>\g<masked>]", text)
    return _MARK.sub(r"[removed: \g<english>\g<masked>]", text)
