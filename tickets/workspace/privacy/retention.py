"""The retention rules: what is kept for how long, what the rules would do, and what they did."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import audit
from accounts.choices import AuditKind
from accounts.models import Brand
from accounts.web.step_up import step_up_required
from tickets import actors
from tickets.actions.privacy import retention as verbs
from tickets.models import Category, RetentionRule, RetentionRun
from tickets.workspace.guard import StaffRequest
from tickets.workspace.privacy.desk import for_officers, page

PAST = 20


class RuleForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = RetentionRule
        fields = ("brand", "category", "days", "with_person", "is_active")

    def __init__(self, *args: Any, brands: frozenset[int], **kwargs: Any) -> None:
        super().__init__(*args, **({"label_suffix": "", "prefix": "rule"} | kwargs))
        self.fields["brand"].queryset = Brand.objects.filter(pk__in=brands)  # type: ignore[attr-defined]
        self.fields["brand"].empty_label = _("every brand")  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.select_related("parent")  # type: ignore[attr-defined]
        self.fields["category"].empty_label = _("every category")  # type: ignore[attr-defined]
        self.fields["is_active"].initial = True

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        same = RetentionRule.objects.filter(brand=said.get("brand"), category=said.get("category"))
        if "brand" in said and "category" in said and same.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "category", _("There is a rule for this brand and category already: change that one.")
            )
        return said


@require_safe
@for_officers
def retention(request: StaffRequest) -> HttpResponse:
    return _page(request, RuleForm(brands=request.user.brand_ids))


@require_POST
@for_officers
@step_up_required
def save_rule(request: StaffRequest) -> HttpResponse:
    """A new rule, or another time for the one that the form names."""
    pk = request.POST.get("pk", "")
    known = get_object_or_404(RetentionRule, pk=pk if pk.isdecimal() and len(pk) < 10 else 0) if pk else None
    form = RuleForm(request.POST, instance=known, brands=request.user.brand_ids)
    if not form.is_valid():
        return _page(request, form, status=422)
    rule = form.save()
    _note(request, rule, "saved")
    messages.success(request, _("The rule is saved. “Show what they would do” says which cases it is about."))
    return redirect("workspace:privacy_retention")


@require_POST
@for_officers
@step_up_required
def remove_rule(request: StaffRequest, pk: int) -> HttpResponse:
    rule = get_object_or_404(RetentionRule, pk=pk)
    _note(request, rule, "removed")
    rule.delete()
    messages.success(request, _("The rule is removed."))
    return redirect("workspace:privacy_retention")


@require_POST
@for_officers
def look(request: StaffRequest) -> HttpResponse:
    verbs.look(by=actors.staff(request.user))
    return redirect("workspace:privacy_retention")


@require_POST
@for_officers
@step_up_required
def run(request: StaffRequest) -> HttpResponse:
    try:
        verbs.ask(by=actors.staff(request.user))
    except verbs.UnderWay as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("The rules are carried out in the background; you can leave this page."))
    return redirect("workspace:privacy_retention")


def _note(request: StaffRequest, rule: RetentionRule, what: str) -> None:
    audit.record(
        AuditKind.CONFIGURED,
        by=request.user,
        brand=rule.brand,
        model="tickets.retentionrule",
        what=what,
        rule=rule.pk,
        days=rule.days,
        category=rule.category.slug if rule.category else None,
        is_active=rule.is_active,
        with_person=rule.with_person,
    )


def _page(request: StaffRequest, form: RuleForm, *, status: int = 200) -> HttpResponse:
    rules = RetentionRule.objects.select_related("brand", "category").order_by("brand", "category")
    runs = list(RetentionRun.objects.select_related("asked_by")[: PAST + 1])
    context = {
        "form": form,
        "rules": rules,
        "newest": runs[0] if runs else None,
        "runs": runs[1:],
        "listed": RetentionRun.LISTED,
    }
    return page(request, "workspace/privacy/retention.html", context, title=_("Retention"), status=status)
