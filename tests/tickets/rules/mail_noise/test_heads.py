"""Heads of mails as programs write them in many languages: machines' are noise, persons' never.

``machines.yaml`` and ``persons.yaml`` were written before the rules were looked at.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from helpdesk.lib.mail_syntax import mailboxes
from tickets.choices import Noise
from tickets.rules.mail_noise import Noisiness, noisiness

HERE = Path(__file__).parent
MACHINES: dict[str, tuple[str, str]] = yaml.safe_load((HERE / "machines.yaml").read_text(encoding="utf-8"))
PERSONS: dict[str, str] = yaml.safe_load((HERE / "persons.yaml").read_text(encoding="utf-8"))
OURS = "support@lumen.example"
#: By their own words rather generated than a reply; set aside all the same.
GENERATED = {"notes"}


def read(head: str) -> Noisiness:
    headers = [(name, value) for name, _, value in (line.partition(": ") for line in head.split("\n"))]
    fields = {name.lower(): value for name, value in headers}
    return noisiness(
        headers,
        envelope_sender=None,
        subject=fields["subject"],
        from_address=mailboxes(fields["from"])[0].address,
        own_addresses=[OURS],
    )


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_is_known_and_gets_no_answer(name: str) -> None:
    kind, head = MACHINES[name]

    found = read(head)

    assert found.kind == (Noise.AUTO_GENERATED if name in GENERATED else kind)
    assert not found.may_answer


@pytest.mark.parametrize("name", PERSONS)
def test_nothing_of_a_person_is_noise(name: str) -> None:
    assert read(PERSONS[name]).kind is None


GROUPS = [
    "List-ID: <support.lumen.example>\nPrecedence: list",
    "List-Post: <https://groups.example/x>, <mailto:support@lumen.example>\nPrecedence: list",
    "Mailing-List: list support@lumen.example; contact support+owners@lumen.example\nPrecedence: list",
    "X-BeenThere: Support@Lumen.example",
]


@pytest.mark.parametrize("lines", GROUPS)
def test_a_group_that_is_our_own_address_is_no_list(lines: str) -> None:
    head = f"From: Ann <ann@mail.example>\nSubject: My card\n{lines}"

    assert read(head).kind is None
    assert read(head.replace("upport", "ther").replace("lumen", "uni")).kind == Noise.LIST
