"""Log-ins of staff and customers."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ResetPasswordForm
from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, ngettext
from unfold.decorators import action
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminTextInputWidget

from accounts.actions import powers, staff
from accounts.actions.powers import powers_of
from accounts.models import User
from accounts.queries.texts import shown_email, without_contacts
from accounts.rules.capabilities import STAFF_ROLES, Role
from accounts.rules.skills import clean_skills
from accounts.web.step_up import AsksAgain
from helpdesk.lib.admin import ConfigAdmin, NeverDeleted


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    speaks = forms.MultipleChoiceField(
        choices=settings.LANGUAGES,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        label=capfirst(gettext_lazy("answers in")),
        help_text=gettext_lazy("Empty: every language."),
    )
    skills = forms.CharField(
        required=False,
        max_length=1000,
        widget=UnfoldAdminTextInputWidget(),
        label=capfirst(gettext_lazy("skills")),
        help_text=gettext_lazy("With commas between them; categories name those that they need."),
    )

    class Meta:
        model = User
        fields = (
            *("email", "name", "role", "language", "brands", "teams", "is_active"),
            *("capacity", "speaks", "skills"),
        )
        widgets = {
            "brands": UnfoldAdminCheckboxSelectMultipleWidget(),
            "teams": UnfoldAdminCheckboxSelectMultipleWidget(),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "skills" in self.fields:
            self.initial["skills"] = ", ".join(self.instance.skills)
        if not self.instance.pk:  # customers sign up by themselves
            self.fields["role"].choices = [choice for choice in Role.choices if choice[0] in STAFF_ROLES]  # type: ignore[attr-defined]

    def clean_skills(self) -> list[str]:
        return clean_skills(self.cleaned_data["skills"])


@admin.register(User)
class UserAdmin(AsksAgain, NeverDeleted, ConfigAdmin):
    """Nobody types a password for somebody else: a link by mail lets the person set it."""

    form = UserForm
    list_display = ("email", "name", "role", "its_brands", "its_teams", "is_active")
    list_filter = ("role", "is_active", "brands", "teams")
    # Customers' log-ins are masked: they are found whole only.
    search_fields = ("=email", "shown_email", "name_said")
    search_help_text = gettext_lazy("Whole address, or part of a name")
    show_full_result_count = False
    actions = ("send_links",)
    actions_detail = ("send_link",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        rows: QuerySet[User] = super().get_queryset(request)
        rows = rows.alias(shown_email=shown_email(), name_said=without_contacts("name"))
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

    def save_form(self, request: HttpRequest, form: Any, change: bool) -> Any:
        """Before anything is written: what they may do until now."""
        user = super().save_form(request, form, change)
        form.powers_before = powers_of(user) if change else None
        return user

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Role and brands are written by now, all in one transaction."""
        super().save_related(request, form, formsets, change)
        powers.changed(form.instance, before=form.powers_before, by=request.user)  # type: ignore[arg-type]

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
