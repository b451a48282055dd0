"""Mails of many programs in many languages, written for these tests: what was newly written is told from the
rest.
"""

from pathlib import Path

import pytest
import yaml

from tickets.rules.replies import split_reply

HERE = Path(__file__).parent
QUOTED: dict[str, dict[str, dict[str, str]]] = yaml.safe_load(
    (HERE / "quoted.yaml").read_text(encoding="utf-8")
)
KEPT: list[str] = yaml.safe_load((HERE / "kept.yaml").read_text(encoding="utf-8"))
MAILS = [
    pytest.param(case["mail"], case["new"].strip(), id=f"{language} {name}")
    for language, cases in QUOTED.items()
    for name, case in cases.items()
]


def words_of(*texts: str) -> list[str]:
    return sorted(" ".join(texts).split())


@pytest.mark.parametrize(("mail", "new"), MAILS)
def test_it_works(mail: str, new: str) -> None:
    assert split_reply(mail).new == new


@pytest.mark.parametrize(("mail", "new"), MAILS)
def test_no_word_is_in_neither_part(mail: str, new: str) -> None:
    split = split_reply(mail)
    assert words_of(split.new, split.rest) == words_of(mail)


@pytest.mark.parametrize(("mail", "new"), MAILS)
def test_line_ends_of_mail_change_nothing(mail: str, new: str) -> None:
    assert split_reply(mail.replace("\n", "\r\n")) == split_reply(mail)


@pytest.mark.parametrize("mail", KEPT)
def test_what_may_be_the_writers_is_kept(mail: str) -> None:
    assert split_reply(mail).new == mail.strip()
    assert split_reply(mail).rest == ""
