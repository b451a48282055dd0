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
        *("theme", "cross", "book", "back", "offline", "flag", "sun", "heart", "shield"),
    }
)
#: Other names by which an administrator may call a drawing in a category's settings.
ALIASES = {
    "wallet-in": "recharge",
    "wallet-out": "withdrawal",
    "transfer": "transfer-payment",
    "snowflake": "freeze",
    "shield-alert": "security-incident",
    "key": "login",
    "id-card": "kyc",
    "unlink": "unbinding",
    "gauge": "fees-limits",
    "speech": "chat",
    "speech-alert": "complaint",
}


def icon_of(category: Category) -> str:
    """By the category's own choice, else by its short name, else as the category above it."""
    for node in category.lineage():
        for name in (ALIASES.get(node.icon, node.icon), node.slug):
            if name in ICONS and name != "help":
                return name
    return "help"
