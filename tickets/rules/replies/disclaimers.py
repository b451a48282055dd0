"""Paragraphs at the end that say a mail is confidential, in many words of a few kinds.

Such a paragraph speaks of the mail itself, "this message", and of two of three: who may read it, secrecy, what a
wrong reader must do, where it also says "if you". No person speaks of all that; who says "I", asks
something, or speaks of money or of our people is a person.
"""

from __future__ import annotations

import re

from tickets.rules.replies.headers import is_delimiter
from tickets.rules.replies.page import Kind, Page
from tickets.rules.replies.signatures import has_facts

MAX_PARAGRAPH_LINES = 40
MAX_LETTERS = 5000
MIN_LETTERS = 60
MIN_HAN_LETTERS = 24

_MEDIUM = re.compile(
    r"e-?mail|\bmessage|transmission|nachricht|courriel|mensaje|correo|mensagem|messaggio|bericht|"
    r"meddeland|melding|meddelelse|wiadomoś|сообщени|письм|"
    r"лист|повідомлен|ileti|e-posta|mesaj|communication|邮件|郵件|信件|电邮|電郵|メール|메일|메시지",
    re.I,
)
_READER = re.compile(
    r"recipient|addressee|intended for|empfänger|adressat|destinatair|destinatari|destinatári|"
    r"geadresseerde|ontvanger|mottagare|mottaker|modtager|"
    r"adresat|odbiorc|адресат|получател|одержувач|отримувач|alıcı|muhatab|收件人|收件者|接收人|接收者|"
    r"收信人|受信者|宛先|受取人|수신인|수신자|"
    r"(?:intended|authorized|authorised) (?:solely|only)|solely for|exclusively for|esclusivamente|exclusivement|"
    r"exclusivamente|ausschließlich|uitsluitend|仅限|仅供|僅供|僅限",
    re.I,
)
_SECRET = re.compile(
    r"confidential|privileged|proprietary|vertraulich|geschützt|confidentiel|confidencial|riservat|"
    r"confidenzial|vertrouwelijk|konfidenti|fortrolig|poufn|"
    r"конфиденциал|конфіденційн|gizli|机密|機密|保密|秘密|보안|기밀|비밀",
    re.I,
)
_WRONG = re.compile(
    r"in error|by mistake|delete|destroy|unauthori[sz]ed|prohibited|notify the sender|irrtümlich|"
    r"vernichten|löschen|unbefugt|par erreur|détrui|supprim|interdit|"
    r"por error|elimin|destru|prohibid|por engano|apag|proibid|per errore|cancell|vietat|per ongeluk|"
    r"onterecht|verwijder|av misstag|radera|ved en feil|slett|"
    r"ved en fejl|slet|omyłk|usun|usuń|по ошибке|удалит|помилков|видал|yanlışlıkla|silin|错误|誤|误|删除|"
    r"刪除|披露|传播|散布|複製|复制|禁止|削除|破棄|삭제|잘못",
    re.I,
)
_THIS = re.compile(
    r"(?:\b(?:this|these|(?:information|contents?|communication) (?:\w+ )?(?:in|of)|(?:above|attached|following)|"
    r"diese[rsmn]?|der inhalt|die in|inhalt|ce|cet|cette|ces|présente?|este|esta|estos|presente|quest[oaie]|"
    r"dit|deze|detta|denne|dette|det här|ta|ten|niniejsz\w*|treść|эт\w+|данн\w+|настоящ\w+|це[йя]?|цього|bu|işbu)\b"
    rf"|本|此|该|該|这|這|この|当|이|본)[^.。]{{0,60}}?(?:{_MEDIUM.pattern})"
    r"|^\W*(?:e-?mail )?(?:confidential|vertraulich|confidencial|confidentiel|riservat|机密|機密)",
    re.I,
)
_IF = re.compile(
    r"\b(?:if you|if (?:the reader|received)|should you|unless you|anyone|any (?:other|unauthori[sz]ed|disclosure|use)|"
    r"sollten sie|wenn sie|falls sie|(?:haben|sind) sie|si vous|s['’]il|toute|"
    r"si (?:lo |usted|ha|no|recib)|caso|se (?:você|não|avete|"
    r"lei|non|ha)|qualora|indien|als u|om du|hvis du|jeśli|jeżeli|если|якщо|eğer)\b"
    r"|如果?您|如果?你|若您|若你|如非|若非|倘若|如有误|错收|誤收|任何|場合|경우",
    re.I,
)
_OURS = re.compile(
    r"\b(?:wallet|balance|cards?|payments?|paid|refund\w*|deposit\w*|withdraw\w*|money|fees?|another customer|your "
    r"(?:agent|team|staff|support|company|app|colleague)|agent|geld|karte|konto|guthaben|überweisung|erstattung|"
    r"argent|carte|solde|virement|remboursement|dinero|tarjeta|saldo|reembolso|cartão|rimborso|bonifico)\b"
    r"|钱包|錢包|余额|餘額|到账|到帳|充值|提现|提現|转账|轉帳|退款|银行卡|客服|你们|你們|残高|返金|入金|出金|口座",
    re.I,
)
_PERSON = re.compile(
    r"\b(?:I|I'm|my|mine|ich|mein\w*|mich|mir|je|j'ai|mon|mes|yo|mi|mis|eu|meu|minha|io|mio|mia|ik|mijn|"
    r"jag|jeg|mój|moje|я|мой|моя|мне|мій)\b|我的|我(?![司们們])|私|僕|[?？]"
)
_HEADING = re.compile(
    r"\W*(?:legal |e-?mail |confidentiality )?(?:disclaimer|confidentiality(?: notice| note)?|notice|"
    r"haftungsausschluss|vertraulichkeitshinweis|avertissement|"
    r"aviso legal|avis de confidentialité|aviso de confidencialidad|avviso di riservatezza|免责声明|"
    r"免責聲明|保密声明|保密聲明|声明|聲明|注意|機密保持|免責事項)\W*",
    re.I,
)


def disclaimer_start(page: Page, start: int, end: int) -> int | None:
    """The first line of a disclaimer that ends before ``end``, no line of which is before ``start``."""
    first = end
    while first > start and end - first < MAX_PARAGRAPH_LINES and page.kinds[first - 1] is Kind.TEXT:
        first -= 1
    if first > start and page.kinds[first - 1] is Kind.TEXT:
        return None
    lines = page.plain[first:end]
    while lines and is_delimiter(lines[-1]):
        lines = lines[:-1]
    while lines and (is_delimiter(lines[0]) or _HEADING.fullmatch(lines[0][:80])):
        lines = lines[1:]
    if not _disclaims(lines):
        return None
    return _with_heading(page, start, first)


def _disclaims(lines: list[str]) -> bool:
    letters = sum(map(len, lines))
    if not lines or letters > MAX_LETTERS:
        return False
    text = " ".join(lines).replace("’", "'")
    enough = MIN_HAN_LETTERS if re.search("[\u3040-\u9fff\uac00-\ud7af]", text) else MIN_LETTERS
    if letters < enough or _PERSON.search(text) or _OURS.search(text) or not _THIS.search(text):
        return False
    reader, secret, wrong = (bool(kind.search(text)) for kind in (_READER, _SECRET, _WRONG))
    speaks = (secret and reader) or (wrong and (secret or reader) and bool(_IF.search(text)))
    return speaks and not has_facts(lines)


def _with_heading(page: Page, start: int, first: int) -> int:
    """A heading or a line drawn above goes with it."""
    for at in range(first - 1, max(start, first - 5) - 1, -1):
        line = page.plain[at]
        if line and not is_delimiter(line) and not _HEADING.fullmatch(line[:80]):
            break
        if line:
            first = at
    return first
