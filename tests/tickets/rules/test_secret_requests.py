"""Which sentences ask for a secret; which warn, explain or ask for something else."""

from __future__ import annotations

import pytest

from tests.quick import quick
from tickets.rules.secret_requests import secret_requests
from tickets.rules.secrets.folding import fold

ASKS = """
Please send us your verification code.
please send us your password
Could you please provide the seed phrase of your wallet?
Kindly share your PIN with us.
To continue, please tell me the SMS code that you received.
Please reply with your one-time code
What is your password?
what's your PIN?
May I have your verification code, please?
We need your recovery phrase to restore the wallet.
We also need your full card number and the CVV.
Do not worry, please send us your password and we check it.
You need to provide your private key.
Please confirm your login code so that I can help you.
Can you give me the 12 words?
Just text me your OTP.
Please upload the keystore file.
I will need your password
Hello Mia, thank you for waiting. Please send the verification code.
We cannot see it here, but please send us your PIN
请提供验证码
请您提供支付密码，我们为您核实。
麻烦把验证码发给我
麻烦您把收到的短信验证码告诉我们
请将您的助记词发送给我们
您的密码是多少？
验证码是多少
请告知您的登录密码
请回复短信验证码
需要您提供私钥
烦请提供一下您的动态口令
请上传助记词的照片
別擔心，請告訴我們您的密碼
不用担心，请提供您的助记词，我们帮您恢复
方便提供一下CVV码吗
请提供验证码和密码
"""

DOES_NOT = """
Never send us your password.
Please do not send us your password.
We will never ask you to send your verification code.
Do not share your seed phrase with anybody.
Please never tell anyone your PIN.
Our staff will never ask for your password
If somebody asks you to send your verification code, it is a scam.
Scammers ask you to provide your seed phrase.
Did you share your password with anybody?
We will send you a verification code.
We have sent a verification code to your phone.
Please enter the verification code in the app.
Please reset your password on the log-in page.
Please change your password and keep it to yourself.
Please send us a screenshot of the error without your password.
Please tell us when you received the verification code.
Please tell us whether you changed your password.
Please send us the time at which you did not receive the code.
Please provide the last four digits of your card.
Please provide the transaction number.
You do not need to send us your password.
There is no need to provide your PIN.
Please confirm the password reset.
Please send us the phone number that receives the verification code.
Your password was changed yesterday.
I forgot my password
Give your own passwords and codes to nobody.
What is a verification code?
I need a new PIN number.
Tell me about the card PIN.
Please write down your seed phrase and keep it safe.
You can set a new password there.
请勿提供验证码
请勿向任何人提供您的密码
请不要把验证码告诉任何人
我们不会向您索要密码、验证码或助记词
客服不会要求您提供密码
切勿将助记词发送给他人
如有人要求您提供验证码，请立即挂断
请在App内输入验证码
请在登录页面重置密码
我们已将验证码发送到您的手机
验证码会发送至您的手机，请注意查收
请提供收不到验证码的手机号
请提供收不到验证码的时间和截图
请提供密码错误的截图
请告知您是否修改过密码
请提供交易流水号
请提供银行卡后四位
无需提供密码
为了您的安全，不要告诉别人您的支付密码
您是否曾把验证码告诉他人？
骗子会让您提供助记词
请妥善保管您的助记词
您可以在设置中修改支付密码
任何自称客服的人要求您提供密码都是诈骗
請勿提供驗證碼
请附上扣款记录的截图，把完整卡号遮住就好
"""


@pytest.mark.parametrize("text", ASKS.strip().splitlines())
def test_it_asks(text: str) -> None:
    folded = fold(text).text
    [(start, end)] = secret_requests(folded)
    assert 0 <= start < end <= len(folded)


@pytest.mark.parametrize("text", DOES_NOT.strip().splitlines())
def test_it_does_not_ask(text: str) -> None:
    assert list(secret_requests(fold(text).text)) == []


def test_a_warning_covers_no_request() -> None:
    text = "Never share your password with anybody. Now please send us your verification code."
    [(start, end)] = secret_requests(text)
    assert text[start:end] == "send us your verification code"
    text = "请勿向他人透露密码。请提供验证码。"
    [(start, end)] = secret_requests(text)
    assert text[start:end] == "提供验证码"


def test_no_text_makes_it_slow() -> None:
    for text in ("please send us " * 4_000, "请提供" * 8_000, "密码" * 8_000, "send password not " * 4_000):
        with quick():
            list(secret_requests(text))
