"""What decoys are made of: ordinary names and ordinary, finished troubles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

#: Their case was so many days ago: no number of this month or the last.
OLDEST_FROM, OLDEST_TO = 70, 400

_GIVEN = (
    "佳怡",
    "子涵",
    "俊杰",
    "晓东",
    "雅琴",
    "文博",
    "思远",
    "丽娜",
    "国强",
    "雨桐",
    "建华",
    "欣妍",
    "志明",
    "海燕",
)
_LATIN = {
    "陈": "chen", "林": "lin", "周": "zhou", "吴": "wu", "徐": "xu", "孙": "sun", "朱": "zhu", "高": "gao",
    "何": "he", "郭": "guo", "罗": "luo", "梁": "liang", "谢": "xie", "宋": "song", "唐": "tang", "韩": "han",
    "冯": "feng", "邓": "deng",
}  # fmt: skip
_FAMILY = tuple(_LATIN)
_TROUBLES = (
    (
        "充值一直没到账",
        "昨天晚上充值，银行卡已经扣款，钱包里没有看到，麻烦帮忙查一下。",
        "您好，款项已经入账，请刷新后查看。",
    ),
    (
        "提现还要等多久",
        "提现申请两天了还是处理中，请问什么时候能到？",
        "您好，提现已由银行处理完成，请留意到账短信。",
    ),
    (
        "实名认证没有通过",
        "身份证照片重新拍过了，还是提示不清楚，怎么办？",
        "您好，新的照片已经审核通过，谢谢您的耐心。",
    ),
    (
        "大额转账被限制",
        "想转一笔比较大的钱，系统说超出限额，可以提高吗？",
        "您好，您的限额已按审核结果调整。",
    ),
    (
        "换手机号",
        "原来的手机号不用了，想改成新的，需要什么材料？",
        "您好，手机号已经更新，请用新号码登录。",
    ),
)


@dataclass(frozen=True)
class Story:
    """A customer and their one finished case."""

    name: str
    email: str
    subject: str
    question: str
    answer: str
    #: How long ago it was, in days.
    days_ago: int


def story(choose: Callable[[int], int], domain: str, number: int) -> Story:
    """``domain`` must be the company's own, so that no stranger owns the address; ``number`` tells people apart.
    ``choose`` gives a whole number below the one that it gets."""
    family, given = _FAMILY[choose(len(_FAMILY))], _GIVEN[choose(len(_GIVEN))]
    subject, question, answer = _TROUBLES[choose(len(_TROUBLES))]
    days = OLDEST_FROM + choose(OLDEST_TO - OLDEST_FROM)
    return Story(f"{family}{given}", f"{_LATIN[family]}{number}@{domain}", subject, question, answer, days)
