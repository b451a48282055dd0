"""A saved file is what its name says."""

from __future__ import annotations

import pytest

from tickets.rules.attachments import ALLOWED, with_true_ending


@pytest.mark.parametrize(
    ("name", "content_type", "told"),
    [
        ("photo.exe", "image/png", "photo.exe.png"),
        ("photo.PNG", "image/png", "photo.PNG"),
        ("photo.jpeg", "image/jpeg", "photo.jpeg"),
        ("statement.html", "application/pdf", "statement.html.pdf"),
        ("截图", "image/png", "截图"),
        ("notes.csv", "text/plain", "notes.csv"),
        ("a." + "x" * 200, "image/gif", "a." + "x" * 114 + ".gif"),
    ],
)
def test_the_ending_is_that_of_the_content(name: str, content_type: str, told: str) -> None:
    assert with_true_ending(name, content_type) == told


@pytest.mark.parametrize("content_type", sorted(ALLOWED - {"text/plain"}))
def test_every_type_that_we_take_has_one(content_type: str) -> None:
    assert with_true_ending("x.exe", content_type).startswith("x.exe.")
