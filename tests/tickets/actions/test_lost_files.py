"""Files whose rows were undone."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile

from accounts.models import Brand
from helpdesk.lib import clock
from tests.mails import arrive, mail, mailbox_of
from tests.pictures import PNG
from tickets.actions.lost_files import DRAFTS, FOLDER, remove_lost_files
from tickets.channels.email import taking
from tickets.channels.email.knowing import Known
from tickets.channels.email.taking import Read
from tickets.gateways.storage import private_storage
from tickets.models import Attachment, Mailbox

FILES = [("a.png", PNG, "image/png"), ("b.png", PNG, "image/png")]


@pytest.fixture(autouse=True)
def mailbox(brand: Brand) -> Mailbox:
    for name in on_disk() | on_disk(DRAFTS):
        private_storage().delete(name)
    return mailbox_of(brand)


def on_disk(top: str = FOLDER) -> set[str]:
    storage = private_storage()
    try:
        folders = storage.listdir(top)[0]
    except FileNotFoundError:
        return set()
    return {f"{top}/{folder}/{name}" for folder in folders for name in storage.listdir(f"{top}/{folder}")[1]}


def kept() -> set[str]:
    return set(Attachment.objects.values_list("file", flat=True))


def test_of_a_mail_that_stumbled_after_its_files_were_written(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = taking._letter

    def stumbles(known: Known, read: Read) -> None:
        whole(known, read)
        raise RuntimeError

    arrive(mail(files=FILES))
    with monkeypatch.context() as broken:
        broken.setattr(taking, "_letter", stumbles)
        arrive(mail(files=FILES, subject="stumbles"))
    assert len(on_disk() - kept()) == 2
    assert remove_lost_files() == 0, "somebody may be at work on them"
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert remove_lost_files() == 2
    assert on_disk() == kept()
    assert len(kept()) == 2


def test_what_is_old_is_not_looked_at_again() -> None:
    private_storage().save("attachments/00/old", ContentFile(b"old"))
    with clock.frozen(clock.now() + timedelta(days=9)):
        assert remove_lost_files() == 0
