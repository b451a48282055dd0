"""The demo's mail: a mailbox for each brand, something in the box, one that could not be read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from accounts.models import Brand
from helpdesk.lib import clock
from tickets.channels.email.taking import take
from tickets.choices import AsideReason, IncomingState
from tickets.demo import mail as demo
from tickets.demo import world
from tickets.demo.material import table
from tickets.models import IncomingMail, Mailbox, Message, Ticket
from tickets.workspace.mail.contents import text_of

NOW = datetime(2026, 3, 11, 6, 30, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def built(db: None) -> None:
    world.build()
    with clock.frozen(NOW):
        assert demo.build() == len(table("mails"))


@pytest.mark.usefixtures("built")
def test_it_works() -> None:
    assert dict(Mailbox.objects.values_list("brand__slug", "address")) == dict(
        Brand.objects.values_list("slug", "email")
    )
    states = list(IncomingMail.objects.values_list("state", flat=True))
    assert set(states) == {IncomingState.SET_ASIDE, IncomingState.QUARANTINED, IncomingState.STORED}
    assert states.count(IncomingState.QUARANTINED) == 1
    assert set(IncomingMail.objects.exclude(aside_reason="").values_list("brand__slug", flat=True)) == {
        *("btp", "bitai", "bobao")
    }
    for mail in IncomingMail.objects.all():
        assert mail.received_at < NOW
        assert mail.raw is not None
        assert mail.aside_reason in ["", *AsideReason.values]
        assert text_of(IncomingMail.objects.get(pk=mail.pk).raw or b"").body


@pytest.mark.usefixtures("built")
def test_the_same_bytes_each_time() -> None:
    before = list(IncomingMail.objects.order_by("pk").values_list("sha256", flat=True))
    IncomingMail.objects.all().delete()
    Mailbox.objects.all().delete()
    with clock.frozen(NOW):
        demo.build()
    assert list(IncomingMail.objects.order_by("pk").values_list("sha256", flat=True)) == before


@pytest.mark.usefixtures("built")
def test_its_letters_become_cases() -> None:
    letters = IncomingMail.objects.filter(state=IncomingState.STORED).select_related("brand", "mailbox")
    for letter in letters.order_by("pk"):
        take(letter)
    proved, doubtful = Ticket.objects.order_by("pk")
    said = Message.objects.get(ticket=proved)
    assert said.body.startswith("您好，")
    assert "已受理" not in said.body
    assert "已受理" in said.mail_copy.text
    assert said.mail_copy.has_remote_images
    assert [file.name for file in said.attachments.all()] == ["提现记录.txt"]
    assert [person.email for person in proved.participants.all()] == ["lixiuying@example.com"]
    assert doubtful.unproved_sender == "zhangweiming@example.com"
