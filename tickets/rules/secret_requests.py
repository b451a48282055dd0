"""Does a text ask the customer for a secret? "Please send us your verification code" does; a warning does not.

A sentence asks when a verb of giving reaches a secret's name, with nothing between that turns it: no negation before it
("never send …"), nobody else who asks ("if somebody asks you to send …"), nothing that makes the secret part of another
thing ("the time at which you got the code"). What is entered in the app, sent by us or changed is not asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# Sentences; a colon or a comma ends none.
_SENTENCE = re.compile(r"[^.!?;。！？；\n]+")

_SECRET = re.compile(
    r"\b(?:pass ?words?|pass ?phrase|passcode|pin(?: code| number)?|otp|cvv2?|cvc2?|keystore(?: file)?"
    r"|private key|secret key"
    r"|(?:seed|recovery|secret|backup|mnemonic)(?: (?:phrase|words?))|mnemonics?|12 words|24 words"
    r"|(?:verification|security|one[ -]time|sms|confirmation|authenticat(?:ion|or)|login|log-in|2fa"
    r"|two-factor|otp)[ -]codes?"
    r"|(?:full|complete|whole|entire) (?:bank |credit |debit )?card number)\b",
    re.IGNORECASE,
)
_GIVE = re.compile(
    r"\b(?:send|provide|give|tell|share|forward|submit|supply|disclose|reveal|read out|state|mention"
    r"|confirm|text|e-?mail|upload|attach"
    r"|reply with|respond with|answer with|write (?:us|me|back)|let us (?:know|have)|inform us of"
    r"|what(?:'s| is| are)|may (?:i|we) have|can (?:i|we) have"
    r"|could (?:i|we) have|(?:i|we)(?:'ll| will| would|'d)? (?:also |still |just |only )?(?:need"
    r"|require|want|like))\b(?! you\b| (?:it )?to you)",
    re.IGNORECASE,
)
# Who gives is the customer: told to, asked to, or asked what it is.
_ASKED = re.compile(
    r"^\W*$|\b(?:please|pls|kindly|just|also|then|now|first|simply|must|should|need to|have to|asked?"
    r" (?:you )?to|require you to"
    r"|(?:could|can|would|will|may|might) (?:you|i|we)|and|so|or|to (?:continue|proceed|help|verify"
    r"|confirm|check)[^,]{0,40},?|but)\W*(?:please\W*)?$",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"^(?:what|may|can|could|i\b|we\b|let us|inform us)", re.IGNORECASE)
_NOT = re.compile(
    r"\b(?:not|never|no|nobody|none|nor|without|neither|cannot|won't|don't|doesn't|didn't|can't"
    r"|shouldn't|mustn't|wouldn't|isn't|aren't"
    r"|avoid|refuse|stop|beware|rather than|instead of|unlike)\b|n't\b|\bno need\b",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:scam(?:mer)?s?|fraud\w*|phish\w*|thie(?:f|ves)|criminals?|impost\w*|stranger\w*|anyone"
    r"|anybody|someone|somebody|whoever|if (?:they|he|she)"
    r"|pretend\w*|claim(?:s|ing)? to be|did (?:you|they)|have you|they|who)\b",
    re.IGNORECASE,
)
#: After it the sentence begins anew: "do not worry, please send …".
_ANEW = re.compile(r"\b(?:but|however|please|kindly|then|now)\b|[,，]\s{0,2}(?:and|so)\b", re.IGNORECASE)
_TO_NOBODY = re.compile(r"\bto (?:nobody|no ?one|none)\b", re.IGNORECASE)
#: "What is your PIN" asks for it; "what is a PIN" and "I need a new PIN" do not.
_WHOSE = re.compile(r"\b(?:your|the|full|complete|whole|entire)\b", re.IGNORECASE)
# Between verb and name: the secret is not what is to be given.
_TURNS = re.compile(
    r"\b(?:not|without|never|except|reset|resett\w*|chang\w*|forg[eo]t\w*|receiv\w*|did not|when"
    r"|whether|why|how|where|if|after|before|that|which"
    r"|about|new|error|problem|trouble|enter|type|you|app)\b",
    re.IGNORECASE,
)
_PART_OF_ELSE = re.compile(
    r"\W{0,2}(?:reset|recovery|change|error|failure|problem|issue|page|screen|field|settings?|policy"
    r"|length|hint|has|was|were|did|does|failed"
    r"|expired|delivery|not )\b",
    re.IGNORECASE,
)

_ZH_SECRET = re.compile(
    r"(?:支付|登录|登錄|交易|资金|資金|钱包|錢包|银行卡|动态|動態)?密[码碼]|(?:短信|手机|手機|邮箱|谷歌"
    r"|动态|動態)?(?:验证码|驗證碼|校验码|确认码|动态口令|动态码)"
    r"|助[记記][词詞]|种子词|恢复短语|私[钥鑰]|安全码|(?<![a-z])(?:cvv2?|pin)(?![a-z])码?|口令"
    r"|完整(?:的)?(?:银行)?卡号|卡号(?:全部|完整)",
    re.IGNORECASE,
)
_ZH_GIVE = re.compile(
    r"提供|发送|發送|发给|發給|发来|發來|发过来|发一下|发下|发我|告知|告诉|告訴|回复|回覆|给我们|给我"
    r"|給我們|給我|上传|上傳|报一下|报给|说一下|透露|出示|寄给"
)
_ZH_BACK = re.compile(
    r"[^，,]{0,6}?(?:提供给|提供一下|发给我|发给客服|发到这|发过来|发我|发一下|发下|發給我|告诉我"
    r"|告訴我|告知我|告知一下|给我|給我|回复给|报给我|报一下|是多少|是什么|是什麼|多少)"
)
_ZH_NOT = re.compile(
    r"勿|不要|别|別(?!人)|切莫|莫|不会|不會|不能|不可|不得|不应|不應|不必|无需|無需|不需|不用|从不|從不"
    r"|绝不|絕不|永不|永远不|禁止|谨防|避免|没有必要|无须|不向|拒绝|不索"
)
_ZH_OTHERS = re.compile(
    r"骗子|騙子|诈骗|詐騙|冒充|自称|自稱|有人|任何人|陌生|别人|他人|不法|如有|若有|凡是|一律|是否"
    r"|有没有|您之前|您曾|是否曾|假冒|谁"
)
_ZH_TURNS = re.compile(
    r"收不到|收到|未收|没收|忘记|忘記|忘了|重置|修改|更改|找回|错误|錯誤|失败|输错|輸入|输入|不要|除"
    r"|以外|之外|不含|隐去|遮挡|遮住|打码|给您|給您|到您|向您|您的手机将|会"
)
_ZH_PART_OF_ELSE = re.compile(
    r"[^，,。]{0,4}?(?:错误|錯誤|问题|問題|失败|重置|找回|提示|页面|頁面|失效|过期|過期|收不到|没收到"
    r"|类|的时间|的時間|的手机|的号码|的短信平台|的方式|服务|修改|是否|有效期|长度|保护|设置|遮|隐去|打码|盖住)"
)
#: Before a name that comes first: "忘记密码" is no password.
_ZH_NOT_IT = re.compile(r"收不到|未收|没收|忘记|忘記|忘了|重置|修改|更改|找回|错误|錯誤")
_ZH_ANEW = re.compile(r"但|不过|而是|请(?!勿|不|别|別)|請(?!勿|不|別)|麻烦|烦请")
_CLOSE, _BEFORE = 60, 200


def secret_requests(text: str) -> Iterator[tuple[int, int]]:
    """Where a folded text asks for a secret: from the verb to the end of the secret's name, or from name to verb."""
    if _SECRET.search(text) is None and _ZH_SECRET.search(text) is None:
        return
    for sentence in _SENTENCE.finditer(text):
        for find in (_in_english, _in_chinese, _in_chinese_behind):
            found = find(sentence[0])
            if found is not None:
                yield sentence.start() + found[0], sentence.start() + found[1]
                break


def _in_english(said: str) -> tuple[int, int] | None:
    for verb in _GIVE.finditer(said):
        name = _SECRET.search(said, verb.end(), verb.end() + _CLOSE)
        if name is None:
            continue
        before = said[max(0, verb.start() - _BEFORE) : verb.start()]
        question = _QUESTION.match(verb[0]) is not None
        asked = _WHOSE.search(said, verb.end(), name.end()) if question else _ASKED.search(before)
        if (
            asked is not None
            and not _is_turned(before, _NOT, _OTHERS, _ANEW)
            and not _is_else(said, verb, name)
        ):
            return verb.start(), name.end()
    return None


def _is_else(said: str, verb: re.Match[str], name: re.Match[str]) -> bool:
    """Whether the secret is not what is to be given."""
    between = _TURNS.search(said, verb.end(), name.start())
    behind = _PART_OF_ELSE.match(said, name.end()) or _TO_NOBODY.search(said, name.end(), name.end() + _CLOSE)
    return between is not None or behind is not None


def _in_chinese(said: str) -> tuple[int, int] | None:
    for verb in _ZH_GIVE.finditer(said):
        name = _ZH_SECRET.search(said, verb.end(), verb.end() + _CLOSE // 2)
        if name is None or _ZH_TURNS.search(said, verb.end(), name.start()):
            continue
        before = said[max(0, verb.start() - _BEFORE) : verb.start()]
        turned = _is_turned(before, _ZH_NOT, _ZH_OTHERS, _ZH_ANEW)
        if not turned and _ZH_PART_OF_ELSE.match(said, name.end()) is None:
            return verb.start(), name.end()
    return None


def _in_chinese_behind(said: str) -> tuple[int, int] | None:
    """The name first: "把验证码发给我", "您的密码是多少"."""
    for name in _ZH_SECRET.finditer(said):
        verb = _ZH_BACK.match(said, name.end())
        if verb is None or _ZH_TURNS.search(verb[0]) or _ZH_NOT.search(verb[0]):
            continue
        before = said[max(0, name.start() - _BEFORE) : name.start()]
        if not _is_turned(before, _ZH_NOT, _ZH_OTHERS, _ZH_ANEW) and not _ZH_NOT_IT.search(before[-6:]):
            return name.start(), verb.end()
    return None


def _is_turned(before: str, no: re.Pattern[str], others: re.Pattern[str], anew: re.Pattern[str]) -> bool:
    """Whether what stands before the verb says that it is not to be done, or that somebody else might"
    " ask for it."""
    if others.search(before) is not None:
        return True
    said = list(no.finditer(before))
    return bool(said) and anew.search(before, said[-1].end()) is None
