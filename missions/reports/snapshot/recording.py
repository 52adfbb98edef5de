"""What Django answers to a visitor without account, recorded with its headers: the snapshot repeats it to the byte."""

from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse

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
        # Not as a request of a server: the signals at its ends would close connections under the caller's hands.
        response = self._handler.get_response(WSGIRequest(_environ(path, method)))
        etag = response.headers.get("ETag", "")
        if not isinstance(response, HttpResponse) or response.status_code != HTTPStatus.OK:
            raise NotRecordedError(f"{path}: {response.status_code}")
        if response.cookies or not etag:
            raise NotRecordedError(f"{path}: not the same for everybody")
        kept = tuple((name, value) for name, value in response.items() if name.lower() not in _LEFT_OUT)
        return Recording(response.content, etag, kept)


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
