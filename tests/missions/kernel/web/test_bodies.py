"""Bodies of requests: what is too long is not read, and what two programs would understand differently is refused."""

import json
from collections.abc import Sequence

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import path
from pytest_django.fixtures import Settings
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient
from rest_framework.views import APIView

from missions.kernel.web import bodies
from missions.kernel.web.writes import IdempotentMixin

pytestmark = pytest.mark.urls(__name__)


class _Form(bodies.BoundedMultiPartParser):
    max_bytes = 2000


class Echo(APIView):
    authentication_classes = ()
    permission_classes = ()
    parser_classes: Sequence[type[BaseParser]] = (bodies.StrictJSONParser, _Form)

    def post(self, request: Request) -> Response:
        return Response({name: str(value) for name, value in dict(request.data).items()})


class Once(IdempotentMixin):
    authentication_classes = ()
    permission_classes = ()
    parser_classes = (_Form,)

    def ensure_allowed(self, request: Request) -> None:
        pass

    def post(self, request: Request) -> Response:
        return Response({"read": request.FILES["file"].read().decode()})


class _LongForm(bodies.BoundedMultiPartParser):
    max_bytes = 1_000_000


class Many(Echo):
    parser_classes = (_LongForm,)


urlpatterns = [path("many", Many.as_view()), path("echo", Echo.as_view()), path("once", Once.as_view())]


@pytest.fixture
def api() -> APIClient:
    return APIClient()


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 1}}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1} trailing',
        b'{"a": "\\ud800"}',
        b'{"\\udfff": 1}',
        b'{"a": "\xff"}',
        b'{"a": 1'[:-1],
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"a": 1e400}',
    ],
)
def test_what_is_no_plain_json_text_is_malformed(api: APIClient, body: bytes) -> None:
    response = api.post("/echo", body, content_type="application/json")

    assert (response.status_code, response.json()["type"]) == (400, "/problems/parse-error")


@pytest.mark.parametrize("number", [b"-1e999", b"9" * 1001])
def test_a_number_that_nobody_can_keep_is_named(api: APIClient, number: bytes) -> None:
    response = api.post("/echo", b'{"a": ' + number + b"}", content_type="application/json")

    assert response.json()["detail"] == "This is not JSON: a number is too large"


def test_a_whole_surrogate_pair_is_a_character(api: APIClient) -> None:
    response = api.post("/echo", b'{"a": "\\ud83d\\ude00"}', content_type="application/json")

    assert (response.status_code, response.json()) == (200, {"a": "\U0001f600"})


def test_a_long_json_text_is_not_read(api: APIClient, settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100

    fits = api.post("/echo", json.dumps({"a": "x" * 91}), content_type="application/json")
    above = api.post("/echo", json.dumps({"a": "x" * 92}), content_type="application/json")

    assert (fits.status_code, above.status_code) == (200, 413)
    assert above.json()["type"] == "/problems/too-large"


def test_a_long_form_is_not_read(api: APIClient) -> None:
    fits = api.post("/echo", {"file": SimpleUploadedFile("a.csv", b"x" * 1000)}, format="multipart")
    above = api.post("/echo", {"file": SimpleUploadedFile("a.csv", b"x" * 2000)}, format="multipart")

    assert (fits.status_code, above.status_code) == (200, 413)


def test_a_form_with_too_many_fields_is_malformed(api: APIClient) -> None:
    response = api.post("/many", {f"f{number}": "" for number in range(1001)}, format="multipart")
    assert (response.status_code, response.json()["type"]) == (400, "/problems/parse-error")


@pytest.mark.parametrize("content_type", ["text/csv", "application/x-www-form-urlencoded", "application/xml"])
def test_another_type_of_body_is_not_supported(api: APIClient, content_type: str) -> None:
    response = api.post("/echo", b"a=1", content_type=content_type)

    assert response.status_code == 415


@pytest.mark.django_db
def test_a_repeated_upload_is_known_by_its_content_and_not_by_its_name(api: APIClient) -> None:
    def send(name: str, content: bytes) -> tuple[int, str]:
        form = {"file": SimpleUploadedFile(name, content)}
        response = api.post("/once", form, format="multipart", headers={"Idempotency-Key": "k"})
        return response.status_code, response.json().get("read") or response.json()["type"]

    assert send("a.csv", b"one") == (200, "one")
    assert send("b.csv", b"one") == (200, "one")
    assert send("a.csv", b"two") == (422, "/problems/idempotency-key-reused")
