"""From when a new version of a policy is to hold."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.timezone import get_current_timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import INPUT_CLASSES

from helpdesk.lib.errors import Invalid
from tickets import actors
from tickets.actions import policies
from tickets.models import SlaPolicy

FORMAT = "%Y-%m-%dT%H:%M"


class VersionForm(forms.Form):
    valid_from = forms.DateTimeField(
        label=capfirst(gettext_lazy("for cases opened from")),
        input_formats=[FORMAT, f"{FORMAT}:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(
            format=FORMAT, attrs={"type": "datetime-local", "class": " ".join(INPUT_CLASSES)}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = _("Time zone: %(zone)s.") % {"zone": get_current_timezone()}
        self.fields["valid_from"].help_text = zone


def make_version(form: VersionForm, old: SlaPolicy, user: Any) -> SlaPolicy | None:
    """None where the form is wrong; it then says why."""
    if not form.is_valid():
        return None
    try:
        return policies.new_version(old, valid_from=form.cleaned_data["valid_from"], by=actors.staff(user))
    except Invalid as problem:
        for name, text in problem.fields.items():
            form.add_error(name, str(text))
        return None
