"""The front: what it takes from the snapshot, what it leaves to the application, and what it does when that fails."""

import datetime as dt
import gzip
import io
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_started
from django.db import close_old_connections
from pytest_django.fixtures import Settings

from config.public_front import PublicFront
from missions.kernel import clock
from missions.models import Mission
from missions.reports.services.publishing import write_pages
from missions.reports.snapshot import store
from tests.missions.reports.conftest import CANARY, PRESS_CONFERENCE, MakeReport, make_report, pages, pdf, registrar

__all__ = ["make_report", "pages", "registrar"]

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


class Visitor:
    """Asks a WSGI application, and counts how often the one behind the front was asked."""

    def __init__(self, renew: Callable[[], object] = write_pages) -> None:
        self.behind = 0
        self.answer_of_the_framework: Callable[..., Any] = WSGIHandler()
        self.front = PublicFront(self._application, renew=renew)

    def get(self, path: str, *, method: str = "GET", **environ: str) -> tuple[int, dict[str, str], bytes]:
        path, _mark, query = path.partition("?")
        started: list[tuple[str, list[tuple[str, str]]]] = []
        frame = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "8000",
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(),
        }
        body = self.front({**frame, **environ}, lambda *parts: started.append(parts[:2]))  # type: ignore[arg-type]
        data = b"".join(body)
        ((status, headers),) = started
        assert len(headers) == len(dict(headers))
        return int(status.split()[0]), dict(headers), data

    def _application(self, environ: Any, start_response: Any) -> Any:
        self.behind += 1
        return self.answer_of_the_framework(environ, start_response)


def _broken(environ: Any, start_response: Any) -> list[bytes]:
    start_response("500 Internal Server Error", [("Content-Type", "text/plain")])
    return [b"no database"]


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The test's connection holds its transaction; the framework would close it when a request begins."""
    request_started.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _report(make_report: MakeReport, mission: Mission) -> None:
    make_report(mission)
    clock.set_to(PRESS_CONFERENCE)


@pytest.mark.parametrize("path", ["/reports/", "/az/reports/az-2024/1/", "/reports/feed.atom"])
def test_pages_come_from_the_snapshot_as_django_answers_them(path: str) -> None:
    visitor, django = Visitor(), Visitor(renew=lambda: None)
    expected = django.get(path)

    status, headers, body = visitor.get(path)

    assert (status, body) == (200, expected[2])
    assert (visitor.behind, django.behind) == (0, 1)
    assert int(headers.pop("Cache-Control").removeprefix("public, max-age=")) in {9, 8, 7}
    own = {"Cache-Control", "Vary", "X-Request-ID"}
    assert {k: v for k, v in headers.items() if k not in own} == {k: v for k, v in expected[1].items() if k not in own}


def test_the_file_comes_from_the_snapshot() -> None:
    visitor = Visitor()

    status, headers, body = visitor.get("/reports/az-2024/1/en.pdf")

    assert (status, body, visitor.behind) == (200, pdf(f"{CANARY} en"), 0)
    assert (headers["Content-Type"], headers["Content-Length"]) == ("application/pdf", str(len(body)))


def test_the_server_sends_files_in_its_own_way() -> None:
    seen = []

    def wrapper(file: Any, block: int) -> list[bytes]:
        seen.append(block)
        with file:
            return [file.read()]

    _status, _headers, body = Visitor().get("/reports/az-2024/1/en.pdf", **{"wsgi.file_wrapper": wrapper})  # type: ignore[arg-type]

    assert (body, seen) == (pdf(f"{CANARY} en"), [65536])


@pytest.mark.parametrize(("accepts", "zipped"), [("gzip, br", True), ("br", False), ("gzip;q=0", False), ("", False)])
def test_texts_are_compressed_for_who_takes_it(accepts: str, zipped: bool) -> None:
    plain = Visitor().get("/reports/")

    _status, headers, body = Visitor().get("/reports/", HTTP_ACCEPT_ENCODING=accepts)

    assert headers["Vary"] == "Accept-Encoding"
    assert (headers.get("Content-Encoding") == "gzip", headers["ETag"] != plain[1]["ETag"]) == (zipped, zipped)
    assert (gzip.decompress(body) if zipped else body) == plain[2]


@pytest.mark.parametrize("accepts", ["", "gzip"])
def test_whoever_has_it_is_told_so_and_head_has_no_body(accepts: str) -> None:
    visitor = Visitor()
    etag = visitor.get("/reports/", HTTP_ACCEPT_ENCODING=accepts)[1]["ETag"]

    known = visitor.get("/reports/", HTTP_ACCEPT_ENCODING=accepts, HTTP_IF_NONE_MATCH=f'"x", W/{etag}')
    head = visitor.get("/reports/", method="HEAD")

    assert (known[0], known[2]) == (304, b"")
    assert (head[0], head[2], int(head[1]["Content-Length"]) > 500) == (200, b"", True)
    assert visitor.behind == 0


@pytest.mark.parametrize(
    ("path", "method"),
    [("/reports/az-2024/?kind=final", "GET"), ("/reports/", "POST"), ("/healthz", "GET"), ("/reports/x/1/", "GET")],
)
def test_everything_else_is_the_applications(path: str, method: str) -> None:
    visitor = Visitor()

    visitor.get(path, method=method)

    assert visitor.behind == 1


def test_what_must_be_redirected_to_a_safe_connection_is_the_applications(settings: Settings) -> None:
    settings.SECURE_SSL_REDIRECT = True
    settings.PUBLIC_URL = "https://127.0.0.1"
    visitor = Visitor()

    assert (visitor.get("/reports/")[0], visitor.behind) == (301, 1)
    assert (visitor.get("/reports/", **{"wsgi.url_scheme": "https"})[0], visitor.behind) == (200, 1)
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert (visitor.get("/reports/", HTTP_X_FORWARDED_PROTO="https")[0], visitor.behind) == (200, 1)
    assert visitor.get("/reports/", HTTP_X_FORWARDED_PROTO="http")[0] == 301


def test_an_old_snapshot_is_made_new_by_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    visitor = Visitor(renew=lambda: made.append(write_pages()))
    visitor.get("/reports/")
    visitor.get("/reports/")
    assert len(made) == 1

    monkeypatch.setattr(store.Manifest, "seconds_left", -9.0)
    visitor.get("/reports/")

    assert (len(made), visitor.behind) == (2, 1)


def test_a_voided_snapshot_is_not_handed_out(pages: Path) -> None:
    visitor = Visitor()
    visitor.get("/reports/")
    visitor.front._renew = lambda: None
    store.void_snapshot()

    visitor.get("/reports/")

    assert visitor.behind == 1


def test_while_another_process_makes_it_django_answers() -> None:
    visitor = Visitor()

    with store.sole_writer():
        status, _headers, body = visitor.get("/reports/")

    assert (status, visitor.behind, CANARY in body.decode()) == (200, 1, True)


@pytest.mark.parametrize(("ends_in", "behind"), [(None, 0), (60.0, 0), (-0.1, 1)])
def test_while_another_process_makes_it_the_former_stands_in_unless_an_embargo_has_ended(
    monkeypatch: pytest.MonkeyPatch, ends_in: float | None, behind: int
) -> None:
    visitor = Visitor()
    visitor.get("/reports/")
    manifest = store.read_manifest()
    assert manifest is not None
    ends_at = None if ends_in is None else time.monotonic() + ends_in
    store.publish(replace(manifest, fresh_until=time.monotonic() - 1, ends_at=ends_at))

    with store.sole_writer():
        status, headers, _body = visitor.get("/reports/")

    assert (status, visitor.behind) == (200, behind)
    if not behind:
        assert headers["Cache-Control"] == "no-cache"


def test_a_snapshot_that_cannot_be_made_keeps_nobody_waiting(caplog: pytest.LogCaptureFixture) -> None:
    tries = []

    def broken() -> None:
        tries.append(1)
        raise OSError("no room")

    visitor = Visitor(renew=broken)

    assert [visitor.get("/reports/")[0] for _turn in range(3)] == [200, 200, 200]
    assert (len(tries), visitor.behind, len(caplog.records)) == (1, 3, 1)


def test_without_the_application_the_last_snapshot_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Late perhaps, and never early: what is in it was public when it was made."""
    visitor = Visitor()
    fresh = visitor.get("/reports/")
    visitor.answer_of_the_framework = _broken
    visitor.front._renew = lambda: None
    monkeypatch.setattr(store.Manifest, "seconds_left", -60.0)

    status, headers, body = visitor.get("/reports/")

    assert (status, body, headers["Cache-Control"]) == (200, fresh[2], "no-cache")
    assert visitor.get("/reports/az-2024/2/")[0] == 500


def test_a_voided_snapshot_does_not_even_answer_for_a_failure() -> None:
    visitor = Visitor()
    visitor.get("/reports/")
    visitor.answer_of_the_framework = _broken
    visitor.front._renew = lambda: None
    store.void_snapshot()

    assert visitor.get("/reports/")[::2] == (500, b"no database")


def test_a_file_that_is_gone_is_asked_of_the_application(pages: Path) -> None:
    visitor = Visitor()
    visitor.get("/reports/")
    for file in (pages / "pages").rglob("*"):
        if file.is_file():
            file.unlink()

    assert (visitor.get("/reports/")[0], visitor.behind) == (200, 1)
