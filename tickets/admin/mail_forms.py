"""The forms of mailboxes and sender rules: what is wrong is told at the field that mends it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminPasswordWidget, UnfoldAdminTextInputWidget

from accounts.models import Brand
from accounts.rules.contact import normal_email
from helpdesk.lib.errors import Invalid
from tickets.actions.sender_rules import checked_pattern
from tickets.choices import Fetching, Tls
from tickets.models import Mailbox, SenderRule

#: With one of these changed, the stored password would go to another server, or for another log-in.
_WHERE = ("host", "port", "tls", "username")


class MailboxForm(forms.ModelForm):  # type: ignore[type-arg]
    """The password is written only: no page shows it, and an empty field leaves it."""

    password = forms.CharField(
        label=capfirst(gettext_lazy("password")),
        required=False,
        max_length=500,
        strip=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}, render_value=False),
    )

    class Meta:
        model = Mailbox
        fields = (
            *("brand", "address", "takes_tags", "authserv_id", "fetching", "is_active", "host", "port"),
            *("tls", "username", "folder", "done_folder", "from_beginning"),
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "password" not in self.fields:  # somebody who may only look
            return
        self.has_password = bool(self.instance.password_sealed)
        self.fields["password"].help_text = (
            _("One is stored. Leave this empty to keep it.")
            if self.has_password
            else _("It is kept encrypted and never shown.")
        )
        self.fields["folder"].required = False
        self.fields["takes_tags"].help_text = _(
            "Mail to name+anything@… arrives here too: Gmail, Fastmail, iCloud, Microsoft 365 and Postfix with "
            "recipient_delimiter = + do this. Then answers find their case by the address alone. "
            "“Check the mail path” on the page “Mail” says whether it holds."
        )
        self.fields["authserv_id"].help_text = _(
            "The first word after “Authentication-Results:” in mail that your server took in, for example "
            "mx.example.com. Empty: the one of MAIL_AUTHSERV_ID."
        )

    def clean_address(self) -> str:
        address = normal_email(self.cleaned_data["address"])
        taken = Mailbox.objects.filter(address__iexact=address).exclude(pk=self.instance.pk)
        if taken.exists():
            raise forms.ValidationError(_("There is a mailbox with this address already."))
        return address

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or self.cleaned_data
        self._check_brand(said)
        if said.get("fetching") == Fetching.IMAP:
            self._check_server(said)
        return said

    def _check_brand(self, said: dict[str, Any]) -> None:
        brand, address = said.get("brand"), said.get("address")
        if brand is None or not address:
            return
        other = Brand.objects.filter(email__iexact=address).exclude(pk=brand.pk).first()
        if other is not None and normal_email(brand.email) != address:
            told = {"brand": other.name}
            self.add_error("address", _("This is the address of another brand, %(brand)s.") % told)

    def _check_server(self, said: dict[str, Any]) -> None:
        for name in ("host", "username", "folder"):
            said[name] = (said.get(name) or "").strip()
        said["folder"] = said["folder"] or "INBOX"
        if not said["host"]:
            self.add_error("host", _("Write the name of the IMAP server, such as imap.example.com."))
        elif said.get("tls") == Tls.NONE and not _is_here(said["host"]):
            self.add_error("tls", _("Without TLS the password could be read on the way: choose it."))
        if not said["username"]:
            self.add_error("username", _("Write the log-in of the mailbox; mostly it is its address."))
        if said["folder"] and said["folder"] == (said.get("done_folder") or "").strip():
            self.add_error("done_folder", _("That is the folder that is fetched from."))
        if not said.get("password"):
            self._check_stored_password()

    def _check_stored_password(self) -> None:
        if not self.has_password:
            self.add_error("password", _("Write the password of the mailbox."))
        elif any(name in self.changed_data for name in _WHERE):
            self.add_error("password", _("The server or the log-in is another one: write its password."))

    def save(self, commit: bool = True) -> Mailbox:
        """What is not needed any more is not kept."""
        if self.cleaned_data.get("fetching") != Fetching.IMAP:
            self.instance.password = ""
        elif self.cleaned_data.get("password"):
            self.instance.password = self.cleaned_data["password"]
        saved: Mailbox = super().save(commit)
        return saved


class SenderRuleForm(forms.ModelForm):  # type: ignore[type-arg]
    pattern = forms.CharField(
        label=capfirst(gettext_lazy("address or domain")),
        max_length=254,
        help_text=gettext_lazy("name@example.com, or @example.com for all of it."),
        widget=UnfoldAdminTextInputWidget(attrs={"spellcheck": "false", "autocapitalize": "off"}),
    )

    class Meta:
        model = SenderRule
        fields = ("pattern", "verdict", "brand", "note")

    def clean(self) -> dict[str, Any] | None:
        said = super().clean() or self.cleaned_data
        if not said.get("pattern"):
            return said
        try:
            said["pattern"] = checked_pattern(said["pattern"], verdict=said.get("verdict", ""))
        except Invalid as problem:
            self.add_error("pattern", str(problem.fields["pattern"]))
            return said
        same = SenderRule.objects.filter(pattern=said["pattern"], brand=said.get("brand"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("pattern", _("There is a rule for this already: change that one."))
        return said


def _is_here(host: str) -> bool:
    try:
        return ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower() == "localhost"
