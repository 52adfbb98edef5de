"""What the page is made of and what it fetches: for everybody, without session or cookie.

A test without the mark of the database proves that the answer needs no query.
"""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.published import REVOKED_FILE, replace_file
from accreditation.badges.web.release import asset_urls, release_name
from missions.kernel import clock
from missions.models import Election

REVOKED = "/b/az-2024/revoked.cose"


@pytest.fixture
def published_bytes(badge_folders: Path) -> bytes:
    replace_file("az-2024", REVOKED_FILE, b"a signed list")
    return b"a signed list"


def test_the_page_is_the_same_for_everybody(client: Client) -> None:
    answer = client.get("/b")
    other = client.get("/b", headers={"Accept-Language": "az", "Cookie": "sessionid=somebody"})

    assert (answer.status_code, reverse("verify:page"), answer.cookies) == (200, "/b", {})
    assert answer.content == other.content
    assert answer["Cache-Control"] == "no-cache"


def test_the_worker_keeps_the_page_and_every_file_of_it(client: Client) -> None:
    answer = client.get("/b/sw.js")
    text = answer.content.decode()
    release = json.loads(text[text.index("{") : text.index("};") + 1])

    assert (answer["Content-Type"], answer["Service-Worker-Allowed"]) == ("text/javascript", "/b")
    assert release == {"name": release_name(), "page": "/b", "assets": asset_urls()}
    assert {"/static/verify/page.js", "/static/verify/verify.css", "/static/verify/vendor/jsqr-1.4.0.js"} < {
        *asset_urls()
    }


@pytest.mark.django_db
def test_trust_names_the_root_the_time_and_the_policy(
    client: Client, settings: Settings, trust: KeyList, election: Election, at: dt.datetime
) -> None:
    clock.set_to(at)
    settings.BADGE_HOTLINE, settings.BADGE_RED_AFTER = "+994 12 555 01 02", 86_400
    root = election.trust_root

    answer = client.get("/b/trust.json")

    said = answer.json()
    (told,) = said["elections"]
    assert told.pop("root")["kid"] == root.key_id
    assert told == {
        "code": "az-2024",
        "name": "Presidential election",
        "time_zone": "Asia/Baku",
        "environment": "test",
    }
    assert (said["hotline"], said["red_after"]) == ("+994 12 555 01 02", 86_400)
    assert 0 <= said["now"] - at.timestamp() < 60
    assert said["clock_offset"] == pytest.approx(clock.offset().total_seconds(), abs=1)
    assert (answer["Cache-Control"], answer.cookies) == ("no-store", {})


@pytest.mark.usefixtures("published_bytes")
def test_a_list_is_given_without_a_query_once_for_each_mark(client: Client) -> None:
    first = client.get(REVOKED)
    same = client.get(REVOKED, headers={"If-None-Match": first["ETag"]})
    replace_file("az-2024", REVOKED_FILE, b"the next list")
    newer = client.get(REVOKED, headers={"If-None-Match": first["ETag"]})

    assert (first.content, same.status_code, same.content, newer.content) == (
        b"a signed list", 304, b"", b"the next list"
    )  # fmt: skip
    assert first["ETag"].startswith('"')
    assert first["Content-Type"] == 'application/cose; cose-type="cose-sign1"'
    assert (first["Cache-Control"], first.cookies) == ("no-cache", {})


@pytest.mark.django_db
@pytest.mark.usefixtures("published_bytes")
@pytest.mark.parametrize(
    "path", ["/b/az-2024/keys.cose", "/b/ke-2022/revoked.cose", "/b/az-2024/secret.pem", "/b/az-2024/.part-0"]
)
def test_what_is_not_published_is_one_and_the_same_404(client: Client, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, answer.content) == (404, b"Not found.")


@pytest.mark.parametrize("path", ["/b", "/b/sw.js", "/b/trust.json", REVOKED])
def test_nothing_can_be_sent_there(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
