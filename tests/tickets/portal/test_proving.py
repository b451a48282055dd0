"""The customer types the code that was sent to them."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from accounts.choices import VerificationLevel, VerificationMethod
from accounts.models import Brand, User
from tests.tickets.portal.pages import fields_of, text_of
from tickets import actors
from tickets.actions.proving import send_code
from tickets.models import ProofChallenge, Ticket
from tickets.models.proof import code_key
from tickets.queries.links import newest_link, tracking_path
from tickets.queries.proof import level_on, token_of
from tickets.rules.proof import code_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def challenge(ticket: Ticket, agent: User) -> ProofChallenge:
    return send_code(ticket, way=VerificationMethod.MAIL_CODE, by=actors.staff(agent))


def code(challenge: ProofChallenge) -> str:
    return code_of(code_key(), challenge.nonce)


def wrong(challenge: ProofChallenge) -> str:
    return f"{(int(code(challenge)) + 1) % 10**6:06}"


def send(client: Client, path: str, **typed: Any) -> Any:
    return client.post(path, {**fields_of(client.get(path), "proof-form"), **typed})


def test_by_the_address_in_the_mail(guest: Client, ticket: Ticket, challenge: ProofChallenge) -> None:
    path = f"/btp/proof/{token_of(challenge)}/"
    refused = send(guest, path, code=wrong(challenge))
    assert refused.status_code == 422
    assert "This code is not right" in text_of(refused)
    assert wrong(challenge) not in text_of(refused), "codes are not shown again"
    assert send(guest, path, code="12").status_code == 422
    assert "the code is right" in text_of(send(guest, path, code=code(challenge)))
    assert level_on(ticket).level == VerificationLevel.CONTACT
    assert ticket.subject not in text_of(guest.get(path)), "it opens nothing of the case"


def test_by_the_number_of_the_case(guest: Client, ticket: Ticket, challenge: ProofChallenge) -> None:
    done = send(guest, "/btp/proof/", number=ticket.display_number, code=code(challenge))
    assert "the code is right" in text_of(done)


def test_which_numbers_there_are_is_not_told(guest: Client, ticket: Ticket, make_ticket: Any) -> None:
    strange = send(guest, "/btp/proof/", number="223-344-55H", code="123456")
    without = send(guest, "/btp/proof/", number=ticket.display_number, code="123456")
    assert strange.status_code == without.status_code == 422
    none = send(guest, "/btp/proof/", number="nonsense", code="123456")
    assert "not a case number of ours" in text_of(none)
    assert 'value="nonsense"' in none.content.decode()


def test_on_the_case(guest: Client, ticket: Ticket, challenge: ProofChallenge) -> None:
    path = f"/btp/cases/{ticket.display_number}/code/"
    assert guest.get(path).status_code == 404, "to strangers there is none"
    link = newest_link(ticket)
    assert link is not None
    page = guest.get(tracking_path(link, "btp"), follow=True)
    assert "We sent you a code" in text_of(page)
    assert "the code is right" in text_of(send(guest, path, code=code(challenge)))
    assert "We sent you a code" not in text_of(guest.get(f"/btp/cases/{ticket.display_number}/"))


def test_under_its_own_brand_only(guest: Client, challenge: ProofChallenge, other_brand: Brand) -> None:
    assert guest.get(f"/bobao/proof/{token_of(challenge)}/").status_code == 404
    assert guest.get("/btp/proof/forged/").status_code == 404


def test_so_many_tries_from_an_address(guest: Client, ticket: Ticket, challenge: ProofChallenge) -> None:
    """Of whatever codes: guessing at many cases is guessing, too. What was typed stays."""
    for _time in range(30):
        send(guest, "/btp/proof/", number=ticket.display_number, code="1")
    refused = send(guest, "/btp/proof/", number=ticket.display_number, code=code(challenge))
    assert refused.status_code == 429
    assert f'value="{ticket.display_number}"' in refused.content.decode()
    assert ProofChallenge.objects.get().tries == 0


def test_a_forged_form_is_no_try(ticket: Ticket, challenge: ProofChallenge) -> None:
    client = Client(enforce_csrf_checks=True, headers={"accept-language": "en"})
    refused = client.post(f"/btp/proof/{token_of(challenge)}/", {"code": code(challenge)})
    assert refused.status_code == 403
    assert ProofChallenge.objects.get().tries == 0
