"""Base of every resource of the API: scoped, read-only, and silent about what is out of scope."""

import re
from typing import Any, ClassVar, Protocol, TypeVar, cast

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ValidationError
from rest_framework.relations import PrimaryKeyRelatedField
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ReadOnlyModelViewSet

from missions.api.acts import tagged
from missions.kernel.errors import MissingError
from missions.models import User

ModelT = TypeVar("ModelT", bound=Model)
_ModelT_co = TypeVar("_ModelT_co", bound=Model, covariant=True)

_ID = re.compile(r"[1-9][0-9]{0,17}")
_TOO_LARGE = 10**18


class Scoped(Protocol[_ModelT_co]):
    """A queryset that knows who may read what."""

    def visible_to(self, user: User | AnonymousUser) -> QuerySet[_ModelT_co]: ...


def find_visible(rows: QuerySet[ModelT], request: Request, id: str) -> ModelT:
    """The object with this id among those that the caller may see. Raises MissingError for whatever else it is."""
    if not _ID.fullmatch(id):
        raise MissingError
    found = _single(cast("Scoped[ModelT]", rows).visible_to(request.user).filter(pk=id))
    if found is None:
        raise MissingError
    return found


def find_named(rows: QuerySet[ModelT], request: Request, field: str) -> ModelT:
    """The one of these rows whose key, a whole number, the body has in this field; a form has it as digits.

    Raises ValidationError for whatever else it has; the rows are those that the caller may see.
    """
    sent = request.data.get(field) if hasattr(request.data, "get") else None
    text = sent if isinstance(sent, str) else ""
    key = int(text) if isinstance(request.data, QueryDict) and _ID.fullmatch(text) else sent
    found = _single(rows.filter(pk=key)) if type(key) is int and 0 < key < _TOO_LARGE else None
    if found is None:
        raise _no_key(field, key) or no_such(field, key)
    return found


def _single(rows: QuerySet[ModelT]) -> ModelT | None:
    """The row, if there is one; a model's order goes over several tables, and costs more than the row."""
    return rows.order_by().first()


def _no_key(field: str, sent: object) -> ValidationError | None:
    """What is said of something that cannot be a key; None for a whole number, whatever it leads to."""
    if sent is None:
        return ValidationError({field: [PrimaryKeyRelatedField.default_error_messages["required"]]}, code="required")
    if type(sent) is int:
        return None
    sentence = _("Give the id as a whole number; in JSON without quotes.")
    return ValidationError({field: [sentence]}, code="incorrect_type")


def no_such(field: str, key: object) -> ValidationError:
    """What is said of a key that is absent or out of scope."""
    sentence = _('Nothing that you may see has the id "%(key)s".') % {"key": key}
    return ValidationError({field: [sentence]}, code="does_not_exist")


class Resource(ReadOnlyModelViewSet[ModelT]):
    """A list and its single objects, both starting from `visible_to(request.user)`.

    An id that is malformed, absent or out of scope is the same 404, byte for byte. A single object has its ETag.
    """

    http_method_names = ["get", "head"]
    lookup_value_regex = "[^/]+"
    #: The field with the number that grows with each change.
    version_field: ClassVar[str] = "version"

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return tagged(super().retrieve(request, *args, **kwargs), version=self.version_field)

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
