"""What the admin's theme says and brings no Chinese for: named here, so that the catalogue keeps it."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

THEME_WORDS = (
    _("Apply Filters"),
    _("Change History"),
    _("Click to download"),
    _("Collapse"),
    _("Current file"),
    _("Date from"),
    _("Date to"),
    _("Expand row"),
    _("Go back"),
    _("Loading more results..."),
    _("More actions"),
    _("No data"),
    _("No recent searches"),
    _("No results found"),
    _("No results matching your query"),
    _("Recent searches"),
    _("Reset filters"),
    _("Select action"),
    _("Select action to run"),
    _("Select all rows"),
    _("Select record"),
    _("Select value"),
    _("This item will be deleted."),
    _("This object doesn't have a change history."),
    _("This page yielded into no results. Create a new item or reset your filters."),
    _("Toggle password visibility"),
    _("Type to search"),
    _("You have been successfully logged out from the administration"),
)
