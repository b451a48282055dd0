"""Lines that programs add below a mail: "Sent from my iPhone", virus scanners, "consider the environment"."""

from __future__ import annotations

import re

from tickets.rules.replies.signatures import has_facts, without_links

MAX_ADDED = 160

#: "{}" is a device or a program. One row a language; "/" divides them.
_ADDED = {
    "en": "sent from my {}/sent from {}/sent via {}/sent using {}/sent with {}/sent by {}/sent on {}/sent from my {} using {}/"
    "sent from my {} with {}/get {}/sent from a {}/composed on {}/typed on my {}",
    "zh": "发自我的 {}/发自 {}/从我的 {} 发送/从 {} 发送/来自我的 {}/来自 {}/发送自我的 {}/发送自 {}/由 {} 发送/通过 {} 发送/获取 {}/下载 {}/"
    "發自我的 {}/發自 {}/從我的 {} 傳送/從 {} 傳送/來自我的 {}/來自 {}/傳送自我的 {}/傳送自 {}/寄自我的 {}/寄自 {}/由 {} 傳送/取得 {}/從我的 {} 寄出",
    "ja": "{} から送信/{} から送信されました/私の {} から送信/{} で送信/{} を入手/{} から送信しました/{} を使って送信",
    "ko": "나의 {} 에서 보냄/내 {} 에서 보냄/{} 에서 보냄/{} 에서 보냈습니다/{} 에서 전송됨/{} 다운로드/{} 받기",
    "de": "von meinem {} gesendet/gesendet von meinem {}/gesendet von {}/gesendet mit {}/gesendet mit der {}/von {} gesendet/"
    "gesendet über {}/diese nachricht wurde von meinem {} gesendet/diese nachricht wurde von meinem {} mit {} gesendet/"
    "{} herunterladen/holen sie sich {}/von unterwegs gesendet/von meinem {} versendet/gesendet aus {}",
    "fr": "envoyé de mon {}/envoyé depuis mon {}/envoyé de {}/envoyé depuis {}/envoyé à partir de {}/envoyé à partir de mon {}/"
    "envoyé avec {}/envoyé via {}/télécharger {}/obtenir {}/provenance : {}/envoyé de mon {} avec {}",
    "es": "enviado desde mi {}/enviado desde {}/enviado de mi {}/enviado con {}/enviado mediante {}/enviado via {}/obtener {}/"
    "descargar {}/enviado desde mi {} con {}/obtén {}",
    "pt": "enviado do meu {}/enviado de meu {}/enviado do {}/enviado via {}/enviado a partir do meu {}/enviado pelo {}/obter o {}/"
    "obtenha o {}/baixar o {}/enviada do meu {}/enviado a partir do {}",
    "it": "inviato da {}/inviato dal mio {}/inviato dall' {}/inviato con {}/inviato tramite {}/scarica {}/ottieni {}/inviato dal {}",
    "nl": "verzonden vanaf mijn {}/verstuurd vanaf mijn {}/verzonden vanaf {}/verstuurd vanaf {}/verzonden met {}/verstuurd met {}/"
    "verzonden via {}/{} downloaden/download {}/outlook voor {} ophalen",
    "sv": "skickat från min {}/skickat från {}/skickat med {}/hämta {}/skickades från {}/skickat via {}",
    "no": "sendt fra min {}/sendt fra {}/sendt med {}/skaff deg {}/hent {}/sendt via {}/få {}",
    "fi": "lähetetty {}/lähetetty laitteesta {}/hanki {}",
    "pl": "wysłane z {}/wysłano z {}/wysłane z mojego {}/wysłane przez {}/pobierz {}/wysłano z mojego {}/wysłane za pomocą {}",
    "cs": "odesláno z {}/odesláno z mého {}/odoslané z {}/stáhnout {}/získat {}",
    "ru": "отправлено с {}/отправлено с моего {}/отправлено из {}/отправлено через {}/получить {}/скачать {}/загрузить {}",
    "uk": "надіслано з {}/надіслано з мого {}/відправлено з {}/отримати {}/надіслано через {}",
    "tr": "{} gönderildi/{} cihazımdan gönderildi/{} uygulamasından gönderildi/{} edinin/{} indirin",
    "hu": "elküldve {}/{} küldve",
    "vi": "đã gửi từ {} của tôi/được gửi từ {} của tôi/đã gửi từ {}/tải {}",
    "id": "dikirim dari {} saya/dikirim dari {}/dikirim melalui {}/dapatkan {}",
}
_THING = (
    r"(?:iphone|ipad|ipod|i-?phone|macbook|mac|apple watch|android|ios|blackberry|samsung|galaxy|huawei|xiaomi|redmi|oppo|vivo|honor|oneplus|pixel|"
    r"realme|nokia|motorola|sony|xperia|lg|htc|lumia|windows phone|windows|outlook|yahoo|gmail|hotmail|aol|icloud|proton ?mail|protonmail|"
    r"proton|thunderbird|bluemail|spark|mailbird|nine|aquamail|k-9|typeapp|fairemail|tutanota|gmx|web\.de|t-online|freenet|orange|"
    r"zoho mail|fastmail|foxmail|qq|mailspring|superhuman|yandex|mail\.ru|почты?|naver|daum|mobile|mobiltelefon|mobil|smartphone|phone|"
    r"handy|handphone|telefon|téléphone|teléfono|móvil|telefone|celular|cellulare|telefoon|tablet|tablette|puhelimesta|мобильного|телефона|"
    r"手机|手機|平板|安卓|华为|華為|小米|荣耀|榮耀|三星|苹果|网易邮箱大师|网易邮箱|网易灵犀办公|qq邮箱|qq信箱|新浪邮箱|企业微信|携帯|スマホ|スマートフォン|휴대폰|스마트폰|갤럭시|아이폰)"
)
# What may stand beside: models, "for iOS", the ending of a case. No word that could be part of a sentence.
_MODEL = (
    r"(?:['’]?(?:a|u|em|om|ie|um|umdan|umdan|imden|dan|den|sta|lta|stä|m|mdan|erna)|のメール|邮件|郵件|邮箱|信箱|メール|手机|手機|版|客户端|客戶端|"
    r"[-‑](?:mobiltelefon|gerät|smartphone|mobile|app|handy|telefon|enhed|enhet|toestel|устройства|пристрою))"
)
_BESIDE_THING = (
    r"(?:for|on|für|pour|para|per|voor|för|for|til|dla|для|pro|için|and|und|verizon|wireless|at&t|t-mobile|sprint|vodafone|5g|4g|lte|"
    r"max|plus|ultra|mini|lite|note|edge|fold|flip|mate|nova|air|se|device|smartphone|phone|mobile|mobil|tablet|handheld|app|mail|e-?mail|mailer|"
    r"inbox|messenger|powered by|用|版|的|[a-z]{0,3}-?\d{1,4}[a-z+]{0,4}|11|10|desktop|web|client|secure email|network|商务版|青春版)"
)
_WORDS = rf"(?:{_BESIDE_THING} ){{0,4}}{_THING}{_MODEL}?(?: ?(?:{_THING}{_MODEL}?|{_BESIDE_THING})){{0,6}}"


def _pattern(template: str) -> str:
    escaped = re.escape(template).replace(r"\{\}", f"(?:{_WORDS})")
    return escaped.replace(r"\ ", " ?")


_SENT_FROM = re.compile("|".join(_pattern(one) for row in _ADDED.values() for one in row.split("/")), re.I)
_PRINTED = re.compile(
    r"virus-?free\.?|(?:this|diese|cet|este) (?:e-?mail|mail|message|nachricht|correo) (?:has been|was|wurde|a été|ha sido) "
    r"(?:checked for|auf|scanned|analysé|comprobado).{0,60}(?:virus|viren|avast|avg|antivirus).{0,60}"
    r"|(?:please )?(?:consider|think about|think of) (?:the|our) environment before printing.{0,40}"
    r"|(?:bitte )?denken sie (?:bitte )?an die umwelt.{0,80}|pensez à l'environnement.{0,80}|(?:antes de imprimir|piensa en el medio).{0,100}"
    r"|(?:请|請)?(?:在打印|列印|打印)前.{0,20}(?:环境|環境|环保|環保).{0,20}|garanti sans virus\.?|libre de virus\.?|virenfrei\.?|无病毒。?|"
    r"yahoo mail: search, organi[sz]e, conquer|sent securely from .{3,30}",
    re.I,
)
_AROUND = " \t*_-–—~.。!！|()[]"


def is_added(line: str) -> bool:
    """Whether a program wrote this line by itself."""
    if len(line) > MAX_ADDED * 3:
        return False
    said = " ".join(without_links(line).replace("’", "'").split()).strip(_AROUND)
    if not said or len(said) > MAX_ADDED:
        return False
    return bool(_SENT_FROM.fullmatch(said) or _PRINTED.fullmatch(said)) and not has_facts([line])
