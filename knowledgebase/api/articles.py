"""``/articles/``: searching the knowledge base, and reading one article."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, inline_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from accounts.api.brands import brand_named
from accounts.api.schema import problems
from accounts.api.views import ApiView
from accounts.queries.brands import named
from accounts.rules.scopes import Scope
from helpdesk.lib.localized import CHINESE, suffix
from knowledgebase.queries import browse
from knowledgebase.queries.browse import Entry
from knowledgebase.queries.search import search
from knowledgebase.rules.markdown import to_html

BRAND = OpenApiParameter("brand", str, required=True, description="Short name of the brand.")
LANGUAGE = OpenApiParameter(
    "language",
    str,
    enum=[code for code, _name in settings.LANGUAGES],
    description="The reader's, unless told.",
)


class SearchQuery(serializers.Serializer[Any]):
    q = serializers.CharField(
        required=False, default="", max_length=300, help_text="Words; without any, all articles."
    )
    category = serializers.SlugField(
        required=False, default="", help_text="Those that help with this category."
    )
    limit = serializers.IntegerField(default=20, min_value=1, max_value=50)


class EntryOutput(serializers.Serializer[Any]):
    section = serializers.SlugField(source="article.section.slug")
    slug = serializers.SlugField(source="article.slug")
    language = serializers.CharField(
        source="translation.language", help_text="The other one where this has no text."
    )
    title = serializers.CharField()
    summary = serializers.CharField(allow_blank=True)
    topics = serializers.ListField(
        source="article.topics", child=serializers.CharField(), help_text="Categories that it helps with."
    )
    updated_at = serializers.DateTimeField(source="article.updated_at")
    url = serializers.SerializerMethodField()

    def get_url(self, entry: Entry) -> str:
        section = entry.article.section
        path = [self.context["brand"], section.slug, entry.article.slug]
        return reverse("api_article", path, request=self.context.get("request"))


class ArticleOutput(EntryOutput):
    body = serializers.CharField(source="translation.body", help_text="Markdown.")
    html = serializers.SerializerMethodField(help_text="The same, cleaned for showing.")

    def get_html(self, entry: Entry) -> str:
        return to_html(entry.translation.body)


class ArticlesView(ApiView):
    scopes = {"GET": Scope.KNOWLEDGE_READ}

    @extend_schema(
        operation_id="articles_search",
        tags=["knowledge"],
        parameters=[BRAND, LANGUAGE, SearchQuery],
        responses={
            200: inline_serializer("ArticleList", {"results": EntryOutput(many=True)}),
            **problems(422),
        },
        summary="Search the knowledge base",
        description="Published articles, the best first.",
    )
    def get(self, request: Request) -> Response:
        form = SearchQuery(data=request.query_params)
        form.is_valid(raise_exception=True)
        brand, language, said = brand_named(request), _language(request), form.validated_data
        if said["q"]:
            found = search(brand, said["q"], language, limit=50 if said["category"] else said["limit"])
        elif said["category"]:
            found = browse.for_topics(brand, [said["category"]], language, limit=said["limit"])
        else:
            found = [entry for shelf in browse.shelves(brand, language) for entry in shelf.entries]
        if said["category"]:
            found = [entry for entry in found if said["category"] in entry.article.topics]
        context = {"request": request, "brand": brand.slug}
        return Response({"results": EntryOutput(found[: said["limit"]], many=True, context=context).data})


class ArticleView(ApiView):
    scopes = {"GET": Scope.KNOWLEDGE_READ}

    @extend_schema(
        operation_id="articles_read",
        tags=["knowledge"],
        parameters=[LANGUAGE],
        responses={200: ArticleOutput, **problems(404)},
        summary="One article with its text",
    )
    def get(self, request: Request, brand: str, section: str, slug: str) -> Response:
        owner = named(brand)
        entry = browse.article(owner, section, slug, _language(request)) if owner else None
        if entry is None:
            raise Http404
        return Response(ArticleOutput(entry, context={"request": request, "brand": brand}).data)


def _language(request: Request) -> str:
    code = request.query_params.get("language", "")
    return code if code in dict(settings.LANGUAGES) else (CHINESE if suffix() == "zh" else "en")
