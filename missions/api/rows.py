"""Base of the long lists of the API: read as rows, shown as their serializer says."""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from rest_framework.request import Request
from rest_framework.response import Response

from missions.api.resources import Resource
from missions.kernel.web.rows import Children, Computed, RowReader

ModelT = TypeVar("ModelT", bound=Model)


class RowResource(Resource[ModelT]):
    """As a Resource; its list makes no objects. A single object goes through the serializer itself."""

    #: Fields of the serializer that are no column, and lists of rows in a row.
    computed: ClassVar[Mapping[str, Computed]] = {}
    children: ClassVar[Mapping[str, Children]] = {}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        reader = reader_of(type(self))
        page = self.paginate_queryset(reader.rows(self.filter_queryset(self.get_queryset())))
        return self.get_paginated_response(reader.records(page or (), user=request.user))


@cache
def reader_of(view: type[RowResource[Any]]) -> RowReader:
    """Made once: the fields of a serializer do not change."""
    serializer: Any = view.serializer_class
    return RowReader(serializer(), computed=view.computed, children=view.children)
