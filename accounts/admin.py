"""Configuration of brands, teams, people and tokens. Who may, says ``accounts.rules.capabilities``."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

import allauth.account.admin
import allauth.mfa.admin
import django.contrib.auth.admin
from allauth.account.forms import ResetPasswordForm
from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminColorInputWidget

from accounts.actions import api_tokens, staff
from accounts.models import ApiToken, Brand, Team, User
from accounts.rules.capabilities import ADMIN_MODELS, STAFF_ROLES, Role
from accounts.rules.scopes import Scope
from helpdesk.lib import clock
from helpdesk.lib.admin import ConfigAdmin, LinesField, NeverDeleted

# Packages register pages of their own when they are imported: they were, above, and what the table does not name goes.
_OTHERS = (allauth.account.admin, allauth.mfa.admin, django.contrib.auth.admin)
for _model in list(admin.site._registry):
    if _model._meta.label_lower not in ADMIN_MODELS:
        admin.site.unregister(_model)


class BrandForm(forms.ModelForm):  # type: ignore[type-arg]
    social = LinesField(
        ["name", "account"],
        label=capfirst(gettext_lazy("social accounts")),
        help_text=gettext_lazy("A line for each, such as: WeChat | btp-wallet"),
    )

    class Meta:
        model = Brand
        fields = (
            *("slug", "name_zh", "name_en", "accent", "host", "email", "hotline", "hours_zh", "hours_en"),
            *("promise_zh", "promise_en", "social", "language", "time_zone", "is_active", "position"),
        )
        widgets = {"accent": UnfoldAdminColorInputWidget()}

    def clean_time_zone(self) -> str:
        name = str(self.cleaned_data["time_zone"])
        if name not in available_timezones():
            raise forms.ValidationError(_("No such time zone: %s") % name)
        return name


@admin.register(Brand)
class BrandAdmin(NeverDeleted, ConfigAdmin):
    form = BrandForm
    list_display = ("slug", "name_zh", "name_en", "email", "hotline", "is_active", "position")
    list_filter = ("is_active",)
    search_fields = ("slug", "name_zh", "name_en")
    fieldsets = (
        (None, {"fields": (("name_zh", "name_en"), ("slug", "host"), ("accent", "position"), "is_active")}),
        (gettext_lazy("Ways in"), {"fields": (("email", "hotline"), ("hours_zh", "hours_en"), "social")}),
        (gettext_lazy("Promises"), {"fields": (("promise_zh", "promise_en"), ("language", "time_zone"))}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Brand | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()  # it stands in addresses that were mailed


@admin.register(Team)
class TeamAdmin(NeverDeleted, ConfigAdmin):
    list_display = ("slug", "name_zh", "name_en", "people", "is_active")
    list_filter = ("is_active",)
    search_fields = ("slug", "name_zh", "name_en")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Team]:
        rows: QuerySet[Team] = super().get_queryset(request)
        return rows.annotate(people_count=Count("members"))

    def get_readonly_fields(self, request: HttpRequest, obj: Team | None = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    @admin.display(description=gettext_lazy("people"), ordering="people_count")
    def people(self, team: Team) -> int:
        return int(team.people_count)  # type: ignore[attr-defined]


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email", "name", "role", "language", "brands", "teams", "is_active")
        widgets = {
            "brands": UnfoldAdminCheckboxSelectMultipleWidget(),
            "teams": UnfoldAdminCheckboxSelectMultipleWidget(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:  # customers sign up by themselves
            self.fields["role"].choices = [choice for choice in Role.choices if choice[0] in STAFF_ROLES]  # type: ignore[attr-defined]


@admin.register(User)
class UserAdmin(NeverDeleted, ConfigAdmin):
    """Nobody types a password for somebody else: a link by mail lets the person set it."""

    form = UserForm
    list_display = ("email", "name", "role", "its_brands", "its_teams", "is_active")
    list_filter = ("role", "is_active", "brands", "teams")
    search_fields = ("email", "name")
    show_full_result_count = False
    actions = ("send_links",)
    actions_detail = ("send_link",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows: QuerySet[User] = super().get_queryset(request)
        return rows.prefetch_related("brands", "teams")

    @admin.display(description=gettext_lazy("brands"))
    def its_brands(self, user: User) -> str:
        return ", ".join(brand.name for brand in user.brands.all()) or "—"

    @admin.display(description=gettext_lazy("teams"))
    def its_teams(self, user: User) -> str:
        return ", ".join(team.name for team in user.teams.all()) or "—"

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """The address is the person's to change. Nobody locks themselves out: one administrator always remains."""
        if obj is None:
            return ("is_active",)
        return ("email", "role", "is_active") if obj == request.user else ("email",)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if change:
            super().save_model(request, obj, form, change)
            return
        staff.admit(obj, by=request.user)  # type: ignore[arg-type]
        _mail_link(request, [obj])

    @action(description=gettext_lazy("Mail a link to set a password"), permissions=["change"])  # type: ignore[untyped-decorator]
    def send_link(self, request: HttpRequest, object_id: int) -> HttpResponse:
        user = self.get_object(request, str(object_id))
        _mail_link(request, [user] if user is not None else [])
        return HttpResponseRedirect(reverse("admin:accounts_user_change", args=[object_id]))

    @admin.action(description=gettext_lazy("Mail a link to set a password"), permissions=["change"])
    def send_links(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        _mail_link(request, list(queryset))


def _mail_link(request: HttpRequest, users: list[User]) -> None:
    """The log-in's own way to set a forgotten password; its mail leaves by the outbox."""
    active = [user for user in users if user.is_active]
    for user in active:
        form = ResetPasswordForm({"email": user.email})
        if form.is_valid():
            form.save(request)
    told = ngettext(
        "A link was mailed to %(count)s person.", "A link was mailed to %(count)s people.", len(active)
    )
    messages.success(request, told % {"count": len(active)})


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    scopes = forms.MultipleChoiceField(
        choices=Scope.choices,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        label=capfirst(gettext_lazy("scopes")),
    )

    class Meta:
        model = ApiToken
        fields = ("user", "name", "scopes", "expires_at")

    def clean_expires_at(self) -> Any:
        moment = self.cleaned_data["expires_at"]
        if moment is not None and moment <= clock.now():
            raise forms.ValidationError(_("This moment has passed. Choose a later one, or none."))
        return moment


@admin.register(ApiToken)
class ApiTokenAdmin(NeverDeleted, ConfigAdmin):
    """Issued here or by token log-in; afterwards only looked at and revoked."""

    form = TokenForm
    list_display = (
        "name",
        "user",
        "hint",
        "its_scopes",
        "created_at",
        "expires_at",
        "last_used_at",
        "revoked_at",
    )
    list_select_related = ("user",)
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "user__email", "hint")
    autocomplete_fields = ("user",)
    actions = ("revoke_all",)
    actions_detail = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: ApiToken | None = None) -> bool:
        return obj is None and super().has_change_permission(request, obj)

    @admin.display(description=gettext_lazy("scopes"))
    def its_scopes(self, token: ApiToken) -> str:
        return ", ".join(token.scopes)

    def get_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> tuple[str, ...]:
        if obj is None:
            return ("user", "name", "scopes", "expires_at")
        return (
            "user",
            "name",
            "hint",
            "its_scopes",
            "created_at",
            "expires_at",
            "last_used_at",
            "revoked_at",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: ApiToken | None = None) -> tuple[str, ...]:
        return self.get_fields(request, obj) if obj else ()

    def save_model(self, request: HttpRequest, obj: ApiToken, form: Any, change: bool) -> None:
        said = form.cleaned_data
        issued = api_tokens.issue(**said, by=request.user)  # type: ignore[arg-type]
        obj.__dict__.update(issued.token.__dict__)
        request._new_secret = issued.secret  # type: ignore[attr-defined]

    def response_add(
        self, request: HttpRequest, obj: ApiToken, post_url_continue: str | None = None
    ) -> HttpResponse:
        """The secret in the answer itself: neither in a message nor in the session, where it would be stored."""
        context = {
            **self.admin_site.each_context(request),
            "title": _("The new token"),
            "secret": request._new_secret,  # type: ignore[attr-defined]
            "token": obj,
            "opts": self.opts,
        }
        response = TemplateResponse(request, "admin/accounts/apitoken/secret.html", context)
        response["Cache-Control"] = "no-store"
        return response

    @action(description=gettext_lazy("Revoke"), permissions=["revoke"])  # type: ignore[untyped-decorator]
    def revoke(self, request: HttpRequest, object_id: int) -> HttpResponse:
        self._revoke(request, ApiToken.objects.filter(pk=object_id))
        return HttpResponseRedirect(reverse("admin:accounts_apitoken_changelist"))

    @admin.action(description=gettext_lazy("Revoke"), permissions=["revoke"])
    def revoke_all(self, request: HttpRequest, queryset: QuerySet[ApiToken]) -> None:
        self._revoke(request, queryset)

    def has_revoke_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return bool(super().has_change_permission(request))

    def _revoke(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        for token in tokens:
            api_tokens.revoke(token, by=request.user)  # type: ignore[arg-type]
        messages.success(request, _("Revoked. It is useless from now on."))
