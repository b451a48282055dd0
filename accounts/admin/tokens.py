"""API tokens: issued, looked at, revoked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from accounts.actions import api_tokens
from accounts.models import ApiToken, User
from accounts.queries.texts import shown_email, without_contacts
from accounts.rules.scopes import Scope
from accounts.web.step_up import AsksAgain
from helpdesk.lib import clock
from helpdesk.lib.admin import ConfigAdmin, NeverDeleted


class TokenForm(forms.ModelForm):  # type: ignore[type-arg]
    #: Who gives it.
    by: User
    scopes = forms.MultipleChoiceField(
        # The one that is missing only its owner gets, by logging in.
        choices=[(scope.value, scope.label) for scope in Scope if scope != Scope.STEP_UP],
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        label=capfirst(gettext_lazy("scopes")),
    )

    class Meta:
        model = ApiToken
        fields = ("user", "name", "scopes", "expires_at")

    def clean_user(self) -> Any:
        user = self.cleaned_data["user"]
        if not api_tokens.may_have_from(user, self.by):
            raise forms.ValidationError(api_tokens.NOT_FOR_THEM)
        return user

    def clean_expires_at(self) -> Any:
        moment = self.cleaned_data["expires_at"]
        if moment is not None and moment <= clock.now():
            raise forms.ValidationError(_("This moment has passed. Choose a later one, or none."))
        return moment


@admin.register(ApiToken)
class ApiTokenAdmin(AsksAgain, NeverDeleted, ConfigAdmin):
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
    search_fields = ("name_said", "=user__email", "shown_email", "hint")
    search_help_text = gettext_lazy("Name, hint, or its owner's whole address")
    autocomplete_fields = ("user",)
    actions = ("revoke_all",)
    actions_detail = ("revoke",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[ApiToken]:
        rows: QuerySet[ApiToken] = super().get_queryset(request)
        return rows.alias(shown_email=shown_email("user__"), name_said=without_contacts("name"))

    def get_form(self, request: HttpRequest, obj: ApiToken | None = None, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, **kwargs)
        form.by = request.user
        return form

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
