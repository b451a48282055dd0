"""Lines that programs add below a mail: "Sent from my iPhone", virus scanners, "consider the environment"."""

from __future__ import annotations

import re

from tickets.rules.replies.signatures import asks, has_facts, speaks_of_matter, without_links

MAX_ADDED = 160
MAX_THING = 70
MAX_THING_WORDS = 9

#: "{}" is a device or a program, "[]" a program only: "Get …" could be a wish. One row a language; "/" divides.
_ADDED = {
    "en": "sent from my {}/sent from {}/sent via {}/sent using {}/sent with {}/sent by {}/sent on {}/"
    "composed on {}/typed on my {}/"
    "get []/download []",
    "zh": "发自我的{}/发自{}/从我的{}发送/从{}发送/来自我的{}/签名由{}定制/来自[]/发送自我的{}/发送自{}/"
    "由{}发送/通过{}发送/获取[]/下载[]/"
    "發自我的{}/發自{}/從我的{}傳送/從{}傳送/來自我的{}/來自[]/傳送自我的{}/傳送自{}/寄自我的{}/寄自{}/"
    "由{}傳送/取得[]/下載[]/"
    "從我的{}寄出/从我的{}发出",
    "ja": "{}から送信/{}から送信されました/私の{}から送信/{}で送信/[]を入手/"
    "{}から送信しました/{}を使って送信/[]をダウンロード",
    "ko": "나의{}에서 보냄/내{}에서 보냄/{}에서 보냄/{}에서 보냈습니다/{}에서 전송됨/[]다운로드/[]받기",
    "de": "von meinem {} gesendet/gesendet von meinem {}/gesendet von {}/gesendet mit {}/von {} gesendet/"
    "gesendet über {}/"
    "gesendet mit meinem {}/mit meinem {} gesendet/meine nachricht wurde von {} gesendet/"
    "diese nachricht wurde von meinem {} gesendet/von meinem {} versendet/gesendet aus {}/"
    "holen sie sich []/[] herunterladen/[] beziehen/[] abrufen/[] holen/"
    "von meinem {} aus gesendet/diese nachricht wurde mit {} gesendet",
    "fr": "envoyé de mon {}/envoyé depuis mon {}/envoyé de {}/envoyé depuis {}/envoyé à partir de {}/"
    "envoyé à partir d'{}/"
    "envoyé d'{}/envoyé avec {}/envoyé via {}/envoyé par {}/télécharger []/obtenir []/provenance : {}/"
    "obtenez []",
    "es": "enviado desde mi {}/enviado desde {}/enviado de mi {}/enviado con {}/enviado mediante {}/"
    "enviado vía {}/"
    "enviado por {}/obtener []/descargar []/obtén []",
    "pt": "enviado do meu {}/enviado de meu {}/enviado do {}/enviado via {}/enviado a partir do meu {}/"
    "enviado pelo {}/"
    "enviada do meu {}/enviado a partir do {}/enviado de {}/obter o []/obtenha o []/baixar o []/obter []",
    "it": "inviato da {}/inviato dal mio {}/inviato dall'{}/inviato con {}/inviato tramite {}/"
    "inviato dal {}/scarica []/"
    "ottieni []",
    "nl": "verzonden vanaf mijn {}/verstuurd vanaf mijn {}/verzonden vanaf {}/verstuurd vanaf {}/"
    "verzonden met {}/"
    "verstuurd met {}/verzonden via {}/[] downloaden/download []/[] ophalen/verzonden van mijn {}",
    "sv": "skickat från min {}/skickat från {}/skickat med {}/skickat från mitt {}/skickades från {}/"
    "skickat via {}/hämta []",
    "no": "sendt fra min {}/sendt fra {}/sendt med {}/sendt fra mitt {}/sendt via {}/skaff deg []/"
    "hent []/få []",
    "fi": "lähetetty {}/hanki []",
    "pl": "wysłane z {}/wysłano z {}/wysłane przez {}/wysłano przez {}/wysłane za pomocą {}/pobierz []/"
    "uzyskaj []",
    "cs": "odesláno z {}/odoslané z {}/odoslané z môjho {}/odesláno pomocí {}/stáhnout []/získat []",
    "ru": "отправлено с {}/отправлено из {}/отправлено через {}/получить []/скачать []/загрузить []",
    "uk": "надіслано з {}/відправлено з {}/надіслано через {}/отримати []/завантажити []",
    "tr": "{} gönderildi/[] edinin/[] indirin",
    "hu": "elküldve {}/{} küldve",
    "vi": "đã gửi từ {}/được gửi từ {}/tải []",
    "id": "dikirim dari {}/dikirim melalui {}/dapatkan []",
}
_PROGRAM = (
    r"outlook|yahoo|ymail|gmail|hotmail|\baol\b|icloud|proton|thunderbird|bluemail|blue mail|\bspark\b|mailbird|"
    r"nine|aqua ?mail|k-9|typeapp|"
    r"fairemail|tutanota|\bgmx\b|web\.de|t-online|freenet|\borange\b|zoho|fastmail|foxmail|superhuman|yandex|"
    r"mail\.ru|naver|daum|windows|"
    r"messenger|mailspring|qq邮箱|qq信箱|网易(?:邮箱|灵犀)|網易郵箱|新浪邮箱|搜狐邮箱|"
    r"阿里邮箱|企业微信|钉钉|飞书|coremail|\b\d{3}邮箱|ドコモ ?メール|docomo ?mail|"
    r"ソフトバンク ?メール|\bau ?メール|楽天メール|"
    r"\be?-?mail[ -]?app\b"
)
_DEVICE = (
    r"i-?phone|ipad|ipod|macbook|\bmac\b|apple watch|android|\bios\b|blackberry|samsung|galaxy|huawei|"
    r"xiaomi|redmi|oppo|\bvivo\b|\bhonor\b|"
    r"oneplus|\bpixel\b|realme|nokia|motorola|\bmoto\b|xperia|\blg\b|\bhtc\b|lumia|mobile?\b|mobiltelefon|"
    r"mobilgerät|smartphone|phone\b|"
    r"handy|telefon|téléphone|teléfono|móvil|telefone|telemóvel|celular|cellulare|telefoon|tablet|puhelime|"
    r"мобильн|телефон|смартфон|"
    r"手机|手機|平板|安卓|华为|華為|小米|荣耀|榮耀|三星|苹果|蘋果|携帯|スマホ|スマートフォン|휴대폰|"
    r"스마트폰|갤럭시|아이폰"
)
_KNOWN_PROGRAM = re.compile(_PROGRAM)
_KNOWN_THING = re.compile(f"{_PROGRAM}|{_DEVICE}")
# What makes a sentence of it.
_TELLS = re.compile(
    r"\b(?:is|was|are|were|be|to|but|so|because|then|than|that|if|has|have|yesterday|today|ist|war|aber|your|old|new|number|"
    r"weil|est|mais|es|pero|porque)\b"
    r"|[的了是在我你您转轉银銀请問问有号號,，。;；:：?!？！]|\d{5}"
)
_SORRY = re.compile(
    r"[.,;:–—-]+ ?(?:please,? |kindly |bitte |por favor,? |s'il vous plaît,? )?"
    r"(?:sorry|excuse|pardon|forgive|apologies|entschuldig|"
    r"désolé|disculp|perdon)\D{0,80}$"
)
_SLOGAN = re.compile(
    r" ?, (?:the|your|a|an) [^\d,.!?]{0,40}\b(?:e-?mail|mail|app|inbox|client)\b[^\d,.!?]{0,30}$"
)
_CARRIER = re.compile(
    r"\b(?:verizon(?: wireless)?|at&t|t-mobile|sprint|vodafone|o2|telekom|orange|rogers|bell), "
)
_PRINTED = re.compile(
    r"virus-?free\.?|(?:this|diese|cet|este) (?:e-?mail|mail|message|nachricht|correo) (?:has been|was|"
    r"wurde|a été|ha sido) "
    r"(?:checked for|auf|scanned|analysé|comprobado).{0,60}(?:virus|viren|avast|avg|antivirus).{0,60}"
    r"|(?:please )?(?:consider|think about|think of) (?:the|our) environment before printing.{0,40}"
    r"|(?:bitte )?denken sie (?:bitte )?an die umwelt.{0,80}|pensez à l'environnement.{0,80}"
    r"|(?:antes de imprimir|piensa en el medio).{0,100}"
    r"|(?:请|請)?(?:在打印|列印|打印)前.{0,20}(?:环境|環境|环保|環保).{0,20}|garanti sans virus\.?|"
    r"libre de virus\.?|virenfrei\.?|"
    r"无病毒。?|yahoo mail: search, organi[sz]e, conquer|sent securely from .{3,30}"
)
_LABELLED = re.compile(r"\[([^\[\]]{1,80})\]\((?:https?:|www\.)[^()\s]{0,300}\)")
_AROUND = " \t*_-–—~.。!！|()[]"


def _templates() -> list[tuple[str, str, re.Pattern[str]]]:
    """What stands before and after the thing, and what things may stand there."""
    found = []
    for template in "/".join(_ADDED.values()).split("/"):
        known = _KNOWN_PROGRAM if "[]" in template else _KNOWN_THING
        before, _, after = template.replace("[]", "{}").partition("{}")
        found.append((before, after, known))
    return found


_TEMPLATES = _templates()


def is_added(line: str) -> bool:
    """Whether a program wrote this line by itself."""
    if len(line) > MAX_ADDED * 3:
        return False
    line = without_links(_LABELLED.sub(r"\1", line)).replace("’", "'")
    # Its mark of exclamation is a name's.
    said = " ".join(line.split()).strip(_AROUND).casefold().replace("yahoo!", "yahoo")
    if not said or len(said) > MAX_ADDED or has_facts([line]):
        return False
    if _PRINTED.fullmatch(said):
        return True
    said = _CARRIER.sub("", _SLOGAN.sub("", _SORRY.sub("", said)))
    return any(_is_thing(said, *template) for template in _TEMPLATES)


def _is_thing(said: str, before: str, after: str, known: re.Pattern[str]) -> bool:
    if not (said.startswith(before) and said.endswith(after)):
        return False
    thing = said[len(before) : len(said) - len(after)].strip(" ,")
    if not 1 < len(thing) <= MAX_THING or len(thing.split()) > MAX_THING_WORDS or not known.search(thing):
        return False
    # "Samsung Galaxy S6, an AT&T 4G LTE smartphone"
    thing = thing.replace(", an ", " ").replace(", a ", " ")
    return not (_TELLS.search(thing) or speaks_of_matter(thing) or asks([thing]))
