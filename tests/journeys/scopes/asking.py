"""One request as somebody, and what of the answer may never tell two objects apart."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django.contrib.messages import ERROR
from django.http import HttpResponseBase
from django.test import Client
from django.test.client import encode_multipart

from tests.journeys.confidentiality.walking import CHANCE

#: New in every answer, whatever was asked for; the length is that of the body.
_OF_ITS_OWN = {"Content-Length", "Date", "Expires", "X-Request-ID", "Set-Cookie"}
#: Got past everybody who asks for rights, whatever became of it: done, or refused for what was sent.
_COME_IN = {200, 201, 202, 204, 400, 409, 412, 413, 415, 422, 428}
_SIGN_IN = ("/account/sign-in/", "/admin/login/", "/mission/login/")
#: Of a row that the body names, and that the caller may not see.
_NO_SUCH = b'"code":"does_not_exist"'
_BOUNDARY = "edge"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, without what is by chance."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    #: A page led on to another one that tells that this cannot be done with the row as it is.
    is_sent_back: bool = False

    @property
    def comes_in(self) -> bool:
        """Whether the caller may do this. A way to the page to sign in says no; any other way on says yes."""
        if self.status in (301, 302):
            return not self.header("Location").startswith(_SIGN_IN)
        return self.status in _COME_IN and _NO_SUCH not in self.body

    def header(self, name: str) -> str:
        return dict(self.headers).get(name, "")

    def about(self, key: object) -> "Answer":
        """The answer with the key taken out that was asked for: it may be told back to whoever has sent it."""
        headers = tuple((name, value.replace(f"/{key}/", "/KEY/")) for name, value in self.headers)
        return replace(self, headers=headers, body=self.body.replace(f'\\"{key}\\"'.encode(), b'\\"KEY\\"'))


def ask(client: Client, method: str, address: str, body: Mapping[str, object] | None = None) -> Answer:
    """The answer to a request that names a key and a version, so that nothing but rights and the body stops it."""
    if not address.startswith("/api/") or method == "GET":
        return _answer(client.generic(method, address, urlencode(body or {}), "application/x-www-form-urlencoded"))
    answer = _write(client, method, address, json.dumps(body or {}), "application/json")
    if answer.status == 415:
        form = encode_multipart(_BOUNDARY, dict(body or {})).decode()
        answer = _write(client, method, address, form, f"multipart/form-data; boundary={_BOUNDARY}")
    return answer


def _write(client: Client, method: str, address: str, data: str, content_type: str) -> Answer:
    key = hashlib.sha256(f"{method} {address} {data}".encode()).hexdigest()
    headers = {"Idempotency-Key": key, "If-Match": '"1"'}
    return _answer(client.generic(method, address, data, content_type, headers=headers))


def _answer(response: HttpResponseBase) -> Answer:
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    headers = tuple(sorted((name, value) for name, value in response.items() if name not in _OF_ITS_OWN))
    said = getattr(getattr(response, "wsgi_request", None), "_messages", None)
    is_sent_back = response.status_code == 302 and any(
        line.level >= ERROR for line in getattr(said, "_queued_messages", ())
    )
    return Answer(response.status_code, headers, CHANCE.sub(b"", content), is_sent_back)
