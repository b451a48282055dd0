"""Subjects by which machines say that somebody is away, in the languages of our customers."""

from __future__ import annotations

import re
import unicodedata

#: A subject is a line; what is longer is not looked at to its end.
_MAX = 300
_WORDS = "|".join(
    [
        r"automatic reply|auto[- ]?reply|automatic response|auto[- ]?response|autoresponse|autoresponder",
        r"out of (?:the )?office(?: auto-?reply| reply| notice| message)?|vacation (?:reply|message|response)",
        r"自动回复|自動回復|自動回覆|自动答复|自動答覆|自动应答|休假自动回复|外出自动回复|不在办公室",
        r"自動返信(?:メール)?|自動応答|自動返答|不在通知|不在の(?:お知らせ|ご連絡)|不在応答",
        r"automatische (?:antwort|abwesenheitsnotiz)|abwesenheits(?:notiz|meldung|nachricht|assistent)|abwesend",
        r"r[ée]ponse automatique|absence du bureau|absent(?:e|\(e\))? du bureau|(?:message|notification) d['’]absence",
        r"respuesta autom[áa]tica|fuera de (?:la )?oficina|ausente de la oficina|aviso de ausencia",
        r"resposta autom[áa]tica|fora do escrit[óo]rio|risposta automatica|fuori (?:sede|ufficio)",
        r"automatisch antwoord|automatische beantwoording|afwezigheids(?:bericht|melding)",
        r"automatiskt? svar|autosvar|automaattinen vastaus|sjálfvirkt svar",
        r"odpowied[źz] automatyczna|automatyczna odpowied[źz]|automatick[áa] odpov[ěe][dď]|automatikus v[áa]lasz",
        r"r[ăa]spuns automat|автоматический ответ|автоответ|автоматична відповідь|автовідповідь|αυτόματη απάντηση",
        r"otomatik (?:yanıt|cevap)|자동 ?(?:회신|응답|답장)|부재 ?중(?: ?알림)?|trả lời tự động|balasan otomatis",
        r"jawapan automatik|(?:การ)?ตอบกลับอัตโนมัติ|رد تلقائي|תשובה אוטומטית|תגובה אוטומטית",
    ]
)
_SAYS_SO = re.compile(rf"(?:{_WORDS})\s?(?::|$)|[\[(【](?:{_WORDS})[\])】]")
# Notes puts the whole of it into the subject.
_NOTES_SAYS_SO = re.compile(
    r"auto: .{1,80}?(?:\b(?:is out of (?:the )?office|ausser haus|nicht im b[üu]ro"
    r"|absent|ausente|fuori sede|afwezig)\b|不在"
    r"|\((?:returning|r[üu]ckkehr|(?:de )?retour|regres|rientr|terug)\b)"
)
_BEGINS_SO = re.compile(rf"[\[(【]?(?:{_WORDS})")


def says_absent(subject: str) -> bool:
    """At the beginning, and cut off from what follows: "自动回复太慢了" complains about automatic replies."""
    folded = _folded(subject)
    return _SAYS_SO.match(folded) is not None or _NOTES_SAYS_SO.match(folded) is not None


def may_say_absent(subject: str) -> bool:
    """It begins with such words, but goes on as a sentence might."""
    return _BEGINS_SO.match(_folded(subject)) is not None


def _folded(subject: str) -> str:
    """Half-width signs, small letters, one space; accents put together."""
    return " ".join(unicodedata.normalize("NFKC", subject[:_MAX]).casefold().split()).replace("‘", "'")
