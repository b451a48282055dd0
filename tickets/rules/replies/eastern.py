"""Languages of Asia, a row each."""

from __future__ import annotations

from tickets.rules.replies.language import Language

EASTERN: dict[str, Language] = {
    "zh": Language(
        start="在|于|於|自",
        wrote="写道|寫道|写到|写|寫",
        sender="发件人|發件人|寄件人|寄件者|发信人|發信人|发送人|来自",
        sent="发送时间|發送時間|发送日期|發送日期|发件时间|发信时间|傳送時間|传送时间|寄件日期|寄件時間|"
        "已发送|已傳送|"
        "送出時間",
        date="日期|时间|時間",
        to="收件人|收件者|收信人|抄送|抄送人|副本|密件副本|回复至|答复",
        subject="主题|主題|主旨|标题|標題",
        original="原始邮件|原始郵件|原始信件|原邮件|原郵件|回复的原邮件|回覆的原郵件|回复邮件|转发邮件|"
        "转发的邮件|"
        "轉寄郵件|轉寄的郵件|轉寄的信件|转发信息|已转发邮件|已轉寄郵件|以下为原邮件|原始邮件信息|邮件原文|"
        "郵件原文|邮件原件|郵件原件|原始信息|原始訊息|原始消息|原邮件信息",
        forwarded="开始转发的邮件|下面是被转发的邮件|以下是转发的邮件|以下是轉寄的郵件|開始轉寄的郵件|"
        "被转发的邮件|開始轉寄郵件",
    ),
    "ja": Language(
        wrote="のメール|書きました|は書きました|書いた|からのメール",
        sender="差出人|送信者|送信元|発信者",
        sent="送信日時|送信日|送信時刻",
        date="日時|日付",
        to="宛先|宛て|返信先|Cc|受信者",
        subject="件名|題名|タイトル",
        original="元のメッセージ|元のメール|オリジナルメッセージ|転送メッセージ|転送されたメッセージ|"
        "Forwarded by|転送メール|"
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
    "tr": Language(
        wrote="yazdı|şunu yazdı|şunları yazdı",
        sender="Kimden|Gönderen",
        sent="Gönderildi|Gönderme Tarihi|Gönderim Tarihi|Gönderilme Tarihi",
        date="Tarih",
        to="Kime|Alıcı|Bilgi",
        subject="Konu",
        original="Orijinal Mesaj|Özgün İleti|Orijinal İleti|İletilen mesaj|Yönlendirilmiş Mesaj|"
        "Yönlendirilen ileti",
        forwarded="İletilmiş mesajın başlangıcı|Yönlendirilmiş ileti başlangıcı",
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
        wrote="كتب|كتبت|تمت كتابة ما يلي بواسطة",
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
