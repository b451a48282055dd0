"""Drafts: kept, never written over unseen, gone with the message that they became."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from django.core.files.base import ContentFile
from django.utils import translation

from accounts.models import User
from helpdesk.lib import clock
from helpdesk.lib.errors import Conflict, Invalid, NotAllowed
from tests.crowd import all_at_once
from tickets import actors
from tickets.actions import composing, draft_files, drafts
from tickets.actions.drafts import DraftGone, DraftMoved, Written
from tickets.actions.lost_files import remove_lost_files
from tickets.actions.messages import NewerMessages, customer_reply
from tickets.actions.taking_back import TooLate
from tickets.choices import DraftKind, Markup, Visibility
from tickets.gateways.storage import private_storage
from tickets.models import Attachment, Draft, DraftFile, Message, Ticket
from tickets.queries.drafts import draft_of, my_drafts, with_drafts

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40


@pytest.fixture
def save(ticket: Ticket, agent: User) -> Callable[..., Draft | None]:
    def act(body: str, version: int = 0, **more: object) -> Draft | None:
        said = Written(body=body, **more)  # type: ignore[arg-type]
        return drafts.save(ticket, said, version=version, by=actors.staff(agent))

    return act


def png(name: str = "a.png") -> ContentFile:  # type: ignore[type-arg]
    return ContentFile(PNG, name=name)


def add(ticket: Ticket, agent: User, name: str = "a.png") -> DraftFile:
    return draft_files.add(ticket, png(name), by=actors.staff(agent))


class TestSaving:
    def test_it_works(self, save: Callable[..., Draft], ticket: Ticket, agent: User) -> None:
        first = save("您好", kind=DraftKind.NOTE, then="pending", origin_key="k")
        assert (first.version, first.body, first.kind) == (1, "您好", "note")
        second = save("您好，王先生", first.version)
        assert (second.version, second.pk) == (2, first.pk)
        assert draft_of(agent, ticket) == second

    def test_an_old_window_gets_the_newer_text(self, save: Callable[..., Draft]) -> None:
        save("one")
        save("one two", 1)
        with pytest.raises(DraftMoved) as refused:
            save("one three", 1)
        assert (refused.value.draft.body, refused.value.draft.version) == ("one two", 2)
        assert Draft.objects.get().body == "one two"
        assert save("one two three", 2).body == "one two three", "having seen it, it goes on"

    def test_a_new_window_does_not_write_over_it_either(self, save: Callable[..., Draft]) -> None:
        save("one")
        with pytest.raises(DraftMoved):
            save("other", 0)

    def test_the_same_again_is_no_conflict(self, save: Callable[..., Draft]) -> None:
        save("one")
        save("two", 1)
        assert save("two", 1).body == "two", "the answer to the first was lost"

    def test_emptied_it_is_gone(self, save: Callable[..., Draft | None]) -> None:
        save("one")
        assert save("  ", 1) is None
        assert not Draft.objects.exists()
        assert save("", 0) is None

    def test_what_is_gone_does_not_come_back(
        self, save: Callable[..., Draft], ticket: Ticket, agent: User
    ) -> None:
        save("one")
        drafts.discard(ticket, by=actors.staff(agent))
        with pytest.raises(DraftGone):
            save("one more", 1)
        assert not Draft.objects.exists()

    def test_nor_does_what_was_sent(self, save: Callable[..., Draft], ticket: Ticket, agent: User) -> None:
        composing.send(ticket, Written(body="x", origin_key="k"), by=actors.staff(agent))
        with pytest.raises(DraftGone):
            save("x y", 0, origin_key="k")
        assert not Draft.objects.exists()
        assert save("next", 0, origin_key="k2").version == 1

    def test_text_is_kept_as_far_as_it_may_be_stored(self, save: Callable[..., Draft]) -> None:
        assert save("a\0b\r\nc\ud800").body == "ab\nc\ufffd"

    def test_only_those_who_work_on_tickets(self, ticket: Ticket, officer: User) -> None:
        with pytest.raises(NotAllowed):
            drafts.save(ticket, Written(body="x"), version=0, by=actors.staff(officer))


@pytest.mark.django_db(transaction=True)
class TestRaces:
    def test_of_two_windows_one_wins(self, ticket: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        drafts.save(ticket, Written(body="base"), version=0, by=by)
        acts = [partial(drafts.save, ticket, Written(body=text), version=1, by=by) for text in "abcdefgh"]
        results = all_at_once(acts)
        won = [result for result in results if isinstance(result, Draft)]
        assert len(won) == 1, results
        assert sum(isinstance(result, DraftMoved) for result in results) == 7
        assert Draft.objects.get().body == won[0].body

    def test_first_savings_at_once_make_one(self, ticket: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        acts = [partial(drafts.save, ticket, Written(body=text), version=0, by=by) for text in "abcdefgh"]
        results = all_at_once(acts)
        assert sum(isinstance(result, Draft) for result in results) == 1, results
        assert Draft.objects.count() == 1

    def test_a_saving_that_comes_with_the_sending_leaves_no_ghost(self, ticket: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        for turn in range(6):
            said = Written(body="x", origin_key=f"k{turn}")
            results = all_at_once(
                [
                    partial(composing.send, ticket, said, by=by),
                    partial(drafts.save, ticket, said, version=0, by=by),
                ]
            )
            assert isinstance(results[0], Message)
            assert not Draft.objects.exists(), results

    def test_sending_and_taking_back_wait_for_one_another(
        self, ticket: Ticket, agent: User, settings: object
    ) -> None:
        settings.MAIL_UNDO_SECONDS = 20  # type: ignore[attr-defined]
        by = actors.staff(agent)
        message = composing.send(ticket, Written(body="first", origin_key="k0"), by=by)
        results = all_at_once(
            [
                lambda: composing.take_back(message, begun="", by=by),
                lambda: composing.send(ticket, Written(body="second", origin_key="k1"), by=by),
            ]
        )
        assert not any(isinstance(result, Exception) for result in results), results


class TestFiles:
    def test_they_become_the_messages(self, ticket: Ticket, agent: User) -> None:
        """Taken over as they lie: nothing is copied, nothing is left."""
        kept = add(ticket, agent)
        lies_at = kept.file.name
        message = composing.send(ticket, Written(body="x"), by=actors.staff(agent), files=[png("b.png")])
        stored = list(message.attachments.all())
        assert [(file.name, file.content_type, file.size) for file in stored] == [
            ("a.png", "image/png", len(PNG)),
            ("b.png", "image/png", len(PNG)),
        ]
        assert stored[0].file.name == lies_at
        assert stored[0].sha256 == stored[1].sha256
        assert stored[0].file.read() == PNG
        assert not DraftFile.objects.exists()
        assert not Draft.objects.exists()

    @pytest.mark.usefixtures("in_english")
    def test_checked_when_they_come(self, ticket: Ticket, agent: User, settings: object) -> None:
        settings.ATTACHMENT_MAX_COUNT = 2  # type: ignore[attr-defined]
        by = actors.staff(agent)
        with pytest.raises(Invalid):
            draft_files.add(ticket, ContentFile(b"<script>", name="a.html"), by=by)
        assert not Draft.objects.exists()
        for _turn in range(2):
            add(ticket, agent)
        with pytest.raises(Invalid) as refused:
            add(ticket, agent)
        with translation.override("en"):
            assert refused.value.fields == {"attachments": "Attach at most 2 files."}

    def test_removed(
        self, ticket: Ticket, agent: User, django_capture_on_commit_callbacks: Callable[..., object]
    ) -> None:
        kept = add(ticket, agent)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            draft_files.remove(ticket, kept.pk, by=actors.staff(agent))
        assert not private_storage().exists(str(kept.file.name))
        assert not Draft.objects.exists(), "nothing else was in it"

    def test_a_file_does_not_stand_in_the_way_of_the_text(
        self, save: Callable[..., Draft], ticket: Ticket, agent: User
    ) -> None:
        add(ticket, agent)
        assert save("typed meanwhile", 0).version == 2

    def test_discarded(
        self,
        save: Callable[..., Draft],
        ticket: Ticket,
        agent: User,
        django_capture_on_commit_callbacks: Callable[..., object],
    ) -> None:
        save("x")
        kept = add(ticket, agent)
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            drafts.discard(ticket, by=actors.staff(agent))
        assert not private_storage().exists(str(kept.file.name))
        drafts.discard(ticket, by=actors.staff(agent))

    def test_an_old_window_does_not_discard_what_is_newer(
        self, save: Callable[..., Draft], ticket: Ticket, agent: User
    ) -> None:
        old = save("x").version
        save("x and y", old)
        with pytest.raises(DraftMoved):
            drafts.discard(ticket, version=old, by=actors.staff(agent))
        assert draft_of(agent, ticket) is not None
        drafts.discard(ticket, version=old + 1, by=actors.staff(agent))
        assert draft_of(agent, ticket) is None

    def test_a_lost_file_is_told_and_nothing_sent(self, ticket: Ticket, agent: User) -> None:
        kept = add(ticket, agent)
        private_storage().delete(str(kept.file.name))
        with pytest.raises(Invalid):
            composing.send(ticket, Written(body="x"), by=actors.staff(agent))
        assert DraftFile.objects.exists()
        assert Message.objects.count() == 1

    def test_sweep_spares_what_drafts_and_their_messages_hold(self, ticket: Ticket, agent: User) -> None:
        sent = add(ticket, agent)
        composing.send(ticket, Written(body="x"), by=actors.staff(agent))
        waiting = add(ticket, agent)
        lost = private_storage().save("drafts/agents/00/lost", ContentFile(b"x"))
        with clock.frozen(clock.now() + timedelta(days=2)):
            assert remove_lost_files() >= 1
        assert private_storage().exists(str(sent.file.name))
        assert private_storage().exists(str(waiting.file.name))
        assert not private_storage().exists(lost)


class TestSending:
    def test_the_draft_goes_with_it(self, save: Callable[..., Draft], ticket: Ticket, agent: User) -> None:
        save("**Hello**")
        message = composing.send(ticket, Written(body="**Hello**"), by=actors.staff(agent))
        assert (message.markup, message.visibility) == (Markup.MARKDOWN, Visibility.PUBLIC)
        assert not Draft.objects.exists()

    def test_what_is_refused_leaves_everything(
        self, save: Callable[..., Draft], ticket: Ticket, agent: User
    ) -> None:
        save("mine")
        kept = add(ticket, agent)
        seen = Message.objects.latest("pk").pk
        customer_reply(ticket, body="wait!", by=actors.customer(ticket.customer))
        with pytest.raises(NewerMessages):
            composing.send(ticket, Written(body="mine", seen=seen), by=actors.staff(agent))
        assert Draft.objects.get().body == "mine"
        assert kept.draft.files.count() == 1

    def test_an_old_window_with_other_words_is_told(self, ticket: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        message = composing.send(ticket, Written(body="x", origin_key="k"), by=by)
        assert composing.send(ticket, Written(body="x", origin_key="k"), by=by) == message
        with pytest.raises(composing.SentOtherwise):
            composing.send(ticket, Written(body="x and y", origin_key="k"), by=by)

    def test_an_old_window_sends_again_and_takes_nothing_away(
        self, save: Callable[..., Draft], ticket: Ticket, agent: User
    ) -> None:
        """What was begun since the first sending is another text, and its files are its own."""
        by, said = actors.staff(agent), Written(body="Hello", origin_key="k1")
        sent = composing.send(ticket, said, by=by)
        save("and one more thing", origin_key="k2")
        kept = add(ticket, agent)
        assert composing.send(ticket, said, by=by) == sent
        draft = draft_of(agent, ticket)
        assert draft is not None
        assert (draft.body, [file.pk for file in draft.files.all()]) == ("and one more thing", [kept.pk])

    def test_sent_twice_it_leaves_no_draft(self, ticket: Ticket, agent: User) -> None:
        by, said = actors.staff(agent), Written(body="Hello", origin_key="k1")
        assert composing.send(ticket, said, by=by) == composing.send(ticket, said, by=by)
        assert not Draft.objects.exists()


class TestTakingBack:
    @pytest.fixture(autouse=True)
    def held(self, settings: object) -> None:
        settings.MAIL_UNDO_SECONDS = 20  # type: ignore[attr-defined]

    def test_text_and_files_are_a_draft_again(self, ticket: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        add(ticket, agent)
        message = composing.send(ticket, Written(body="**x**", then="solved"), by=by)
        _taken, draft = composing.take_back(message, begun="begun since", by=by)
        assert (draft.body, draft.then) == ("**x**\n\nbegun since", "solved")
        [copy] = draft.files.all()
        original = Attachment.objects.get()
        assert copy.file.name != original.file.name, "the message that was taken back keeps its own"
        assert copy.file.read() == PNG
        composing.take_back(message, begun="", by=by)
        assert Draft.objects.get().body == "**x**\n\nbegun since", "a second click adds nothing"

    def test_too_late_changes_nothing(self, save: Callable[..., Draft], ticket: Ticket, agent: User) -> None:
        by = actors.staff(agent)
        message = composing.send(ticket, Written(body="x"), by=by)
        with clock.frozen(clock.now() + timedelta(minutes=1)), pytest.raises(TooLate):
            composing.take_back(message, begun="begun", by=by)
        assert not Draft.objects.exists()


def test_nobody_else_sees_it(
    save: Callable[..., Draft], ticket: Ticket, agent: User, second_agent: User
) -> None:
    save("mine")
    assert draft_of(second_agent, ticket) is None
    assert with_drafts(agent, [ticket.pk, ticket.pk + 1]) == {ticket.pk}
    assert with_drafts(second_agent, [ticket.pk]) == set()
    assert my_drafts(second_agent) == []
    assert [draft.body for draft in my_drafts(agent)] == ["mine"]


def test_not_shown_of_a_ticket_that_one_no_longer_sees(
    save: Callable[..., Draft], ticket: Ticket, agent: User, other_team: object
) -> None:
    save("mine")
    Ticket.objects.filter(pk=ticket.pk).update(team=other_team)
    assert my_drafts(agent) == []


def test_old_ones_are_removed_with_their_files(
    save: Callable[..., Draft],
    ticket: Ticket,
    agent: User,
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    save("x")
    kept = add(ticket, agent)
    with clock.frozen(clock.now() + timedelta(days=29)):
        assert drafts.forget_old() == 0
    with (
        clock.frozen(clock.now() + timedelta(days=31)),
        django_capture_on_commit_callbacks(execute=True),  # type: ignore[attr-defined]
    ):
        assert drafts.forget_old() == 1
    assert not Draft.objects.exists()
    assert not private_storage().exists(str(kept.file.name))


def test_refusals_are_conflicts() -> None:
    assert DraftMoved.status == DraftGone.status == Conflict.status == 409
