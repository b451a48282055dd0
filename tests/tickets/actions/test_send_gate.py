"""What holds a reply back: other people's data, secrets, requests for them, promises, and what happened meanwhile."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actions import customers
from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from tests.crowd import all_at_once
from tests.times import shanghai
from tickets import actors
from tickets.actions import assignment
from tickets.actions.messages import customer_reply, note, reply
from tickets.actions.send_gate import HeldBack, NewerMessages
from tickets.choices import FieldKind
from tickets.models import CategoryField, Draft, ForbiddenPhrase, Message, OutboxMail, Participant, Ticket
from tickets.queries.forbidden_phrases import forget
from tickets.queries.others_data import of_others
from tickets.rules.numbers import new_number
from tickets.rules.send_gate import Reason, ReasonKind

MakeTicket = Callable[..., Ticket]
REFERENCE = "TX-2026-0331-99817"


@pytest.fixture(autouse=True)
def no_examples(db: None) -> None:
    """Each test brings the phrases it needs."""
    ForbiddenPhrase.objects.all().delete()
    forget()


@pytest.fixture
def stranger(brand: Brand) -> Customer:
    """Another customer, with everything that may name one."""
    return customers.find_or_create(
        email="zhao@example.org", phone="+8613912345678", name="赵", language="zh-hans"
    )


@pytest.fixture
def theirs(make_ticket: MakeTicket, stranger: Customer, ticket: Ticket) -> Ticket:
    assert ticket.category is not None
    CategoryField.objects.create(
        category=ticket.category,
        key="reference",
        kind=FieldKind.TRANSACTION,
        label_zh="x",
        label_en="x",
        required=False,
    )
    answers = {"amount": {"amount": "9", "currency": "CNY"}, "reference": REFERENCE}
    return make_ticket(customer=stranger, answers=answers)


def held(ticket: Ticket, by: User, body: str, **more: Any) -> list[Reason]:
    """The reasons; nothing was sent."""
    before = Message.objects.count(), OutboxMail.objects.count()
    with pytest.raises(HeldBack) as refused:
        reply(ticket, body=body, by=actors.staff(by), **more)
    assert (Message.objects.count(), OutboxMail.objects.count()) == before
    return refused.value.reasons


def phrase(words: str, **more: Any) -> ForbiddenPhrase:
    made = ForbiddenPhrase.objects.create(words=words, reason_zh="不能承诺", reason_en="No promise", **more)
    forget()
    return made


class TestOthersData:
    @pytest.mark.parametrize(
        "text",
        [
            "Write to Zhao@Example.org",
            "电话 139 1234 5678",
            "+86 13912345678",
            f"交易 {REFERENCE} 已处理",
            f"see {REFERENCE}.",
        ],
    )
    def test_it_is_held_back(self, ticket: Ticket, theirs: Ticket, agent: User, text: str) -> None:
        [reason] = held(ticket, agent, text)
        assert reason.kind == ReasonKind.OTHERS_DATA
        assert not reason.may_send_anyway

    def test_the_number_of_their_case(self, ticket: Ticket, theirs: Ticket, agent: User) -> None:
        plain, shown = theirs.number, theirs.display_number
        for text, hit in {
            f"As in {shown} before": shown,
            f"Other case {plain}": plain,
            f"as in {plain.lower()}.": plain.lower(),
            f"工单{plain}已处理": plain,
            f"https://help.example/cases/{plain}/": plain,
            f"工单 {shown.replace('-', ' ')}": shown.replace("-", " "),
        }.items():
            [reason] = held(ticket, agent, text)
            assert reason.kind == ReasonKind.OTHERS_DATA
            assert reason.excerpt is not None
            assert reason.excerpt.hit == hit

    def test_what_looks_like_a_number_is_looked_up_once(
        self, ticket: Ticket, theirs: Ticket, agent: User
    ) -> None:
        chance = random.Random(3)
        body = " ".join(new_number(chance.randrange) for _ in range(30))
        with CaptureQueriesContext(connection) as caught:
            assert of_others(ticket, f"{ticket.number} {body}") == {}
        assert len(caught) == 1
        assert of_others(ticket, f"Your case {ticket.number}") == {}
        assert reply(ticket, body=f"{ticket.number} {body}", by=actors.staff(agent))

    def test_ones_own_is_fine(
        self, ticket: Ticket, theirs: Ticket, make_ticket: MakeTicket, agent: User
    ) -> None:
        customer = ticket.customer
        customer.phone = "+8613700000001"
        customer.save()
        another = make_ticket()
        body = f"{customer.email} 137 0000 0001 {ticket.display_number} {another.display_number}"
        assert reply(ticket, body=body, by=actors.staff(agent))

    @pytest.mark.parametrize("text", ["zhao@example.org", "139-1234-5678", REFERENCE])
    def test_what_was_said_here_is_fine(self, ticket: Ticket, theirs: Ticket, agent: User, text: str) -> None:
        customer_reply(ticket, body=f"I sent it to {text}", by=actors.customer(ticket.customer))
        assert reply(ticket, body=f"You sent it to {text}?", by=actors.staff(agent))

    def test_a_note_is_no_conversation(self, ticket: Ticket, theirs: Ticket, agent: User) -> None:
        note(ticket, body="ask zhao@example.org", by=actors.staff(agent))
        assert held(ticket, agent, "ask zhao@example.org")

    def test_who_is_in_copy_is_known_here(self, ticket: Ticket, theirs: Ticket, agent: User) -> None:
        Participant.objects.create(ticket=ticket, email="zhao@example.org")
        assert reply(ticket, body="Copied to zhao@example.org", by=actors.staff(agent))

    def test_our_own_address_is_fine(self, ticket: Ticket, brand: Brand, agent: User) -> None:
        customers.find_or_create(email=brand.email, name="x", language="en")
        assert reply(ticket, body=f"Write to {brand.email}", by=actors.staff(agent))

    def test_what_is_nobodys_is_fine(self, ticket: Ticket, theirs: Ticket, agent: User) -> None:
        body = "partner@bank.example, 010-62345678, TX-1999-0000-11111, 2026-03-31 14:30"
        assert reply(ticket, body=body, by=actors.staff(agent))


class TestSecrets:
    def test_a_secret(self, ticket: Ticket, agent: User, caplog: Any) -> None:
        caplog.set_level(logging.DEBUG)
        with pytest.raises(HeldBack) as refused:
            reply(ticket, body="卡号 4111 1111 1111 1111", by=actors.staff(agent))
        [reason] = refused.value.reasons
        assert (reason.kind, reason.may_send_anyway) == (ReasonKind.SECRET, False)
        told = f"{refused.value!r} {refused.value} {refused.value.extra} {refused.value.args} {caplog.text}"
        assert "1111 1111" not in told
        assert "411111••••••1111" in told

    def test_asking_for_one(self, ticket: Ticket, agent: User) -> None:
        [reason] = held(ticket, agent, "请提供验证码")
        assert (reason.kind, reason.may_send_anyway) == (ReasonKind.ASKS_FOR_SECRET, False)
        assert reply(ticket, body="请勿向任何人提供验证码", by=actors.staff(agent))

    def test_what_is_only_likely_may_be_meant(self, ticket: Ticket, agent: User) -> None:
        body = "Your first password is sunshine."
        [reason] = held(ticket, agent, body)
        assert reply(ticket, body=body, by=actors.staff(agent), confirmed=[reason.confirmation])

    def test_the_customer_is_not_gated(self, ticket: Ticket) -> None:
        assert customer_reply(ticket, body="我一定退款", by=actors.customer(ticket.customer))

    def test_the_desks_own_words_are_not(self, ticket: Ticket, agent: User) -> None:
        reply(ticket, body="请稍等", by=actors.staff(agent))
        phrase("一定退款")
        assert reply(ticket, body="一定退款", by=actors.system("macro"))

    def test_colleagues_may_note_it(self, ticket: Ticket, agent: User) -> None:
        phrase("一定退款")
        assert note(ticket, body="客户说一定退款", by=actors.staff(agent))


class TestPhrases:
    def test_it_works(self, ticket: Ticket, agent: User) -> None:
        phrase("guarantee * refund\n一定退款")
        [reason] = held(ticket, agent, "您放心，一定退款。")
        assert (reason.kind, reason.may_send_anyway, str(reason.words)) == (
            ReasonKind.PHRASE,
            False,
            "不能承诺",
        )
        assert reply(ticket, body="我们会尽快处理。", by=actors.staff(agent))

    def test_of_another_brand_or_language(self, ticket: Ticket, other_brand: Brand, agent: User) -> None:
        phrase("一定退款", brand=other_brand)
        phrase("一定退款", language="en")
        phrase("一定退款", is_active=False)
        assert reply(ticket, body="一定退款", by=actors.staff(agent))
        phrase("一定退款", brand=ticket.brand, language="zh-hans")
        assert held(ticket, agent, "一定退款")

    def test_a_confirmation_covers_this_text_alone(self, ticket: Ticket, agent: User) -> None:
        phrase("一定退款", may_send_anyway=True)
        [reason] = held(ticket, agent, "一定退款")
        assert held(ticket, agent, "一定退款。", confirmed=[reason.confirmation])
        assert held(ticket, agent, "一定退款", confirmed=[""])
        assert reply(ticket, body="  一定退款\r\n", by=actors.staff(agent), confirmed=[reason.confirmation])

    def test_one_confirmed_of_two_is_not_enough(self, ticket: Ticket, agent: User) -> None:
        phrase("一定退款", may_send_anyway=True)
        phrase("绝对安全", may_send_anyway=True)
        first, second = held(ticket, agent, "一定退款，绝对安全")
        [left] = held(ticket, agent, "一定退款，绝对安全", confirmed=[first.confirmation])
        assert left == second


class TestMeanwhile:
    def test_the_customer_wrote(self, ticket: Ticket, agent: User) -> None:
        seen = Message.objects.latest("pk").pk
        with clock.frozen(shanghai(3, 10)):
            newer = customer_reply(ticket, body="到账了", by=actors.customer(ticket.customer))
        with clock.frozen(shanghai(3, 10, 0, 20)), pytest.raises(NewerMessages) as refused:
            reply(ticket, body="请稍等", by=actors.staff(agent), seen=seen)
        [reason] = refused.value.reasons
        assert (reason.kind, refused.value.messages) == (ReasonKind.CUSTOMER_WROTE, [newer])
        assert "20" in str(reason.words)

    def test_a_colleague_answered(self, ticket: Ticket, agent: User, second_agent: User) -> None:
        seen = Message.objects.latest("pk").pk
        reply(ticket, body="我来", by=actors.staff(second_agent))
        [reason] = held(ticket, agent, "请稍等", seen=seen)
        assert (reason.kind, "Bo" in str(reason.words)) == (ReasonKind.COLLEAGUE_ANSWERED, True)

    def test_all_reasons_come_together(self, ticket: Ticket, agent: User, second_agent: User) -> None:
        phrase("一定退款")
        seen = Message.objects.latest("pk").pk
        reply(ticket, body="我来", by=actors.staff(second_agent))
        reasons = held(ticket, agent, "一定退款，请提供密码", seen=seen, assignee_seen=None)
        assert [reason.kind for reason in reasons] == [
            ReasonKind.COLLEAGUE_ANSWERED,
            ReasonKind.TAKEN,
            ReasonKind.ASKS_FOR_SECRET,
            ReasonKind.PHRASE,
        ]

    def test_somebody_took_it(self, ticket: Ticket, agent: User, second_agent: User) -> None:
        assignment.assign(ticket, to=second_agent, by=actors.staff(second_agent))
        [reason] = held(ticket, agent, "请稍等", assignee_seen=None)
        assert (reason.kind, reason.may_send_anyway) == (ReasonKind.TAKEN, True)
        assert "Bo" in str(reason.words)
        sent = reply(
            ticket, body="请稍等", by=actors.staff(agent), assignee_seen=None, confirmed=[reason.confirmation]
        )
        assert sent.author == agent

    def test_who_had_it_before_is_no_news(self, ticket: Ticket, agent: User, second_agent: User) -> None:
        assignment.assign(ticket, to=second_agent, by=actors.staff(second_agent))
        assert reply(ticket, body="1", by=actors.staff(agent), assignee_seen=second_agent.pk)
        assert reply(ticket, body="2", by=actors.staff(second_agent), assignee_seen=None)

    @pytest.mark.django_db(transaction=True)
    def test_two_agents_at_once(self, ticket: Ticket, agent: User, second_agent: User) -> None:
        """One goes out; the other is told who was faster, and what they had written is still in their draft."""
        seen = Message.objects.latest("pk").pk
        bodies = {agent: "来自Ann", second_agent: "来自Bo"}
        for author, body in bodies.items():
            Draft.objects.create(author=author, ticket=ticket, body=body)

        def send(author: User) -> Callable[[], Message]:
            return lambda: reply(
                ticket, body=bodies[author], by=actors.staff(author), seen=seen, assignee_seen=None
            )

        answers = all_at_once([send(agent), send(second_agent)])
        [sent] = [answer for answer in answers if isinstance(answer, Message)]
        [refused] = [answer for answer in answers if isinstance(answer, NewerMessages)]
        kinds = [reason.kind for reason in refused.reasons]
        assert kinds == [ReasonKind.COLLEAGUE_ANSWERED, ReasonKind.TAKEN]
        loser = second_agent if sent.author == agent else agent
        assert Draft.objects.get(author=loser).body == bodies[loser]
        assert Message.objects.filter(ticket=ticket).count() == 2


class TestQueries:
    def count(self, ticket: Ticket, by: User, body: str) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            reply(ticket, body=body, by=actors.staff(by))
        return len(queries)

    def test_how_many_it_adds(self, ticket: Ticket, theirs: Ticket, agent: User, monkeypatch: Any) -> None:
        from tickets.actions import send_gate

        phrase("一定退款")
        body = "您好，正在处理。"
        self.count(ticket, agent, body)  # the first reply does more; the phrases are remembered from here on
        plain = self.count(ticket, agent, body)
        named = self.count(ticket, agent, "nobody@example.org, 13700000009, TX-1999-0000-11111")
        customer_reply(ticket, body="zhao@example.org?", by=actors.customer(ticket.customer))
        self.count(ticket, agent, body)
        said = self.count(ticket, agent, "zhao@example.org!")
        monkeypatch.setattr(send_gate, "check", lambda *_args, **_more: None)
        without = self.count(ticket, agent, body)
        assert (plain - without, named - without, said - without) == (0, 1, 2)

    def test_the_phrases_are_read_once(
        self, ticket: Ticket, agent: User, django_assert_num_queries: Any
    ) -> None:
        from tickets.queries.forbidden_phrases import phrases_for

        phrase("一定退款")
        with django_assert_num_queries(1):
            assert len(phrases_for(ticket.brand_id, "zh-hans")) == 1
        with django_assert_num_queries(0):
            assert len(phrases_for(ticket.brand_id, "zh-hans")) == 1
        cache.clear()
