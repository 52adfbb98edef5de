"""Whatever breaks while a person's data are in hand: neither the log nor the answer holds them."""

import io
import logging
from collections.abc import Iterator

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from rest_framework.test import APIClient

from config.observability.logs import LineFormatter
from missions.models import User

PASSPORT, MRZ = "C01234567", "P<AZEALIYEV<<LEYLA<<<<<<<<<<<<<<<<<<<<<<<<<<"
MAIL, PASSWORD = "leyla@odihr.example", "correct horse battery staple"
TOKEN = "odk_" + "a1B2" * 10
REFUSED_ROW = f"refused\nDETAIL:  Failing row contains (7, {PASSPORT}, {MRZ}, {MAIL})."
CANARIES = (PASSPORT, MRZ, MAIL, PASSWORD, TOKEN)


@pytest.fixture(params=["json", "plain"])
def log(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """Everything that is logged, from DEBUG on, as a server writes it."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(LineFormatter(form=request.param))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def told(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


@pytest.mark.django_db
def test_a_page_that_breaks_over_what_was_typed(
    client: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **kwargs: object) -> None:
        raise RuntimeError(f"cannot take {kwargs or (PASSPORT, MRZ, MAIL)}")

    client.raise_request_exception = False
    monkeypatch.setattr("missions.accounts.views.SignIn.form_valid", refuse)
    monkeypatch.setattr("missions.accounts.views.SignIn.form_invalid", refuse)

    answer = client.post(
        f"/account/sign-in/?next=/{TOKEN}/",
        {"username": MAIL, "password": PASSWORD},
        headers={"Authorization": f"Bearer {TOKEN}"},
    )

    assert answer.status_code == 500
    assert told(answer.content.decode()) == []
    assert "RuntimeError: cannot take" in log.getvalue()
    assert told(log.getvalue()) == []


@pytest.mark.django_db
def test_an_api_that_breaks_over_what_was_sent(lead: User, log: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        row = REFUSED_ROW  # a variable of the frame that breaks
        raise IntegrityError(row)

    client = APIClient(raise_request_exception=False)
    client.force_authenticate(lead)
    monkeypatch.setattr("missions.api.views.Me.get", refuse)

    answer = client.get("/api/v1/me/")

    assert (answer.status_code, answer.json()["type"]) == (500, "/problems/error")
    assert told(answer.content.decode()) == []
    assert told(log.getvalue()) == []
    assert "IntegrityError: refused" in log.getvalue()


@pytest.mark.django_db
def test_what_the_database_says_of_a_row(lead: User, log: io.StringIO) -> None:
    """A real refusal: PostgreSQL repeats the row that it refuses."""
    try:
        User.objects.bulk_create([User(email=MAIL, first_name=PASSPORT), User(email=MAIL, last_name=MRZ)])
    except IntegrityError:
        logging.getLogger("missions.somewhere").exception("Two of %s", MAIL)
    connection.set_rollback(True)

    assert "IntegrityError" in log.getvalue()
    assert told(log.getvalue()) == []
