from __future__ import annotations

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from pytest_django import Settings

from accounts.models import ApiToken, Brand, Team, User
from helpdesk.lib import clock
from tests.forms import fields
from tests.tickets.admin.test_configuration import save
from tests.tickets.admin.test_pages import address, browser

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"


class TestPeople:
    def new(self, brand: Brand, team: Team, **changes: str) -> dict[str, object]:
        said = {"email": "New@Demo.test", "name": "Nora", "role": "agent", "language": "en"}
        return {**said, "brands": [brand.pk], "teams": [team.pk], **changes}

    def test_somebody_new_sets_the_password_by_a_mailed_link(
        self, administrator: User, brand: Brand, team: Team, settings: Settings
    ) -> None:
        settings.EMAIL_BACKEND = LOCMEM
        assert save(administrator, "accounts.user", self.new(brand, team)) == (302, "")
        user = User.objects.get(email="new@demo.test")
        assert not user.has_usable_password()
        assert [set(user.brand_ids), set(user.team_ids)] == [{brand.pk}, {team.pk}]
        assert EmailAddress.objects.get(user=user).verified
        [sent] = mail.outbox
        assert sent.to == ["new@demo.test"]
        link = next(line for line in str(sent.body).split() if "/accounts/password/reset/key/" in line)
        visitor = Client()
        page = visitor.get("/accounts/" + link.partition("/accounts/")[2], follow=True)
        form = page.redirect_chain[-1][0]
        visitor.post(form, {"password1": "a good long password", "password2": "a good long password"})
        user.refresh_from_db()
        assert user.check_password("a good long password")

    def test_a_link_for_somebody_who_lost_theirs(
        self, administrator: User, agent: User, settings: Settings
    ) -> None:
        settings.EMAIL_BACKEND = LOCMEM
        client = browser(administrator)
        client.get(address("accounts.user", "send_link", agent.pk))
        client.post(address("accounts.user"), {"action": "send_links", "_selected_action": [agent.pk]})
        assert [sent.to for sent in mail.outbox] == [["ann@demo.test"]] * 2

    def test_no_password_is_shown_or_typed(self, administrator: User, agent: User) -> None:
        page = browser(administrator).get(address("accounts.user", "change", agent.pk)).content.decode()
        assert not any("password" in name for name in fields(page))

    def test_customers_are_not_made_here(self, administrator: User, brand: Brand, team: Team) -> None:
        status, told = save(administrator, "accounts.user", self.new(brand, team, role="customer"))
        assert status == 200
        assert "valid choice" in told

    def test_an_address_is_one_persons(
        self, administrator: User, agent: User, brand: Brand, team: Team
    ) -> None:
        told = save(administrator, "accounts.user", self.new(brand, team, email="ANN@demo.test"))[1]
        assert "already exists" in told

    def test_nobody_locks_themselves_out(self, administrator: User) -> None:
        save(administrator, "accounts.user", {"role": "agent", "is_active": None}, administrator.pk)
        administrator.refresh_from_db()
        assert (administrator.role, administrator.is_active) == ("administrator", True)

    def test_switched_off(self, administrator: User, agent: User) -> None:
        assert save(administrator, "accounts.user", {"is_active": None}, agent.pk) == (302, "")
        agent.refresh_from_db()
        assert not agent.is_active


class TestTokens:
    def issue(self, user: User, owner: User, **changes: object) -> tuple[int, str]:
        url = address("accounts.apitoken", "add")
        said = {"user": owner.pk, "name": "nightly", "scopes": ["tickets:read"], **changes}
        answer = browser(user).post(url, said)
        return answer.status_code, answer.content.decode()

    def test_the_secret_is_shown_once(self, administrator: User, agent: User) -> None:
        status, page = self.issue(administrator, agent)
        assert status == 200
        secret = "hd_" + page.partition(">hd_")[2].partition("<")[0]
        token = ApiToken.objects.get()
        assert (token.user, token.scopes) == (agent, ["tickets:read"])
        assert (
            Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/tickets/").status_code == 200
        )
        client = browser(administrator)
        for url in (address("accounts.apitoken"), address("accounts.apitoken", "change", token.pk)):
            again = client.get(url).content.decode()
            assert token.hint in again
            assert secret not in again

    def test_revoked(self, administrator: User, agent: User) -> None:
        self.issue(administrator, agent)
        token = ApiToken.objects.get()
        browser(administrator).get(address("accounts.apitoken", "revoke", token.pk))
        assert not ApiToken.objects.usable().exists()
        self.issue(administrator, agent)
        rows = list(ApiToken.objects.values_list("pk", flat=True))
        browser(administrator).post(
            address("accounts.apitoken"), {"action": "revoke_all", "_selected_action": rows}
        )
        assert not ApiToken.objects.usable().exists()

    def test_nonsense_is_told(self, administrator: User, agent: User) -> None:
        past = clock.now() - timedelta(days=1)
        said = {"expires_at_0": f"{past:%Y-%m-%d}", "expires_at_1": "00:00:00"}
        assert "has passed" in self.issue(administrator, agent, **said)[1]
        assert self.issue(administrator, agent, scopes=["all"])[0] == 200
        assert not ApiToken.objects.exists()

    def test_it_cannot_be_changed_or_deleted(self, administrator: User, agent: User) -> None:
        self.issue(administrator, agent)
        token = ApiToken.objects.get()
        client = browser(administrator)
        url = address("accounts.apitoken", "change", token.pk)
        assert client.post(url, {"name": "x"}).status_code == 403
        assert (
            client.post(address("accounts.apitoken", "delete", token.pk), {"post": "yes"}).status_code == 403
        )

    def test_nobody_else(self, manager: User, agent: User, administrator: User) -> None:
        assert self.issue(manager, agent)[0] == 403
        self.issue(administrator, agent)
        token = ApiToken.objects.get()
        assert browser(manager).get(address("accounts.apitoken", "revoke", token.pk)).status_code == 403
        assert ApiToken.objects.usable().exists()


class TestBrands:
    def test_it_works(self, administrator: User, brand: Brand) -> None:
        changes = {"social": "WeChat | btp-wallet\n微博 ｜ B特派", "hours_en": "Mon to Fri"}
        assert save(administrator, "accounts.brand", changes, brand.pk) == (302, "")
        brand.refresh_from_db()
        assert brand.social == [
            {"name": "WeChat", "account": "btp-wallet"},
            {"name": "微博", "account": "B特派"},
        ]

    def test_nonsense_is_told(self, administrator: User, brand: Brand, other_brand: Brand) -> None:
        for changes, words in [
            ({"accent": "blue"}, "hexadecimal"),
            ({"time_zone": "Mars"}, "No such time zone"),
            ({"social": "WeChat"}, "Line 1"),
            ({"email": "nobody"}, "valid email"),
        ]:
            told = save(administrator, "accounts.brand", changes, brand.pk)[1]
            assert words in told, told
        assert "used by the site" in save(administrator, "accounts.brand", {"slug": "admin"})[1]

    def test_it_is_not_deleted(self, administrator: User, brand: Brand) -> None:
        answer = browser(administrator).post(address("accounts.brand", "delete", brand.pk), {"post": "yes"})
        assert answer.status_code == 403
