"""The demo's emergency, which waits for somebody, its plan of who is on call, and a campaign of frauds."""

from __future__ import annotations

from datetime import time, timedelta

from accounts.models import Brand, User
from helpdesk import demo_logins
from helpdesk.lib import clock
from tickets import actors
from tickets.actions import on_call
from tickets.actions.emergencies import Report, report
from tickets.actions.emergency_promise import ensure
from tickets.actions.on_call import Plan
from tickets.actions.scams import DESK, Judgement, ScamSaid, judge
from tickets.actions.scams import report as report_scam
from tickets.choices import AccountKind, ScamState, Situation
from tickets.rules.emergencies import Account
from tickets.rules.scams import guess

#: Reserved names (RFC 2606, RFC 6761): they lead nowhere.
FRAUDS = (
    (
        "https://btp-verify.example.com/login",
        "【B特派】您的账户存在异常登录，为避免资金损失请立即点击链接完成实名认证，逾期账户将被永久冻结。",
        True,
    ),
    ("btp-verify.example.com/a?id=88", "短信里的链接，打开要我填支付密码。", False),
    (
        "service@btp-verify.example.com",
        "Mail says my wallet is locked and asks for the recovery phrase.",
        False,
    ),
)
UNJUDGED = ("@btp_official_helper", "自称客服，在群里私聊我，要我把助记词发给他“解冻”。")


def build() -> int:
    """After brands and people; how many emergencies."""
    ensure()
    now = clock.now()
    brand = Brand.objects.get(slug="btp")
    lead = User.objects.get(email=demo_logins.EMAILS["lead"])
    by = actors.staff(lead)
    for row in Brand.objects.all():
        on_call.add(Plan(row, lead, weekdays=range(7), opens=time(0), closes=time(0)), by=by)
    with clock.frozen(now - timedelta(minutes=2)):
        report(
            Report(
                brand=brand,
                account=Account(AccountKind.EMAIL, demo_logins.EMAILS["customer"]),
                situations=[Situation.PHONE_STOLEN, Situation.MONEY_GONE],
                language="zh-hans",
                money_left_at=now - timedelta(hours=3),
                call_back="+8613800138000",
            )
        )
    _frauds(brand, lead)
    return 1


def _frauds(brand: Brand, lead: User) -> None:
    campaign = None
    for value, remark, lost in FRAUDS:
        sign = guess(value)
        assert sign is not None
        campaign = report_scam(ScamSaid(brand, [sign], remark, lost_money=lost), by=DESK)
    assert campaign is not None
    advice = {
        "zh": "冒充本公司的“实名认证”短信和邮件。我们从不通过链接索要支付密码或助记词。",
        "en": "Texts and mails about “verification” in our name. We never ask for a password or phrase by a link.",
    }
    title = "冒充实名认证 · False verification"
    judge(campaign, Judgement(ScamState.PUBLISHED, title=title, advice=advice), by=actors.staff(lead))
    sign = guess(UNJUDGED[0])
    assert sign is not None
    report_scam(ScamSaid(brand, [sign], UNJUDGED[1]), by=DESK)
