from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Brand, Customer, Team, User
from tests.api_client import Api, problem
from tests.pictures import PNG
from tickets import actors
from tickets.actions import messages
from tickets.choices import Channel, Priority, Status
from tickets.models import Category, Event, Message, OutboxMail, Ticket

pytestmark = pytest.mark.usefixtures("brand")


def filing(**changes: Any) -> dict[str, Any]:
    start = {
        "brand": "btp",
        "category": "withdrawal",
        "subject": "Withdrawal is late",
        "body": "I have waited since Monday.",
        "answers": {"amount": {"amount": "500", "currency": "CNY"}},
    }
    return {**start, **changes}


FOR_WANG = {"email": "wang@example.com", "name": "王小明"}


class TestCreate:
    def test_it_works_for_a_customer(self, brand: Brand, category: Category, member: Customer) -> None:
        answer = Api(member.user).send("/tickets/", filing())
        assert answer.status_code == 201, answer.content
        told = answer.json()
        ticket = Ticket.objects.get()
        assert told["number"] == ticket.display_number
        assert (
            answer["Location"]
            == told["url"]
            == f"{settings.PUBLIC_URL}/api/v1/tickets/{ticket.display_number}/"
        )
        assert answer["ETag"] == f'"{ticket.version}"'
        assert (ticket.customer, ticket.channel, ticket.category) == (member, Channel.API, category)
        assert ticket.fields == {"amount": {"amount": "500", "currency": "CNY"}}
        assert ticket.timers.count() == 2
        assert OutboxMail.objects.get().purpose == "receipt"
        assert {"team", "assignee", "tags", "due_at", "priority", "customer"}.isdisjoint(told)

    def test_it_works_for_staff(self, agent: User, category: Category) -> None:
        said = filing(customer=FOR_WANG, priority="high", tags=["VIP"], channel="phone", language="zh-hans")
        answer = Api(agent).send("/tickets/", said)
        assert answer.status_code == 201, answer.content
        ticket = Ticket.objects.get()
        assert ticket.customer.email == "wang@example.com"
        assert (ticket.priority, ticket.tags, ticket.channel) == (Priority.HIGH, ["vip"], Channel.PHONE)
        assert answer.json()["customer"] == {"name": "王小明", "email": "wang@example.com", "phone": ""}
        assert Event.objects.filter(kind="opened").get().actor == agent
        assert Message.objects.get().author_kind == "customer"

    def test_files_come_as_multipart(self, member: Customer, category: Category) -> None:
        file = SimpleUploadedFile("shot.png", PNG, content_type="text/html")
        said = {**filing(), "answers": '{"amount": "12"}', "attachments": [file]}
        answer = Api(member.user).upload("/tickets/", said)
        assert answer.status_code == 201, answer.content
        attachment = Message.objects.get().attachments.get()
        assert (attachment.name, attachment.content_type) == ("shot.png", "image/png")

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"brand": "nowhere"}, "brand"),
            ({"category": "nowhere"}, "category"),
            ({"body": " "}, "body"),
            ({"body": None}, "body"),
            ({"body": "x" * 30_000}, "body"),
            ({"answers": {}}, "amount"),
            ({"answers": []}, "answers"),
            ({"language": "fr"}, "language"),
            ({"tags": ["vip"]}, "tags"),
            ({"priority": "urgent"}, "priority"),
            ({"priority": "loud"}, "priority"),
            ({"customer": FOR_WANG}, "customer"),
            ({"channel": "import"}, "channel"),
            ({"channel": "phone"}, "channel"),
            ({"subject": "\x00"}, "subject"),
        ],
    )
    def test_refusals_name_the_field(
        self, member: Customer, category: Category, brand: Brand, changes: dict[str, Any], field: str
    ) -> None:
        told = problem(Api(member.user).send("/tickets/", filing(**changes)), 422, "invalid")
        assert field in told["errors"]
        assert not Ticket.objects.exists()

    def test_a_file_of_a_wrong_kind_is_refused(self, member: Customer, category: Category) -> None:
        file = SimpleUploadedFile("page.html", b"<script>alert(1)</script>")
        answer = Api(member.user).upload(
            "/tickets/", {**filing(), "answers": '{"amount": "12"}', "attachments": [file]}
        )
        assert "attachments" in problem(answer, 422, "invalid")["errors"]

    def test_staff_must_say_for_whom(self, agent: User, category: Category) -> None:
        assert "customer" in problem(Api(agent).send("/tickets/", filing()), 422, "invalid")["errors"]
        told = problem(Api(agent).send("/tickets/", filing(customer={"phone": "12"})), 422, "invalid")
        assert "customer.phone" in told["errors"]

    def test_staff_file_for_their_brands_only(
        self, other_brand_agent: User, brand: Brand, category: Category
    ) -> None:
        answer = Api(other_brand_agent).send("/tickets/", filing(customer=FOR_WANG))
        assert "brand" in problem(answer, 422, "invalid")["errors"]

    def test_the_security_officer_watches_only(self, officer: User, category: Category) -> None:
        problem(Api(officer).send("/tickets/", filing(customer=FOR_WANG)), 403, "not_allowed")

    def test_a_category_of_other_brands(
        self, member: Customer, category: Category, brand: Brand, other_brand: Brand
    ) -> None:
        category.brands.set([other_brand])
        assert "category" in problem(Api(member.user).send("/tickets/", filing()), 422, "invalid")["errors"]


class TestList:
    def test_each_sees_their_own(
        self,
        ticket: Ticket,
        make_ticket: Callable[..., Ticket],
        member: Customer,
        agent: User,
        other_team_agent: User,
        other_brand_agent: User,
        lead: User,
        manager: User,
        officer: User,
        administrator: User,
    ) -> None:
        own = make_ticket(customer=member)
        both = {ticket.display_number, own.display_number}

        def seen(user: User) -> set[str]:
            return {row["number"] for row in Api(user).get("/tickets/").json()["results"]}

        assert seen(member.user) == {own.display_number}  # type: ignore[arg-type]
        assert all(seen(user) == both for user in (agent, lead, manager, officer, administrator))
        assert seen(other_team_agent) == seen(other_brand_agent) == set()

    @pytest.mark.parametrize(
        ("query", "hit"),
        [
            ("status=new", True),
            ("status=open&status=new", True),
            ("status=solved", False),
            ("priority=normal", True),
            ("priority=urgent", False),
            ("category=withdrawal", True),
            ("brand=btp", True),
            ("brand=bobao", False),
            ("team=funds", True),
            ("team=risk", False),
            ("assignee=none", True),
            ("assignee=me", False),
            ("assignee=ann@demo.test", False),
            ("channel=web", True),
            ("channel=api", False),
            ("tag=vip", False),
            ("q=到账", True),
            ("q=没有这个词", False),
            ("created_from=2020-01-01T00:00:00Z", True),
            ("created_before=2020-01-01T00:00:00Z", False),
            ("updated_since=2020-01-01T00:00:00Z", True),
        ],
    )
    def test_filters(self, ticket: Ticket, agent: User, query: str, hit: bool) -> None:
        answer = Api(agent).get(f"/tickets/?{query}")
        assert answer.status_code == 200, answer.content
        assert bool(answer.json()["results"]) is hit

    def test_a_category_brings_those_below_it(
        self, make_ticket: Callable[..., Ticket], category: Category, agent: User
    ) -> None:
        child = Category.objects.create(slug="late", parent=category, name_zh="慢", name_en="Late")
        make_ticket(category=child)
        assert len(Api(agent).get("/tickets/?category=withdrawal").json()["results"]) == 1

    def test_found_by_number(self, ticket: Ticket, agent: User, make_ticket: Callable[..., Ticket]) -> None:
        make_ticket()
        [row] = Api(agent).get("/tickets/", {"q": ticket.display_number}).json()["results"]
        assert row["number"] == ticket.display_number

    @pytest.mark.parametrize("name", ["stauts", "priority", "team", "assignee", "channel", "tag"])
    def test_customers_have_fewer_filters(self, member: Customer, name: str) -> None:
        told = problem(Api(member.user).get(f"/tickets/?{name}=x"), 422, "invalid")
        assert name in told["errors"]

    @pytest.mark.parametrize(
        "query", ["status=gone", "cursor=x", "cursor=e30", "page_size=0", "ordering=id", "q=%00"]
    )
    def test_nonsense_is_refused(self, agent: User, query: str) -> None:
        problem(Api(agent).get(f"/tickets/?{query}"), 422, "invalid")

    def test_customers_do_not_search_notes(
        self, make_ticket: Callable[..., Ticket], member: Customer, agent: User
    ) -> None:
        own = make_ticket(customer=member, subject="Late")
        messages.note(own, body="suspicious", by=actors.staff(agent))
        assert Api(member.user).get("/tickets/?q=suspicious").json()["results"] == []
        assert Api(agent).get("/tickets/?q=suspicious").json()["results"]
        assert Api(member.user).get("/tickets/?q=late").json()["results"]


class TestPaging:
    @pytest.mark.parametrize("ordering", ["-created_at", "created_at", "-updated_at", "updated_at"])
    def test_no_gap_and_nothing_twice(
        self, make_ticket: Callable[..., Ticket], agent: User, ordering: str
    ) -> None:
        made = [make_ticket() for _ in range(9)]
        # Equal times are what an import makes.
        Ticket.objects.filter(pk__in=[row.pk for row in made[2:8]]).update(
            created_at=made[4].created_at, updated_at=made[4].created_at
        )
        name = ordering.strip("-")
        rows = Ticket.objects.order_by(ordering, "-pk" if ordering.startswith("-") else "pk")
        assert getattr(rows[3], name) == getattr(rows[4], name)
        api, seen, url = Api(agent), [], f"/tickets/?page_size=2&ordering={ordering}"
        while url:
            page = api.get(url).json()
            assert len(page["results"]) <= 2
            seen += [row["number"] for row in page["results"]]
            url = page["next"]
        assert seen == [row.display_number for row in rows]

    def test_rows_that_come_in_meanwhile_shift_nothing(
        self, make_ticket: Callable[..., Ticket], agent: User
    ) -> None:
        made = [make_ticket().display_number for _ in range(4)]
        api = Api(agent)
        first = api.get("/tickets/?page_size=2").json()
        make_ticket()
        second = api.get(first["next"]).json()
        assert [row["number"] for row in first["results"] + second["results"]] == made[::-1]
        assert second["next"] is None

    def test_a_cursor_belongs_to_its_order(self, make_ticket: Callable[..., Ticket], agent: User) -> None:
        for _ in range(2):
            make_ticket()
        url = Api(agent).get("/tickets/?page_size=1").json()["next"]
        problem(Api(agent).get(url + "&ordering=updated_at"), 422, "invalid")


class TestRead:
    def test_it_works(self, ticket: Ticket, agent: User) -> None:
        messages.note(ticket, body="Ask the bank.", by=actors.staff(agent))
        answer = Api(agent).get(f"/tickets/{ticket.display_number}/")
        told = answer.json()
        assert [row["body"] for row in told["messages"]][1:] == ["Ask the bank."]
        assert {row["kind"] for row in told["timers"]} == {"first_response", "resolution"}
        ticket.refresh_from_db()
        assert answer["ETag"] == f'"{ticket.version}"'
        assert Api(agent).get(f"/tickets/{ticket.number.lower()}/").status_code == 200

    def test_customers_read_no_notes(
        self, make_ticket: Callable[..., Ticket], member: Customer, agent: User
    ) -> None:
        own = make_ticket(customer=member)
        messages.note(own, body="Ask the bank.", by=actors.staff(agent))
        messages.reply(own, body="We are on it.", by=actors.staff(agent))
        told = Api(member.user).get(f"/tickets/{own.display_number}/").json()
        assert [row["visibility"] for row in told["messages"]] == ["public", "public"]
        assert "timers" not in told
        rows = Api(member.user).get(f"/tickets/{own.display_number}/messages/").json()["results"]
        assert len(rows) == 2

    def test_strangers_find_nothing(
        self, ticket: Ticket, member: Customer, other_team_agent: User, other_brand_agent: User
    ) -> None:
        for user in (member.user, other_team_agent, other_brand_agent):
            for path in ("", "messages/", "events/", "attachments/1/"):
                problem(Api(user).get(f"/tickets/{ticket.display_number}/{path}"), 404, "not_found")
            problem(
                Api(user).send(f"/tickets/{ticket.display_number}/", {"status": "open"}, method="PATCH"),
                404,
                "not_found",
            )
            problem(
                Api(user).send(f"/tickets/{ticket.display_number}/messages/", {"body": "x"}), 404, "not_found"
            )
        problem(Api(member.user).get("/tickets/nonsense/"), 404, "not_found")


class TestChange:
    def change(self, user: User | None, ticket: Ticket, said: dict[str, Any], **headers: str) -> Any:
        return Api(user).send(f"/tickets/{ticket.display_number}/", said, method="PATCH", headers=headers)

    def test_it_works(
        self, ticket: Ticket, lead: User, second_agent: User, other_team: Team, category: Category
    ) -> None:
        Category.objects.create(slug="refund", name_zh="退款", name_en="Refund")
        second_agent.teams.add(other_team)
        said = {
            "status": "on_hold",
            "priority": "urgent",
            "category": "refund",
            "team": "risk",
            "assignee": "bo@demo.test",
            "tags": ["bank", "late"],
        }
        answer = self.change(lead, ticket, said)
        assert answer.status_code == 200, answer.content
        told = answer.json()
        assert {name: told[name] for name in said if name != "assignee"} == {
            name: value for name, value in said.items() if name != "assignee"
        }
        assert told["assignee"] == {"name": "Bo", "email": "bo@demo.test"}
        ticket.refresh_from_db()
        assert ticket.status == Status.ON_HOLD
        assert answer["ETag"] == f'"{ticket.version}"'

    def test_all_or_nothing(self, ticket: Ticket, agent: User) -> None:
        events = Event.objects.count()
        problem(
            self.change(agent, ticket, {"priority": "urgent", "tags": ["a"], "status": "closed"}),
            409,
            "illegal_transition",
        )
        ticket.refresh_from_db()
        assert (ticket.priority, ticket.tags, ticket.version) == (Priority.NORMAL, [], 1)
        assert Event.objects.count() == events

    def test_an_older_version_is_refused(self, ticket: Ticket, agent: User) -> None:
        self.change(agent, ticket, {"tags": ["first"]})
        told = problem(
            self.change(agent, ticket, {"tags": ["second"], "version": 1}), 409, "version_conflict"
        )
        assert told["version"] == 2
        problem(
            self.change(agent, ticket, {"tags": ["second"]}, **{"If-Match": '"1"'}),
            412,
            "precondition_failed",
        )
        problem(
            self.change(agent, ticket, {"tags": ["second"]}, **{"If-Match": "nonsense"}),
            412,
            "precondition_failed",
        )
        assert self.change(agent, ticket, {"tags": ["second"]}, **{"If-Match": '"2"'}).status_code == 200
        assert self.change(agent, ticket, {"tags": ["third"]}, **{"If-Match": "*"}).status_code == 200

    @pytest.mark.parametrize(
        ("said", "field"),
        [
            ({"assignee": "wang@example.com"}, "assignee"),
            ({"team": "nobody"}, "team"),
            ({"category": "nothing"}, "category"),
            ({"status": "gone"}, "status"),
            ({"number": "X"}, "number"),
            ({"tags": ["x" * 50]}, "tags"),
        ],
    )
    def test_refusals_name_the_field(
        self, ticket: Ticket, lead: User, said: dict[str, Any], field: str
    ) -> None:
        assert field in problem(self.change(lead, ticket, said), 422, "invalid")["errors"]

    def test_agents_take_and_lay_down_but_do_not_give_away(
        self, ticket: Ticket, agent: User, second_agent: User
    ) -> None:
        assert self.change(agent, ticket, {"assignee": "me"}).json()["assignee"]["name"] == "Ann"
        problem(self.change(agent, ticket, {"assignee": "bo@demo.test"}), 403, "not_allowed")
        assert self.change(agent, ticket, {"assignee": None}).json()["assignee"] is None

    def test_customers_say_that_it_is_solved_and_nothing_else(
        self, make_ticket: Callable[..., Ticket], member: Customer
    ) -> None:
        own = make_ticket(customer=member)
        problem(self.change(member.user, own, {"priority": "urgent"}), 403, "not_allowed")
        problem(self.change(member.user, own, {"status": "on_hold"}), 409, "illegal_transition")
        assert self.change(member.user, own, {"status": "solved"}).json()["status"] == "solved"
        assert self.change(member.user, own, {"status": "open"}).json()["status"] == "open"

    @pytest.mark.parametrize("email", ["ann@demo.test", "nobody@demo.test"])
    def test_customers_do_not_learn_who_works_here(
        self, make_ticket: Callable[..., Ticket], member: Customer, agent: User, email: str
    ) -> None:
        own = make_ticket(customer=member)
        for said in ({"assignee": email}, {"team": "funds"}, {"team": "none"}, {"category": "none"}):
            problem(self.change(member.user, own, said), 403, "not_allowed")

    def test_the_security_officer_changes_nothing(self, ticket: Ticket, officer: User) -> None:
        problem(self.change(officer, ticket, {"status": "open"}), 403, "not_allowed")


@pytest.mark.parametrize(
    "path", ["/tickets/", "/tickets/{}/", "/tickets/{}/messages/", "/tickets/{}/events/"]
)
def test_queries_do_not_grow(
    path: str,
    ticket: Ticket,
    make_ticket: Callable[..., Ticket],
    agent: User,
    django_assert_max_num_queries: Any,
) -> None:
    api = Api(agent)
    url = path.format(ticket.display_number)
    api.get(url)  # notes the token's use
    # One of them writes the reading down, where it is not the same reading as before.
    with django_assert_max_num_queries(8) as few:
        assert api.get(url).status_code == 200
    for _ in range(20):
        make_ticket()
        messages.note(ticket, body="More.", by=actors.staff(agent))
    with django_assert_max_num_queries(8) as many:
        assert api.get(url).status_code == 200
    # A list that shows others than before is another reading, which is written down.
    assert len(few) <= len(many) <= len(few) + 1
