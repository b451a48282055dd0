"""Made-up customer words in both languages, with words of known rarity for the searches."""

from __future__ import annotations

import random

OPENINGS = {
    "zh-hans": [
        "我昨天提现{amount}元，到现在还没有到账，请帮忙查一下。",
        "充值{amount}元成功扣款，但是余额没有变化，很着急。",
        "登录的时候提示密码错误次数太多，账号被锁定了。",
        "转账给朋友失败，页面提示网络异常，钱却被扣了。",
        "我的账户被风控冻结，请问需要提供什么材料？",
        "申请退款已经三天了，请问进度怎么样？",
        "更换手机号之后收不到验证码，无法解绑银行卡。",
        "实名认证一直显示审核中，已经超过二十四小时。",
    ],
    "en": [
        "I withdrew {amount} yesterday and it has not arrived in my bank account, please check.",
        "My recharge of {amount} was taken from my card but the balance did not change.",
        "I cannot log in, it says too many wrong passwords and the account is locked.",
        "The transfer to a friend failed with a network error, yet the money is gone.",
        "My account was frozen by risk control. Which documents do you need from me?",
        "I asked for a refund three days ago, how far is it?",
        "After changing my phone number I do not receive the code to unbind my card.",
        "The identity check has been pending for more than a day now.",
    ],
}
REPLIES = {
    "zh-hans": [
        "您好，我们已经查到这笔交易，银行正在处理，预计两个工作日内到账，有进展会马上告诉您。",
        "您好，您的问题已经转给资金组核实，请提供交易号后四位，不要发送密码或验证码。",
    ],
    "en": [
        "Hello, we found the transaction. The bank is working on it and we expect it within two working days.",
        "Hello, we passed this to the funds team. Please send the transaction id; never send a password or code.",
    ],
}
ANSWERS = {
    "zh-hans": [
        "谢谢，但是我这边还是没有看到，麻烦再核实一下。",
        "交易号后四位是 8841，截图我稍后补上。",
        "已经过去两天了，能不能给一个准确的时间？",
    ],
    "en": [
        "Thank you, but I still do not see it on my side. Please look again.",
        "The last four of the transaction are 8841, a screenshot follows.",
        "Two days have passed now. Can you give me a time that holds?",
    ],
}
SUBJECTS = {
    "zh-hans": [
        "提现未到账",
        "充值没有到账",
        "账号被锁定",
        "转账失败",
        "账户被冻结",
        "退款进度",
        "更换手机号",
        "实名认证",
    ],
    "en": [
        "Withdrawal not arrived",
        "Recharge missing",
        "Account locked",
        "Transfer failed",
        "Account frozen",
        "Refund progress",
        "Change of phone",
        "Identity check",
    ],
}
#: Word to how often it stands in the texts: one ticket in so many.
RARE = {"zh-hans": "蝴蝶", "en": "butterfly"}
RARE_EVERY = 10_000
COMMON = {"zh-hans": "到账", "en": "account"}


def opening(rng: random.Random, language: str, number: int) -> tuple[int, str]:
    """(kind 0..7, text) of ticket ``number``; every RARE_EVERY-th carries the rare word."""
    kind = rng.randrange(8)
    text = OPENINGS[language][kind].format(amount=rng.randrange(10, 50_000))
    text += f" TX{number:09d}"
    if number % RARE_EVERY in (7, 8):
        text += " " + RARE[language]
    return kind, text
