"""What brands ask for sensitive acts, and the wallet cores that carry them out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from accounts.choices import VerificationLevel
from accounts.web.step_up import AsksAgain
from helpdesk.lib import clock, outgoing
from helpdesk.lib.admin import ConfigAdmin, LinesInline, NeverDeleted
from tickets.choices import ActKind
from tickets.gateways.wallet_core.over_http import is_private
from tickets.models import ActPolicy, ActThreshold, WalletCore
from tickets.rules.wallet import MOST_APPROVALS, NEEDS

MIN_SECRET = 32
#: With one of these changed, what the stored secret signs would go to somebody else.
_WHERE = ("url", "key_id")


class PolicyForm(forms.ModelForm):  # type: ignore[type-arg]
    """It may ask for more than the table does; for less it does not say that it does."""

    class Meta:
        model = ActPolicy
        fields = ("brand", "kind", "level", "approvals", "hours")

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or self.cleaned_data
        if (kind := said.get("kind")) not in ActKind.values:
            return said
        needs = NEEDS[ActKind(kind)]
        if said.get("level") is not None and said["level"] < needs.level:
            words = _("This needs at least “%(level)s”.")
            self.add_error("level", words % {"level": VerificationLevel(needs.level).label})
        if said.get("approvals") is not None and not needs.approvals <= said["approvals"] <= MOST_APPROVALS:
            words = _("Between %(least)s and %(most)s.")
            self.add_error("approvals", words % {"least": needs.approvals, "most": MOST_APPROVALS})
        if said.get("hours") is not None and said["hours"] > 720:
            self.add_error("hours", _("At most %(most)s.") % {"most": 720})
        return said


class ThresholdForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ActThreshold
        fields = ("currency", "amount", "approvals")

    def clean_approvals(self) -> int:
        approvals = int(self.cleaned_data["approvals"])
        if not 1 <= approvals <= MOST_APPROVALS:
            words = _("Between %(least)s and %(most)s.")
            raise forms.ValidationError(words % {"least": 1, "most": MOST_APPROVALS})
        return approvals


class ThresholdInline(LinesInline):
    model = ActThreshold
    form = ThresholdForm
    extra = 0
    hide_title = True
    verbose_name = gettext_lazy("threshold")
    verbose_name_plural = gettext_lazy("From these amounts on, so many approvals")


@admin.register(ActPolicy)
class ActPolicyAdmin(AsksAgain, ConfigAdmin):
    form = PolicyForm
    inlines = (ThresholdInline,)
    list_display = ("kind", "brand", "level", "approvals", "hours")
    list_filter = ("brand", "kind")
    list_select_related: Any = ("brand",)
    fields = (("brand", "kind"), ("level", "approvals", "hours"))


class CoreForm(forms.ModelForm):  # type: ignore[type-arg]
    """The secret is written only: no page shows it, and an empty field leaves it."""

    url = forms.CharField(
        label=capfirst(gettext_lazy("address")),
        max_length=300,
        help_text=gettext_lazy("It must begin with https:// . /acts is added to it."),
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "url", "spellcheck": "false"}),
    )
    secret = forms.CharField(
        label=capfirst(gettext_lazy("secret")),
        required=False,
        max_length=500,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    class Meta:
        model = WalletCore
        fields = ("brand", "url", "key_id", "is_active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.has_secret = bool(self.instance.sealed_secret)
        if "secret" in self.fields:  # not for somebody who may only look
            self.fields["secret"].help_text = (
                _("One is stored. Leave this empty to keep it.")
                if self.has_secret
                else _("Both sides sign with it. It is kept encrypted and never shown.")
            )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"]).strip().rstrip("/")
        try:
            outgoing.check_url(url, private=is_private(url, settings.WALLET_PRIVATE_HOSTS))
        except outgoing.CallError as problem:
            raise forms.ValidationError(str(problem.trouble.label)) from problem
        return url

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or self.cleaned_data
        secret = said.get("secret") or ""
        if secret and len(secret) < MIN_SECRET:
            self.add_error("secret", _("Give 32 or more random characters."))
        elif not secret and not self.has_secret:
            self.add_error("secret", _("Write the secret that the wallet was given."))
        elif not secret and any(said.get(name) != getattr(self.instance, name) for name in _WHERE):
            self.add_error("secret", _("The address or the key is another one: write its secret."))
        return said

    def _get_validation_exclusions(self) -> set[str]:
        """The address has been checked, more strictly than by the model's field, which knows no name without a dot."""
        return super()._get_validation_exclusions() | {"url"}  # type: ignore[misc, no-any-return]

    def save(self, commit: bool = True) -> WalletCore:
        if self.cleaned_data.get("secret"):
            self.instance.set_secret(self.cleaned_data["secret"].encode())
        self.instance.changed_at = clock.now()
        saved: WalletCore = super().save(commit)
        return saved


@admin.register(WalletCore)
class WalletCoreAdmin(AsksAgain, NeverDeleted, ConfigAdmin):
    form = CoreForm
    list_display = ("brand", "url", "key_id", "is_active", "changed_at")
    list_select_related: Any = ("brand",)
    fields = ("brand", "url", "key_id", "secret", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: WalletCore | None = None) -> tuple[str, ...]:
        """Whose wallet it is stays: acts that are on their way name it."""
        return ("brand",) if obj is not None else ()
