"""Fields that the framework would describe wrongly."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


@extend_schema_field({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]:[0-5][0-9]$"})
class LocalTimeField(serializers.TimeField):
    """A time on somebody's wall clock. OpenAPI's own `time` has an offset, and this has none."""

    def __init__(self, *, help_text: str, allow_null: bool = False) -> None:
        super().__init__(format="%H:%M:%S", read_only=True, allow_null=allow_null, help_text=help_text)


class JudgedLaterField(serializers.JSONField):
    """Whatever stands in the place of a row, null too: each row is judged later and by itself.

    Whoever declares one describes it by the shape that the row should have, with `extend_schema_field` on a class of
    its own: what is said of an instance is lost where the framework copies fields.
    """

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        return data is None, data
