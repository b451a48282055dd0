"""Sections and articles. What changes an article's words goes through ``knowledgebase.actions``, so that the search
follows."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.safestring import mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.admin import StackedInline
from unfold.decorators import action
from unfold.widgets import UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from helpdesk.lib.admin import ConfigAdmin, ReadOnly
from knowledgebase.actions import articles
from knowledgebase.models import Article, ArticleFeedback, ArticleTranslation, Section
from knowledgebase.rules.markdown import to_html


@admin.register(Section)
class SectionAdmin(ConfigAdmin):
    list_display = ("slug", "brand", "name_zh", "name_en", "position")
    list_select_related = ("brand",)
    list_filter = ("brand",)
    search_fields = ("slug", "name_zh", "name_en")


class TranslationForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = ArticleTranslation
        fields = ("language", "title", "summary", "body")
        widgets = {"body": UnfoldAdminTextareaWidget(attrs={"rows": 24})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A text in another language is another text.
        self.fields["language"].disabled = bool(self.instance.pk)


class TranslationFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    def clean(self) -> None:
        super().clean()
        left = [form for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")]
        if self.instance.is_published and not left:
            raise forms.ValidationError(_("This article has no text in any language yet."))


class TranslationInline(StackedInline):  # type: ignore[misc]
    model = ArticleTranslation
    form = TranslationForm
    formset = TranslationFormSet
    extra = 0
    max_num = 2

    def get_extra(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> int:
        """A new article begins with room for both languages; what stays empty is not stored."""
        return 0 if obj else self.max_num


class ArticleForm(forms.ModelForm):  # type: ignore[type-arg]
    topics = forms.CharField(
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        label=capfirst(gettext_lazy("helps with")),
        help_text=gettext_lazy("Short names of ticket categories, between commas: withdrawal, refund"),
    )

    class Meta:
        model = Article
        fields = ("section", "slug", "topics", "position", "is_published")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["topics"] = ", ".join(self.instance.topics or [])

    def clean_topics(self) -> list[str]:
        said = str(self.cleaned_data["topics"]).replace("，", ",").split(",")
        topics = list(dict.fromkeys(word.strip().lower() for word in said if word.strip()))
        if any(len(topic) > 40 for topic in topics):
            raise forms.ValidationError(_("A short name has at most 40 characters."))
        return topics


@admin.register(Article)
class ArticleAdmin(ConfigAdmin):
    form = ArticleForm
    inlines = (TranslationInline,)
    list_display = ("title", "slug", "section", "languages", "is_published", "position", "updated_at")
    list_display_links = ("title", "slug")
    list_select_related = ("section__brand",)
    list_filter = ("section__brand", "is_published")
    search_fields = ("slug", "translations__title")
    actions_detail = ("preview",)
    choices_need = {"section": ("brand",)}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("translations")

    @admin.display(description=gettext_lazy("title"))
    def title(self, article: Article) -> str:
        texts = list(article.translations.all())
        return texts[-1].title if texts else article.slug

    @admin.display(description=gettext_lazy("languages"))
    def languages(self, article: Article) -> str:
        return ", ".join(text.language for text in article.translations.all()) or "—"

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        """Published or not is settled last, when the words are there."""
        wanted, before = obj.is_published, form.initial.get("is_published", False) if change else False
        obj.is_published = bool(before)
        super().save_model(request, obj, form, change)
        request._publish = wanted  # type: ignore[attr-defined]

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        formset.new_objects, formset.changed_objects, formset.deleted_objects = [], [], []
        for part in formset.deleted_forms:
            if part.instance.pk:
                part.instance.delete()
                formset.deleted_objects.append(part.instance)
        for part in formset.forms:
            if part in formset.deleted_forms or not part.has_changed():
                continue
            said = {name: part.cleaned_data[name] for name in ("language", "title", "summary", "body")}
            saved = articles.save_translation(form.instance, **said)
            if part.instance.pk:
                formset.changed_objects.append((saved, part.changed_data))
            else:
                formset.new_objects.append(saved)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        (articles.publish if request._publish else articles.unpublish)(form.instance)  # type: ignore[attr-defined]

    @action(description=gettext_lazy("Preview"), permissions=["view"])  # type: ignore[untyped-decorator]
    def preview(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """As stored, published or not, cleaned as readers get it."""
        article = self.get_object(request, str(object_id))
        if article is None:
            raise Http404
        texts = [(text, mark_safe(to_html(text.body))) for text in article.translations.all()]  # noqa: S308 - cleaned  # nosec B308 B703
        context = {
            **self.admin_site.each_context(request),
            "title": str(article),
            "article": article,
            "texts": texts,
        }
        return TemplateResponse(
            request, "admin/knowledgebase/article/preview.html", {**context, "opts": self.opts}
        )


@admin.register(ArticleFeedback)
class ArticleFeedbackAdmin(ReadOnly, ConfigAdmin):
    list_display = ("at", "article", "language", "helpful", "comment")
    list_select_related = ("article",)
    list_filter = ("helpful", "language", "article__section__brand")
    search_fields = ("article__slug", "comment")
    fields = ("at", "article", "language", "helpful", "comment")
    readonly_fields = fields
