"""What the resources of missions say, and the lists' filters."""

import datetime as dt

import pytest

from accreditation.models import Stay
from missions.models import Invitation, Membership, Mission
from missions.states import DeploymentMode, MembershipRole, MissionKind
from tests.missions.api.world import AT, World, as_user


@pytest.mark.django_db
def test_me_tells_account_missions_and_token(world: World) -> None:
    world.people.lead.first_name, world.people.lead.last_name = "Ana", "Sample"
    world.people.lead.save()

    me = as_user(world.people.lead).get("/api/v1/me/").json()

    token = me.pop("token")
    assert me == {
        "email": "lead@one.example",
        "name": "Ana Sample",
        "is_host": False,
        "missions": [{"id": world.mission.pk, "code": "ODIHR", "name": "ODIHR mission", "role": "lead"}],
    }
    assert token["name"].startswith("test ")
    assert token["scope"] == "read"
    assert token["created_at"] < token["expires_at"]
    assert token["created_at"] <= token["last_used_at"] < token["expires_at"]


@pytest.mark.django_db
def test_me_of_the_host_has_no_missions(world: World) -> None:
    me = as_user(world.people.host).get("/api/v1/me/").json()

    assert (me["is_host"], me["missions"]) == (True, [])


@pytest.mark.django_db
def test_a_mission_shows_heads_delegations_and_places(world: World) -> None:
    (delegation,) = world.mission.delegations.all()

    found = as_user(world.people.lead).get(f"/api/v1/missions/{world.mission.pk}/").json()

    assert found == {
        "id": world.mission.pk,
        "election": world.election.pk,
        "code": "ODIHR",
        "name": "ODIHR mission",
        "kind": "eom",
        "organization": {"acronym": "ODIHR", "name": "Office", "kind": "igo", "country": ""},
        "parent": None,
        "heads": [{"name": "Head of ODIHR", "title": "Head of mission"}],
        "delegations": [{"id": delegation.pk, "name": "Delegation of ODIHR", "head_name": ""}],
        "deployment_mode": "self_directed",
        "plan_sharing": "counts",
        "template_code": "odihr-type",
        "ceiling": 10,
        "places_taken": 0,
        "accredited": 1,
        "arrived": 0,
    }


@pytest.mark.django_db
def test_missions_tell_heads_of_their_own(world: World) -> None:
    for mission in (world.mission, world.other_mission):
        Stay.objects.filter(nomination__mission=mission).update(arrived_at=AT)

    (found,) = as_user(world.people.lead).get("/api/v1/missions/").json()["results"]

    assert (found["code"], found["accredited"], found["arrived"]) == ("ODIHR", 1, 1)


@pytest.mark.django_db
def test_of_the_joint_mission_a_part_sees_the_name_and_its_lead_sees_no_parts(world: World) -> None:
    joint = Mission.objects.create(
        election=world.election,
        code="IEOM",
        name="Joint mission",
        kind=MissionKind.JOINT,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
    )
    world.mission.parent = joint
    world.mission.save()
    Membership.objects.create(user=world.people.other_lead, mission=joint, role=MembershipRole.LEAD)

    part = as_user(world.people.lead).get(f"/api/v1/missions/{world.mission.pk}/").json()
    of_joint = as_user(world.people.other_lead).get("/api/v1/missions/").json()["results"]

    assert part["parent"] == {"code": "IEOM", "name": "Joint mission"}
    assert [mission["code"] for mission in of_joint] == ["PABSEC", "IEOM"]
    assert of_joint[1]["organization"] is None


@pytest.mark.django_db
def test_somebody_who_acts_for_two_missions_gets_each_row_once(world: World) -> None:
    Membership.objects.create(user=world.people.lead, mission=world.other_mission, role=MembershipRole.FOCAL_POINT)
    client = as_user(world.people.lead)

    missions = client.get("/api/v1/missions/").json()["results"]
    invitations = client.get("/api/v1/invitations/").json()["results"]

    assert [mission["code"] for mission in missions] == ["ODIHR", "PABSEC"]
    assert [invitation["organization"]["acronym"] for invitation in invitations] == ["ODIHR", "PABSEC"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "codes"),
    [
        ("code=PABSEC", ["PABSEC"]),
        ("kind=eom", ["ODIHR"]),
        ("deployment_mode=host_coordinated", ["PABSEC", "IPC"]),
        ("kind=delegation&code=IPC", ["IPC"]),
        ("election=999999999999999999", []),
    ],
)
def test_missions_are_filtered(world: World, query: str, codes: list[str]) -> None:
    found = as_user(world.people.host).get(f"/api/v1/missions/?{query}").json()["results"]

    assert [mission["code"] for mission in found] == codes


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "kind=EOM",
        "kind=none",
        "code=%00",
        f"code={'x' * 41}",
        "election=abc",
        "election=1e3",
        "election=1_0",
        "election=-1",
        "election=%D9%A1",
        "election=1.0",
        f"election={2**63}",
        f"election={2**70}",
    ],
)
def test_a_value_that_cannot_be_is_refused_and_not_ignored(world: World, query: str) -> None:
    response = as_user(world.people.host).get(f"/api/v1/missions/?{query}")

    assert response.status_code == 400
    assert [error["field"] for error in response.json()["errors"]] == [query.partition("=")[0]]


@pytest.mark.django_db
def test_an_invitation_shows_the_note_and_the_reply(world: World) -> None:
    Invitation.objects.update(reply_by=dt.date(2024, 1, 2))

    (found,) = as_user(world.people.lead).get("/api/v1/invitations/?state=accepted").json()["results"]

    assert found["organization"]["acronym"] == "ODIHR"
    assert (found["inviter"], found["state"], found["note_number"]) == ("mfa", "accepted", "N-1")
    assert (found["note_date"], found["ceiling"], found["replied_on"]) == ("2023-12-12", None, None)
    assert found["reply_by"] == "2024-01-02"


@pytest.mark.django_db
def test_constituencies_are_filtered_by_number(world: World) -> None:
    client = as_user(world.people.lead)

    (found,) = client.get("/api/v1/constituencies/?number=1").json()["results"]

    assert (found["number"], found["commission_name"]) == (1, "Constituency Election Commission 1")
    assert client.get("/api/v1/constituencies/?number=2").json()["results"] == []
