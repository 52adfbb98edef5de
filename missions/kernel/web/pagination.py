"""Keyset pages: the time of page 450 is the time of page 1, and nothing is counted."""

import base64
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.views import APIView

_NUL = "\0"


class KeysetPagination(CursorPagination):
    """Pages of at most 200 rows, in a stable order that ends with the primary key."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
    ordering = "pk"

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The frame of a page, for the description of the API."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "next": {**link, "description": "The next page; null on the last.", "example": None},
                "previous": {**link, "description": "The page before; null on the first.", "example": None},
                "results": schema,
            },
        }

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
        except NotFound as error:
            raise _foreign_cursor() from error
        if cursor is None:
            return None
        if _spelt(cursor) != request.query_params[self.cursor_query_param]:
            raise _foreign_cursor()  # the framework reads past what it does not know, and would begin anew
        if _NUL in str(cursor.position):
            raise _foreign_cursor()  # of the two databases only one would mind
        return cursor

    def paginate_queryset(
        self, queryset: QuerySet[Any] | Sequence[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError) as error:
            raise _foreign_cursor() from error


def _spelt(cursor: Cursor) -> str:
    """A cursor as the framework writes it into `next` and `previous`."""
    offset, is_reverse, position = cursor
    told = (("o", offset or None), ("r", "1" if is_reverse else None), ("p", position))
    return base64.b64encode(urlencode([(name, one) for name, one in told if one is not None]).encode()).decode()


def _foreign_cursor() -> ValidationError:
    """The answer to a cursor that was made up or tampered with."""
    return ValidationError({"cursor": _("This cursor is not one of ours.")}, code="invalid")
