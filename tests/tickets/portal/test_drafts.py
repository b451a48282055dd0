from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.storage import storages

from helpdesk.lib import clock
from tests.tickets.portal.pages import picture
from tickets.portal import drafts


@pytest.fixture(autouse=True)
def empty() -> None:
    storage = storages["private"]
    if storage.exists(drafts.FOLDER):
        for folder in storage.listdir(drafts.FOLDER)[0]:
            for name in storage.listdir(f"{drafts.FOLDER}/{folder}")[1]:
                storage.delete(f"{drafts.FOLDER}/{folder}/{name}")


def test_it_comes_back_with_its_name() -> None:
    kept = drafts.keep([picture("../../etc/截图.png")], form_key="k")
    (found,) = drafts.find([kept[0].signed], form_key="k")
    assert found.name == "截图.png"
    file = found.open()
    assert file is not None
    assert file.read().startswith(b"\x89PNG")
    assert ".." not in found.path


def test_another_form_a_changed_name_and_old_age_find_nothing() -> None:
    (kept,) = drafts.keep([picture()], form_key="k")
    assert drafts.find([kept.signed], form_key="other") == []
    assert drafts.find([kept.signed[:-2] + "xx", "", "x:y:z"], form_key="k") == []


def test_named_twice_it_is_one() -> None:
    (kept,) = drafts.keep([picture()], form_key="k")
    assert len(drafts.find([kept.signed, kept.signed], form_key="k")) == 1


def test_dropped_is_gone() -> None:
    (kept,) = drafts.keep([picture()], form_key="k")
    drafts.drop([kept])
    assert drafts.find([kept.signed], form_key="k") == []
    drafts.drop([kept])


def test_what_was_given_up_is_swept_by_the_next_one() -> None:
    (old,) = drafts.keep([picture()], form_key="k")
    with clock.frozen(clock.now() + timedelta(hours=20)):
        drafts.keep([picture()], form_key="k")
        assert storages["private"].exists(old.path)
    with clock.frozen(clock.now() + timedelta(days=3)):
        drafts.keep([picture()], form_key="k")
    assert not storages["private"].exists(old.path)
