"""The wallets that this helpdesk serves."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.fields import TwoLanguages
from accounts.api.schema import problems
from accounts.api.views import ApiView
from accounts.models import Brand
from accounts.queries.brands import active, named
from accounts.rules.scopes import Scope
from helpdesk.lib.errors import Invalid


class BrandOutput(serializers.Serializer[Any]):
    slug = serializers.SlugField()
    name = TwoLanguages()
    email = serializers.EmailField()
    hotline = serializers.CharField()
    hours = TwoLanguages()
    promise = TwoLanguages()
    language = serializers.CharField()
    time_zone = serializers.CharField()


class BrandsOutput(serializers.Serializer[Any]):
    results = BrandOutput(many=True)


class BrandsView(ApiView):
    scopes = {"GET": Scope.KNOWLEDGE_READ}

    @extend_schema(
        operation_id="brands_list",
        tags=["knowledge"],
        responses={200: BrandsOutput, **problems()},
        summary="The brands",
        description="All of them, without pages.",
    )
    def get(self, request: Request) -> Response:
        return Response(BrandsOutput({"results": active()}).data)


def brand_named(request: Request) -> Brand:
    """The brand that ``?brand=`` names."""
    slug = request.query_params.get("brand", "")
    brand = named(slug)
    if brand is None:
        raise Invalid({"brand": _("There is no such brand.")})
    return brand
