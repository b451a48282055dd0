"""``/categories/``: what a case may be about, and what its form asks."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.brands import brand_named
from accounts.api.fields import TwoLanguages
from accounts.api.schema import problems
from accounts.api.views import ApiView
from accounts.rules.scopes import Scope
from tickets.choices import FieldKind
from tickets.models import Category
from tickets.queries.categories import fields_of_each
from tickets.queries.offered import offered


class QuestionOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    kind = serializers.ChoiceField(FieldKind.choices)
    label = TwoLanguages()  # type: ignore[assignment]
    help = TwoLanguages()
    required = serializers.BooleanField()  # type: ignore[assignment]
    options = serializers.JSONField(
        help_text="Of a choice: what may be chosen. Of an amount: the currencies."
    )
    max_length = serializers.IntegerField()


class CategoryOutput(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    parent = serializers.SlugField(source="parent.slug", allow_null=True, default=None)  # type: ignore[assignment]
    name = TwoLanguages()
    hint = TwoLanguages()
    have_ready = TwoLanguages()
    is_emergency = serializers.BooleanField()
    questions = serializers.SerializerMethodField(help_text="Its own and those of the categories above it.")

    @extend_schema_field(QuestionOutput(many=True))
    def get_questions(self, category: Category) -> Any:
        return QuestionOutput(self.context["questions"][category.pk], many=True).data


class CategoriesOutput(serializers.Serializer[Any]):
    results = CategoryOutput(many=True)


class CategoriesView(ApiView):
    scopes = {"GET": Scope.KNOWLEDGE_READ}

    @extend_schema(
        operation_id="categories_list",
        tags=["knowledge"],
        parameters=[OpenApiParameter("brand", str, required=True, description="Short name of the brand.")],
        responses={200: CategoriesOutput, **problems(422)},
        summary="What a case may be about, and what its form asks",
        description="Parents before children, without pages.",
    )
    def get(self, request: Request) -> Response:
        rows = offered(brand_named(request))
        context = {"questions": fields_of_each(rows)}
        return Response({"results": CategoryOutput(rows, many=True, context=context).data})
