"""Delivery reports as servers really word them that keep to no standard; addresses and numbers are made up.

Each is a whole mail; ``reply`` stands for the server's own words where several vary alike.
"""

from __future__ import annotations

import base64

OURS = "<7k2m9qx4.reply@desk.example>"
COPY = (
    f"Return-Path: <help@desk.example>\nMessage-ID: {OURS}\nFrom: help@desk.example\nSubject: case\n\nHello\n"
)


def report(
    text: str,
    *,
    sender: str = "MAILER-DAEMON@mx.example.net",
    subject: str = "failure notice",
    more: str = "",
) -> bytes:
    return (
        f"Return-Path: <>\nFrom: {sender}\nTo: help@desk.example\nSubject: {subject}\nMessage-ID: "
        f"<its@own>\n{more}"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}"
    ).encode()


def chinese_html(words: str, *, sender: str = "PostMaster@qq.com") -> bytes:
    subject = base64.b64encode("来自qq.com的退信".encode("gb18030")).decode()
    page = f"<html><head><style>p {{ color: red }}</style></head><body><p>{words}</p></body></html>"
    body = base64.encodebytes(page.encode("gb18030")).decode()
    return (
        f"From: {sender}\nTo: help@desk.example\nSubject: =?GB18030?B?{subject}?=\nIn-Reply-To: {OURS}\n"
        f'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/html; charset="gb18030"\n'
        f"Content-Transfer-Encoding: base64\n\n{body}\n--x--\n"
    ).encode()


def standard(
    status: str,
    *,
    human: str = "Sorry.",
    kind: str = "delivery-status",
    returned: str = "text/rfc822-headers",
) -> bytes:
    return (
        f"Return-Path: <>\nFrom: postmaster@example.net\nTo: help@desk.example\nSubject: report\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="b"\n\n--b\n\n{human}\n--b\n'
        f"Content-Type: message/{kind.replace('feedback-report', 'feedback-report')}\n\n{status}\n--b\n"
        f"Content-Type: {returned}\n\n{COPY}\n--b--\n"
    ).encode()


QMAIL = report(
    "Hi. This is the qmail-send program at mx.example.net.\nI'm afraid I wasn't able to deliver your "
    "message to the "
    "following addresses.\nThis is a permanent error; I've given up. Sorry it didn't work "
    "out.\n\n<li@example.net>:\n"
    "192.0.2.1 does not like recipient.\nRemote host said: 550 5.1.1 <li@example.net>: User unknown\n"
    "Giving up on 192.0.2.1.\n\n<wu@example.net>:\nSorry, no mailbox here by that name. (#5.1.1)\n\n"
    f"--- Below this line is a copy of the message.\n\n{COPY}"
)
EXIM = report(
    "This message was created automatically by mail delivery software.\n\nA message that you sent could not be "
    "delivered to one or more of its\nrecipients. This is a permanent error. The following address(es) "
    "failed:\n\n"
    "  li@example.net\n    host mx.example.net [192.0.2.1]\n    SMTP error from remote mail server after "
    "RCPT TO:"
    "<li@example.net>:\n    550 5.2.2 <li@example.net>: Mailbox is full\n\n------ This is a copy of the "
    "message, "
    f"including all the headers. ------\n\n{COPY}",
    sender="Mail Delivery System <Mailer-Daemon@mx.example.net>",
    subject="Mail delivery failed: returning message to sender",
    more="X-Failed-Recipients: li@example.net\nAuto-Submitted: auto-replied\n",
)
EXIM_DELAYED = report(
    "This message was created automatically by mail delivery software.\nA message that you sent has not "
    "yet been "
    "delivered to one or more of its\nrecipients after more than 24 hours on the queue on mx.example.net.\n\n"
    "The message identifier is:     1abcde-000001-Ab\n\nThe address to which the message has not yet "
    "been delivered is:"
    "\n\n  li@example.net\n    Delay reason: Connection timed out\n\nNo action is required on your part.\n",
    sender="Mail Delivery System <Mailer-Daemon@mx.example.net>",
    subject="Warning: message 1abcde-000001-Ab delayed 24 hours",
)
POSTFIX = report(
    "This is the mail system at host mx.example.net.\n\nI'm sorry to have to inform you that your "
    "message could not\n"
    "be delivered to one or more recipients. It's attached below.\n\n<li@example.net>: host "
    "mx.example.net[192.0.2.1] "
    "said: 550 5.7.1\n    <li@example.net>: Message rejected due to content (in reply to end of DATA\n   "
    " command)\n",
    subject="Undelivered Mail Returned to Sender",
)
NO_DOMAIN = report(
    "<li@nowhere.example>: Host or domain name not found. Name service error for\n    "
    "name=nowhere.example type=A: Host "
    "not found\n",
    subject="Undelivered Mail Returned to Sender",
)
EXCHANGE = report(
    "Your message did not reach some or all of the intended recipients.\n\n      Subject:\tcase\n      Sent:\t"
    "1/2/2026 3:04 AM\n\nThe following recipient(s) could not be reached:\n\n      'li@example.net' on "
    "1/2/2026 3:04 AM\n"
    "            The e-mail account does not exist at the organization this message was sent to.\n"
    "            <mx.example.net #5.1.1 smtp;550 5.1.1 RESOLVER.ADR.RecipNotFound; not found>\n",
    sender="System Administrator <postmaster@example.net>",
    subject="Undeliverable: case",
)
SENDMAIL = report(
    "The original message was received at Thu, 1 Jan 2026 00:00:00 GMT\nfrom mx.desk.example [192.0.2.9]\n\n"
    "   ----- The following addresses had permanent fatal errors -----\n<li@example.net>\n    (reason: "
    "552 5.2.2 Over quota)"
    "\n\n   ----- Transcript of session follows -----\n... while talking to mx.example.net.:\n>>> RCPT "
    "To:<li@example.net>\n"
    f"<<< 552 5.2.2 Over quota\n\n   ----- Original message follows -----\n\n{COPY}",
    sender="Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>",
    subject="Returned mail: see transcript for details",
)
YAHOO = report(
    "Message from yahoo.example.\nUnable to deliver message to the following "
    "address(es).\n\n<li@yahoo.example>:\n"
    "This user doesn't have a yahoo.example account (li@yahoo.example) [0]\n\n--- Original message follows.\n\n"
    + COPY,
    subject="failure delivery",
)
AOL = report(
    "   ----- The following addresses had permanent fatal errors -----\n<li@aol.example>\n\n   ----- "
    "Transcript of session "
    "follows -----\n... while talking to air.mx.aol.example.:\n>>> RCPT To:<li@aol.example>\n<<< 550 "
    "MAILBOX NOT FOUND\n"
    "550 <li@aol.example>... User unknown\n",
    subject="Returned mail: User unknown",
)
OLD_GMAIL = report(
    "Delivery to the following recipient failed permanently:\n\n     li@example.net\n\nTechnical details "
    "of permanent "
    "failure: \nGoogle tried to deliver your message, but it was rejected by the server for the "
    "recipient domain.\n\n"
    "The error that the other server returned was:\n550 5.1.1 unknown or illegal alias: li@example.net\n\n"
    f"----- Original message -----\n\n{COPY}",
    sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    subject="Delivery Status Notification (Failure)",
)
GMAIL_FULL = report(
    "** Message not delivered **\n\nYour message wasn't delivered to li@example.net because the "
    "recipient's inbox is full."
    "\n\nThe response was:\n\n552 5.2.2 The email account that you tried to reach is over quota.\n",
    sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    subject="Delivery Status Notification (Failure)",
)
GMAIL_NOT_FOUND = report(
    "** Address not found **\n\nYour message wasn't delivered to li@example.net because the address "
    "couldn't be found, or "
    "is unable to receive mail.\n",
    sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
    subject="Delivery Status Notification (Failure)",
)
QQ = chinese_html(
    "抱歉，您的邮件被退回来了……</p><table><tr><td>原邮件信息：</td></tr><tr><td>主题：case</td></tr>"
    "<tr><td>收件人：li@qq.example</td></tr></table><p>退信原因：收件人邮件地址（li@qq.example）不存在，邮件无法送达。<br>"
    "host mx3.qq.example[192.0.2.3] said: 550 Mailbox not found. "
    "http://service.mail.qq.com/cgi-bin/help?no=1000728"
)
EXMAIL_FULL = chinese_html(
    "您的邮件被退回。<br>收件人：&lt;li@corp.example&gt;<br>退信原因：对方邮箱已满，暂时不能接收邮件。",
    sender="postmaster@exmail.qq.example",
)
NETEASE = report(
    "这是一封系统自动发出的退信通知。\n\n很抱歉，您发送给 li@163.example 的邮件未能送达。\n\n"
    "退信原因：550 User not found: li@163.example\n\n-------- 原邮件内容 --------\n" + COPY,
    sender="Postmaster@163.example",
    subject="系统退信",
)
RETURNED_ONLY = (
    f"Return-Path: <>\nFrom: Mail Delivery Subsystem <mailer-daemon@mx.example.net>\nTo: help@desk.example\n"
    f"Subject: Undeliverable mail\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nYour mail could "
    "not be delivered.\n"
    f"--b\nContent-Type: message/rfc822\n\nTo: Li <Li@example.net>\n{COPY}\n--b--\n"
).encode()

OFFICE_365 = standard(
    "Reporting-MTA: dns;a.example.net\n\nFinal-Recipient: rfc822;li@example.net\nAction: failed\nStatus: "
    "5.1.10\n"
    "Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP "
    "address lookup\n",
    returned="message/rfc822",
)
EXPIRED = standard(
    "Reporting-MTA: dns;a\n\nFinal-Recipient: rfc822;li@example.net\nAction: failed\nStatus: 4.4.7\n"
    "Diagnostic-Code: smtp;400 4.4.7 Message delayed; expired\n"
)
POLICY = standard(
    "Reporting-MTA: dns;a\n\nFinal-Recipient: rfc822;li@example.net\nAction: failed\nStatus: 5.7.26\n"
    "Diagnostic-Code: smtp; 550-5.7.26 This mail has been blocked because\n 550-5.7.26 the sender is "
    "unauthenticated."
    " 550 5.7.26 x1-20\n"
)
ALIAS = standard(
    "Reporting-MTA: dns;a\n\nOriginal-Recipient: rfc822;Li@example.net\nFinal-Recipient: rfc822; "
    "<inner-box@b.example>\n"
    "Action: Failed\nStatus: 5.2.1 (disabled)\n"
)
SUCCESS = standard(
    "Reporting-MTA: dns;a\n\nFinal-Recipient: rfc822;li@example.net\nAction: delivered\nStatus: 2.1.5\n\n"
    "Final-Recipient: rfc822;wu@example.net\nAction: relayed (to a system that says nothing)\nStatus: 2.0.0\n"
)
WITHOUT_ACTION = standard("Reporting-MTA: dns;a\n\nFinal-Recipient: li@example.net\nStatus: 4.2.2\n")
WITHOUT_ANYTHING = standard("Reporting-MTA: dns;a\n", human="It could not be delivered.")
ABUSE = standard(
    "Feedback-Type: abuse\nUser-Agent: Loop/1\nVersion: 1\nOriginal-Mail-From: <help@desk.example>\n"
    "Original-Rcpt-To: <Li@example.net>\nArrival-Date: Thu, 1 Jan 2026 00:00:00 GMT\n",
    kind="feedback-report",
    returned="message/rfc822",
)
NOT_SPAM = standard("Feedback-Type: not-spam\nOriginal-Rcpt-To: li@example.net\n", kind="feedback-report")
HIDDEN_COMPLAINT = standard("Feedback-Type: abuse\nVersion: 1\n", kind="feedback-report").replace(
    b"Return-Path: <help@desk.example>\nMessage", b"To: li@example.net\nMessage"
)
