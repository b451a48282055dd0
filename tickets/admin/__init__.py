"""Configuration only: no ticket is ever edited here, behind the actions' back."""

from tickets.admin import (
    calendars,
    categories,
    macros,
    mail,
    outbox,
    routing,
    send_gate,
    sla,
    wallet,
    webhooks,
)

__all__ = [
    "calendars",
    "categories",
    "macros",
    "mail",
    "outbox",
    "routing",
    "send_gate",
    "sla",
    "wallet",
    "webhooks",
]
