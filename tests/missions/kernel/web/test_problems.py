import json
from collections.abc import Callable, Sequence
from http import HTTPStatus

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from missions.kernel.errors import (
    ConflictError,
    DomainError,
    MissingError,
    NoSpaceError,
    RefusedError,
    RuleViolationError,
    TooLargeError,
    UnsupportedTypeError,
    Violation,
)
from missions.kernel.web.problems import status_of
from missions.models import Mission, User

pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


class StationClosedError(RuleViolationError):
    code = "station-closed"
    title = gettext_lazy("The station is closed")
    retry_after_seconds = 7


class _Row(serializers.Serializer[object]):
    number = serializers.IntegerField(min_value=1)


class _Body(serializers.Serializer[object]):
    name = serializers.CharField(max_length=3)
    rows = _Row(many=True)


ERRORS: dict[str, Callable[[], Exception]] = {
    "rule": RuleViolationError,
    "conflict": ConflictError,
    "refused": RefusedError,
    "missing": MissingError,
    "bare": DomainError,
    "closed": lambda: StationClosedError(
        "Station 5 is closed.",
        violations=[Violation("station", "too-late", "It closed at 19:00."), Violation("", "late", "You are late.")],
    ),
    "http404": lambda: Http404("no Mission matches the given query"),
    "drf404": lambda: exceptions.NotFound("row 5 of the secret table"),
    "denied": PermissionDenied,
    "drf-denied": exceptions.PermissionDenied,
    "throttled": lambda: exceptions.Throttled(wait=9),
    "bug": lambda: RuntimeError("AB123456"),
}


class Raising(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request: Request, name: str) -> Response:
        raise ERRORS[name]()

    def post(self, request: Request, name: str) -> Response:
        _Body(data=request.data).is_valid(raise_exception=True)
        return Response({})


class OneMission(APIView):
    permission_classes = [IsAuthenticated]

    def get(self, request: Request, pk: int) -> Response:
        assert isinstance(request.user, User)
        return Response({"name": get_object_or_404(Mission.objects.visible_to(request.user), pk=pk).name})


urlpatterns = [path("raise/<str:name>", Raising.as_view()), path("missions/<int:pk>", OneMission.as_view())]


@pytest.fixture
def api(lead: User) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(lead)
    return client


def _whole(response: HttpResponse) -> tuple[int, str, object]:
    assert response["X-Request-ID"].encode() not in response.content
    return response.status_code, response["Content-Type"], json.loads(response.content)


def _problem(
    status: int, code: str, title: str, detail: str, errors: Sequence[dict[str, str]] = ()
) -> tuple[int, str, object]:
    body = {"type": f"/problems/{code}", "title": title, "status": status, "detail": detail, "errors": [*errors]}
    return status, "application/problem+json", body


def _same(status: int, code: str, title: str) -> tuple[int, str, object]:
    return _problem(status, code, title, title)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("rule", _problem(422, "rule-violation", "A rule is broken", "A rule is broken")),
        (
            "conflict",
            _same(409, "conflict", "The object has changed or the place is taken"),
        ),
        ("refused", _problem(403, "refused", "You may not do this", "You may not do this")),
        ("missing", _problem(404, "not-found", "Not found", "Not found")),
        ("bare", _same(400, "domain-error", "The request could not be carried out")),
        ("http404", _problem(404, "not-found", "Not found", "Not found")),
        ("drf404", _problem(404, "not-found", "Not found", "Not found")),
        (
            "denied",
            _problem(403, "permission-denied", "Forbidden", "You do not have permission to perform this action."),
        ),
        (
            "drf-denied",
            _problem(403, "permission-denied", "Forbidden", "You do not have permission to perform this action."),
        ),
        (
            "throttled",
            _problem(
                429,
                "throttled",
                "Too Many Requests",
                "Request was throttled. Expected available in 9 seconds.",
            ),
        ),
        ("bug", _problem(500, "error", "Internal Server Error", "Server Error (500)")),
    ],
)
def test_every_error_is_a_problem_of_one_shape(api: APIClient, name: str, expected: tuple[int, str, object]) -> None:
    assert _whole(api.get(f"/raise/{name}")) == expected


def test_domain_error_tells_detail_violations_and_when_to_try_again(api: APIClient) -> None:
    response = api.get("/raise/closed")

    assert response["Retry-After"] == "7"
    assert _whole(response) == _problem(
        422,
        "station-closed",
        "The station is closed",
        "Station 5 is closed.",
        [
            {"field": "station", "code": "too_late", "detail": "It closed at 19:00."},
            {"field": "", "code": "late", "detail": "You are late."},
        ],
    )


def test_throttled_says_when_to_come_back(api: APIClient) -> None:
    assert api.get("/raise/throttled")["Retry-After"] == "9"


def test_validation_error_lists_every_field(api: APIClient) -> None:
    response = api.post("/raise/any", {"name": "abcd", "rows": [{"number": 1}, {"number": 0}]}, format="json")

    assert _whole(response) == _problem(
        400,
        "invalid-request",
        "Bad Request",
        "name: Ensure this field has no more than 3 characters. One more is in errors.",
        [
            {
                "field": "name",
                "code": "max_length",
                "detail": "Ensure this field has no more than 3 characters.",
            },
            {
                "field": "rows.1.number",
                "code": "min_value",
                "detail": "Ensure this value is greater than or equal to 1.",
            },
        ],
    )


def test_the_detail_of_a_validation_error_names_the_field(api: APIClient) -> None:
    several = api.post("/raise/any", {"name": "abcd", "rows": [{"number": 0}, {"number": 0}]}, format="json").json()
    one = api.post("/raise/any", {"name": "abc", "rows": [{"number": 0}]}, format="json").json()
    inner = api.post("/raise/any", {"name": "abc", "rows": [5]}, format="json").json()
    whole = api.post("/raise/any", [], format="json").json()

    assert several["detail"].endswith("characters. 2 more are in errors.")
    assert one["detail"] == "rows.0.number: Ensure this value is greater than or equal to 1."
    assert inner["detail"] == "rows.0: Invalid data. Expected a dictionary, but got int."
    assert [error["field"] for error in (*inner["errors"], *whole["errors"])] == ["rows.0", ""]
    assert whole["detail"] == whole["errors"][0]["detail"] == "Invalid data. Expected a dictionary, but got list."


@pytest.mark.parametrize("body", ["{", "", '{"name": NaN}', "\ufeff{}"], ids=["cut", "empty", "NaN", "BOM"])
def test_body_that_is_no_json_is_a_problem(api: APIClient, body: str) -> None:
    status, content_type, problem = _whole(api.post("/raise/any", body.encode(), content_type="application/json"))

    assert (status, content_type) == (400, "application/problem+json")
    assert isinstance(problem, dict)
    assert problem["type"] in ("/problems/parse-error", "/problems/invalid-request")


def test_method_and_media_type_that_are_not_taken_are_problems(api: APIClient) -> None:
    assert _whole(api.delete("/raise/rule")) == _problem(
        405, "method-not-allowed", "Method Not Allowed", 'Method "DELETE" not allowed.'
    )
    assert _whole(api.post("/raise/rule", "<a/>", content_type="text/xml")) == _problem(
        415,
        "unsupported-media-type",
        "Unsupported Media Type",
        "The Content-Type of the request must be application/json.",
    )


def test_answer_that_the_client_cannot_read_is_a_problem(api: APIClient) -> None:
    assert _whole(api.get("/missions/1", HTTP_ACCEPT="text/csv")) == _problem(
        406, "not-acceptable", "Not Acceptable", "Could not satisfy the request Accept header."
    )


def test_caller_without_credentials_gets_a_challenge() -> None:
    response = APIClient().get("/raise/rule")

    assert response["WWW-Authenticate"] == "Bearer"
    assert _whole(response) == _problem(
        401, "not-authenticated", "Unauthorized", "Send a token in a header: Authorization: Bearer odk_…"
    )


def test_absent_and_foreign_objects_have_the_same_answer_to_the_byte(
    api: APIClient, mission: Mission, other_mission: Mission
) -> None:
    own, foreign = api.get(f"/missions/{mission.pk}"), api.get(f"/missions/{other_mission.pk}")
    absent = api.get(f"/missions/{other_mission.pk + 1000}")

    assert own.json() == {"name": "ODIHR mission"}
    assert (foreign.status_code, foreign.content) == (absent.status_code, absent.content) == (404, absent.content)
    differing = {"X-Request-ID"}
    assert {key: value for key, value in foreign.items() if key not in differing} == {
        key: value for key, value in absent.items() if key not in differing
    }


def test_a_bug_is_logged_and_told_to_nobody(api: APIClient, caplog: pytest.LogCaptureFixture) -> None:
    response = api.get("/raise/bug")

    assert b"AB123456" not in response.content
    assert [record.levelname for record in caplog.records if record.name == "django.request"] == ["ERROR"]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (StationClosedError(), HTTPStatus.UNPROCESSABLE_ENTITY),
        (UnsupportedTypeError(), HTTPStatus.UNSUPPORTED_MEDIA_TYPE),
        (TooLargeError(), HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
        (NoSpaceError(), HTTPStatus.INSUFFICIENT_STORAGE),
        (ConflictError(), HTTPStatus.CONFLICT),
        (RefusedError(), HTTPStatus.FORBIDDEN),
        (MissingError(), HTTPStatus.NOT_FOUND),
        (DomainError(), HTTPStatus.BAD_REQUEST),
    ],
)
def test_status_of_follows_the_kind(error: DomainError, status: HTTPStatus) -> None:
    assert status_of(error) == status
