"""How mail programs announce what they quote, one row a language.

Each cell holds plain words or phrases, divided by "|", as the programs print them (Gmail, Outlook, Apple Mail, Thunderbird,
Yahoo, QQ Mail, Foxmail, NetEase): no sentence of a person. The rules join the rows: people write in one language with a
program that speaks another.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Language:
    """The words of one language.

    ``start`` and ``wrote``: of "On … wrote:"; many languages begin with the day or the name and need no start.
    ``sender`` to ``subject``: names of headers; ``sent`` are those that only mail has, ``date`` those that lists have too.
    ``original``: between lines of dashes, "-----Original Message-----"; ``forwarded``: without, "Begin forwarded message:".
    """

    start: str = ""
    wrote: str = ""
    sender: str = ""
    sent: str = ""
    date: str = ""
    to: str = ""
    subject: str = ""
    original: str = ""
    forwarded: str = ""


LANGUAGES: dict[str, Language] = {
    "en": Language(
        start="On|At|In a message dated|In a message of",
        wrote="wrote|writes",
        sender="From",
        sent="Sent|Date Sent|Sent at|Sent on",
        date="Date|Time",
        to="To|Cc|Bcc|Reply-To|Reply To|Resent-To",
        subject="Subject",
        original="Original Message|Original Email|Original Mail|Original|Reply Message|Replied Message|Forwarded Message|"
        "Forwarded Email|Forwarded Mail|Forwarded by|Forwarded Msg|Forwarding messages",
        forwarded="Begin forwarded message|Start of forwarded message|Forwarded message",
    ),
    "zh": Language(
        start="在|于|於|自",
        wrote="写道|寫道|写到|写|寫",
        sender="发件人|發件人|寄件人|寄件者|发信人|發信人|发送人|来自",
        sent="发送时间|發送時間|发送日期|發送日期|发件时间|发信时间|傳送時間|传送时间|寄件日期|寄件時間|已发送|已傳送|"
        "送出時間",
        date="日期|时间|時間",
        to="收件人|收件者|收信人|抄送|抄送人|副本|密件副本|回复至|答复",
        subject="主题|主題|主旨|标题|標題",
        original="原始邮件|原始郵件|原始信件|原邮件|原郵件|回复的原邮件|回覆的原郵件|回复邮件|转发邮件|转发的邮件|"
        "轉寄郵件|轉寄的郵件|轉寄的信件|转发信息|已转发邮件|已轉寄郵件|以下为原邮件|原始邮件信息|邮件原文|郵件原文",
        forwarded="开始转发的邮件|下面是被转发的邮件|以下是转发的邮件|以下是轉寄的郵件|開始轉寄的郵件|被转发的邮件|開始轉寄郵件",
    ),
    "ja": Language(
        wrote="のメール|書きました|は書きました|書いた|からのメール",
        sender="差出人|送信者|送信元|発信者",
        sent="送信日時|送信日|送信時刻",
        date="日時|日付",
        to="宛先|宛て|返信先|Cc|受信者",
        subject="件名|題名|タイトル",
        original="元のメッセージ|元のメール|オリジナルメッセージ|転送メッセージ|転送されたメッセージ|Forwarded by|転送メール|"
        "返信元メール|オリジナル メッセージ",
        forwarded="転送されたメッセージ|以下は転送されたメッセージです|転送メッセージ",
    ),
    "ko": Language(
        wrote="작성|님이 작성|님이 씀|썼습니다",
        sender="보낸 사람|보낸사람|발신인|발신자|보내는 사람",
        sent="보낸 날짜|보낸날짜|보낸 시간|전송 날짜|보냄",
        date="날짜|일시",
        to="받는 사람|받는사람|수신인|수신자|참조",
        subject="제목",
        original="원본 메시지|원본 메일|원본메일|원본 이메일|전달된 메시지|전달된 메일",
        forwarded="전달된 메시지 시작|다음은 전달된 메시지입니다",
    ),
    "de": Language(
        start="Am",
        wrote="schrieb|schrieben|schreibt|geschrieben",
        sender="Von",
        sent="Gesendet|Gesendet am|Versendet",
        date="Datum",
        to="An|Kopie|Kopie an|Antwort an",
        subject="Betreff",
        original="Ursprüngliche Nachricht|Ursprüngliche Mail|Original-Nachricht|Originalnachricht|Originalmail|"
        "Original Nachricht|Urspr. Nachricht|Weitergeleitete Nachricht|Weitergeleitete Mail|Weitergeleitet von",
        forwarded="Anfang der weitergeleiteten Nachricht|Anfang der weitergeleiteten E-Mail|Weitergeleitete Nachricht",
    ),
    "fr": Language(
        start="Le|En date du",
        wrote="a écrit|écrit|a ecrit|écrivait",
        sender="De|Expéditeur",
        sent="Envoyé|Envoyé le|Envoyée",
        date="Date",
        to="À|A|Copie|Copie à|Destinataire|Pour|Répondre à",
        subject="Objet|Sujet",
        original="Message d'origine|Message original|Message initial|Mail original|E-mail d'origine|Message transféré|"
        "Message réexpédié|Courriel original|Courriel d'origine|Courriel transféré|Mail transféré",
        forwarded="Début du message réexpédié|Début du message transféré|Message transféré",
    ),
    "es": Language(
        start="El|A|En fecha",
        wrote="escribió|escribio|escribía|ha escrito",
        sender="De|Remitente",
        sent="Enviado|Enviado el|Enviada|Enviada el",
        date="Fecha",
        to="Para|Copia|Responder a|Destinatario",
        subject="Asunto",
        original="Mensaje original|Mensaje reenviado|Correo original|Correo reenviado|Mensaje de origen",
        forwarded="Inicio del mensaje reenviado|Mensaje reenviado",
    ),
    "pt": Language(
        start="Em|No dia|A|Aos",
        wrote="escreveu|escreveram",
        sender="De|Remetente",
        sent="Enviado|Enviada|Enviado em|Enviada em",
        date="Data",
        to="Para|Com cópia|Destinatário",
        subject="Assunto",
        original="Mensagem original|Mensagem encaminhada|Mensagem reencaminhada|E-mail original",
        forwarded="Início da mensagem encaminhada|Início da mensagem reencaminhada|Mensagem encaminhada",
    ),
    "it": Language(
        start="Il|In data|Il giorno",
        wrote="ha scritto|scritto|scrisse|scrive",
        sender="Da|Mittente",
        sent="Inviato|Inviato il|Inviata",
        date="Data",
        to="A|Copia|Destinatario",
        subject="Oggetto",
        original="Messaggio originale|Messaggio inoltrato|Messaggio Inoltrato|E-mail originale|Messaggio di origine",
        forwarded="Inizio messaggio inoltrato|Inizio del messaggio inoltrato|Messaggio inoltrato",
    ),
    "nl": Language(
        start="Op",
        wrote="schreef|geschreven|schreven",
        sender="Van",
        sent="Verzonden|Verstuurd",
        date="Datum",
        to="Aan|Kopie|Beantwoorden aan",
        subject="Onderwerp",
        original="Oorspronkelijk bericht|Origineel bericht|Doorgestuurd bericht|Oorspronkelijke bericht|Doorgezonden bericht",
        forwarded="Begin doorgestuurd bericht|Doorgestuurd bericht",
    ),
    "sv": Language(
        start="Den|På",
        wrote="skrev|följande",
        sender="Från",
        sent="Skickat|Skickad",
        date="Datum",
        to="Till|Kopia",
        subject="Ämne",
        original="Ursprungligt meddelande|Ursprungsmeddelande|Originalmeddelande|Vidarebefordrat meddelande|Vidarebefordrat mail",
        forwarded="Vidarebefordrat brev|Vidarebefordrat meddelande|Början på vidarebefordrat brev",
    ),
    "no": Language(
        start="Den|På",
        wrote="skrev|følgende",
        sender="Fra",
        sent="Sendt|Sendt dato",
        date="Dato",
        to="Til|Kopi",
        subject="Emne",
        original="Opprinnelig melding|Original melding|Videresendt melding|Opprinnelig e-post",
        forwarded="Start på videresendt melding|Videresendt melding",
    ),
    "da": Language(
        start="Den|D.",
        wrote="skrev|skrev følgende",
        sender="Fra",
        sent="Sendt",
        date="Dato",
        to="Til|Kopi",
        subject="Emne",
        original="Oprindelig meddelelse|Original meddelelse|Videresendt meddelelse|Oprindelig besked|Videresendt besked",
        forwarded="Start på videresendt besked|Videresendt besked|Start på videresendt meddelelse",
    ),
    "fi": Language(
        wrote="kirjoitti",
        sender="Lähettäjä",
        sent="Lähetetty",
        date="Päivämäärä|Päiväys",
        to="Vastaanottaja|Kopio",
        subject="Aihe",
        original="Alkuperäinen viesti|Välitetty viesti|Edelleenlähetetty viesti",
        forwarded="Välitetty viesti alkaa",
    ),
    "pl": Language(
        start="Dnia|W dniu|Dn.",
        wrote="napisał(a)|napisał|napisała|pisze",
        sender="Od|Nadawca",
        sent="Wysłano|Wysłane|Wysłany",
        date="Data",
        to="Do|DW|Odbiorca",
        subject="Temat",
        original="Wiadomość oryginalna|Oryginalna wiadomość|Wiadomość przekazana|Przekazana wiadomość|Treść przekazanej wiadomości",
        forwarded="Początek przekazywanej wiadomości|Wiadomość napisana przez",
    ),
    "cs": Language(
        start="Dne|Dňa",
        wrote="napsal(a)|napsal|napsala|napísal(a)|napísal|napísala",
        sender="Od|Odesílatel|Odosielateľ",
        sent="Odesláno|Odoslané",
        date="Datum|Dátum",
        to="Komu|Kopie|Kópia",
        subject="Předmět|Predmet",
        original="Původní zpráva|Pôvodná správa|Přeposlaná zpráva|Preposlaná správa|Původní e-mail",
        forwarded="Začátek přeposílané zprávy|Začiatok preposlanej správy",
    ),
    "ru": Language(
        start="В",
        wrote="написал|написала|написал(а)|писал|писала|пишет",
        sender="От|От кого|Отправитель",
        sent="Отправлено|Послано",
        date="Дата",
        to="Кому|Копия|Получатель",
        subject="Тема",
        original="Исходное сообщение|Оригинальное сообщение|Пересылаемое сообщение|Пересланное сообщение|"
        "Исходное письмо|Пересылаемое письмо|Перенаправленное сообщение",
        forwarded="Начало переадресованного сообщения|Начало пересылаемого сообщения",
    ),
    "uk": Language(
        start="У|В",
        wrote="пише|написав|написала|написав(ла)|пишуть",
        sender="Від|Відправник",
        sent="Надіслано|Відправлено",
        date="Дата",
        to="Кому|Копія",
        subject="Тема",
        original="Оригінальне повідомлення|Вихідне повідомлення|Початкове повідомлення|Переслане повідомлення|"
        "Пересилане повідомлення|Перенаправлене повідомлення",
        forwarded="Початок листа, що пересилається|Початок повідомлення, що пересилається",
    ),
    "tr": Language(
        wrote="yazdı|şunu yazdı|şunları yazdı",
        sender="Kimden|Gönderen",
        sent="Gönderildi|Gönderme Tarihi|Gönderim Tarihi|Gönderilme Tarihi",
        date="Tarih",
        to="Kime|Alıcı|Bilgi",
        subject="Konu",
        original="Orijinal Mesaj|Özgün İleti|Orijinal İleti|İletilen mesaj|Yönlendirilmiş Mesaj|Yönlendirilen ileti",
        forwarded="İletilmiş mesajın başlangıcı|Yönlendirilmiş ileti başlangıcı",
    ),
    "el": Language(
        start="Στις|Την",
        wrote="έγραψε",
        sender="Από",
        sent="Στάλθηκε|Εστάλη",
        date="Ημερομηνία",
        to="Προς|Κοιν.",
        subject="Θέμα",
        original="Αρχικό μήνυμα|Προωθημένο μήνυμα",
    ),
    "hu": Language(
        wrote="írta|ezt írta",
        sender="Feladó",
        sent="Elküldve|Küldve",
        date="Dátum",
        to="Címzett|Másolatot kap",
        subject="Tárgy",
        original="Eredeti üzenet|Továbbított üzenet|Továbbított levél",
    ),
    "ro": Language(
        start="În|Pe data de",
        wrote="a scris",
        sender="De la",
        sent="Trimis|Trimis la",
        date="Data",
        to="Către|Catre",
        subject="Subiect",
        original="Mesaj original|Mesaj redirecționat|Mesaj redirectionat|Mesajul original",
    ),
    "id": Language(
        start="Pada|Pada tanggal",
        wrote="menulis",
        sender="Dari",
        sent="Dikirim|Terkirim",
        date="Tanggal|Tarikh",
        to="Kepada|Ke",
        subject="Subjek|Perihal",
        original="Pesan asli|Pesan terusan|Pesan yang diteruskan|Mesej asal",
    ),
    "vi": Language(
        start="Vào|Vào lúc|Lúc",
        wrote="đã viết|viết",
        sender="Từ|Người gửi",
        sent="Đã gửi|Gửi",
        date="Ngày",
        to="Đến|Tới|Người nhận",
        subject="Chủ đề|Tiêu đề",
        original="Thư gốc|Tin nhắn gốc|Thư đã chuyển tiếp|Thư được chuyển tiếp|Forwarded message",
    ),
    "th": Language(
        start="เมื่อ|ในวันที่|ในวัน",
        wrote="เขียนว่า|เขียน",
        sender="จาก",
        sent="ส่งเมื่อ|ส่ง",
        date="วันที่",
        to="ถึง",
        subject="เรื่อง|หัวข้อ",
        original="ข้อความต้นฉบับ|ข้อความที่ส่งต่อ",
    ),
    "ar": Language(
        start="في|بتاريخ",
        wrote="كتب|كتبت",
        sender="من",
        sent="تم الإرسال|أرسلت",
        date="التاريخ|تاريخ",
        to="إلى",
        subject="الموضوع",
        original="الرسالة الأصلية|رسالة معاد توجيهها|رسالة محولة",
    ),
    "he": Language(
        start="בתאריך|ב-",
        wrote="כתב|כתבה|מאת",
        sender="מאת",
        sent="נשלח",
        date="תאריך",
        to="אל",
        subject="נושא",
        original="הודעה מקורית|הודעה שהועברה",
    ),
}


def words(cell: str) -> list[str]:
    """The words of one cell of every language, longest first, for use in a pattern or a look-up."""
    found = {word for language in LANGUAGES.values() for word in getattr(language, cell).split("|") if word}
    return sorted(found, key=lambda word: (-len(word), word))
