"""Many acts in one request: each row is judged and carried out by itself, and has its result.

The rows of one request share its transaction: they are kept with the answer, all that were carried out or none. A row
that is refused leaves nothing, and stops no other. Whoever repeats the request gets the results of the first.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import transaction
from django.db.models import Model, QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response

from missions.api.fields import JudgedLaterField
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.problems import problem_of
from missions.kernel.web.writes import IdempotentMixin, PreconditionFailed
from missions.models import Mission

#: More than this is sent in several requests, each with a key of its own.
MOST_ROWS = 200
_DONE = 200


class VersionedRowInput(InputSerializer):
    """Which object, and the version that was read."""

    id = serializers.IntegerField(min_value=1, max_value=10**18 - 1, help_text="As the list gives it.")
    version = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="As it was read: its ETag.")


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row: 200 and the new version, or the problem with its status."""

    number: int
    id: int | None
    status: int
    version: int | None = None
    problem: Mapping[str, Any] | None = None


class RowResultSerializer(serializers.Serializer[RowResult]):
    """What became of one row."""

    number = serializers.IntegerField(help_text="Its place in the request, counted from 1.")
    id = serializers.IntegerField(allow_null=True, help_text="As it was sent; null if it was no id.")
    status = serializers.IntegerField(help_text="200, or the status that a request of its own would have got.")
    version = serializers.IntegerField(allow_null=True, help_text="Afterwards; null for a row that was refused.")
    problem = serializers.SerializerMethodField(
        help_text="As the answer to a single request would be; null for a row that was carried out."
    )

    @extend_schema_field({"oneOf": [{"$ref": "#/components/schemas/Problem"}, {"type": "null"}]})
    def get_problem(self, result: RowResult) -> Mapping[str, Any] | None:
        return result.problem


_RESULTS = {
    "results": [
        {"number": 1, "id": 801, "status": 200, "version": 3, "problem": None},
        {
            "number": 2,
            "id": 815,
            "status": 412,
            "version": None,
            "problem": {
                "type": "/problems/precondition-failed",
                "title": "Precondition Failed",
                "status": 412,
                "detail": "The object has changed since you read it. Read it again.",
                "errors": [],
            },
        },
    ]
}


@extend_schema_serializer(examples=[OpenApiExample("Two rows, one carried out", value=_RESULTS, response_only=True)])
class RowResultsSerializer(serializers.Serializer[Any]):
    """A result for every row, in the order of the request."""

    results = RowResultSerializer(many=True)


def rows_of(row: type[InputSerializer]) -> serializers.ListField:
    """A field for rows of this shape. Each is judged later and by itself, so that a wrong one spoils no other."""
    described: Any = extend_schema_field(row)
    field = described(type("RowField", (JudgedLaterField,), {}))
    return serializers.ListField(child=field(), min_length=1, max_length=MOST_ROWS, help_text="Each by itself.")


class BulkAct(IdempotentMixin):
    """One act on many objects. Subclasses say what they are, the shape of a row, and the act on one of them."""

    http_method_names = ["post"]
    #: What the ids of the rows name; its manager knows `visible_to`.
    model: ClassVar[type[Model]]
    #: The way from the model to the mission of an object.
    mission: ClassVar[str]
    input_class: ClassVar[type[InputSerializer]]
    row_class: ClassVar[type[VersionedRowInput]] = VersionedRowInput

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Each row is asked for by itself."""

    def ensure_repeatable(self, request: Request, kept: Any) -> None:
        """Raise MissingError for somebody who sees no more what the first request was allowed to change."""
        done = {row["id"] for row in kept["results"] if row["status"] == _DONE}
        if len(done) != self._visible(request, done).distinct().count():
            raise MissingError

    def act(self, request: Request, row: Mapping[str, Any]) -> int:
        """Carry one row out and return the version afterwards. Raises what a request of its own would raise."""
        raise NotImplementedError

    def carry_out(self, request: Request) -> Response:
        """Every row, and the answer with all results."""
        body = self.input_class(data=request.data)
        body.is_valid(raise_exception=True)
        rows = body.validated_data["rows"]
        self._lock_missions(request, {row_id for row in rows if (row_id := _id_of(row)) is not None})
        results = [self._result(request, number, row) for number, row in enumerate(rows, 1)]
        return Response(RowResultsSerializer({"results": results}).data)

    def _visible(self, request: Request, ids: Collection[int]) -> QuerySet[Any]:
        # The manager itself is no part of what a type checker knows of a model in general.
        manager: Any = self.model._default_manager
        visible: QuerySet[Any] = manager.visible_to(request.user).filter(pk__in=ids)
        return visible

    def _lock_missions(self, request: Request, ids: Collection[int]) -> None:
        """Two requests about the people of several missions wait for each other, and never in a circle."""
        missions = self._visible(request, ids).values(self.mission)
        list(Mission.objects.select_for_update().filter(pk__in=missions).order_by("pk").values_list("pk"))

    def _result(self, request: Request, number: int, row: object) -> RowResult:
        try:
            with transaction.atomic():
                sent = self.row_class(data=row)
                sent.is_valid(raise_exception=True)
                version = self.act(request, sent.validated_data)
        except (DomainError, APIException) as error:
            problem = problem_of(error)
            return RowResult(number, _id_of(row), problem["status"], problem=problem)
        return RowResult(number, _id_of(row), _DONE, version=version)


def ensure_version(known: int, row: Mapping[str, Any]) -> None:
    """Raise PreconditionFailed if the object has another version than the row names."""
    if known != row["version"]:
        raise PreconditionFailed


def _id_of(row: object) -> int | None:
    found = row.get("id") if isinstance(row, dict) else None
    return found if type(found) is int and 0 < found < 10**18 else None
