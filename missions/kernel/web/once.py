"""A form that is sent twice makes one thing: its page has a hidden token, and the token remembers what came of it.

Sent again with the same answers (a double click, the browser's back and refresh) the form leads to the same page. With
other answers it is another act. A form without a token, of a page from before, is taken as it comes.
"""

import hashlib
import json
import re
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.http import HttpRequest

from missions.kernel.integrity import broken_constraint
from missions.kernel.models import IdempotencyKey

FIELD = "form_token"
_SHAPE = re.compile(r"[0-9a-f]{32}")
_NO_ANSWERS = {FIELD, "csrfmiddlewaretoken"}
_SENT_ON = 302


@dataclass(frozen=True, slots=True)
class FormClaim:
    """A form that is being carried out, or was. `row` is None for one without a token."""

    row: IdempotencyKey | None
    is_first: bool

    @property
    def address(self) -> str:
        """Where the first one led; empty while it is still at work."""
        return str(self.row.headers.get("Location", "")) if self.row else ""

    def keep(self, address: str) -> None:
        """Remember where it led."""
        if self.row is not None:
            self.row.status, self.row.headers = _SENT_ON, {"Location": address}
            self.row.save(update_fields=["status", "headers"])

    def give_back(self) -> None:
        """Nothing came of it: the same answers may be sent again."""
        if self.row is not None:
            self.row.delete()


def token_of_form(request: HttpRequest) -> str:
    """The token for the page: the one that was sent, so that a form that is mended keeps it, or a new one."""
    sent = request.POST.get(FIELD, "")
    return sent if _SHAPE.fullmatch(sent) else uuid.uuid4().hex


def claim_form(request: HttpRequest, *, at: datetime) -> FormClaim:
    """Take the form on, or find who has: exactly one of those that are sent at once is the first."""
    token = request.POST.get(FIELD, "")
    if not _SHAPE.fullmatch(token):
        return FormClaim(None, is_first=True)
    facts = {
        "principal": f"form:{request.user.pk}",
        "key": token,
        "fingerprint": _fingerprint(request),
    }
    facts["key"] = f"{token}:{facts['fingerprint']}"
    try:
        with transaction.atomic():
            return FormClaim(IdempotencyKey.objects.create(**facts, created_at=at), is_first=True)
    except IntegrityError as error:
        if broken_constraint(error, IdempotencyKey) != "idempotency_key_once":
            raise
        row = IdempotencyKey.objects.get(principal=facts["principal"], key=facts["key"])
        return FormClaim(row, is_first=False)


def _fingerprint(request: HttpRequest) -> str:
    answers = {name: values for name, values in request.POST.lists() if name not in _NO_ANSWERS}
    files = {name: [_digest(file) for file in sent] for name, sent in request.FILES.lists()}
    said = json.dumps([request.path, answers, files], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def _digest(file: "UploadedFile[Any]") -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()
