"""What decoys are made of: ordinary names, ordinary troubles and how they were ended, at the pace of people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tickets.choices import FieldKind
from tickets.rules.forms import FieldSpec

Choose = Callable[[int], int]
#: Their case was so many days ago, where the desk is as old as that: no number of this month or the last.
OLDEST_FROM, OLDEST_TO = 70, 400
#: A finished case is at least so old.
YOUNGEST = 21

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


@dataclass(frozen=True)
class Trouble:
    """``names`` are what categories of such cases are called; ``ask`` is what staff want to know first."""

    names: tuple[str, ...]
    subject: str
    question: str
    ask: str
    detail: str
    answer: str
    note: str


TROUBLES = (
    Trouble(
        ("充值", "recharge", "top-up", "deposit"),
        "充值一直没到账",
        "昨天晚上充值，银行卡已经扣款，钱包里没有看到，麻烦帮忙查一下。",
        "您好，请问付款时页面有提示吗？扣款短信上的时间大概是几点？",
        "没有提示，短信是付款之后一两分钟收到的。",
        "您好，渠道方已补回通知，这笔充值已经入账，请刷新后查看余额。",
        "渠道回调延迟，已补单。",
    ),
    Trouble(
        ("提现", "withdrawal"),
        "提现还要等多久",
        "提现申请两天了还是处理中，请问什么时候能到？",
        "您好，请确认一下收款账户是否为本人的借记卡，状态是否正常。",
        "是本人的借记卡，平时也在用，没有问题。",
        "您好，提现已由银行处理完成，请留意到账短信。给您添麻烦了。",
        "银行端排队，已催办，回执成功。",
    ),
    Trouble(
        ("认证", "kyc", "identity"),
        "实名认证没有通过",
        "证件照片重新拍过了，还是提示不清楚，怎么办？",
        "您好，请在光线充足的地方横向拍摄，四个角都要在框内，再提交一次。",
        "按您说的重新拍了，已经提交。",
        "您好，新的照片已经审核通过，现在可以正常使用了。谢谢您的耐心。",
        "首次照片反光，新照片清晰，人工审核通过。",
    ),
    Trouble(
        ("限额", "limits"),
        "大额转账被限制",
        "想转一笔比较大的钱，系统说超出限额，可以提高吗？",
        "您好，请问这个额度只用一次，还是以后经常需要？",
        "主要是这个月用一次，以后不常用。",
        "您好，您的限额已按审核结果调整，本月有效。",
        "按规则临时上调，月底恢复。",
    ),
    Trouble(
        ("转账", "付款", "transfer", "payment"),
        "付款失败但是扣了钱",
        "在商家那里付款，提示失败，可是余额少了。请帮我看看钱去哪里了。",
        "您好，请问商家那边显示已收款吗？之后有没有再付一次？",
        "商家说没有收到，我后来用现金付的。",
        "您好，这笔款项没有付出，已原路退回余额，请查看账单。",
        "交易未完成，系统冲正，已核对。",
    ),
    Trouble(
        ("换绑", "绑定", "unbinding", "手机号"),
        "换手机号",
        "原来的手机号不用了，想改成新的，需要什么材料？",
        "您好，请先在安全中心提交换绑申请，并完成人脸验证，我们收到后会处理。",
        "已经提交了，验证也做完了。",
        "您好，手机号已经更新，请用新号码登录。",
        "验证通过，已换绑。",
    ),
    Trouble(
        ("登录", "login"),
        "登录时一直收不到验证码",
        "今天登录，等了很久都没有收到短信，换了网络也不行。",
        "您好，请检查短信是否被拦截，并在十分钟后再试一次，看看能否收到。",
        "确实在拦截记录里，我放行以后再试试。",
        "您好，我们这边看到您已经登录成功。建议把我们的短信加入白名单。",
        "短信已送达，被手机拦截。",
    ),
    Trouble(
        ("银行卡", "card"),
        "银行卡绑不上",
        "想绑一张新的银行卡，一直提示信息不一致，我核对过好几遍。",
        "您好，请确认这张卡在银行预留的手机号和您现在的一致。",
        "预留的是旧号码，我先去银行改。",
        "您好，银行信息更新后已经可以绑定，我们这边看到绑定成功。",
        "预留号码不一致，客户已更新。",
    ),
    Trouble(
        ("退款", "refund"),
        "退款什么时候能到",
        "商家说已经退款三天了，我这里还没有看到。",
        "您好，请问原来是用余额还是银行卡付的？",
        "用银行卡付的。",
        "您好，退款已退回原来的银行卡，银行入账通常需要一到三个工作日，请留意。",
        "退款成功，等待银行入账。",
    ),
)
#: For a desk whose categories have other names.
ANY_TROUBLE = Trouble(
    (),
    "有个问题想请教一下",
    "按页面上的说明操作了，一直没有成功，不知道是不是哪一步做错了。",
    "您好，请问停在哪一步，页面上有什么提示？",
    "提示稍后再试，过了一会儿还是一样。",
    "您好，我们已经处理好了，请退出后重新登录再试一次。",
    "已处理，请客户重试。",
)
THANKS = ("好的，谢谢！", "谢谢，已经好了。", "收到了，谢谢您。")


@dataclass(frozen=True)
class Person:
    name: str
    email: str


def person(choose: Choose, domain: str, number: int) -> Person:
    """``domain`` must be the company's own, so that no stranger owns the address; ``number`` tells people apart.
    ``choose`` gives a whole number below the one that it gets."""
    family, given = _FAMILY[choose(len(_FAMILY))], _GIVEN[choose(len(_GIVEN))]
    return Person(f"{family}{given}", f"{_LATIN[family]}{number}@{domain}")


def days_ago(choose: Choose, age: int | None) -> int:
    """Within the life of the desk, whose oldest case is ``age`` days old: nobody's case is older than all."""
    oldest = OLDEST_TO if age is None else max(min(age, OLDEST_TO), YOUNGEST + 1)
    youngest = OLDEST_FROM if oldest > OLDEST_FROM else YOUNGEST
    return youngest + choose(oldest - youngest)


def fitting(names: Iterable[str]) -> list[Trouble]:
    """The troubles that a category of these names is for."""
    said = " ".join(names).casefold()
    return [trouble for trouble in TROUBLES if any(name in said for name in trouble.names)]


def spread(choose: Choose, least: float, most: float) -> timedelta:
    """Between so many minutes, to the microsecond: short ones more often than long ones."""
    share = min(choose(1_000_000), choose(1_000_000)) / 1_000_000
    return timedelta(minutes=least + (most - least) * share, microseconds=choose(1_000_000))


def waking_hour(choose: Choose, day: datetime) -> datetime:
    """Some moment of that day when people write: seven to eleven in the evening, local time."""
    start = day.replace(hour=7, minute=0, second=0, microsecond=0)
    return start + timedelta(seconds=choose(16 * 3600), microseconds=choose(1_000_000))


# ── The form ──────────────────────────────────────────────────────────────────────────────────────────────────
_BANKS = ("工商银行", "建设银行", "招商银行", "农业银行", "中国银行")
_SHOPS = ("便利蜂", "瑞幸咖啡", "盒马", "美团外卖", "永辉超市")
_AMOUNTS = (50, 100, 200, 300, 500, 800, 1000, 2000, 3000, 5000)


def answers(
    specs: Sequence[FieldSpec], trouble: Trouble, who: Person, opened: datetime, choose: Choose
) -> Mapping[str, Any]:
    """The form as they filled it in; what is optional, not always."""
    filled = {spec.key: _answer(spec, trouble, who, opened, choose) for spec in specs}
    return {
        spec.key: filled[spec.key]
        for spec in specs
        if filled[spec.key] is not None and (spec.required or choose(4))
    }


def _answer(spec: FieldSpec, trouble: Trouble, who: Person, opened: datetime, choose: Choose) -> Any:
    happened = opened - spread(choose, 5, 2_000)
    words = {
        "bank": _BANKS[choose(len(_BANKS))],
        "counterparty": _SHOPS[choose(len(_SHOPS))],
        "registered_name": who.name,
        "app_version": "5.8.2",
    }
    if spec.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
        return words.get(spec.key, trouble.subject if spec.required else None)
    if spec.kind == FieldKind.CHOICE:
        return spec.options[choose(len(spec.options))] if spec.options else None
    return {
        FieldKind.AMOUNT: {
            "amount": f"{_AMOUNTS[choose(len(_AMOUNTS))]}.{'00' if choose(3) else f'{choose(100):02}'}"
        },
        FieldKind.DATETIME: happened.replace(second=0, microsecond=0).isoformat(),
        FieldKind.DATE: happened.date().isoformat(),
        FieldKind.LAST4: f"{choose(10_000):04}",
        FieldKind.TRANSACTION: f"TX{happened:%Y%m%d}{choose(1_000_000):06}",
        FieldKind.PHONE_OR_EMAIL: who.email,
        FieldKind.YES_NO: bool(choose(2)),
    }.get(FieldKind(spec.kind))
