from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.tickets.lessons import category_of
from tickets.models import Classifier


def run(*options: str) -> str:
    out = StringIO()
    call_command("train_classifier", *options, stdout=out)
    return out.getvalue()


def test_it_works(db: None) -> None:
    category_of("login")
    category_of("kyc")
    said = run("--evaluate")
    assert [line.split()[0] for line in said.splitlines()] == ["category", "kyc", "login", "all", "out"]
    assert not Classifier.objects.exists(), "only said, not kept"
    assert "It is in use." in run()
    assert "Nothing new" in run("--if-new")
    assert Classifier.objects.count() == 1


def test_with_nothing_to_learn_it_says_so(db: None) -> None:
    with pytest.raises(CommandError):
        run("--evaluate")
    assert "Nothing new" in run()
