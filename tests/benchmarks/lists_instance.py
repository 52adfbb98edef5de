"""Ninety thousand nominations and the requests for their lists, for the bench."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.test import RequestFactory, override_settings
from django.test.utils import CaptureQueriesContext
from rest_framework.pagination import Cursor

from accreditation.models import Nomination
from missions.kernel.web.pagination import KeysetPagination
from missions.models import ApiToken, User
from tests.benchmarks import citizens_instance, lists_work
from tests.benchmarks.lists_work import PAGE

Ask = Callable[[], bytes]


@dataclass(slots=True)
class Lists:
    """A caller of the host, who may read all of them, and a server in this process."""

    secret: str
    handler: WSGIHandler

    @classmethod
    def filled(cls, path: Path, count: int) -> "Lists":
        """Take a file of so many people in, and make a token."""
        if not path.exists():
            citizens_instance.write_file(path, count)
        citizens_instance.make_election()
        citizens_instance.take_in(citizens_instance.check(path))
        if Nomination.objects.count() != count:
            raise RuntimeError("the file was not taken in whole")
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        host = User.objects.create_superuser("host@ministry.example", "a long enough password")
        lists_work.SomebodyOfTheHost.user = host
        _token, secret = ApiToken.objects.create(user=host, expiry=timedelta(days=1), name="bench", scope="read")  # type: ignore[no-untyped-call]  # knox is untyped
        override_settings(ROOT_URLCONF=lists_work.__name__).enable()
        return cls(secret, WSGIHandler())

    def plain(self, at: int, *, whole: bool) -> Ask:
        """Asks the yardstick for the page that begins with this row, by a whole request or the view alone."""
        return self._ask("/plain/", f"limit={PAGE}&offset={at}", None if whole else lists_work.open_plain)

    def rows(self, at: int, *, whole: bool) -> Ask:
        """Asks the product for the page that begins with this row, by a whole request or the view alone."""
        query = f"page_size={PAGE}"
        if at:
            before = Nomination.objects.order_by("pk").values_list("pk", flat=True)[at - 1]
            query += f"&cursor={_cursor(before)}"
        return self._ask("/rows/", query, None if whole else lists_work.open_rows)

    def _ask(self, path: str, query: str, view: Callable[..., Any] | None) -> Ask:
        """How to ask. Raises RuntimeError unless a hundred rows are answered."""
        factory = RequestFactory(HTTP_AUTHORIZATION=f"Bearer {self.secret}", SERVER_NAME="localhost")

        def ask() -> bytes:
            return (
                bytes(view(factory.get(path, QUERY_STRING=query)).render().content)
                if view
                else self._whole(path, query)
            )

        if ask().count(b'"received_at"') != PAGE:
            raise RuntimeError(f"{path}?{query}: {ask()[:300]!r}")
        return ask

    def queries(self, request: Ask) -> int:
        with CaptureQueriesContext(connection) as captured:
            request()
        return len(captured)

    def _whole(self, path: str, query: str) -> bytes:
        """One request through the whole stack, as a server would hand it over."""
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "HTTP_AUTHORIZATION": f"Bearer {self.secret}",
            "wsgi.input": io.BytesIO(),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.version": (1, 0),
        }
        response = self.handler(environ, _heard)
        body = b"".join(response)
        response.close()
        return body


def _heard(_status: str, _headers: Any, _error: Any = None) -> Callable[[bytes], object]:
    return lambda _data: None


def _cursor(position: int) -> str:
    """The cursor that the product's own pages would link to after this row."""
    pages = KeysetPagination()
    pages.base_url = "http://localhost/"
    link = pages.encode_cursor(Cursor(offset=0, reverse=False, position=position))
    return link.partition("cursor=")[2]
