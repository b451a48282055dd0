"""Which drawing stands for what."""

from __future__ import annotations

from tickets.models import Category

#: The symbols in static/img/icons.svg; a test holds the two equal.
ICONS = frozenset(
    {
        *(
            "login",
            "recharge",
            "withdrawal",
            "transfer-payment",
            "card",
            "freeze",
            "refund",
            "security-incident",
        ),
        *("kyc", "unbinding", "fees-limits", "how-to", "complaint", "other", "help"),
        *(
            "search",
            "arrow",
            "check",
            "clock",
            "alert",
            "lock",
            "user",
            "file",
            "mail",
            "phone",
            "chat",
            "globe",
        ),
        *("theme", "cross", "book", "back", "offline", "flag"),
    }
)


def icon_of(category: Category) -> str:
    """By the category's own choice, else by its short name, else as the category above it."""
    for node in category.lineage():
        for name in (node.icon, node.slug):
            if name in ICONS and name != "help":
                return name
    return "help"
