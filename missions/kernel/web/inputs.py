"""Bodies of requests as serializers that take what they know and refuse everything else."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from missions.kernel.text import TextRefusedError, refuse_controls

_FIRST_YEAR, _LAST_YEAR = 1900, 2200
#: Refused by every text field of the framework, in its own words.
_SAID_BY_FRAMEWORK = re.compile("[\0\ud800-\udfff]")


class InstantField(serializers.DateTimeField):
    """An instant with its offset: a time without one is refused (timezone_required), not guessed.

    So is one of another century (out_of_range): at the ends of the calendar no zone can be reckoned with.
    """

    default_error_messages = {
        "timezone_required": _("Give the offset too, for example 2031-02-04T09:40:00+04:00."),
        "out_of_range": _("The time is before 1900 or after 2200."),
    }

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_naive(value):
            self.fail("timezone_required")
        if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
            self.fail("out_of_range")
        return value.astimezone(UTC)


class InputSerializer(serializers.Serializer[Any]):
    """Every field that is written is named; a field of another name is refused (unknown_field), not ignored.

    It is refused together with whatever else is wrong, so that all of it can be mended at once. A word that is none of
    the choices is answered with all of them. A text may have lines and tabs, but no other control characters and none
    that reorder what is shown (control_character, bidi_control): a name that reads as another one deceives people.
    """

    default_error_messages = {"invalid": _("Send an object with named fields; this is of type {datatype}.")}

    #: A body that it takes, for the description of the API; in place of a file stands what it is.
    example: ClassVar[Mapping[str, object]] = MappingProxyType({})

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        fields = super().get_fields()
        for field in fields.values():
            _guard_texts(field)
            if isinstance(field, serializers.ChoiceField):
                told = gettext("Choose one of: %(words)s.") % {"words": ", ".join(map(str, field.choices))}
                field.error_messages["invalid_choice"] = f"{field.error_messages['invalid_choice']} {told}"
        return fields

    def to_internal_value(self, data: Any) -> Any:
        unknown = self._unknown_fields(data)
        try:
            value = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if unknown and isinstance(error.detail, dict):
                raise serializers.ValidationError({**error.detail, **unknown}) from error
            raise
        if unknown:
            raise serializers.ValidationError(unknown)
        return value

    def _unknown_fields(self, data: object) -> dict[str, list[ErrorDetail]]:
        if not isinstance(data, Mapping):
            return {}
        message = ErrorDetail(gettext("There is no such field."), code="unknown_field")
        return {name: [message] for name in sorted(set(data) - set(self.fields))}


def _guard_texts(field: serializers.Field[Any, Any, Any, Any]) -> None:
    """Have every text in the field looked at, also those in lists and objects."""
    if isinstance(field, serializers.CharField):
        field.validators = [*field.validators, _ensure_plain]
    elif isinstance(field, serializers.ListField | serializers.DictField):
        _guard_texts(field.child)


def _ensure_plain(text: str) -> None:
    try:
        refuse_controls(_SAID_BY_FRAMEWORK.sub("", text))
    except TextRefusedError as refused:
        raise serializers.ValidationError(refused.message, code=refused.code) from None
