"""The list and the page of missions: figures from above, parts, invitations, and what stays out of sight."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accreditation.models import Stay
from accreditation.services.nominations import nominate_observers
from missions.kernel import clock
from missions.models import Constituency, Election, Mission
from missions.states import DeploymentMode, InvitationState, Inviter, MissionKind
from tests.accreditation.conftest import DRAFT, draft_number
from tests.missions.api.world import World, add_invitation, build_world
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

LIST = "/admin/missions/mission/"


@pytest.fixture
def world(
    election: Election, mission: Mission, other_mission: Mission, constituency: Constituency, at: dt.datetime
) -> World:
    clock.set_to(at)
    return build_world(election, mission, other_mission, constituency)


@pytest.fixture
def desk() -> Client:
    return browser_of(in_role("auditor"))


def page(mission: Mission) -> str:
    return f"{LIST}{mission.pk}/change/"


def queries(desk: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert desk.get(url).status_code == 200
    return len(captured)


def make_joint(*parts: Mission) -> Mission:
    joint = Mission.objects.create(
        election=parts[0].election,
        code="JOINT",
        name="Joint mission",
        kind=MissionKind.JOINT,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
    )
    Mission.objects.filter(pk__in=[part.pk for part in parts]).update(parent=joint)
    return joint


def test_the_page_tells_heads_way_and_invitations(world: World, desk: Client, at: dt.datetime) -> None:
    nominate_observers(mission=world.mission, drafts=[DRAFT], by=None, at=at)
    Stay.objects.filter(nomination__mission=world.mission, nomination__reference="row-1").update(arrived_at=at)

    answer = desk.get(page(world.mission))

    (group,) = answer.context["groups"]
    assert group.title == "international observer"
    assert [(figure.code, figure.value, figure.limit) for figure in group.totals] == [
        ("holding", 2, 10),
        ("accredited", 1, 10),
        ("arrived", 1, 10),
    ]
    assert [(bar.count, bar.percent, bar.note) for bar in group.way] == [
        (2, 100, "1 waits here"),
        *[(1, 50, "")] * 6,
    ]
    assert [bool(bar.url) for bar in group.way] == [True, False, False, False, False, False, True]
    assert group.beside == ()
    assert [(row["inviter"], row["state"], row["note"]) for row in answer.context["invitations"]] == [
        ("foreign ministry", "accepted", "N-1")
    ]
    text = answer.content.decode()
    assert "Head of ODIHR, Head of mission" in text
    assert "Delegation of ODIHR" in text
    assert "As of 18 Jan 2024, 16:00." in text


def test_a_part_leads_to_the_whole_and_the_whole_counts_everybody_once(
    world: World, desk: Client, at: dt.datetime
) -> None:
    for number, part in enumerate((world.mission, world.other_mission), start=11):
        nominate_observers(mission=part, drafts=[DRAFT, draft_number(number)], by=None, at=at)
    joint = make_joint(world.mission, world.other_mission)

    answer = desk.get(page(joint))
    of_part = desk.get(page(world.mission)).content.decode()

    (group,) = answer.context["groups"]
    assert [(figure.code, figure.value) for figure in group.totals] == [
        ("holding", 5),  # two accredited people, one whom both nominate, one more each
        ("accredited", 2),
        ("arrived", 0),
    ]
    assert [(part["code"], part["places"], part["accredited"]) for part in answer.context["parts"]] == [
        ("ODIHR", "2 of 10", 1),
        ("PABSEC", "2, no ceiling", 1),
    ]
    assert answer.context["invitations"] is None
    assert f'<a href="{page(joint)}">Joint mission</a>' in of_part


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        ("auditor", (3, 7, 2, True, True)),
        ("registrar", (3, 7, 2, True, True)),
        ("protocol", (3, 0, 0, True, False)),
        ("planner", (3, 0, 0, False, False)),
        ("administrator", (0, 0, 0, False, True)),
    ],
)
def test_a_role_sees_what_it_may_look_at_elsewhere(
    world: World, role: str, shown: tuple[int, int, int, bool, bool]
) -> None:
    context = browser_of(in_role(role)).get(page(world.mission)).context

    groups = context["groups"]
    assert shown == (
        sum(len(group.totals) for group in groups),
        sum(len(group.way) for group in groups),
        sum(len(group.clocks) for group in groups),
        context["invitations"] is not None,
        "Act for the mission" in context["people"],
    )


def test_the_plan_of_a_mission_that_directs_itself_is_not_on_its_page(world: World, desk: Client) -> None:
    text = desk.get(page(world.mission)).content.decode()
    main = text[text.index('id="mission-title"') :]

    assert "planned by the mission itself; the host sees what the mission shows: counts per constituency" in main
    assert [word for word in ("North", "Station 1", "/admin/deployment/", "Team") if word in main] == []


def test_a_mission_with_a_sender_is_one_of_its_own_parts(world: World, desk: Client) -> None:
    Mission.objects.filter(pk=world.other_mission.pk).update(parent=world.mission)

    parts = desk.get(page(world.mission)).context["parts"]

    assert [(part["code"], part["parent"], part["accredited"]) for part in parts] == [
        ("ODIHR", "", 1),
        ("PABSEC", "ODIHR", 1),
    ]


def test_a_mission_of_nobody_has_an_empty_page(world: World, desk: Client) -> None:
    text = desk.get(page(make_joint(world.third_mission))).content.decode()

    assert "Parts" in text
    Mission.objects.filter(pk=world.third_mission.pk).update(parent=None)
    assert "Nobody is nominated yet" in desk.get(page(Mission.objects.get(code="JOINT"))).content.decode()


def test_a_page_takes_as_many_queries_for_many_people_and_parts_as_for_few(
    world: World, desk: Client, at: dt.datetime
) -> None:
    joint = make_joint(world.mission)
    few = queries(desk, page(joint))
    nominate_observers(mission=world.mission, drafts=[draft_number(n) for n in range(5)], by=None, at=at)
    Mission.objects.filter(pk__in=(world.other_mission.pk, world.third_mission.pk)).update(parent=joint)

    assert queries(desk, page(joint)) == few
    assert few <= 25


def test_the_list_tells_heads_with_as_many_queries_for_many_missions_as_for_few(
    world: World, desk: Client, at: dt.datetime
) -> None:
    few = queries(desk, LIST)
    joint = make_joint(world.third_mission)
    add_invitation(world.mission, Inviter.CEC)
    Stay.objects.filter(nomination__mission=world.mission).update(arrived_at=at)

    rows = {
        row.code: (row.head_count.accredited, row.head_count.arrived)
        for row in desk.get(LIST).context["cl"].result_list
    }

    assert rows == {"IPC": (1, 0), joint.code: (0, 0), "ODIHR": (1, 1), "PABSEC": (1, 0)}
    assert queries(desk, LIST) == few


def test_a_link_of_the_way_opens_for_whoever_sees_it(world: World, desk: Client) -> None:
    (group,) = desk.get(page(world.mission)).context["groups"]
    links = [bar.url for bar in group.way if bar.url] + [figure.url for figure in group.clocks]

    assert [desk.get(link).status_code for link in links] == [200] * 3


@pytest.mark.parametrize("state", [InvitationState.PLANNED, InvitationState.NOT_INVITED])
def test_an_invitation_without_a_note_grants_nothing_on_the_page(
    world: World, desk: Client, state: InvitationState
) -> None:
    invitation = add_invitation(world.mission, Inviter.CEC)
    invitation.state = state
    invitation.save()

    rows = desk.get(page(world.mission)).context["invitations"]

    assert {row["inviter"]: row["places"] for row in rows} == {
        "foreign ministry": "no ceiling",
        "central election commission": "",
    }
