"""Parsers of request bodies that read nothing above a limit and leave nothing to be understood in two ways."""

import json
import math
from collections.abc import Mapping
from typing import IO, Any, ClassVar, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import DataAndFiles, JSONParser, MultiPartParser
from rest_framework.request import Request

from missions.kernel.errors import TooLargeError

_BOM = b"\xef\xbb\xbf"
_MEBIBYTE = 1024 * 1024
#: More digits than any number has that we take, and fewer than Python would read.
_MOST_DIGITS = 1000


class StrictJSONParser(JSONParser):
    """One JSON text in UTF-8, of at most DATA_UPLOAD_MAX_MEMORY_SIZE bytes.

    A byte order mark, a name that stands twice in an object, NaN, the infinities and numbers as large, nesting that
    is too deep and half a surrogate pair are refused as malformed: two programs would read them differently, or none
    could store them.
    """

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value. Raises ParseError (400) and TooLargeError (413)."""
        _refuse_long(parser_context, int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0))
        data = stream.read()
        if data.startswith(_BOM):
            raise ParseError(_("The JSON text starts with a byte order mark; leave it out."))
        try:
            value = json.loads(
                data.decode("utf-8"),
                object_pairs_hook=_distinct,
                parse_constant=_refuse_constant,
                parse_float=_finite,
                parse_int=_short,
            )
            if b"\\u" in data:
                json.dumps(value, ensure_ascii=False).encode("utf-8")
        except RecursionError:
            raise ParseError(_("The JSON text is nested too deeply.")) from None
        except UnicodeError:
            raise ParseError(_("The JSON text is not in UTF-8, or has half a surrogate pair.")) from None
        except ValueError as error:
            raise ParseError(_("This is not JSON: %(reason)s") % {"reason": error}) from None
        return value


class BoundedMultiPartParser(MultiPartParser):
    """A form with files whose whole body is within `max_bytes`; subclasses say how much."""

    max_bytes: ClassVar[int] = 0

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> "DataAndFiles[Any, Any]":
        """The fields and files. Raises ParseError (400) and, before anything is read, TooLargeError (413)."""
        _refuse_long(parser_context, self.max_bytes)
        return super().parse(stream, media_type, parser_context)


def _refuse_long(context: Mapping[str, Any] | None, limit: int) -> None:
    """Look at the announced length alone: the server reads no further than what was announced."""
    request: Request | None = (context or {}).get("request")
    announced = str(request.META.get("CONTENT_LENGTH") or "0") if request is not None else "0"
    if announced.isascii() and announced.isdigit() and int(announced) > limit:
        message = _("The request is larger than %(limit)d MB.")
        raise TooLargeError(message % {"limit": max(limit // _MEBIBYTE, 1)})


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError(_("a name stands twice in one object"))
    return found


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(_("%(name)s is no number of JSON") % {"name": name})


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(_("a number is too large"))
    return number


def _short(text: str) -> int:
    if len(text) > _MOST_DIGITS:
        raise ValueError(_("a number is too large"))
    return int(text)
