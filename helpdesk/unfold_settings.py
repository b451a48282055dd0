"""The admin theme: its names, its colours (static/css/theme.css), its navigation."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _


def _tokens(request: HttpRequest) -> str:
    return static("css/tokens.css")


def _theme(request: HttpRequest) -> str:
    return static("css/theme.css")


def _no_colours(request: HttpRequest) -> dict[str, dict[str, str]]:
    """They are in static/css/theme.css: given here, they would be written into each page as a style element."""
    return {}


def _expressions(request: HttpRequest) -> str:
    return static("js/expressions.js")


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
    "STYLES": [_tokens, _theme],
    "SCRIPTS": [_expressions],
    "COLORS": _no_colours,
    "SIDEBAR": {
        "show_search": False,
        "show_all_applications": False,
        "navigation": "tickets.workspace.navigation.sidebar",
    },
}
