"""Fields that several serializers use."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from helpdesk.lib.localized import CHINESE, ENGLISH, SUFFIXES


class BothLanguages(serializers.Serializer[Any]):
    """How ``TwoLanguages`` looks in the API's description."""


BothLanguages._declared_fields = {
    CHINESE: serializers.CharField(),
    ENGLISH: serializers.CharField(),
}


@extend_schema_field(BothLanguages)
class TwoLanguages(serializers.Field[Any, Any, dict[str, str], Any]):
    """``name_zh`` and ``name_en`` as ``{"zh-hans": …, "en": …}``: the program chooses."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "source": "*", "read_only": True})

    def to_representation(self, value: Any) -> dict[str, str]:
        return {code: getattr(value, f"{self.field_name}_{suffix}") for code, suffix in SUFFIXES.items()}
