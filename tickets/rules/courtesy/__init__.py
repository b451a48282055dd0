"""Is a customer's message a mere thank-you, an automatic mail, or does it ask for an answer?

A thank-you must not start a clock. But a customer whose fear is taken for a thank-you waits for ever, so whatever
is in doubt has substance. No sentence is looked for that would be "thanks": a grammar of phrases takes away what is
courtesy, and what remains, be it one word, a number or a question mark, is substance.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain

from tickets.choices import Nature
from tickets.rules.courtesy import absence_chinese, absence_english, chinese, english
from tickets.rules.courtesy.grammar import Part
from tickets.rules.courtesy.layout import MAX_LINES, own_lines, without_signature
from tickets.rules.intake import MAX_BODY

#: Nobody says thank you at such length.
MAX_OWN = 800

ENGLISH = [*english.GRAMMAR, *absence_english.GRAMMAR]
CHINESE = [*chinese.GRAMMAR, *absence_chinese.GRAMMAR]

# Quotation marks are none of these: “help” in quotation marks is not meant. Nor are question marks.
_BETWEEN = re.compile(r"[\s,.!;:~\-_()\[\]*/&、。【】·•—–]+")
_SAD = re.compile(r"[:;=]['-]*[(/\\|\[@<]|-_+-|=_+=|\)[:;]")
_PICTURES = re.compile(
    "[🙏👍👌😊😀😃😄😁☺😉😍🥰😘❤♥💕💖💗💙💚💛🧡💜🤝🌹💐🌸🌺🎉🥳👏✌🤗😇💪⭐🌟✨✅🫶🫡🙇☕🍀🎊🤩😆🌷🌻🌈☀😋🤞💯✔👋🥹😻🎈💝💞]+"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|(?<=🙇)[♀♂]")
# What makes a sentence of ours a question or a request.
_ASKING = re.compile(
    r"[?？]|请问|是否|能否|可否|有没有|是不是|(?:吗|呢)[\s。.!！~～…)）\"”’']*$"
    r"|(?:请|麻烦|烦请|需要|辛苦)(?:您|你)?[^。，,]{0,12}?(?:提供|确认|告知|告诉|回复|发送|发来|补充|上传|说明|描述|选择|核对|发一|发给|发下)"
    r"|\b(?:please|kindly|pls)(?:,? (?:also|kindly|just|first|then))? (?:confirm|tell|let (?:us|me) know|send|provide|"
    r"reply|answer|share|give|upload|attach|check|verify|specify|describe|choose|state)\b"
    r"|^\W*(?:could|can|would|will|did|do|have|are) you\b|^\W*(?:which|what|when|where|who|how) (?:is|are|was|were|"
    r"did|do|does|much|many)\b",
    re.I,
)
# Offers of more help are put like questions; thanks for them are mere thanks.
_OFFER = re.compile(
    r"\b(?:anything|something) (?:else|more|further)\b|\bfeel free\b|\bhesitate\b"
    r"|\b(?:any|more|other|further|additional) (?:more |other |further )?"
    r"(?:questions?|queries|help|concerns?|doubts?|assistance|support)\b"
    r"|\b(?:if|should) you\b.* (?:problem|issue|trouble)s?\b"
    r"|(?:还|仍|再)(?:有|需要)[^。？?！!]{0,16}(?:问题|疑问|需要|需求|帮|协助)|(?:其他|其它|别的)(?:问题|疑问|需要|需求)"
    r"|(?:如果?|若|要是|倘若)[^。？?！!]{0,8}(?:疑问|问题|需要|需求|帮助)|随时(?:联系|回复|告知|告诉|咨询|留言)",
    re.I,
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[!-~]+", re.I)
_SENTENCE = re.compile(r"[^。.!！?？;；\n]+[。.!！?？;；]*")
_LETTER_AGAIN = re.compile(r"([a-z])\1{2,}")
_PLAIN_MARKS = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "～": "~"})
_SIMPLIFIED = str.maketrans(
    "協謝們幫處覆復時間員專業熱對沒問題點讚樂順開節體萬請煩親愛見認應還錢賬帳經決這樣個給為級實誠摯貴團隊師導關懷週該曬喲囉嘍歡運"
    "闔興發財進禮麼詳細釋說講訴溫譜優質負責態滿錯厲現終於錄確臉擾費勞國慶聖誕聯係繫無來電話辦離後會儘將屆回與單編號郵訊內務"
    "緊絡撥機見諒閱聽處長產婚參難當過動環衛蹤裡裏買賣選長讓嗎從計劃達華麗廣極顧問頓",
    "协谢们帮处复复时间员专业热对没问题点赞乐顺开节体万请烦亲爱见认应还钱账账经决这样个给为级实诚挚贵团队师导关怀周该晒哟啰喽欢运"
    "阖兴发财进礼么详细释说讲诉温谱优质负责态满错厉现终于录确脸扰费劳国庆圣诞联系系无来电话办离后会尽将届回与单编号邮讯内务"
    "紧络拨机见谅阅听处长产婚参难当过动环卫踪里里买卖选长让吗从计划达华丽广极顾问顿",
)


def nature_of(text: str, *, names: Iterable[str] = ()) -> Nature:
    """What kind of message this is. ``names`` are those of brand, agent and customer, which a thank-you may hold."""
    if len(text) > MAX_BODY:
        return Nature.SUBSTANCE
    lines = own_lines(text)
    if len(lines) > MAX_LINES or sum(map(len, lines)) > MAX_OWN:
        return Nature.SUBSTANCE
    known = frozenset(name.casefold().strip() for name in names if len(name.strip()) > 1)
    own = "\n".join(without_signature(lines, known))
    return _nature(_parts(_folded(own, known)))


def asks(text: str) -> bool:
    """Whether a message of ours wants an answer: then "OK" is one. What is quoted in it is none of its questions.

    As long ones are seldom read to the end by machines either, those count as asking.
    """
    lines = own_lines(text)
    if len(lines) > MAX_LINES:
        return True
    sentences = _SENTENCE.findall(_ADDRESS.sub(" ", "\n".join(lines)))
    return any(_ASKING.search(said) and not _OFFER.search(said) for said in map(str.strip, sentences))


def _nature(parts: set[Part] | None) -> Nature:
    """From the parts of a message, None when there was more to it."""
    if parts is None:
        return Nature.SUBSTANCE
    hints = parts & {Part.LABEL, Part.WILL_REPLY, Part.BESIDE_MACHINE}
    labelled = Part.LABEL in hints and len(hints) > 1
    if Part.MACHINE in parts or labelled or {Part.RECEIVED, Part.WILL_REPLY} <= parts:
        return Nature.AUTOMATIC
    if hints:
        return Nature.SUBSTANCE
    return Nature.THANKS if parts & {Part.COURTESY, Part.RECEIVED} else Nature.SUBSTANCE


def _parts(text: str) -> set[Part] | None:
    """Takes away the longest phrase that fits, again and again; None as soon as none does."""
    if _SAD.search(text):
        return None
    found: set[Part] = set()
    at = 0
    while at < len(text):
        if pictures := _PICTURES.match(text, at):
            found.add(Part.COURTESY)
            at = pictures.end()
            continue
        part, end = max(_phrases_at(text, at), key=lambda phrase: phrase[1], default=(None, at))
        if part and end > at:
            found.add(part)
            at = end
        elif between := _BETWEEN.match(text, at):
            at = between.end()
        else:
            return None
    return found


def _phrases_at(text: str, at: int) -> Iterable[tuple[Part, int]]:
    """What fits here. Letters begin English phrases, Chinese characters Chinese ones, digits and signs either."""
    first = text[at]
    english = ENGLISH if first.isascii() else []
    chinese = [] if first.isascii() and first.isalpha() else CHINESE
    for part, pattern in chain(english, chinese):
        if phrase := pattern.match(text, at):
            yield part, phrase.end()


def _folded(text: str, names: frozenset[str]) -> str:
    """One manner of writing: half-width, lower case, simplified, one space, no letter three times in a row."""
    text = unicodedata.normalize("NFKC", text.translate(_PLAIN_MARKS)).casefold()
    text = _INVISIBLE.sub("", text.translate(_SIMPLIFIED)).replace("\u200d", "")
    text = _LETTER_AGAIN.sub(r"\1", " ".join(text.split()))
    for name in sorted(names, key=len, reverse=True):
        written = " ".join(unicodedata.normalize("NFKC", name).translate(_SIMPLIFIED).split())
        text = re.sub(rf"(?<![a-z0-9]){re.escape(written)}(?![a-z0-9])", "亲", text)
    return text
