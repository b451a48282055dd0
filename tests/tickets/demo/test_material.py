"""The texts are complete, and fit the forms they are to fill."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from random import Random

import pytest

from tickets.admin.macro_forms import MacroForm
from tickets.choices import FieldKind, Nature, Priority
from tickets.demo import gaps as gap
from tickets.demo.material import LANGUAGES, PARTS, Scenario, phrases, scenarios, table
from tickets.rules.courtesy import nature_of
from tickets.rules.forms import FieldSpec, check_answers
from tickets.rules.macros import SETTABLE, unknown_blanks

WORDS = {"amount", "currency", "txn", "date", "bank", "last4", "name", "agent", "brand"}
TOP_LEVEL = {
    "login",
    "recharge",
    "withdrawal",
    "transfer-payment",
    "card",
    "freeze",
    "refund",
    "security-incident",
    "kyc",
    "unbinding",
    "fees-limits",
    "how-to",
    "complaint",
    "feedback",
    "other",
}
#: What no text of ours may ask a customer for.
SECRETS = re.compile(
    r"(请|麻烦)(提供|告诉|发送|回复)[^，。；]{0,8}(密码|验证码|助记词|CVV)"
    r"|please (send|tell|give) (me|us) (your|the) (password|pin|code|cvv|recovery words)",
    re.IGNORECASE,
)
each_scenario = pytest.mark.parametrize("found", scenarios(), ids=lambda found: found.key)


def test_the_tree_is_the_one_that_was_agreed() -> None:
    rows = table("categories")
    assert {row["slug"] for row in rows if "parent" not in row} == TOP_LEVEL
    assert [row["slug"] for row in rows if row.get("is_emergency")] == ["emergency-freeze"]
    assert {found.category for found in scenarios()} <= {row["slug"] for row in rows}
    for top in TOP_LEVEL:
        family = {top} | {row["slug"] for row in rows if row.get("parent") == top}
        assert sum(found.category in family for found in scenarios()) >= 2


@each_scenario
def test_every_part_is_there_in_both_languages(found: Scenario) -> None:
    for part in PARTS:
        for language in LANGUAGES:
            assert found.texts[part][language]
            for text in found.texts[part][language]:
                assert set(re.findall(r"\{(\w+)\}", text)) <= WORDS
                assert not SECRETS.search(text)
    for language in LANGUAGES:
        assert len(found.texts["subject"][language]) == len(found.texts["opening"][language]) == 3


@each_scenario
@pytest.mark.parametrize("language", LANGUAGES)
def test_invented_answers_pass_the_form(found: Scenario, language: str) -> None:
    specs = specs_of(found.category)
    facts = gap.invent(
        Random(7),
        language=language,
        customer="王小明",
        email="wang@mail.example",
        agent="林晓",
        brand="B特派钱包",
        opened_at=datetime(2026, 3, 2, 1, tzinfo=UTC),
    )
    answers = gap.answers(specs, facts, found, "提现没到账", Random(7))
    assert check_answers(specs, answers) == answers


def test_a_form_asks_for_no_secret() -> None:
    asked = {field["key"] for row in table("categories") for field in row.get("fields", [])}
    assert not asked & {"password", "pin", "code", "cvv", "card_number", "seed", "id_number"}


def test_macros_use_only_what_is_filled_in() -> None:
    for macro in table("macros"):
        texts = [macro.get(f"body_{language}", "") for language in ("zh", "en")]
        assert [unknown_blanks(text) for text in texts] == [[], []]
        assert all(texts) or not any(texts), "both languages, or neither"


def test_macros_change_what_may_be_changed() -> None:
    """And some of each kind are there to be tried: text and changes, changes alone, a note."""
    macros = table("macros")
    assert all(macro.get("set_status", "open") in SETTABLE for macro in macros)
    silent = [macro for macro in macros if not macro.get("body_zh")]
    assert silent
    assert all(MacroForm.base_fields.keys() >= macro.keys() for macro in macros)
    assert any(macro.get("is_note") for macro in macros)


def test_mere_thanks_are_taken_for_such() -> None:
    for language in LANGUAGES:
        for text in phrases("mere_thanks", language):
            assert nature_of(text) == Nature.THANKS
        for name in ("reopen", "impatient", "complains"):
            assert all(nature_of(text) == Nature.SUBSTANCE for text in phrases(name, language))


def test_every_promise_has_a_time_for_every_priority() -> None:
    """Within one policy: raising a priority must not drop a promise."""
    for row in table("policies"):
        for targets in row["targets"].values():
            assert "all" in targets or set(targets) == {level.slug for level in Priority}
        assert set(row["steps"]) <= set(row["targets"])


def test_names_are_many_and_addresses_reach_nobody() -> None:
    for language in LANGUAGES:
        people = table("people")[language]
        assert len({row["mail"] for row in people}) == len(people) == 100
    assert all(row["email"].endswith(".example") for row in table("brands"))


def specs_of(slug: str) -> list[FieldSpec]:
    """The form of a category as the database would give it: a child's field replaces its parent's."""
    rows = {row["slug"]: row for row in table("categories")}
    row = rows[slug]
    above = rows[row["parent"]].get("fields", []) if "parent" in row else []
    fields = {field["key"]: field for field in [*above, *row.get("fields", [])]}
    return [
        FieldSpec(
            key=key,
            kind=FieldKind(field["kind"]),
            required=field.get("required", True),
            options=tuple(
                option["value"] if isinstance(option, dict) else option for option in field.get("options", [])
            ),
            pattern=field.get("pattern", ""),
            max_length=field.get("max_length", 200),
        )
        for key, field in fields.items()
    ]
