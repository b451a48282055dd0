"""The admin theme: its names, its colours (those of static/css/tokens.css), its navigation."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _


def _tokens(request: HttpRequest) -> str:
    return static("css/tokens.css")


def _favicon(request: HttpRequest) -> str:
    return static("img/favicon.svg")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Helpdesk"),
    "SITE_HEADER": _("Helpdesk"),
    "SITE_SYMBOL": "support_agent",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _favicon}],
    "SHOW_BACK_BUTTON": True,
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "SHOW_LANGUAGES": True,
    "BORDER_RADIUS": "8px",
    "STYLES": [_tokens],
    "COLORS": {
        "base": {
            "50": "#f6f7f9",
            "100": "#eef0f4",
            "200": "#e2e5ea",
            "300": "#d5d9e0",
            "400": "#949fae",
            "500": "#5e6877",
            "600": "#4a5361",
            "700": "#323a46",
            "800": "#20262f",
            "900": "#171b22",
            "950": "#0f1217",
        },
        "primary": {
            "50": "#eef3ff",
            "100": "#e8effe",
            "200": "#c9d8fb",
            "300": "#a9c0f5",
            "400": "#8fb0ff",
            "500": "#6d97ff",
            "600": "#1c59f5",
            "700": "#1549c4",
            "800": "#133d9d",
            "900": "#142349",
            "950": "#0b1020",
        },
    },
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "tickets.workspace.navigation.sidebar",
    },
}
