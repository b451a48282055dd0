"""How a skill is written, so that the same one is one however it is typed."""

from __future__ import annotations

MAX_LENGTH = 40


def clean_skill(text: str) -> str:
    return " ".join(text.split()).casefold()[:MAX_LENGTH].strip()


def clean_skills(text: str) -> list[str]:
    """Skills typed with commas or lines between them, each once."""
    parts = text.replace("，", ",").replace("、", ",").replace("\n", ",").split(",")
    return list(dict.fromkeys(skill for skill in map(clean_skill, parts) if skill))
