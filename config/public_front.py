"""Answers the public pages of reports from their snapshot, before the framework and without the database.

It hands out nothing but files that were written when their reports were public. Whether the snapshot still counts is
told by the machine's monotonic clock: until the next embargo ends, and ten seconds at most. After that the application
answers, and one request at a time makes the snapshot new. If the application fails, as it does without its database,
the last snapshot answers in its place: late perhaps, and never early.
"""

import logging
import math
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import IO, Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.conf import settings

from config.observability import context
from config.observability.middleware import request_id_of, tell_request
from missions.reports.snapshot import store
from missions.reports.snapshot.store import Entry, Manifest
from missions.reports.wording import OTHERS

logger = logging.getLogger(__name__)

_PREFIXES = ("/reports/", *(f"/{language}/reports/" for language in OTHERS))
_METHODS = frozenset({"GET", "HEAD"})
#: After a snapshot could not be made, visitors are not kept waiting for the next try at once.
_REST_SECONDS = 5.0
_BLOCK = 64 * 1024
#: What the log and the figures call a page out of the snapshot; and where a request keeps when it came.
_ROUTE, _CAME_AT = "public-page", "observer_desk.came_at"

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Held:
    """A snapshot as this process has read it, with the marks of the files that it was read from."""

    marks: tuple[tuple[int, int, int], tuple[int, int, int]]
    manifest: Manifest | None
    epoch: str

    @property
    def is_current(self) -> bool:
        return self.manifest is not None and self.manifest.epoch == self.epoch


class PublicFront:
    """A WSGI application around another one. `renew` makes the snapshot fresh and may raise whatever it likes."""

    def __init__(self, application: WSGIApplication, *, renew: Callable[[], object]) -> None:
        self._application = application
        self._renew = renew
        self._held = _Held(((-1, 0, 0), (-1, 0, 0)), None, "")
        self._rests_until = 0.0

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not _concerns(environ):
            return self._application(environ, start_response)
        environ[_CAME_AT] = time.monotonic()
        held = self._read()
        if not _is_fresh(held) and time.monotonic() >= self._rests_until:
            self._try_to_renew()
            held = self._read()
        path = environ["PATH_INFO"]
        if _is_good(held) and held.manifest is not None and path in held.manifest.entries:
            answer = _answer(held.manifest, path, environ, start_response)
            if answer is not None:
                return answer
        return self._ask_application(environ, start_response)

    def _read(self) -> _Held:
        """The snapshot as it is now; the files are read again only when they have changed."""
        marks = store.mark_of_manifest(), store.mark_of_epoch()
        if marks != self._held.marks:
            self._held = _Held(marks, store.read_manifest(), store.current_epoch())
        return self._held

    def _try_to_renew(self) -> None:
        try:
            self._renew()
        except Exception:  # whatever is broken, the application answers this request
            self._rests_until = time.monotonic() + _REST_SECONDS
            logger.exception("The snapshot of the public pages could not be made")

    def _ask_application(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, or the last snapshot's in the place of a failure."""
        started: list[tuple[Any, ...]] = []

        def hold(status: str, headers: Headers, *rest: Any) -> Callable[[bytes], object]:
            started[:] = [(status, headers, *rest)]
            return _refuse_write

        body = self._application(environ, hold)
        status = str(started[0][0]) if started else ""
        held, path = self._read(), environ["PATH_INFO"]
        if status.startswith("5") and held.manifest is not None and held.is_current and path in held.manifest.entries:
            answer = _answer(held.manifest, path, environ, start_response)
            if answer is not None:
                _close(body)
                return answer
        start_response(*started[0])
        return body


def _concerns(environ: WSGIEnvironment) -> bool:
    """Plain questions for public pages. Whatever has to be redirected to a safe connection is the application's."""
    return (
        environ.get("REQUEST_METHOD") in _METHODS
        and str(environ.get("PATH_INFO", "")).startswith(_PREFIXES)
        and not environ.get("QUERY_STRING")
        and (not settings.SECURE_SSL_REDIRECT or _is_secure(environ))
    )


def _is_secure(environ: WSGIEnvironment) -> bool:
    if settings.SECURE_PROXY_SSL_HEADER:
        name, value = settings.SECURE_PROXY_SSL_HEADER
        return bool(environ.get(name) == value)
    return bool(environ.get("wsgi.url_scheme") == "https")


def _is_fresh(held: _Held) -> bool:
    return held.is_current and held.manifest is not None and held.manifest.seconds_left > 0


def _is_good(held: _Held) -> bool:
    """Fresh, or another process is at the next one and nothing can have been published since."""
    return held.is_current and held.manifest is not None and held.manifest.may_stand_in


def _answer(
    manifest: Manifest, path: str, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes] | None:
    """The answer of the snapshot; None if its file is gone, because a newer one has taken its place."""
    entry = manifest.entries[path]
    is_zipped = bool(entry.gzip) and _takes_gzip(environ)
    etag = f'{entry.etag[:-1]}-gzip"' if is_zipped else entry.etag
    headers = [
        *entry.headers,
        ("Cache-Control", _cache_control(manifest.seconds_left)),
        ("ETag", etag),
        ("Vary", "Accept-Encoding"),
        ("X-Request-ID", request_id := request_id_of(environ.get("HTTP_X_REQUEST_ID", ""))),
    ]
    if _knows(environ, entry):
        _tell(environ, HTTPStatus.NOT_MODIFIED, request_id)
        kept = [(name, value) for name, value in headers if name not in {"Content-Type", "Content-Disposition"}]
        start_response(_status(HTTPStatus.NOT_MODIFIED), kept)
        return [b""]
    try:
        file = (store.folder() / (entry.gzip if is_zipped else entry.file)).open("rb")
    except OSError:
        return None
    size = file.seek(0, 2)
    file.seek(0)
    if is_zipped:
        headers.append(("Content-Encoding", "gzip"))
    _tell(environ, HTTPStatus.OK, request_id)
    start_response(_status(HTTPStatus.OK), [*headers, ("Content-Length", str(size))])
    if environ["REQUEST_METHOD"] == "HEAD":
        file.close()
        return [b""]
    return _sent(file, environ)


def _tell(environ: WSGIEnvironment, status: HTTPStatus, request_id: str) -> None:
    """Count the answer and write its line, as the framework does for its own."""
    seconds = time.monotonic() - environ[_CAME_AT]
    context.begin(request_id)
    tell_request(route=_ROUTE, method=environ["REQUEST_METHOD"], status=status.value, seconds=seconds)
    context.end()


def _sent(file: IO[bytes], environ: Mapping[str, Any]) -> Iterable[bytes]:
    """The server's own way of sending a file where it has one."""
    wrapper: Callable[[IO[bytes], int], Iterable[bytes]] | None = environ.get("wsgi.file_wrapper")
    if wrapper is not None:
        return wrapper(file, _BLOCK)
    with file:
        return [file.read()]


def _cache_control(seconds_left: float) -> str:
    """May be kept as long as the snapshot counts, rounded down; what answers for a failure is kept by nobody."""
    seconds = math.floor(seconds_left)
    return f"public, max-age={seconds}" if seconds > 0 else "no-cache"


def _knows(environ: WSGIEnvironment, entry: Entry) -> bool:
    """Whether the visitor has this page already, compressed or not."""
    sent = environ.get("HTTP_IF_NONE_MATCH", "")
    known = {tag.strip().removeprefix("W/") for tag in sent.split(",")} if sent else set()
    return bool(known & {entry.etag, f'{entry.etag[:-1]}-gzip"', "*"})


def _takes_gzip(environ: WSGIEnvironment) -> bool:
    wanted = (part.replace(" ", "").lower() for part in environ.get("HTTP_ACCEPT_ENCODING", "").split(","))
    return any(part == "gzip" or (part.startswith("gzip;q=") and part[7:].strip("0.")) for part in wanted)


def _status(status: HTTPStatus) -> str:
    return f"{status.value} {status.phrase}"


def _close(body: object) -> None:
    close = getattr(body, "close", None)
    if close is not None:
        close()


def _refuse_write(data: bytes) -> object:
    raise NotImplementedError("nothing of ours writes past its answer")
