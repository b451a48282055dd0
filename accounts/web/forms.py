"""What sign-up asks beside address and password."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SignupExtra(forms.Form):
    """Named in ACCOUNT_SIGNUP_FORM_CLASS; allauth's own form inherits from it."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        help_text=_("As we should address you."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    field_order = ["name", "email", "password1", "password2"]

    def signup(self, request: HttpRequest, user: User) -> None:
        """Called with the new user, already saved."""
        user.name = self.cleaned_data["name"].strip()
        user.language = get_language() or user.language
        user.save(update_fields=["name", "language"])
