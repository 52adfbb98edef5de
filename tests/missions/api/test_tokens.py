"""The life of a token as the API sees it."""

import datetime as dt
import logging

import pytest
from django.db.models import F
from django.utils import timezone
from rest_framework.test import APIClient

from missions.models import ApiToken, TokenScope
from missions.services.tokens import IssuedToken, issue_token, revoke_token
from tests.missions.api.world import AT, World

REFUSAL = {
    "type": "/problems/authentication-failed",
    "title": "Unauthorized",
    "status": 401,
    "detail": "This token is not valid.",
    "errors": [],
}


@pytest.fixture
def issued(world: World) -> IssuedToken:
    return issue_token(
        user=world.people.lead, name="laptop", scope=TokenScope.READ, lifetime=dt.timedelta(days=1), by=None, at=AT
    )


def ask(authorization: str) -> tuple[int, object]:
    response = APIClient().get("/api/v1/me/", HTTP_AUTHORIZATION=authorization)
    return response.status_code, response.json()


@pytest.mark.django_db
def test_a_token_opens_the_api_and_its_use_is_noted(issued: IssuedToken) -> None:
    status, _ = ask(f"Bearer {issued.secret}")

    used = ApiToken.objects.get(pk=issued.token.pk).last_used_at
    assert status == 200
    assert used is not None
    assert abs(timezone.now() - used) < dt.timedelta(minutes=1)


@pytest.mark.django_db
def test_the_use_is_noted_every_five_minutes_only(issued: IssuedToken) -> None:
    row = ApiToken.objects.filter(pk=issued.token.pk)
    ask(f"Bearer {issued.secret}")
    row.update(last_used_at=F("last_used_at") - dt.timedelta(minutes=4))
    recent = row.get().last_used_at
    ask(f"Bearer {issued.secret}")
    assert row.get().last_used_at == recent

    row.update(last_used_at=F("last_used_at") - dt.timedelta(minutes=2))
    ask(f"Bearer {issued.secret}")

    assert row.get().last_used_at > recent


@pytest.mark.django_db
def test_an_expired_token_is_refused_and_one_without_expiry_is_not(issued: IssuedToken) -> None:
    row = ApiToken.objects.filter(pk=issued.token.pk)
    row.update(expiry=timezone.now() - dt.timedelta(seconds=1))
    assert ask(f"Bearer {issued.secret}") == (401, REFUSAL)

    row.update(expiry=None)

    assert ask(f"Bearer {issued.secret}")[0] == 200


@pytest.mark.django_db
def test_a_revoked_token_is_refused_at_once(issued: IssuedToken) -> None:
    assert ask(f"Bearer {issued.secret}")[0] == 200

    revoke_token(token=issued.token, by=None, at=AT)

    assert ask(f"Bearer {issued.secret}") == (401, REFUSAL)


@pytest.mark.django_db
def test_the_token_of_a_user_who_is_no_longer_active_is_refused_at_once(world: World, issued: IssuedToken) -> None:
    assert ask(f"Bearer {issued.secret}")[0] == 200
    world.people.lead.is_active = False
    world.people.lead.save(update_fields=["is_active"])

    assert ask(f"Bearer {issued.secret}") == (401, REFUSAL)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "token",
    ["odk_", "x", "odk_" + "0" * 64, "\xff\xfe", "odk_\x00", "ｏｄｋ", "a" * 10_000, "-", "{}"],
)
def test_what_is_no_token_is_refused_and_breaks_nothing(issued: IssuedToken, token: str) -> None:
    assert ask(f"Bearer {token}".encode().decode("latin-1")) == (401, REFUSAL)


@pytest.mark.django_db
@pytest.mark.parametrize("authorization", ["Bearer", "Bearer a b", "Basic abc", "Token {secret}", "{secret}", ""])
def test_only_a_bearer_header_signs_in(issued: IssuedToken, authorization: str) -> None:
    status, _ = ask(authorization.replace("{secret}", issued.secret))

    assert status == 401


@pytest.mark.django_db
def test_the_start_and_the_digest_of_a_token_open_nothing(issued: IssuedToken) -> None:
    refused = [ask(f"Bearer {text}") for text in (issued.secret[:-1], issued.token.digest, issued.token.token_key)]

    assert refused == [(401, REFUSAL)] * 3


@pytest.mark.django_db
def test_no_log_line_holds_the_token(issued: IssuedToken, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(f"Bearer {issued.secret}")
        ask(f"Bearer {issued.secret}x")

    assert issued.secret not in caplog.text
