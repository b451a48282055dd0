from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from accounts.models import AuditEntry, Brand, User
from helpdesk.lib.errors import Conflict, Invalid, NotAllowed
from tickets import actors
from tickets.actions.scams import DESK, Judgement, OursIsNoScam, ScamSaid, judge, merge, report
from tickets.choices import EventKind, ScamKind, ScamState
from tickets.models import Event, ScamCampaign, ScamKey, ScamReport, Ticket
from tickets.queries import scams as queries
from tickets.rules.scams import Sign, guess

pytestmark = pytest.mark.django_db
TEXT = (
    "您的账户存在异常登录，为避免资金损失请立即点击链接完成实名认证，逾期账户将被永久冻结，请勿回复本短信。"
)


def sign(text: str) -> Sign:
    found = guess(text)
    assert found is not None
    return found


def said(brand: Brand, *texts: str, **more: Any) -> ScamCampaign:
    return report(ScamSaid(brand=brand, signs=[sign(text) for text in texts], **more), by=DESK)


def test_it_is_kept_and_announced(brand: Brand, ticket: Ticket) -> None:
    campaign = said(brand, "http://pay.evil.com/x", ticket=ticket, remark="They called.", lost_money=True)
    row = ScamReport.objects.get()
    assert (row.value, row.shown) == ("http://pay.evil.com/x", "hxxp://pay[.]evil[.]com/x")
    assert (row.campaign, row.lost_money, campaign.count) == (campaign, True, 1)
    assert campaign.title == "hxxp://pay[.]evil[.]com/x"
    event = Event.objects.get(kind=EventKind.SCAM_REPORTED)
    assert event.data["value"] == "hxxp://pay[.]evil[.]com/x"
    assert AuditEntry.objects.get(kind="scam_reported").data["signs"] == ["hxxp://pay[.]evil[.]com/x"]


def test_the_same_campaign_is_one(brand: Brand, other_brand: Brand) -> None:
    one = said(brand, "http://pay.evil.com/x")
    other = said(other_brand, "https://www.evil.com/y", "a@evil.com")
    assert one == other
    assert (other.count, ScamReport.objects.count()) == (2, 3)
    assert set(other.brands.all()) == {brand, other_brand}


def test_the_same_words_with_another_link_are_one(brand: Brand) -> None:
    one = said(brand, "http://evil-one.com", remark=TEXT)
    other = said(brand, "http://evil-two.com", remark=TEXT + "退订回T")
    assert one == other
    assert queries.campaign_by(sign("http://sub.evil-two.com/z")) == one


def test_what_two_campaigns_share_is_said(brand: Brand, lead: User) -> None:
    one, other = said(brand, "http://evil-one.com", remark=TEXT), said(brand, "http://evil-two.com")
    said(brand, "http://evil-two.com", remark=TEXT)
    assert one != other
    assert queries.near_to(other, lead) == [one]


def test_the_same_form_twice_is_one_report(brand: Brand) -> None:
    first = said(brand, "http://evil.com", "http://evil.net", origin_key="web:1")
    again = said(brand, "http://evil.com", "http://evil.net", origin_key="web:1")
    assert first == again
    assert (again.count, ScamReport.objects.count()) == (1, 2)


def test_a_picture_or_words_alone_will_do(brand: Brand) -> None:
    report(ScamSaid(brand=brand, has_picture=True), by=DESK)
    report(ScamSaid(brand=brand, remark="A man called himself support."), by=DESK)
    assert list(ScamReport.objects.values_list("kind", flat=True)) == ["picture", "picture"]
    with pytest.raises(Invalid):
        report(ScamSaid(brand=brand), by=DESK)


@pytest.mark.django_db(transaction=True)
def test_two_reports_of_one_new_thing_at_once_meet(brand: Brand) -> None:
    together, troubles = threading.Barrier(4), []

    def run(number: int) -> None:
        try:
            together.wait(10)
            said(brand, f"http://s{number}.evil.com", "+86 138 0013 8000")
        except Exception as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not troubles
    assert ScamCampaign.objects.get().count == 4
    assert ScamKey.objects.count() == 2


@pytest.mark.parametrize("state", list(ScamState))
def test_it_is_judged(brand: Brand, lead: User, state: ScamState) -> None:
    campaign = said(brand, "http://evil.com")
    advice = {"zh": "不要点 http://evil.com", "en": "Do not open it."}
    done = judge(campaign, Judgement(state, title="False support", advice=advice), by=actors.staff(lead))
    assert (done.state, done.title, done.judged_by) == (state, "False support", lead)
    assert done.advice_zh == "不要点 hxxp://evil[.]com"
    assert AuditEntry.objects.get(kind="scam_judged").data["to"] == state
    assert [row.value for row in queries.listed(None)] == (
        ["http://evil.com"] if state in queries.KNOWN else []
    )
    assert queries.published(brand) == ([done] if state == ScamState.PUBLISHED else [])


def test_an_agent_does_not_judge(brand: Brand, agent: User) -> None:
    campaign = said(brand, "http://evil.com")
    with pytest.raises(NotAllowed):
        judge(campaign, Judgement(ScamState.CONFIRMED), by=actors.staff(agent))


def test_nobody_makes_us_warn_of_ourselves(brand: Brand, lead: User) -> None:
    campaign = said(brand, "https://help.btp.test/login")
    with pytest.raises(OursIsNoScam):
        judge(campaign, Judgement(ScamState.PUBLISHED), by=actors.staff(lead))
    judge(campaign, Judgement(ScamState.DISMISSED), by=actors.staff(lead))


def test_merged_they_are_one(brand: Brand, other_brand: Brand, lead: User) -> None:
    one, other = said(brand, "http://one.com"), said(other_brand, "http://two.com")
    done = merge(one, other, by=actors.staff(lead))
    assert (done, done.count, set(done.brands.all())) == (other, 2, {brand, other_brand})
    assert said(brand, "http://one.com/again") == other
    assert list(queries.visible_to(lead)) == [other]
    with pytest.raises(Conflict):
        merge(one, other, by=actors.staff(lead))
    with pytest.raises(Conflict):
        judge(one, Judgement(ScamState.CONFIRMED), by=actors.staff(lead))
    with pytest.raises(Invalid):
        merge(other, other, by=actors.staff(lead))


def test_everybody_sees_their_brands_alone(
    brand: Brand, lead: User, agent: User, administrator: User
) -> None:
    said(brand, "http://one.com")
    lead.brands.clear()
    lead = User.objects.get(pk=lead.pk)
    assert not queries.visible_to(lead).exists()
    assert not queries.visible_to(agent).exists()
    assert queries.visible_to(administrator).exists()


def test_the_list_names_no_shared_host_and_nothing_of_ours(brand: Brand, lead: User) -> None:
    campaign = said(brand, "https://t.me/btp_help", "http://evil.com/a")
    judge(campaign, Judgement(ScamState.CONFIRMED), by=actors.staff(lead))
    ScamReport.objects.create(
        campaign=campaign, brand=brand, kind=ScamKind.LINK, value="https://www.btp.test/x"
    )
    found = {row.value: row.block for row in queries.listed(brand)}
    assert found == {"https://t.me/btp_help": "", "http://evil.com/a": "evil.com"}
