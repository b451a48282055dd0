"""Signatures at the end: below a delimiter, and the line that a telephone adds.

Nothing is a signature for its looks alone: "Kind regards, Li" stays. And below the clearest delimiter nothing
is one that a helpdesk of a wallet must read: an amount, a number of a transaction, a question, a request.
"""

from __future__ import annotations

import re

from tickets.rules.replies.headers import is_delimiter
from tickets.rules.replies.page import MAX_LINE, Kind, Page

MAX_LINES = 12
MAX_LOOK_BACK = 24
MAX_LETTERS = 800
MAX_DRAWN_LINES, MAX_DRAWN_LETTERS, MAX_CONTACT_WORDS = 8, 80, 8
MAX_NAME_LETTERS = 40

_LINK = re.compile(
    r"<[^<>]{0,300}>|\((?:https?:|www\.)[^()]{0,300}\)|\[[^\[\]]{0,80}\](?=\()|(?:https?://|"
    r"www\.)\S{1,300}|\S{1,64}@\S{1,200}"
)
_REGISTERED = re.compile(
    r"\b(?:HRB|HRA|USt|VAT|SIRE[NT]|NIF|NIP|REGON|KvK|Steuernummer|"
    r"ICP备?)\b.{0,30}\d",
    re.I,
)
_PHONE = re.compile(
    r"\+\d|\(\d|(?<!\d)(?:1[3-9]\d{9}|0\d{1,4}[ ./-]\d)|\b(?:t|tel|tél|phone|mobile?|mob|cell|fax|whatsapp|"
    r"telegram|wechat|qq|skype|direct|"
    r"handy|telefon|teléfono|telefone|telefono|móvil|portable|office|hotline|тел|моб)\b|电话|電話|手机|"
    r"手機|微信|传真|傳真|座机|携帯|直通|전화|휴대폰",
    re.I,
)
_AMOUNT = re.compile(
    r"[$€£¥₽₩₺₹฿]\s?\d|\d\s?(?:[$€£¥₽₩₺₹฿]|(?:usdt|usdc|btc|eth|trx|bnb|sol|usd|eur|cny|rmb|hkd|twd|jpy|"
    r"gbp|chf|rub|pln|krw|"
    r"euros?|dollars?|yuan|zł|руб)\b|元|块|塊|円|万|萬|원)|\b(?:usdt|usdc|btc|eth|usd|eur|cny|rmb|hkd|jpy|"
    r"gbp)\s?\d",
    re.I,
)
_REFERENCE = re.compile(
    r"(?:\b(?:tx ?id|tx|hash|order|transaction|payment|transfer|ref|reference|ticket|case|id|uid|iban|"
    r"account|card|amount|"
    r"auftrag|bestellung|transaktion|überweisung|betrag|konto|vorgang|commande|montant|compte|virement|"
    r"pedido|importe|cuenta|"
    r"transferencia|zamówienie|kwota|ordine|importo|pedido|valor|заказ|сумма|счет)\w{0,8}"
    r"|订单|訂單|交易|流水|单号|單號|编号|編號|金额|金額|账号|帳號|账户|帳戶|卡号|卡號|哈希|注文|取引|"
    r"口座|受付)"
    r"[^\w\n]{0,4}(?:(?:no|nr|number|num|id|nummer|numéro|número|号|號|号码|號碼|"
    r"番号)\b)?[^\w\n]{0,4}[a-z]{0,4}[-_]?\d",
    re.I,
)
_IDENTIFIER = re.compile(
    r"\b(?=[a-z0-9]{0,80}\d)(?=\d{0,80}[a-z])[a-z0-9]{14,}\b|"
    r"(?<![\d+])\d{6,}(?!\d)",
    re.I,
)
# A transaction on a chain, as its explorers link it.
_HASH = re.compile(r"(?<![a-z0-9])[a-z0-9]{32,}(?![a-z0-9])", re.I)
_BARE_PHONE = re.compile(r"(?:1[3-9]\d{9})")
_ASKS = re.compile(
    r"[?？¿]|\b(?:p\.? ?s\.?|please|pls|kindly|help|urgent|asap|bitte|hilfe|dringend|s'il vous|svp|"
    r"merci de|aidez|urgence|por favor|ayuda|"
    r"urgente|per favore|aiuto|proszę|pomocy|alstublieft|graag|vänligen|venligst|vennligst|lütfen|"
    r"yardım)\b|пожалуйста|помогите|"
    r"будь ласка|请|請|麻烦|麻煩|帮|幫|求助|尽快|儘快|急|お願い|ください|下さい|助けて|至急|부탁|도와",
    re.I,
)
_CONTACT = re.compile(r"\S@\S|https?://|www\.|\b[\w-]{2,40}\.(?:com|org|net|cn|de|fr|es|jp|io)\b", re.I)
# What a customer of a wallet speaks of, and no signature does.
_MATTER = re.compile(
    r"\b(?:not|never|still|don't|doesn't|didn't|can't|cannot|won't|isn't|hasn't|waiting|when|where|why|"
    r"money|wallet|balance|card|account|payment|"
    r"withdraw\w*|deposit\w*|transfer\w*|refund\w*|recharge\w*|top-?up|blocked|frozen|locked|stolen|lost|"
    r"fraud\w*|scam\w*|hacked|password|code|login|"
    r"fee|fees|paid|charged|failed|pending|missing|received|arrived|cancel\w*|close|unlock\w*|verif\w*|"
    r"nicht|noch|kein\w*|geld|karte|konto|gesperrt|überwiesen|überweisung|guthaben|warte|wann|warum|"
    r"pas|toujours|jamais|argent|carte|compte|bloqué\w*|virement|remboursement|quand|pourquoi|"
    r"aún|todavía|nunca|dinero|tarjeta|cuenta|bloquead\w*|transferencia|reembolso|cuándo|dinheiro|cartão|"
    r"conta|soldi|carta|bloccat\w*|rimborso|"
    r"не|ещё|еще|деньги|карта|счёт|счет|перевод|возврат|гроші|картка|рахунок|nie|pieniądze|karta|niet|nog|"
    r"geld|rekening|ikke|inte|pengar|penger|penge|konto)\b"
    r"|[没沒未不吗嗎呢钱錢款账賬帳卡冻凍退充]|提现|提現|转出|轉出|到|ない|ません|まだ|届|お金|残高|カード|"
    r"口座|入金|出金|返金|凍結|안|못|없|돈|카드|계좌|환불|입금|출금",
    re.I,
)


# Who tells that something is so, or new, signs nothing.
_TELLS = re.compile(
    r"\b(?:is|are|was|my|new|changed|instead|ist|mein\w*|neue?[rsmn]?|est|mon|nouve\w+|es|mi|nuev\w+|meu|minha|novo|nova|"
    r"mio|mia|nuov\w+|mijn|nieuwe?)\b|[是我]|新的|改[为成]|更改|変更|新しい|です|ます",
    re.I,
)


def signature_start(page: Page, start: int, end: int) -> int | None:
    """The delimiter of a signature that ends before ``end``, no line of which is above ``start``."""
    below: list[str] = []
    for at in range(end - 1, max(start, end - MAX_LOOK_BACK) - 1, -1):
        line = page.plain[at]
        if page.kinds[at] is Kind.QUOTE or len(line) > MAX_LINE or len(below) > MAX_LINES:
            return None
        if at == end - 1 and is_delimiter(line) and line != "--":
            # A frame is closed as it was opened.
            continue
        if line and is_delimiter(line):
            # Below a quotation a line drawn by anybody is the end of what was written.
            clear = (line == "--" and (start > 0 or page.raw[at] == "-- ")) or (
                start > 0 and _is_underline(line)
            )
            return at if _signs(line, below, clear) else None
        if line:
            below.append(line)
    return None


def has_facts(lines: list[str]) -> bool:
    """Whether there is an amount, a reference or a number that is none of a telephone's."""
    return any(_has_fact(line) for line in lines)


def speaks_of_matter(line: str) -> bool:
    return bool(_MATTER.search(line))


def asks(lines: list[str]) -> bool:
    return any(_ASKS.search(line) for line in lines)


def without_links(line: str) -> str:
    return _LINK.sub(" ", line)


def _has_fact(line: str) -> bool:
    if _HASH.search(line):
        return True
    line = without_links(line)
    if _AMOUNT.search(line) or _REFERENCE.search(line):
        return True
    found = _IDENTIFIER.search(line)
    if not found or _BARE_PHONE.fullmatch(found.group()) or _REGISTERED.search(line):
        return False
    return bool(re.search("[a-z]", found.group(), re.I)) or not _PHONE.search(line)


def _signs(delimiter: str, below: list[str], clear: bool) -> bool:
    """Whether the lines below the delimiter are a signature; ``clear``: unless they say something."""
    if sum(map(len, below)) > MAX_LETTERS or has_facts(below) or asks(below):
        return False
    if any(_MATTER.search(without_links(line)) for line in below):
        return False
    if clear:
        return True
    if any(map(_TELLS.search, below)):
        return False
    if len(below) > MAX_DRAWN_LINES or any(len(line) > MAX_DRAWN_LETTERS for line in below):
        return False
    return any(map(_is_contact, below)) or (delimiter == "--" and all(map(_is_name, below)))


def _is_underline(line: str) -> bool:
    """As mailing lists and Outlook draw it."""
    return len(line) > 4 and not line.strip("_")


def _is_name(line: str) -> bool:
    return len(line) <= MAX_NAME_LETTERS and not line.endswith((".", "!", "。", "！", ":", "：", ","))


def _is_contact(line: str) -> bool:
    """A way to reach somebody and little beside."""
    reaches = bool(_CONTACT.search(line)) or (bool(_PHONE.search(line)) and bool(re.search(r"\d", line)))
    return reaches and len(without_links(line).split()) <= MAX_CONTACT_WORDS
