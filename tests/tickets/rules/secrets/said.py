"""Sentences with a secret, the secret between ⟨ and ⟩; and sentences that only talk about such things."""

from __future__ import annotations

KEY = "e9873d79c6d87dc0fb6a5778633389f4453213303da61f20bd67fc233aa33262"
#: Drawn by lot: nobody's.
WIF = "5KQNqhUmCnHAaP7UEuD7aEBbD1kqQCNCC7JykgvQXXDJ3TkUKgH"
WIF_IN_FOURS = " ".join(WIF[place : place + 4] for place in range(0, len(WIF), 4))

CODES = """
my code is ⟨482913⟩
My verification code is: ⟨482 913⟩.
verification code ⟨4829⟩
the OTP is ⟨482913⟩, please hurry
OTP: ⟨482-913⟩
I got code from sms, one-time code: ⟨00482913⟩
⟨482913⟩ is my verification code
Security code from your app: ⟨482913⟩
your 2fa code says ⟨482913⟩
G-⟨482913⟩ is your Google verification code.
my login code is ⟨K4X9P2⟩
验证码 ⟨482913⟩
验证码是⟨482913⟩，请尽快
我收到的验证码：⟨4829⟩
短信验证码为 ⟨４８２９１３⟩
【B特派钱包】⟨482913⟩（验证码），五分钟内有效
⟨482913⟩ 是我的验证码
驗證碼：⟨482913⟩
谷歌验证码 ⟨482 913⟩
动态密码：⟨482913⟩
动态口令是⟨482913⟩
一次性密码 ⟨482913⟩ 不对
passcode ⟨482913⟩
【B特派】您的验证码是⟨482913⟩，5分钟内有效
验证码⟨482913⟩，10分钟内有效，请勿泄露
The code I received by SMS is ⟨482913⟩
My friend says code they sent to my phone is ⟨4829⟩.
2FA ⟨482913⟩
谷歌验证器 ⟨482913⟩
Google Authenticator: ⟨482 913⟩
"""

PASSWORDS = """
密码：⟨abc123⟩
密码是 ⟨abc123⟩，麻烦看一下
登录密码为⟨Qwerty!9⟩
支付密码⟨482913⟩总是错误
我的密码改成了 ⟨hunter2⟩
密碼: ⟨Passw0rd⟩
password is ⟨hunter2!⟩
My password for the wallet is "⟨correct horse⟩"
Password: ⟨Sommer2026⟩
pwd=⟨x9$kk2⟩
PIN: ⟨4821⟩
my PIN is ⟨4821⟩.
pass phrase: ⟨tr0ub4dor&3⟩
口令：⟨open-sesame-1⟩
I changed my password to ⟨Hunter2x9⟩
I have just set my wallet password to ⟨Hunter2x9⟩.
我的密码应该是⟨Hunter2x9⟩
my password should be ⟨Hunter2x9⟩
my password ⟨Hunter2x⟩
my pin ⟨4821⟩
密码（登录用）：⟨Hunter2x9⟩
password (for login) is ⟨Hunter2x9⟩
pass: ⟨Hunter2x9⟩
the password "⟨Hunter2x⟩" does not work
password
⟨Tr0ub4dor3⟩
Login password
⟨hunter2⟩
PIN
⟨4821⟩
login wang@example.com pw ⟨Tr0ub4dor3⟩
wang / pwd ⟨hunter2⟩, please look
login wang password ⟨Tr0ub4dor3⟩
"""

CARD_CODES = """
CVV ⟨123⟩
cvv2: ⟨1234⟩
the CVC is ⟨123⟩
⟨123⟩ is my cvv
安全码：⟨123⟩
背面三位数是 ⟨123⟩
CVV (3 digits on the back): ⟨837⟩
the three digits on the back are ⟨837⟩
The 3 digits on the back of my card: ⟨837⟩
背面的三个数字是⟨837⟩
"""

CARDS = """
card ⟨4278,5281,7731,2557⟩
卡号 ⟨4278，5281，7731，2557⟩，谢谢
卡号⟨4278、5281、7731、2557⟩
我付了500，⟨4111111111111111⟩，50元
⟨4111111111111111⟩exp12/27
transaction with ⟨4111111111111111⟩
my transaction with card ⟨4111111111111111⟩
订单用⟨4111111111111111⟩付的
In any case ⟨4111 1111 1111 1111⟩ is my card, please block it
In this case: ⟨4111111111111111⟩ (Visa) was charged
just in case ⟨4111111111111111⟩
my ref ⟨4111111111111111⟩ is the card
ticket ⟨4111 1111 1111 1111⟩ exp 12/27
编号 ⟨4111111111111111⟩ 的银行卡
信用卡编号：⟨4111111111111111⟩
订单 ⟨4111 1111 1111 1111⟩ 我的建行卡
⟨4111|1111|1111|1111⟩
⟨4111 | 1111 | 1111 | 1111⟩
⟨4111*1111*1111*1111⟩
⟨4111%201111%201111%201111⟩
pan=⟨4111+1111+1111+1111⟩
"""

IDENTITIES = """
⟨1101 0519 4912 3100 2X⟩
身份证 ⟨110105-1949-1231-002X⟩
500 ⟨1101 0519 4912 3100 2X⟩
sfz⟨11010519491231002X⟩
Zhang⟨11010519491231002x⟩
idcard⟨110105194912310097⟩
⟨110105/19491231/002X⟩
⟨110105·19491231·002X⟩
⟨110105_19491231_002X⟩
身份证 ⟨110105，19491231，002X⟩
"""

KEYS = f"""
private key: ⟨{KEY}⟩
my privkey is ⟨0x{KEY}⟩
私钥是⟨{KEY}⟩，请帮我找回
私鑰：⟨{KEY.upper()}⟩
密钥 ⟨{KEY}⟩
⟨{KEY}⟩ is my private key
private key
⟨{KEY[:32]}
{KEY[32:]}⟩
My transaction failed. The secret key of the wallet is ⟨{KEY}⟩
My transaction failed. ⟨{KEY}⟩ is my private key
The private key of my address is ⟨{KEY}⟩
the private hex key for the order page: ⟨0x{KEY}⟩
ETH_PRIVATE_KEY=⟨{KEY}⟩
export PK=⟨0x{KEY}⟩
{{"walletPrivateKey":"⟨{KEY}⟩"}}
{{"txHash": "0x12", "walletSeed" : "⟨{KEY}⟩"}}
私钥（转账钱包）：⟨{KEY}⟩
我的秘钥⟨{KEY}⟩，转账用的
Private Key | Address\n⟨{KEY}⟩ | 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed
my key: ⟨{KEY}⟩
私钥 ⟨{KEY[:48]}
{KEY[48:]}⟩
private key:\n> ⟨{KEY[:20]}
> {KEY[20:40]}
> {KEY[40:]}⟩
WIF⟨{WIF}⟩
x⟨{WIF}⟩y
⟨{WIF[:17]}-{WIF[17:]}⟩
⟨{WIF_IN_FOURS}⟩ 打不开
⟨{WIF_IN_FOURS.replace(" ", "-")}⟩
⟨{WIF}⟩@example.com
"""

#: As programs write them into a text.
BLANKS = (
    r"\n",
    r"\t",
    r"\\n",
    r"\u000a",
    r"\x0A",
    "%0A",
    "%20",
    "%2520",
    "%2C",
    "&nbsp;",
    "&amp;nbsp;",
    "&#x0a;",
    "=0A",
    "+",
)

NOTHING = f"""
I forgot my password
I forgot my password, please help
密码错误
忘记密码怎么办
密码是多少我不记得了
支付密码 3 次输错被锁
密码长度 8-16 位
密码为 8-16 位字母和数字
password is wrong
My password is not accepted.
the password is case sensitive
Password: ********
password: type it in again
How do I reset my password?
password reset link: https://example.com/reset?x=482913
password was changed yesterday
Is my password safe with you?
the pin was blocked
What do I do if my PIN was stolen?
My PIN is blocked!
error code 482913
the error code is 482913
postal code 100000
country code 0086
my promo code is SAVE2026
invitation code 482913
status code 500
QR code 482913
the error code I received is 482913
Invite code they gave me is 482913
The code I got does not work and the amount is 482913
lost my 2FA on 2026-03-31
my authenticator 2026
the last 4 digits on the card are 1234
I sent my password to support123
I changed my password to something else
I forgot the pw for my account wang88
forgot pw wang88@example.com
reset password Android14
passwd link https://example.com/Reset1x
password should be 8-16 characters
the password must be 12 characters
密码应该是 8 位
my password 2026
bypass: no
验证码收不到
验证码收不到，请回电 95588
验证码错误 5 次
验证码 60 秒后过期
验证码发到 13800138000 了
验证码 2026-03-31 没有收到
验证码一直发不过来，金额 482913 元
邮编 100000
邀请码 482913
订单号 482913
错误码 482913
二维码 482913
金额是 482913
my code does not arrive
code 482913 yuan were deducted
transaction hash 0x{KEY}
交易哈希：{KEY}
I did not share my private key. The transaction hash is {KEY}
txid {KEY}
"transactionHash": "0x{KEY}"
我没有泄露助记词。0x{KEY} 这笔没到账
I never showed anybody my private key. The transfer 0x{KEY} did not arrive
I did not share my private key, the transaction 0x{KEY} failed
my private key is safe; tx hash 0x{KEY}
pubkey: {KEY}
transaction key: {KEY}
我的私钥没有泄露，交易哈希 {KEY}
public key 04{KEY}{KEY}
请勿泄露私钥
My address is 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed
地址 bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq
IBAN DE89 3704 0044 0532 0130 00
IBAN GB82 WEST 1234 5698 7654 32
ISBN 978-7-111-54742-6
手机号 +86 138 0013 8000
电话 010-62345678-8021
2026-03-31 14:30:00 1774938600123
订单号 20260331143000123456
支付宝交易号 2026033122001452341400123456
微信支付 4200001234202603311234567890
运单号 SF1234567890123
6222 **** **** 1234
尾号 1234
amount 4,111,111,111,111,111
0,4111111111111111
prices 4278, 5281, 7731
order number 4111111111111111
order 4111111111111111 was paid with my card
订单 4111111111111111 用银行卡付的
in case no. 4111111111111111
this case #4111111111111111
case 4111111111111111
4278*5281*7731
https://example.com/?ids=4278%2C5281%2C7731&x=%20
订单编号：4111111111111111
transaction hash 4111111111111111
transaction number is 4111111111111111
1101 0519 4912 3100 21
hash ab3f11010519491231002X
sha1 e5d0c4b2a19f8e7d6c5b11010519491231002Xab
11010519491231002Xabc
3f2a1b4c-5d6e-4f70-8a11-010519491231
0.4111111111111111
TX4111111111111111
+4111111111111111
IMEI 353918052107063
My transfer d6844073-6791-4200-9910-022278507963 is missing
转账 6a1d0f4b-9f0c-4e0f-8100-123456789009 没到账
ICCID 89860012017300000001
the 123 cvv
CVV 在哪里
我的助记词忘记了，怎么找回钱包里面的资产呢
请问助记词是什么东西？在哪里可以看到
千万不要把助记词告诉别人
xpub661MyMwAqRbcFtXgS5sYJABqqG9YLmC4Q1Rdap9gSE8NqtwybGhePY2gZ29ESFjqJoCu1Rupje8YtGqsefD265TMg7usUDFdp6W1EGMcet8
"""


def marked(text: str) -> list[tuple[str, int, int]]:
    """Each sentence without its signs, and where the secret stands. A sentence may have several lines."""
    found, lines = [], text.strip().split("\n")
    while lines:
        sentence = lines.pop(0)
        while "⟩" not in sentence:
            sentence += "\n" + lines.pop(0)
        start, end = sentence.index("⟨"), sentence.index("⟩") - 1
        found.append((sentence.replace("⟨", "").replace("⟩", ""), start, end))
    return found


def plain(text: str) -> list[str]:
    return text.strip().splitlines()
