from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test import Client, override_settings

from accounts.models import Brand, Customer, User
from helpdesk.lib import clock
from tests.tickets.portal.pages import GOOD, fields_of, picture, text_of
from tickets.choices import Channel
from tickets.models import Attachment, Category, CategoryField, OutboxMail, Ticket
from tickets.queries.links import tracking_path

pytestmark = pytest.mark.django_db
PATH = "/btp/new/withdrawal/"


def send(client: Client, **typed: Any) -> Any:
    """Open the form, fill it in, send it."""
    return client.post(PATH, {**fields_of(client.get(PATH)), **GOOD, **typed})


def test_it_works(guest: Client, category: Category) -> None:
    response = send(guest, attachments=[picture()])
    ticket = Ticket.objects.get()
    assert response.status_code == 302
    assert response["Location"] == f"/btp/cases/{ticket.display_number}/received/"
    assert (ticket.subject, ticket.channel, ticket.language) == (GOOD["subject"], Channel.WEB, "en")
    assert ticket.fields == {"amount": {"amount": "500", "currency": "CNY"}}
    assert ticket.customer.email == "wang@example.com"
    assert ticket.messages.get().body == GOOD["body"]
    assert Attachment.objects.get().name == "screenshot.png"
    assert OutboxMail.objects.get().to == "wang@example.com"


def test_the_page_afterwards_says_number_link_and_time(
    guest: Client, category: Category, brand: Brand
) -> None:
    response = guest.get(send(guest)["Location"])
    ticket = Ticket.objects.get()
    text = text_of(response)
    assert ticket.display_number in text
    assert "We answer by" in text
    assert response["Cache-Control"] == "private, no-store"
    assert tracking_path(ticket.links.get(), "btp", shown=True) in response.content.decode()


def test_a_member_is_not_asked_who_they_are(mia: Client, member: Customer, category: Category) -> None:
    form = mia.get(PATH)
    assert "email" not in fields_of(form)
    send(mia, email="somebody@else.example")
    assert Ticket.objects.get().customer == member


def test_a_page_that_names_its_reader_is_kept_by_no_browser(
    mia: Client, guest: Client, category: Category
) -> None:
    for path in ("/btp/", "/btp/new/withdrawal/", "/btp/contact/"):
        assert mia.get(path)["Cache-Control"] == "private, no-store"
        assert "no-store" not in guest.get(path)["Cache-Control"]


def test_staff_are_guests_here(agent: User, category: Category) -> None:
    client = Client()
    client.force_login(agent)
    send(client)
    assert Ticket.objects.get().customer.user is None


def test_an_address_alone_is_enough(guest: Client, category: Category) -> None:
    assert send(guest, name="").status_code == 302
    assert Ticket.objects.get().customer.display_name == "wang@example.com"


def test_the_form_sent_twice_makes_one_ticket(guest: Client, category: Category) -> None:
    filled = {**fields_of(guest.get(PATH)), **GOOD}
    first, second = guest.post(PATH, filled), guest.post(PATH, filled)
    assert first["Location"] == second["Location"]
    assert Ticket.objects.count() == 1
    send(guest)
    assert Ticket.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_sent_twice_at_once_it_makes_one_ticket(guest: Client, category: Category) -> None:
    filled = {**fields_of(guest.get(PATH)), **GOOD}
    start, answers = threading.Barrier(2), []

    def post() -> None:
        start.wait()
        answers.append(Client().post(PATH, filled)["Location"])
        connections.close_all()

    both = [threading.Thread(target=post) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert Ticket.objects.count() == 1
    assert answers[0] == answers[1]


def test_everything_wrong_is_said_at_once_and_beside_its_field(guest: Client, category: Category) -> None:
    response = guest.post(PATH, {"f-amount": "a lot", "f-card_last4": "12", "email": "nobody"})
    text, source = text_of(response), response.content.decode()
    assert response.status_code == 422
    for said in ("Say in a few words", "Write the amount in digits", "last four digits"):
        assert text.count(said) >= 2, said
    assert 'href="#id_f-amount"' in source
    assert 'aria-invalid="true"' in source
    assert "<title>Error: " in " ".join(source.split())
    assert not Ticket.objects.exists()


def test_nothing_typed_chosen_or_attached_is_lost(guest: Client, category: Category) -> None:
    CategoryField.objects.create(
        category=category,
        key="state",
        kind="choice",
        label_en="State",
        options=["pending", "failed"],
        position=3,
    )
    response = send(
        guest, **{"f-amount": "", "f-amount-currency": "USD", "f-state": "failed", "attachments": [picture()]}
    )
    assert response.status_code == 422
    kept = fields_of(response)
    assert {name: kept[name] for name in ("subject", "body", "name", "email")} == {
        name: GOOD[name] for name in ("subject", "body", "name", "email")
    }
    assert (kept["f-amount-currency"], kept["f-state"]) == ("USD", "failed")
    assert "screenshot.png" in text_of(response)
    assert guest.post(PATH, {**kept, "f-amount": "20"}).status_code == 302
    assert Attachment.objects.get().name == "screenshot.png"
    assert storages["private"].listdir("drafts")[1] == []


def test_enter_in_a_field_takes_no_file_away(guest: Client, category: Category) -> None:
    page = send(guest, subject="", attachments=[picture()]).content.decode()
    form = page[page.index('id="case-form"') :]
    first_button = form[form.index("<button") :].partition(">")[0]
    assert "name=" not in first_button
    assert 'name="remove"' in form


def test_a_kept_file_that_the_forms_twin_has_stored_meanwhile_is_no_error(
    guest: Client, category: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = fields_of(send(guest, subject="", attachments=[picture()]))
    sent = guest.post(PATH, {**kept, "subject": "x"})
    # The second of two equal forms has looked for the file before the first one dropped it.
    monkeypatch.setattr("django.core.files.storage.FileSystemStorage.exists", lambda *_args: True)
    again = guest.post(PATH, {**kept, "subject": "x"})
    assert again["Location"] == sent["Location"]
    assert Attachment.objects.count() == 1


def test_a_kept_file_can_be_taken_away(guest: Client, category: Category) -> None:
    kept = fields_of(send(guest, subject="", attachments=[picture("one.png"), picture("two.png")]))
    response = guest.post(PATH, {**kept, "remove": kept["kept"][0]})
    assert "one.png" not in text_of(response)
    assert "two.png" in text_of(response)
    assert not Ticket.objects.exists()
    guest.post(PATH, {**fields_of(response), "subject": "Now"})
    assert Attachment.objects.get().name == "two.png"


def test_a_bad_file_keeps_neither_the_text_nor_the_good_ones_from_staying(
    guest: Client, category: Category
) -> None:
    page = SimpleUploadedFile("page.html", b"<html><script>1</script>")
    response = send(guest, attachments=[page, picture()])
    assert response.status_code == 422
    assert "page.html" in text_of(response)
    kept = fields_of(response)
    assert kept["body"] == GOOD["body"]
    guest.post(PATH, kept)
    assert [file.name for file in Attachment.objects.all()] == ["screenshot.png"]


@override_settings(ATTACHMENT_MAX_MB=1)
def test_too_large_a_file_is_named_and_the_rest_stays(guest: Client, category: Category) -> None:
    response = send(guest, attachments=[picture("big.png", extra=1_100_000), picture("small.png")])
    assert response.status_code == 422
    assert "“big.png” is too large" in text_of(response)
    kept = fields_of(response)
    assert isinstance(kept["kept"], str)
    assert kept["subject"] == GOOD["subject"]


@override_settings(ATTACHMENT_MAX_COUNT=2)
def test_more_files_than_fit_are_named(guest: Client, category: Category) -> None:
    response = send(guest, attachments=[picture(f"{n}.png") for n in range(3)])
    assert "“2.png” was not attached: 2 files fit." in text_of(response)
    assert len(fields_of(response)["kept"]) == 2


def test_a_file_kept_for_one_form_does_not_fit_another(guest: Client, category: Category) -> None:
    kept = fields_of(send(guest, subject="", attachments=[picture()]))
    send(guest, kept=kept["kept"])
    assert not Attachment.objects.exists()


def test_an_old_page_is_shown_again_with_what_was_typed(brand: Brand, category: Category) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    response = client.post(PATH, {**GOOD, "attachments": [picture()]})
    assert response.status_code == 403
    assert "open for too long" in text_of(response)
    assert not Ticket.objects.exists()
    kept = fields_of(response)
    assert kept["body"] == GOOD["body"]
    assert client.post(PATH, kept).status_code == 302
    assert Attachment.objects.count() == 1


def test_too_many_cases_from_one_address_keep_what_was_typed(guest: Client, category: Category) -> None:
    for n in range(10):
        assert send(guest, body=f"Case {n}").status_code == 302
    response = send(guest, body="One more")
    assert response.status_code == 429
    assert "Nothing is lost" in text_of(response)
    assert fields_of(response)["body"] == "One more"
    assert send(guest, email="other@example.com").status_code == 302


def test_line_breaks_at_the_beginning_survive_the_next_showing(guest: Client, category: Category) -> None:
    assert fields_of(send(guest, subject="", body="\n  one\n\ntwo"))["body"].endswith("one\n\ntwo")


def test_unwanted_characters_break_nothing(guest: Client, category: Category) -> None:
    assert send(guest, body="a\x00b", name="N\x00ame", subject="x\x00").status_code == 302
    assert Ticket.objects.get().messages.get().body == "ab"


def test_the_date_and_time_are_the_brands(guest: Client, category: Category, brand: Brand) -> None:
    CategoryField.objects.create(category=category, key="at", kind="datetime", label_en="When", position=4)
    brand.time_zone = "Europe/London"
    brand.save()
    send(guest, **{"f-at": "2026-07-01T10:00"})
    assert Ticket.objects.get().fields["at"] == "2026-07-01T09:00:00+00:00"


def test_what_is_narrower_is_asked_first(guest: Client, category: Category) -> None:
    Category.objects.create(slug="withdrawal-failed", name_en="It failed", parent=category)
    assert "It failed" in text_of(guest.get(PATH))
    assert "subject" in fields_of(guest.get(PATH + "?other=1"))
    # The questions of the category above come along.
    assert "f-amount" in fields_of(guest.get("/btp/new/withdrawal-failed/"))


@pytest.mark.parametrize("how", ["inactive", "other brand's", "below an inactive one"])
def test_what_is_not_offered_is_not_there(
    guest: Client, category: Category, other_brand: Brand, how: str
) -> None:
    if how == "inactive":
        Category.objects.filter(pk=category.pk).update(is_active=False)
    elif how == "other brand's":
        category.brands.add(other_brand)
    else:
        top = Category.objects.create(slug="top", name_en="Top", is_active=False)
        Category.objects.filter(pk=category.pk).update(parent=top)
    assert guest.get(PATH).status_code == 404
    assert guest.post(PATH, GOOD).status_code == 404
    assert "/new/withdrawal/" not in guest.get("/btp/").content.decode()


def test_unknown_brand_and_category_are_not_there(guest: Client, category: Category) -> None:
    assert guest.get("/nobody/new/withdrawal/").status_code == 404
    assert guest.get("/btp/new/nothing/").status_code == 404


def test_only_who_filed_it_sees_the_page_afterwards(guest: Client, category: Category) -> None:
    place = send(guest)["Location"]
    assert guest.get(place).status_code == 200
    assert Client().get(place).status_code == 404


def test_somebody_elses_key_opens_nothing(guest: Client, category: Category) -> None:
    filled = {**fields_of(guest.get(PATH)), **GOOD}
    guest.post(PATH, filled)
    stranger = Client()
    place = stranger.post(PATH, {**filled, "email": "stranger@example.com"})["Location"]
    assert Ticket.objects.count() == 2
    assert Ticket.objects.get(customer__email="wang@example.com").display_number not in place


def test_after_the_office_closes_the_promise_names_the_next_morning(
    guest: Client, category: Category
) -> None:
    from datetime import UTC, datetime

    friday_evening = datetime(2026, 3, 6, 11, 0, tzinfo=UTC)  # 19:00 in Shanghai
    with clock.frozen(friday_evening):
        text = text_of(guest.get(send(guest)["Location"]))
    assert "We answer by Monday 10:00 ." in text.replace("10:00.", "10:00 .")


def test_query_count(guest: Client, category: Category, django_assert_max_num_queries: Any) -> None:
    for n in range(12):
        CategoryField.objects.create(category=category, key=f"more{n}", kind="text", label_en=f"More {n}")
    with django_assert_max_num_queries(6):
        guest.get(PATH)
