"""What Django answers to a visitor without account, recorded with its headers: the snapshot repeats it to the byte."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http.response import HttpResponseBase

#: Made anew for every answer, or not true of a copy.
_LEFT_OUT = frozenset({"cache-control", "content-length", "date", "etag", "vary", "x-request-id"})


@dataclass(frozen=True, slots=True)
class Recording:
    """A good answer: its bytes, its ETag, and the other headers."""

    data: bytes
    etag: str
    headers: tuple[tuple[str, str], ...]


class NotRecordedError(Exception):
    """The address does not answer 200, or answers something that is not for everybody."""


class Recorder:
    """Asks the application as a visitor does who comes by the public address."""

    def __init__(self) -> None:
        self._handler = WSGIHandler()

    def record(self, path: str, *, method: str = "GET") -> Recording:
        """The answer of this address. Raises NotRecordedError."""
        answered: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_rest: object) -> object:
            answered.append((status, headers))
            return None

        response: HttpResponseBase = self._handler(_environ(path, method), start_response)  # type: ignore[arg-type]
        try:
            data = b"".join(response)  # type: ignore[call-overload]  # bytes, as our pages are
        finally:
            response.close()
        ((status, headers),) = answered
        named = {name.lower(): value for name, value in headers}
        if not status.startswith("200") or "set-cookie" in named or "etag" not in named:
            raise NotRecordedError(f"{path}: {status}")
        kept = tuple((name, value) for name, value in headers if name.lower() not in _LEFT_OUT)
        return Recording(data, named["etag"], kept)


def _environ(path: str, method: str) -> dict[str, Any]:
    public = urlsplit(settings.PUBLIC_URL)
    environ = {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": public.hostname or "localhost",
        "SERVER_PORT": str(public.port or (443 if public.scheme == "https" else 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": public.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": public.scheme,
        "wsgi.input": BytesIO(),
        "wsgi.errors": BytesIO(),
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    if settings.SECURE_PROXY_SSL_HEADER and public.scheme == "https":
        name, value = settings.SECURE_PROXY_SSL_HEADER
        environ[name] = value
    return environ
