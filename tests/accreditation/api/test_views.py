"""What the resources of the accreditation desk say to missions, and what they keep from them."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accreditation.models import Application, Finding, Nomination
from accreditation.states import Severity
from missions.models import TokenScope, User
from tests.missions.api.world import AT, World, as_user
from tests.staff import in_role


def findings(user: User, application: Application) -> list[dict[str, str]]:
    answer = as_user(user).get(f"/api/v1/applications/{application.pk}/").json()["findings"]
    assert isinstance(answer, list)
    return answer


@pytest.mark.django_db
def test_a_nomination_shows_the_person_without_the_passport(world: World) -> None:
    nomination = Nomination.objects.get(mission=world.mission)

    found = as_user(world.people.lead).get(f"/api/v1/nominations/{nomination.pk}/").json()

    assert found == {
        "id": nomination.pk,
        "mission": world.mission.pk,
        "person": {
            "surname": "Surname1",
            "given_names": "ODIHR",
            "patronymic": "",
            "sex": "f",
            "birth_date": "1990-05-17",
            "nationality": "LVA",
            "second_nationality": "",
            "residence_country": "",
            "languages": ["en"],
            "is_experienced": False,
        },
        "delegation": None,
        "political_group": "",
        "role": "sto",
        "reference": "row-1",
        "sending_state": "",
        "documents_on": "2024-01-18",
        "arrives_on": None,
        "departs_on": None,
        "received_at": "2024-01-18T12:00:00Z",
    }


@pytest.mark.django_db
def test_a_political_group_is_for_the_own_mission_and_for_who_nominates_at_the_desk(world: World) -> None:
    nomination = Nomination.objects.get(mission=world.mission)
    Nomination.objects.filter(pk=nomination.pk).update(political_group="Greens")
    readers = {"lead": world.people.lead, **{role: in_role(role) for role in ("registrar", "reviewer", "auditor")}}

    one = {name: as_user(user).get(f"/api/v1/nominations/{nomination.pk}/").json() for name, user in readers.items()}
    rows = {
        name: as_user(user).get(
            "/api/v1/nominations/", {"reference": nomination.reference, "mission": str(world.mission.pk)}
        )
        for name, user in readers.items()
    }

    told = {"lead": "Greens", "registrar": "Greens", "reviewer": "", "auditor": ""}
    assert {name: found["political_group"] for name, found in one.items()} == told
    assert {name: answer.json()["results"][0]["political_group"] for name, answer in rows.items()} == told


@pytest.mark.django_db
def test_a_lead_notes_a_political_group_and_takes_it_back(world: World) -> None:
    nomination = Nomination.objects.get(mission=world.mission)
    lead, stranger = (as_user(user, TokenScope.WRITE) for user in (world.people.lead, world.people.other_lead))
    url = f"/api/v1/nominations/{nomination.pk}/political-group/"

    def note(client: APIClient, key: str, **body: str) -> Any:
        return client.post(url, body, headers={"Idempotency-Key": key})

    noted = note(lead, "one", political_group=" Greens ")
    wrong = [note(lead, "two", group="Greens"), note(lead, "three", political_group="x" * 61)]

    assert (noted.status_code, noted.json()["political_group"]) == (200, "Greens")
    assert noted.headers["ETag"] == lead.get(f"/api/v1/nominations/{nomination.pk}/").headers["ETag"]
    assert [answer.status_code for answer in wrong] == [400, 400]
    assert note(stranger, "four", political_group="Left").status_code == 404
    assert note(as_user(in_role("reviewer"), TokenScope.WRITE), "five", political_group="Left").status_code == 403
    nomination.refresh_from_db()
    assert nomination.political_group == "Greens"
    assert note(lead, "six", political_group="").json()["political_group"] == ""


@pytest.mark.django_db
def test_an_application_shows_clocks_papers_open_findings_and_decisions(world: World) -> None:
    application = Application.objects.get(nomination__mission=world.mission)

    found = as_user(world.people.lead).get(f"/api/v1/applications/{application.pk}/").json()

    assert found == {
        "id": application.pk,
        "election": world.election.pk,
        "mission": world.mission.pk,
        "nomination": application.nomination_id,
        "name": "Surname1 ODIHR",
        "category": "international_observer",
        "state": "accredited",
        "submitted_at": "2024-01-18T12:00:00Z",
        "complete_since": None,
        "deadline_at": None,
        "decide_by": None,
        "documents": [{"kind": "form", "received_on": "2024-01-18"}],
        "findings": [{"code": "long_stay", "sentence": "Stays long."}],
        "decisions": [{"outcome": "accredited", "ground": "", "text": "", "decided_at": "2024-01-18T12:00:00Z"}],
        "version": 1,
    }


@pytest.mark.django_db
def test_findings_about_other_nominations_are_one_neutral_line_for_a_mission(world: World) -> None:
    application = Application.objects.get(nomination__mission=world.mission)
    for code in ("same_passport", "similar_name"):
        Finding.objects.create(
            application=application, code=code, severity=Severity.BLOCK, sentence=f"Also by X: {code}.", found_at=AT
        )

    told = findings(world.people.lead, application)
    full = findings(world.people.host, application)

    assert told == [
        {"code": "long_stay", "sentence": "Stays long."},
        {"code": "ministry_check", "sentence": "The ministry must look at this application."},
    ]
    assert [finding["code"] for finding in full] == ["long_stay", "same_passport", "similar_name"]


@pytest.mark.django_db
def test_an_accreditation_shows_number_and_state(world: World) -> None:
    application = Application.objects.get(nomination__mission=world.mission)

    (found,) = as_user(world.people.lead).get("/api/v1/accreditations/").json()["results"]

    found.pop("id")
    assert found == {
        "election": world.election.pk,
        "mission": world.mission.pk,
        "nomination": application.nomination_id,
        "application": application.pk,
        "name": "Surname1 ODIHR",
        "category": "international_observer",
        "number": 1,
        "state": "active",
        "valid_from": "2024-01-18T12:00:00Z",
        "version": 1,
    }


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "missions"),
    [
        ("nominations/?role=sto", ["ODIHR", "PABSEC", "IPC"]),
        ("nominations/?role=lto", []),
        ("nominations/?reference=row-1&mission={mission}", ["ODIHR"]),
        ("applications/?state=accredited&mission={mission}", ["ODIHR"]),
        ("applications/?state=draft", []),
        ("accreditations/?number=2", ["PABSEC"]),
        ("accreditations/?state=revoked", []),
        ("accreditations/?mission={mission}&category=international_observer", ["ODIHR"]),
    ],
)
def test_lists_are_filtered(world: World, query: str, missions: list[str]) -> None:
    codes = {each.pk: each.code for each in (world.mission, world.other_mission, world.third_mission)}

    address = f"/api/v1/{query.format(mission=world.mission.pk)}"
    found = as_user(world.people.host).get(address).json()["results"]

    assert [codes[row["mission"]] for row in found] == missions


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["nominations", "applications", "accreditations"])
def test_asking_for_a_foreign_mission_is_asking_for_none(world: World, path: str) -> None:
    client = as_user(world.people.lead)

    foreign = client.get(f"/api/v1/{path}/?mission={world.other_mission.pk}")

    assert foreign.json()["results"] == []
    assert foreign.content == client.get(f"/api/v1/{path}/?mission=999999999").content
