"""Asking for addresses as somebody, and keeping what was answered."""

import hashlib
import io
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpResponseBase
from django.test import Client
from pypdf import PdfReader

from tests.journeys.confidentiality.scene import CANARIES

#: New in every answer, and told by nothing but chance.
CHANCE = re.compile(
    rb'name="csrfmiddlewaretoken" value="\w+"|X-CSRFToken&quot;: &quot;\w+|"X-CSRFToken": "\w+|nonce="[^"]+"'
    rb'|name="nonce" value="[0-9a-f-]{36}"|name="form_token" value="[0-9a-f]{32}"'
    rb'|"(?:last_used_at|created_at|expires_at)":"[^"]+"|UID:[0-9a-f-]{36}'
)
_HEADERS = ("Content-Type", "Content-Disposition", "Location", "ETag", "Last-Modified", "Allow", "Link")


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: a reading one, or a writing one without a body."""

    address: str
    writes: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: status, headers, a digest of the body without what is by chance, and the marks that it bears."""

    status: int
    headers: tuple[str, ...]
    digest: str
    marks: frozenset[str]
    packed: bytes

    def __repr__(self) -> str:
        return f"{self.status} {self.digest[:8]} {sorted(self.marks)}"

    @property
    def text(self) -> str:
        return zlib.decompress(self.packed).decode(errors="replace")


def ask_all(client: Client, asked: Iterable[Asked]) -> Mapping[Asked, Answer]:
    """What somebody gets for each of them."""
    return {each: _answer(_response(client, each)) for each in asked}


def _response(client: Client, asked: Asked) -> HttpResponseBase:
    if not asked.writes:
        return client.get(asked.address)
    key = hashlib.sha256(asked.address.encode()).hexdigest()
    return client.post(asked.address, headers={"Idempotency-Key": key, "If-Match": '"1"'})


def _answer(response: HttpResponseBase) -> Answer:
    """The answer as one can keep it. Of a PDF the text counts: files carry the second that they were made in."""
    content = b"".join(response) if response.streaming else response.content  # type: ignore[attr-defined]
    if content.startswith(b"%PDF"):
        content = "\f".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).encode()
    body = CHANCE.sub(b"", content)
    headers = tuple(f"{name}: {response[name]}" for name in _HEADERS if name in response)
    everything = body.decode(errors="replace") + "\n".join(headers)
    marks = frozenset(name for name, canary in CANARIES.items() if canary in everything)
    return Answer(response.status_code, headers, hashlib.sha256(body).hexdigest(), marks, zlib.compress(body, 1))
