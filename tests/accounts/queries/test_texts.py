"""What is masked in texts is found whole or not at all, on every page that searches without an index of words."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import ApiToken, Brand, Customer, User
from accounts.queries.texts import stands_in
from tests.tickets.admin.test_pages import browser
from tickets.choices import MailPurpose, MailState
from tickets.models import DeadAddress, OutboxMail

ADDRESS = "mia@demo.test"


@pytest.mark.parametrize(
    ("said", "asked", "found"),
    [
        ("Mia Chen", "a ch", True),
        (f"<{ADDRESS}> no such user", "such user", True),
        (f"<{ADDRESS}> no such user", "mia", False),
        (f"<{ADDRESS}> no such user", ADDRESS, False),
        ("a 张三@邮箱.中国 b", "张三", False),
        ("a mia%40demo.test b", "demo", False),
        ("a mia @ demo.test b", "mia", False),
        ("a MIA＠demo.test b", "mia", False),
        ("+86 138-0013-8000", "138-0", False),
        ("+86 138-0013-8000", "13800138000", True),
        ("+86 138-0013-8000", "1380013", False),
        ("order 20261125001", "20261125001", True),
        ("QQ：12345678", "12345", False),
        ("QQ：12345", "1234", False),
        ("my WeChat id: zh_8812x", "zh_88", False),
    ],
)
def test_parts_of_contact_data_find_nothing(brand: Brand, said: str, asked: str, found: bool) -> None:
    row = Customer.objects.create(name=said, language="en")
    assert Customer.objects.filter(stands_in("name", asked), pk=row.pk).exists() is found


class TestConfigurationPages:
    @pytest.fixture
    def rows(self, member: Customer, agent: User, brand: Brand) -> dict[str, int]:
        """Of each page, the row that is about the customer."""
        assert member.user is not None
        User.objects.filter(pk=member.user.pk).update(name=f"Mia, {ADDRESS}", email=ADDRESS)
        token = ApiToken.objects.create(user=member.user, name=ADDRESS, digest="d" * 64, hint="h", scopes=[])
        dead = DeadAddress.objects.create(email=ADDRESS, reason=f"<{ADDRESS}> unknown")
        mail = OutboxMail.objects.create(
            cause="c", purpose=MailPurpose.LINK, brand=brand, to=ADDRESS, language="en",
            internet_message_id="<1@x>", state=MailState.SENT,
        )  # fmt: skip
        ids = {"accounts_user": member.user.pk, "accounts_apitoken": token.pk}
        return ids | {"tickets_deadaddress": dead.pk, "tickets_outboxmail": mail.pk}

    @pytest.mark.parametrize(
        ("asked", "found"),
        [(ADDRESS, True), (ADDRESS.upper(), True), ("mia@de", False), ("demo.test", False)],
    )
    def test_they_find_customers_by_whole_addresses(
        self, administrator: User, rows: dict[str, int], asked: str, found: bool
    ) -> None:
        client = browser(administrator)
        for label, pk in rows.items():
            page = client.get(reverse(f"admin:{label}_changelist"), {"q": asked}).content.decode()
            assert (reverse(f"admin:{label}_change", args=[pk]) in page) is found, label

    def test_their_addresses_ask_no_more_than_their_filters(
        self, administrator: User, rows: dict[str, int]
    ) -> None:
        client = browser(administrator)
        for label, column in [
            ("accounts_user", "email"),
            ("accounts_apitoken", "user__email"),
            ("tickets_deadaddress", "email"),
            ("tickets_outboxmail", "to"),
        ]:
            answer = client.get(reverse(f"admin:{label}_changelist"), {f"{column}__startswith": "m"})
            assert answer.status_code == 400, label
        kept = client.get(reverse("admin:accounts_user_changelist"), {"role__exact": "agent"})
        assert kept.status_code == 200

    def test_colleagues_are_found_by_parts(self, administrator: User, agent: User) -> None:
        page = browser(administrator).get(reverse("admin:accounts_user_changelist"), {"q": agent.email[:4]})
        assert reverse("admin:accounts_user_change", args=[agent.pk]) in page.content.decode()
