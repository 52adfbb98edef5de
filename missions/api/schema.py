"""What the OpenAPI description says of every operation alike: how to sign in, and the problems it may answer."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, cast

from django.db.models import Model
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import build_examples_list
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, PolymorphicProxySerializer
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.serializers import Serializer

from missions.kernel.web.inputs import InputSerializer
from missions.kernel.web.pagination import KeysetPagination

Node = dict[str, Any]

_EXAMPLES: dict[HTTPStatus, tuple[str, str]] = {
    HTTPStatus.BAD_REQUEST: ("invalid-request", "There is no such parameter."),
    HTTPStatus.UNAUTHORIZED: ("not-authenticated", "Authentication credentials were not provided."),
    HTTPStatus.FORBIDDEN: ("permission-denied", "This token may only read."),
    HTTPStatus.NOT_FOUND: ("not-found", "Not found"),
    HTTPStatus.CONFLICT: ("conflict", "The object has changed or the place is taken"),
    HTTPStatus.PRECONDITION_FAILED: ("precondition-failed", "The object has changed since you read it. Read it again."),
    HTTPStatus.PRECONDITION_REQUIRED: ("precondition-required", "Send the ETag that you read in an If-Match header."),
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: ("too-large", "The request is larger than 8 MB."),
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: ("unsupported-media-type", "Unsupported media type in request."),
    HTTPStatus.UNPROCESSABLE_ENTITY: ("rule-violation", "A rule is broken"),
    HTTPStatus.TOO_MANY_REQUESTS: ("throttled", "Request was throttled. Expected available in 12 seconds."),
}
#: Only what names a version can name a wrong one.
_OF_IF_MATCH = frozenset({HTTPStatus.PRECONDITION_FAILED, HTTPStatus.PRECONDITION_REQUIRED})
#: Only what changes something can be refused for these reasons.
_OF_WRITES = frozenset(
    {
        HTTPStatus.CONFLICT,
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        HTTPStatus.UNPROCESSABLE_ENTITY,
    }
)
_DESCRIPTIONS = {
    HTTPStatus.BAD_REQUEST: "A parameter or field is unknown, empty, repeated, or has a value that it cannot have.",
    HTTPStatus.UNAUTHORIZED: "The token is missing, expired or revoked, or its user is no longer active.",
    HTTPStatus.FORBIDDEN: "The token's scope does not cover this method.",
    HTTPStatus.NOT_FOUND: "There is no such object, or not for the caller; the two are never told apart.",
    HTTPStatus.CONFLICT: "The object is in a state in which this cannot be done, or somebody was faster.",
    HTTPStatus.PRECONDITION_FAILED: "The object has changed since it was read; `If-Match` names an older version.",
    HTTPStatus.PRECONDITION_REQUIRED: "There is no `If-Match` header, which names the version that was read.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body, or a file in it, is above the limit.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body, or a file in it, is of a type that is not taken here.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "It is well formed and breaks a rule; `detail` says which, and `errors` if any.",
    HTTPStatus.TOO_MANY_REQUESTS: "The token, its mission or the address asks too often; Retry-After says until when.",
}
_LIMIT_HEADERS: Node = {
    "Retry-After": {"description": "Seconds until the same request fits.", "schema": {"type": "integer"}},
    "RateLimit-Policy": {"description": "The limits that count here.", "schema": {"type": "string"}},
    "RateLimit": {"description": "How the caller stands with each of them.", "schema": {"type": "string"}},
}
_FIELD_ERROR: Node = {
    "type": "object",
    "description": "One thing that is wrong with the request.",
    "required": ["field", "code", "detail"],
    "properties": {
        "field": {"type": "string", "description": "The parameter or field; empty when it is about the whole."},
        "code": {"type": "string", "description": "Stable, for programs.", "pattern": "^[a-z0-9_]+$"},
        "detail": {"type": "string", "description": "A sentence for people, in the language of the request."},
    },
}
_PROBLEM: Node = {
    "type": "object",
    "description": "Every refusal of the API, after RFC 9457. The id of the request is in the header X-Request-ID.",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "description": "`/problems/` and a stable code.", "pattern": "^/problems/[a-z-]+$"},
        "title": {"type": "string", "description": "What kind of problem this is."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What is the matter in this case."},
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemError"}},
    },
}


class ApiSchema(AutoSchema):
    """Tells the bounds of page sizes and the kind of ids, which the framework leaves open."""

    def get_override_parameters(self) -> list[OpenApiParameter | Serializer[Any] | type[Serializer[Any]]]:
        if "{id}" in self.path:
            return [OpenApiParameter("id", int, OpenApiParameter.PATH, description="The id of the object.")]
        if "{" in self.path or not self._is_list_view():
            return []
        paginator = cast(KeysetPagination, cast(GenericAPIView[Model], self.view).paginator)
        size = {"type": "integer", "minimum": 1, "maximum": paginator.max_page_size, "default": paginator.page_size}
        return [OpenApiParameter("page_size", size, description="Number of results in a page.")]

    def _get_examples(
        self, serializer: Any, direction: str, media_type: str, status_code: Any = None, extras: Any = None
    ) -> Any:
        """A request has the example of its input class, or one for each act where it is one of several."""
        if direction != "request":
            given = (serializer, direction, media_type, status_code, extras)
            return super()._get_examples(*given)  # type: ignore[no-untyped-call]  # drf-spectacular is untyped
        found = [OpenApiExample(_title(one), value=dict(one.example)) for one in _inputs_of(serializer) if one.example]
        return build_examples_list(found)


def _inputs_of(serializer: Any) -> list[type[InputSerializer]]:
    """The input classes of a request: one, none, or those of the acts that it may be."""
    shapes = serializer.serializers if isinstance(serializer, PolymorphicProxySerializer) else [serializer]
    several = shapes.values() if isinstance(shapes, Mapping) else shapes
    classes = [one if isinstance(one, type) else type(one) for one in several]
    return [one for one in classes if issubclass(one, InputSerializer)]


def _title(shape: type[InputSerializer]) -> str:
    """The first sentence of its docstring."""
    return (shape.__doc__ or "").strip().partition("\n")[0].rstrip(".")


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """Documents `Authorization: Bearer odk_…`."""

    target_class = "missions.api.tokens.BearerAuthentication"
    name = "bearerToken"

    def get_security_definition(self, auto_schema: AutoSchema) -> Node:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "odk_…"}


def document_problems(result: Node, generator: SchemaGenerator, request: Request | None, public: bool) -> Node:
    """Give every operation the same responses for its problems, by reference to one shared component each.

    A hook of drf-spectacular. Only operations with a path parameter answer 404, and only writes break rules.
    """
    components = result["components"]
    components["schemas"] |= {"Problem": _PROBLEM, "ProblemError": _FIELD_ERROR}
    components["responses"] = {_name(status): _response(status) for status in _EXAMPLES}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            for status in _EXAMPLES:
                if _can_answer(status, path, method, operation):
                    operation["responses"][str(int(status))] = {"$ref": f"#/components/responses/{_name(status)}"}
    return result


def _can_answer(status: HTTPStatus, path: str, method: str, operation: Node) -> bool:
    if status in _OF_IF_MATCH:
        return any(parameter["name"] == "If-Match" for parameter in operation.get("parameters", ()))
    if status is HTTPStatus.NOT_FOUND:
        return "{" in path
    return method != "get" or status not in _OF_WRITES


def _name(status: HTTPStatus) -> str:
    return status.phrase.replace(" ", "")


def _response(status: HTTPStatus) -> Node:
    code, detail = _EXAMPLES[status]
    example: Node = {
        "type": f"/problems/{code}",
        "title": "Not found" if status is HTTPStatus.NOT_FOUND else status.phrase,
        "status": int(status),
        "detail": detail,
        "errors": [],
    }
    if status is HTTPStatus.BAD_REQUEST:
        example["errors"] = [{"field": "nickname", "code": "unknown_parameter", "detail": detail}]
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, "example": example}
    response: Node = {"description": _DESCRIPTIONS[status], "content": {"application/problem+json": content}}
    if status is HTTPStatus.TOO_MANY_REQUESTS:
        response["headers"] = _LIMIT_HEADERS
    return response
