"""Serializers made once: making one copies every field of it, which costs more than using it."""

from __future__ import annotations

from functools import cache
from typing import Any

from rest_framework import serializers


@cache
def _instance(serializer: type[serializers.Serializer[Any]]) -> serializers.Serializer[Any]:
    return serializer()


def checked(serializer: type[serializers.Serializer[Any]], data: Any) -> dict[str, Any]:
    """What ``data`` says, in the form the serializer asks for. Raises ValidationError naming the fields.

    Nothing of one request stays in the shared serializer: checks and fields keep no state.
    """
    return dict(_instance(serializer).run_validation(data))


def shown(serializer: type[serializers.Serializer[Any]], thing: Any) -> dict[str, Any]:
    """The thing as the serializer shows it, for serializers that need no context."""
    return dict(_instance(serializer).to_representation(thing))
