"""Bodies of requests as serializers that take what they know and refuse everything else."""

from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers


class InputSerializer(serializers.Serializer[Any]):
    """Every field that is written is named; a field of another name is refused (unknown_field), not ignored."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        unknown = sorted(set(data) - set(self.fields))
        if unknown:
            message = _("There is no such field.")
            raise serializers.ValidationError({name: [message] for name in unknown}, code="unknown_field")
        return value
