"""Base of every resource of the API: scoped, read-only, and silent about what is out of scope."""

import re
from typing import Any, Protocol, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from missions.kernel.errors import MissingError
from missions.models import User

ModelT = TypeVar("ModelT", bound=Model)
_ModelT_co = TypeVar("_ModelT_co", bound=Model, covariant=True)

_ID = re.compile(r"[1-9][0-9]{0,17}")


class Scoped(Protocol[_ModelT_co]):
    """A queryset that knows who may read what."""

    def visible_to(self, user: User | AnonymousUser) -> QuerySet[_ModelT_co]: ...


def find_visible(rows: QuerySet[ModelT], request: Request, id: str) -> ModelT:
    """The object with this id among those that the caller may see. Raises MissingError for whatever else it is."""
    if not _ID.fullmatch(id):
        raise MissingError
    found = cast("Scoped[ModelT]", rows).visible_to(request.user).filter(pk=id).first()
    if found is None:
        raise MissingError
    return found


class Resource(ReadOnlyModelViewSet[ModelT]):
    """A list and its single objects, both starting from `visible_to(request.user)`.

    An id that is malformed, absent or out of scope is the same 404, byte for byte.
    """

    http_method_names = ["get", "head"]
    lookup_value_regex = "[^/]+"

    def get_queryset(self) -> QuerySet[ModelT]:
        return cast("Scoped[ModelT]", super().get_queryset()).visible_to(self.request.user)

    def get_object(self) -> ModelT:
        if not _ID.fullmatch(self.kwargs["pk"]):
            raise MissingError
        return super().get_object()


@extend_schema(exclude=True)
class Absent(APIView):
    """Whatever address the API does not have: the same problem as an absent object, and 401 without a token."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        raise MissingError
