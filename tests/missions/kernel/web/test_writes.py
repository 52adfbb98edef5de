import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.urls import path
from rest_framework import exceptions, serializers
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIClient

from missions.kernel.errors import ConflictError, MissingError
from missions.kernel.models import IdempotencyKey
from missions.kernel.web import writes
from missions.kernel.web.writes import IdempotentMixin, IfMatchMixin, etag_of
from missions.models import Organization, User
from missions.states import OrganizationKind

pytestmark = pytest.mark.urls(__name__)


class Behaviour:
    """How the view behaves; each test sets it, the fixture forgets it."""

    after_effect: Callable[[], None] = staticmethod(lambda: None)
    is_allowed = True
    has_object = True
    version = 3


class Body(serializers.Serializer[object]):
    acronym = serializers.CharField(max_length=10)
    name = serializers.CharField(default="Name")


class Allowed(BasePermission):
    def has_permission(self, request: Request, view: object) -> bool:
        return Behaviour.is_allowed


class Organizations(IdempotentMixin):
    permission_classes = [Allowed]

    def ensure_allowed(self, request: Request, *args: Any, **kwargs: Any) -> None:
        if not Behaviour.has_object:
            raise MissingError

    def get(self, request: Request) -> Response:
        return Response([])

    def post(self, request: Request) -> Response:
        body = Body(data=request.data)
        body.is_valid(raise_exception=True)
        made = Organization.objects.create(kind=OrganizationKind.IGO, **body.validated_data)
        Behaviour.after_effect()
        answer = {"zulu": made.acronym, "id": made.pk, "alpha": 1.50, "nested": {"z": None, "a": [True]}}
        return Response(answer, status=201, headers={"Location": f"/o/{made.pk}", "ETag": '"1"', "X-Other": "x"})


class Unguarded(IdempotentMixin):
    permission_classes = [IsAuthenticated]

    def post(self, request: Request) -> Response:
        return Response({})


class Thing(IfMatchMixin):
    permission_classes = [IsAuthenticated]

    def put(self, request: Request) -> Response:
        self.ensure_match(request, Behaviour())
        return Response({"taken": True})


class Careless(IfMatchMixin):
    permission_classes = [IsAuthenticated]

    def put(self, request: Request) -> Response:
        return Response({"taken": True})


urlpatterns = [
    path("organizations", Organizations.as_view()),
    path("unguarded", Unguarded.as_view()),
    path("thing", Thing.as_view()),
    path("careless", Careless.as_view()),
]


@pytest.fixture(autouse=True)
def _behaviour() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("after_effect", "is_allowed", "has_object", "version"):
            patch.setattr(Behaviour, name, Behaviour.__dict__[name])
        yield


def _client(user: User) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(user)
    return client


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("writer@odihr.example")


@pytest.fixture
def api(user: User) -> APIClient:
    return _client(user)


def _post(api: APIClient, key: str | None = "key-1", url: str = "/organizations", **body: object) -> Any:
    headers = {} if key is None else {"Idempotency-Key": key}
    return api.post(url, body or {"acronym": "OSCE"}, format="json", headers=headers)


def _acronyms() -> list[str]:
    return list(Organization.objects.order_by("pk").values_list("acronym", flat=True))


def test_repeated_request_gets_the_same_answer_and_has_one_effect(api: APIClient) -> None:
    first, second = _post(api), _post(api)

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.content == second.content
    kept = ("Location", "ETag", "Content-Type")
    assert [first[name] for name in kept] == [second[name] for name in kept]
    assert (first.has_header("Idempotency-Replayed"), second["Idempotency-Replayed"]) == (False, "true")
    assert _acronyms() == ["OSCE"]


def test_order_of_the_keys_in_the_body_makes_no_other_request(api: APIClient) -> None:
    _post(api, acronym="OSCE", name="Name")

    assert _post(api, name="Name", acronym="OSCE")["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("url", "body"),
    [("/organizations", {"acronym": "CIS"}), ("/organizations?dry=1", {"acronym": "OSCE"})],
    ids=["other body", "other address"],
)
def test_key_of_another_request_is_refused(api: APIClient, url: str, body: dict[str, Any]) -> None:
    _post(api)

    response = _post(api, url=url, **body)

    assert (response.status_code, response.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert _acronyms() == ["OSCE"]


def test_same_key_of_another_principal_is_another_key(api: APIClient) -> None:
    other = _client(User.objects.create_user("other@odihr.example"))
    _post(api)

    response = _post(other, acronym="CIS")

    assert (response.status_code, response.has_header("Idempotency-Replayed")) == (201, False)
    assert _acronyms() == ["OSCE", "CIS"]


def test_other_key_is_another_request(api: APIClient) -> None:
    _post(api, acronym="OSCE")
    _post(api, "key-2", acronym="CIS")

    assert _acronyms() == ["OSCE", "CIS"]


def test_validation_failure_is_not_kept_and_the_corrected_request_may_use_the_key(api: APIClient) -> None:
    refused = _post(api, acronym="much too long")
    corrected = _post(api, acronym="OSCE")

    assert (refused.status_code, corrected.status_code) == (400, 201)
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.parametrize(
    ("error", "status"),
    [(ConflictError(), 409), (exceptions.Throttled(), 429), (RuntimeError("bug"), 500)],
    ids=["conflict", "throttled", "crash"],
)
def test_failure_after_the_effect_leaves_neither_effect_nor_key(api: APIClient, error: Exception, status: int) -> None:
    def fail() -> None:
        raise error

    Behaviour.after_effect = staticmethod(fail)
    failed = _post(api)
    left = (_acronyms(), IdempotencyKey.objects.count())
    Behaviour.after_effect = staticmethod(lambda: None)
    repeated = _post(api)

    assert (failed.status_code, left, repeated.status_code) == (status, ([], 0), 201)
    assert _acronyms() == ["OSCE"]


@pytest.mark.parametrize(
    ("lost", "status"), [("is_allowed", 403), ("has_object", 404)], ids=["right lost", "object lost"]
)
def test_who_lost_the_right_gets_the_refusal_and_not_the_old_answer(api: APIClient, lost: str, status: int) -> None:
    _post(api)
    setattr(Behaviour, lost, False)

    response = _post(api)

    assert response.status_code == status
    assert b"OSCE" not in response.content


def test_view_that_does_not_say_who_may_write_lets_nobody(api: APIClient) -> None:
    assert _post(api, url="/unguarded").status_code == 500
    assert IdempotencyKey.objects.count() == 0


@pytest.mark.parametrize("key", [None, "", "with space", "x" * 256, "ə", "tab\t"])
def test_key_that_is_none_is_a_bad_request(api: APIClient, key: str | None) -> None:
    response = _post(api, key)

    assert (response.status_code, response.json()["type"]) == (400, "/problems/idempotency-key")
    assert _acronyms() == []


def test_longest_key_is_taken(api: APIClient) -> None:
    assert _post(api, "~" * 255).status_code == 201


def test_reading_needs_no_key(api: APIClient) -> None:
    assert api.get("/organizations").status_code == 200


@pytest.mark.django_db(transaction=True)
def test_a_hundred_twins_at_once_have_one_effect_and_one_answer(user: User) -> None:
    answers = _at_once(100, lambda _turn: _post(_client(user)))

    assert _acronyms() == ["OSCE"]
    assert set(answers) == {(201, answers[0][1])}


@pytest.mark.django_db(transaction=True)
def test_without_a_common_key_each_of_them_would_have_an_effect(user: User) -> None:
    """The negative control: it is the key that makes twins of requests."""
    answers = _at_once(10, lambda turn: _post(_client(user), f"key-{turn}", acronym=f"O{turn}"))

    assert sorted(_acronyms()) == sorted(f"O{turn}" for turn in range(10))
    assert len(set(answers)) == 10


def _at_once(times: int, ask: Callable[[int], Any]) -> list[tuple[int, bytes]]:
    """Status and body of so many requests that start together, on as many connections as the database takes."""
    gate, seats = threading.Barrier(times), threading.BoundedSemaphore(40)

    def run(turn: int) -> tuple[int, bytes]:
        gate.wait(60)
        with seats:
            try:
                response = ask(turn)
            finally:
                connections.close_all()
        return response.status_code, response.content

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(run, range(times)))


@pytest.mark.django_db(transaction=True)
def test_twin_of_a_slow_request_is_told_to_wait_or_waits(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL gives up waiting for the key's row; SQLite lets one writer in and the twin waits for its turn."""
    monkeypatch.setattr(writes, "_TWIN_WAIT_MS", 50)
    is_at_work, may_end = threading.Event(), threading.Event()

    def work() -> None:
        is_at_work.set()
        may_end.wait(20)

    Behaviour.after_effect = staticmethod(work)

    def first() -> int:
        try:
            return int(_post(_client(user)).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(first)
        assert is_at_work.wait(20)
        timer = threading.Timer(0.3, may_end.set)
        timer.start()
        twin = _post(_client(user))
        status = slow.result(20)
        timer.join()

    told = {"postgresql": (409, "5"), "sqlite": (201, None)}[connection.vendor]
    assert (twin.status_code, twin.headers.get("Retry-After")) == told
    assert (status, _acronyms()) == (201, ["OSCE"])
    assert _post(_client(user))["Idempotency-Replayed"] == "true"


@pytest.mark.parametrize(
    ("header", "status", "code"),
    [
        (None, 428, "precondition-required"),
        ('"2"', 412, "precondition-failed"),
        ('"4"', 412, "precondition-failed"),
        ("*", 400, "if-match"),
        ('W/"3"', 400, "if-match"),
        ("3", 400, "if-match"),
        ('"3", "4"', 400, "if-match"),
        ('"٣"', 400, "if-match"),
        ('"03"', 412, "precondition-failed"),
        ("", 400, "if-match"),
    ],
)
def test_write_names_the_version_that_it_changes(api: APIClient, header: str | None, status: int, code: str) -> None:
    headers = {} if header is None else {"If-Match": header}

    response = api.put("/thing", {}, format="json", headers=headers)

    assert (response.status_code, response.json()["type"]) == (status, f"/problems/{code}")
    assert response["Content-Type"] == "application/problem+json"


def test_write_with_the_version_that_stands_is_taken(api: APIClient) -> None:
    response = api.put("/thing", {}, format="json", headers={"If-Match": etag_of(Behaviour())})

    assert (response.status_code, response.json()) == (200, {"taken": True})


def test_view_that_never_compares_lets_nobody_change_anything(api: APIClient) -> None:
    headers = {"If-Match": etag_of(Behaviour())}

    assert api.put("/careless", {}, format="json", headers=headers).status_code == 500
    assert api.put("/careless", {}, format="json").status_code == 428
