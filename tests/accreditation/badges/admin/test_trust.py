"""The page of trust: what it says before the first ceremony, with a key, late, and whether the signer answers."""

import datetime as dt

import pytest
from django.test import Client

from accreditation.badges.models import KeyList, RevocationList
from missions.kernel import clock
from missions.models import Election
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

TRUST = "/admin/badges/keylist/trust/"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def registrar() -> Client:
    return browser_of(in_role("registrar"))


def test_before_the_first_ceremony_it_says_that_nothing_is_trusted(election: Election, registrar: Client) -> None:
    page = registrar.get(TRUST)

    assert "No root key is installed." in page.content.decode()
    assert (page.context["trust"].root, page.context["trust"].keys) == (None, ())
    assert "Ask the signer" not in page.content.decode()


@pytest.mark.usefixtures("trust")
def test_it_names_root_list_and_keys(election: Election, registrar: Client) -> None:
    trust = registrar.get(TRUST).context["trust"]

    (key,) = trust.keys
    assert (key.standing, key.tone, key.badges) == ("signs", "success", 0)
    assert [len(group) for group, _words in trust.fingerprint] == [4] * 6
    assert trust.key_list == KeyList.objects.get()
    assert trust.revoked is None


@pytest.mark.usefixtures("trust")
@pytest.mark.parametrize(("days", "tone"), [(0, "success"), (24, "warning"), (28, "danger"), (40, "danger")])
def test_the_next_key_is_asked_for_before_it_is_too_late(
    election: Election, registrar: Client, at: dt.datetime, days: int, tone: str
) -> None:
    clock.set_to(at + dt.timedelta(days=days))

    assert registrar.get(TRUST).context["trust"].successor.tone == tone


@pytest.mark.usefixtures("trust")
def test_a_signer_that_is_asked_makes_a_list_whose_age_is_told(
    election: Election, registrar: Client, at: dt.datetime
) -> None:
    answer = registrar.post(f"{TRUST}?election={election.code}", follow=True)
    clock.set_to(at + dt.timedelta(hours=7, seconds=30))
    later = registrar.get(TRUST).context["trust"]

    number = RevocationList.objects.get().number
    assert [str(message) for message in answer.context["messages"]] == [
        f"The signer answers; the newest list is number {number}."
    ]
    assert (later.revoked.number, later.revoked_age.text, later.revoked_age.tone) == (number, "7 h 0 min old", "danger")


@pytest.mark.usefixtures("trust")
def test_a_signer_that_is_away_is_told(election: Election, registrar: Client, settings: object) -> None:
    settings.BADGE_SIGNER = "accreditation.badges.signer.socket.ask"  # type: ignore[attr-defined]

    answer = registrar.post(TRUST, follow=True)

    assert [message.level_tag for message in answer.context["messages"]] == ["error"]


@pytest.mark.usefixtures("trust")
def test_the_auditor_looks_and_does_not_ask(election: Election) -> None:
    auditor = browser_of(in_role("auditor"))

    page = auditor.get(TRUST)

    assert (page.status_code, "Ask the signer" in page.content.decode()) == (200, False)
    assert auditor.post(TRUST).status_code == 403
    assert browser_of(in_role("protocol")).get(TRUST).status_code == 403
