"""Letters by API: a mission reads its own, each file with a record, and nothing of anybody else's."""

import hashlib

import pytest

from accreditation.letters.models import Letter
from accreditation.letters.services.issuing import issue_letter
from accreditation.letters.states import LetterKind
from accreditation.models import Accreditation
from missions.kernel.models import Event
from tests.missions.api.world import AT, CANARY, World, as_user

pytestmark = pytest.mark.django_db
LETTERS = "/api/v1/letters/"


@pytest.fixture
def world(standing_world: World) -> World:
    return standing_world


@pytest.fixture
def letter(world: World) -> Letter:
    accreditation = Accreditation.objects.get(application__nomination__mission=world.mission)
    return issue_letter(kind=LetterKind.ACCREDITATION, subject=accreditation, by=world.people.host, at=AT)


def test_a_letter_tells_number_standing_and_sum(world: World, letter: Letter) -> None:
    found = as_user(world.people.lead).get(f"{LETTERS}{letter.pk}/").json()

    assert found == {
        "id": letter.pk,
        "election": world.election.pk,
        "mission": world.mission.pk,
        "kind": "accreditation",
        "number": "AL-0001/2024",
        "application": None,
        "accreditation": letter.accreditation_id,
        "languages": ["az", "en"],
        "standing": "current",
        "replaces": None,
        "issued_at": "2024-01-18T12:00:00Z",
        "sha256": letter.sha256,
    }


def test_a_letter_about_a_revoked_accreditation_is_overtaken(world: World, letter: Letter) -> None:
    Accreditation.objects.filter(letters=letter).update(state="revoked", reason="Breach.", ended_at=AT)

    assert as_user(world.people.lead).get(f"{LETTERS}{letter.pk}/").json()["standing"] == "overtaken"


@pytest.mark.parametrize("accept", ["application/pdf", "*/*", "application/json"])
def test_the_lead_saves_the_file_and_it_is_on_record(world: World, letter: Letter, accept: str) -> None:
    answer = as_user(world.people.lead).get(f"{LETTERS}{letter.pk}/pdf/", headers={"accept": accept})

    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="AL-0001-2024.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert hashlib.sha256(answer.content).hexdigest() == letter.sha256
    assert CANARY.encode() not in answer.content
    assert [event.actor for event in Event.objects.filter(verb="letter_read")] == [world.people.lead]


@pytest.mark.parametrize("accept", ["application/pdf", "*/*", "application/json"])
def test_a_foreign_file_is_an_absent_one_to_the_byte_and_nothing_is_recorded(
    world: World, letter: Letter, accept: str
) -> None:
    client = as_user(world.people.other_lead)

    foreign = client.get(f"{LETTERS}{letter.pk}/pdf/", headers={"accept": accept})
    absent = client.get(f"{LETTERS}999999999/pdf/", headers={"accept": accept})

    assert (foreign.status_code, foreign["Content-Type"]) == (404, "application/problem+json")
    assert foreign.content == absent.content == client.get(f"{LETTERS}999999999/").content
    assert Event.objects.filter(verb="letter_read").count() == 0


def test_nobody_without_a_token_gets_a_file(letter: Letter) -> None:
    assert as_user(None).get(f"{LETTERS}{letter.pk}/pdf/").status_code == 401


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=accreditation&mission={mission}", 1),
        ("kind=refusal", 0),
        ("accreditation={accreditation}", 1),
        ("application=999999", 0),
        ("mission={other}", 0),
    ],
)
def test_letters_are_filtered_within_scope(world: World, letter: Letter, query: str, found: int) -> None:
    address = (
        LETTERS
        + "?"
        + query.format(mission=world.mission.pk, accreditation=letter.accreditation_id, other=world.other_mission.pk)
    )

    results = as_user(world.people.lead).get(address).json()["results"]

    assert [row["id"] for row in results if row["sha256"] == letter.sha256] == [letter.pk] * found
