"""docs/security.md and docs/asvs.md claim nothing that is not there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from helpdesk.env import BASE_DIR

DOCS = BASE_DIR / "docs"
PAGES = ("asvs.md", "security.md")
#: Of each section the last item of level 1 or 2; those of level 3 stand behind it.
LAST = """
1.1:2 1.2:9 1.3:11 1.4:3 1.5:2  2.1:3 2.2:3 2.3:4 2.4:1  3.2:2 3.3:4 3.4:6 3.5:5 3.7:2  4.1:3 4.2:1 4.3:2 4.4:4
5.1:1 5.2:3 5.3:2 5.4:3  6.1:3 6.2:12 6.3:4 6.4:4 6.5:5 6.6:3 6.8:4  7.1:3 7.2:4 7.3:2 7.4:5 7.5:2 7.6:2
8.1:2 8.2:3 8.3:1 8.4:1  9.1:3 9.2:4  10.1:2 10.2:2 10.3:4 10.4:11 10.5:5 10.6:2 10.7:3
11.1:2 11.2:3 11.3:3 11.4:4 11.5:1 11.6:1  12.1:3 12.2:2 12.3:4  13.1:1 13.2:5 13.3:2 13.4:5  14.1:2 14.2:4 14.3:3
15.1:3 15.2:3 15.3:7  16.1:1 16.2:5 16.3:4 16.4:3 16.5:3  17.1:1 17.2:4 17.3:2
"""
ANSWERS = ("met", "met by operator", "partly", "not met", "does not apply")
_ROW = re.compile(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
#: Files of ours as they are named there, and a test within one.
_FILE = re.compile(
    r"`((?:accounts|helpdesk|knowledgebase|static|templates|tests|tickets)/[\w./-]*)(?:::(\w+))?`"
)
_LINK = re.compile(r"\]\(([^)#:\s]*)(?:#([\w-]+))?\)")


def rows() -> list[tuple[str, str, str, str]]:
    return [(n, asks, answer, how) for n, asks, answer, how in _ROW.findall(_text("asvs.md"))]


def _text(page: str) -> str:
    return (DOCS / page).read_text(encoding="utf-8")


def test_every_item_has_its_answer() -> None:
    sections = [section.split(":") for section in LAST.split()]
    wanted = [f"{section}.{number}" for section, last in sections for number in range(1, int(last) + 1)]
    assert len(wanted) == 253
    assert [row[0] for row in rows()] == wanted
    assert {row[2] for row in rows()} <= set(ANSWERS)
    assert not [number for number, _asks, _answer, how in rows() if not how.strip()]


def test_the_counts_are_right() -> None:
    counted = Counter(row[2] for row in rows())
    told = re.findall(r"^\| ([a-z ]+) \| [^|]+ \| (\d+) \|$", _text("asvs.md"), re.MULTILINE)
    assert {answer: int(count) for answer, count in told} == dict(counted)


@pytest.mark.parametrize("page", PAGES)
def test_the_files_and_tests_that_it_names_are_there(page: str) -> None:
    missing = []
    for path, test in _FILE.findall(_text(page)):
        file = BASE_DIR / path
        if not file.exists() or (test and f"def {test}(" not in file.read_text(encoding="utf-8")):
            missing.append(f"{path}::{test}" if test else path)
    assert not missing


@pytest.mark.parametrize("page", PAGES)
def test_its_links_lead_somewhere(page: str) -> None:
    lost = []
    for target, part in _LINK.findall(_text(page)):
        file = (DOCS / target).resolve() if target else DOCS / page
        if not file.exists() or (part and part not in _headings(file)):
            lost.append(f"{target}#{part}")
    assert not lost


def _headings(file: Path) -> set[str]:
    found = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in found}
