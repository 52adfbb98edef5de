"""The own tokens by the API: made with a mail to the owner, shown once, and revoked by name."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache

from missions.kernel import clock
from missions.kernel.models import Event, IdempotencyKey
from missions.models import ApiToken, TokenScope, User
from tests.missions.accounts.conftest import links_mailed
from tests.missions.api.world import as_user

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)
TOKENS = "/api/v1/me/tokens/"
REVOKE = f"{TOKENS}revoke/"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    cache.clear()
    clock.set_to(at)


def _post(user: User, path: str, key: str = "one", **body: object) -> Any:
    return as_user(user, TokenScope.WRITE).post(path, body, headers={"Idempotency-Key": key})


def _names(user: User) -> list[str]:
    return [row["name"] for row in as_user(user).get(TOKENS).json()["results"]]


def test_a_new_token_signs_in_and_its_secret_is_in_no_list(lead: User) -> None:
    made = _post(lead, TOKENS, name="portal", scope="write", days=30).json()

    signed_in = as_user(None).get("/api/v1/me/", headers={"Authorization": f"Bearer {made['secret']}"}).json()
    assert (signed_in["token"]["name"], signed_in["token"]["scope"]) == ("portal", "write")
    assert made["secret"].startswith(made["starts_with"])
    assert made["secret"] not in as_user(lead).get(TOKENS).content.decode()
    assert "portal" in _names(lead)


def test_a_retry_gets_the_same_secret_which_stands_nowhere_in_clear(lead: User) -> None:
    first, again = (_post(lead, TOKENS, name="portal") for _turn in range(2))

    assert (first.status_code, first.content) == (201, again.content)
    assert ApiToken.objects.filter(name="portal").count() == 1
    assert first.json()["secret"] not in str(IdempotencyKey.objects.values_list().get())


def test_the_owner_is_told_of_each_token(lead: User, at: dt.datetime) -> None:
    _post(lead, TOKENS, "one", name="portal", scope="write")
    secret = _post(lead, TOKENS, "two", name="laptop").json()["secret"]
    links_mailed(at + MINUTE)

    assert [message.to for message in mail.outbox] == [[lead.email]] * 2
    texts = sorted(str(message.body) for message in mail.outbox)
    assert [name in text for name, text in zip(("“laptop”", "“portal”"), texts, strict=True)] == [True, True]
    assert ["read whatever you may read." in texts[0], "read and change whatever" in texts[1]] == [True, True]
    assert secret not in "".join(texts)


def test_the_mail_goes_out_though_the_token_is_gone(lead: User, at: dt.datetime) -> None:
    _post(lead, TOKENS, "one", name="portal")
    _post(lead, REVOKE, "two", name="portal")
    links_mailed(at + MINUTE)

    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": "x", "days": 366}, "days"),
        ({"name": "x", "days": 0}, "days"),
        ({"name": "x", "scope": "admin"}, "scope"),
        ({"name": ""}, "name"),
        ({"name": "x", "user": 1}, "user"),
        ({"name": "x", "secret": "odk_mine"}, "secret"),
    ],
)
def test_what_is_no_token_is_refused(lead: User, body: dict[str, object], field: str) -> None:
    client = as_user(lead, TokenScope.WRITE)

    answer = client.post(TOKENS, body, headers={"Idempotency-Key": "one"})

    assert (answer.status_code, [error["field"] for error in answer.json()["errors"]]) == (400, [field])
    assert not ApiToken.objects.filter(name="x").exists()


def test_a_name_is_given_once(lead: User) -> None:
    _post(lead, TOKENS, "one", name="portal")

    answer = _post(lead, TOKENS, "two", name="portal")

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/token-name-taken")


def test_a_reading_token_makes_none(lead: User) -> None:
    answer = as_user(lead).post(TOKENS, {"name": "portal"}, headers={"Idempotency-Key": "one"})

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/token-scope")


def test_revoked_means_from_the_next_request_on(lead: User) -> None:
    secret = _post(lead, TOKENS, "one", name="portal").json()["secret"]
    headers = {"Authorization": f"Bearer {secret}"}

    first, again = (_post(lead, REVOKE, "two", name="portal").status_code for _turn in range(2))

    assert (first, again) == (204, 204)
    assert as_user(None).get("/api/v1/me/", headers=headers).status_code == 401
    assert list(Event.objects.of(lead).values_list("verb", flat=True)) == ["token_issued", "token_revoked"]


def test_the_tokens_of_others_are_absent(lead: User, other_lead: User) -> None:
    _post(other_lead, TOKENS, name="portal")

    foreign, absent = _post(lead, REVOKE, "one", name="portal"), _post(lead, REVOKE, "two", name="nothing")

    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert "portal" not in _names(lead)
    assert ApiToken.objects.filter(user=other_lead, name="portal").exists()


def test_pages_go_by_name_and_their_cursors_have_no_digest(lead: User) -> None:
    for number in range(3):
        _post(lead, TOKENS, f"key {number}".replace(" ", "-"), name=f"robot {number}")
    client = as_user(lead)

    address, names = f"{TOKENS}?page_size=2", []
    while address:
        page = client.get(address).json()
        address = page["next"]
        names += [row["name"] for row in page["results"]]

    assert names == sorted(names)
    assert {"robot 0", "robot 1", "robot 2"} <= set(names)
