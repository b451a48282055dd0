"""Configuration that is said to customers: a secret in it is refused at its field, instead of kept as a mark."""

from __future__ import annotations

from typing import Any

from tickets.rules.secrets.guard import guard
from tickets.rules.secrets.words import in_words


class RefusesSecrets:
    """For model forms, before their other bases."""

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc, attr-defined]
        for name, value in list(said.items()):
            if isinstance(value, str) and (kinds := guard(value).kinds):
                self.add_error(name, in_words(kinds))  # type: ignore[attr-defined]
        return said
