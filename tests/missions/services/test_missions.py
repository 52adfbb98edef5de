"""Setting up missions."""

import datetime as dt
from dataclasses import replace

import pytest

from missions.errors import CeilingBelowNominationsError, MissionParentError
from missions.kernel.models import Event
from missions.models import Election, Membership, Mission, Organization
from missions.services.missions import MissionFacts, NamedPerson, appoint_lead, name_heads, settle_mission
from missions.states import DeploymentMode, MissionKind

pytestmark = pytest.mark.django_db


@pytest.fixture
def facts(organization: Organization) -> MissionFacts:
    return MissionFacts(
        code="ODIHR",
        name="ODIHR mission",
        kind=MissionKind.EOM,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
        organization=organization,
        parent=None,
        template_code="odihr-type",
        ceiling=10,
    )


def test_a_mission_is_settled_once(election: Election, facts: MissionFacts, at: dt.datetime) -> None:
    mission, is_new = settle_mission(election=election, facts=facts, by=None, at=at)
    again, is_changed = settle_mission(election=election, facts=facts, by=None, at=at)

    assert (mission, is_new, is_changed) == (again, True, False)
    assert Event.objects.of(mission).count() == 1


def test_a_change_names_its_fields(election: Election, facts: MissionFacts, at: dt.datetime) -> None:
    mission, _is_new = settle_mission(election=election, facts=facts, by=None, at=at)

    settle_mission(election=election, facts=replace(facts, ceiling=12), by=None, at=at)

    assert Event.objects.of(mission).last().changed == ["ceiling"]  # type: ignore[union-attr]  # there are two


def test_a_ceiling_below_the_nominations_is_refused(election: Election, facts: MissionFacts, at: dt.datetime) -> None:
    mission, _is_new = settle_mission(election=election, facts=facts, by=None, at=at)
    Mission.objects.filter(pk=mission.pk).update(places_taken=9)

    with pytest.raises(CeilingBelowNominationsError):
        settle_mission(election=election, facts=replace(facts, ceiling=8), by=None, at=at)


def test_a_mission_is_never_above_itself(
    election: Election, facts: MissionFacts, other_mission: Mission, at: dt.datetime
) -> None:
    mission, _is_new = settle_mission(election=election, facts=facts, by=None, at=at)
    Mission.objects.filter(pk=other_mission.pk).update(parent=mission)
    other_mission.refresh_from_db()

    with pytest.raises(MissionParentError):
        settle_mission(election=election, facts=replace(facts, parent=other_mission), by=None, at=at)


def test_heads_are_replaced_and_delegations_kept(mission: Mission, at: dt.datetime) -> None:
    first = NamedPerson("A. Head", "Head of mission")
    name_heads(mission=mission, heads=[first], delegations=[NamedPerson("B. Chair", "Committee")], by=None, at=at)

    changed = name_heads(mission=mission, heads=[NamedPerson("C. Next", "Head")], delegations=[], by=None, at=at)
    unchanged = name_heads(mission=mission, heads=[NamedPerson("C. Next", "Head")], delegations=[], by=None, at=at)

    assert (changed, unchanged) == (True, False)
    assert list(mission.heads.values_list("name", flat=True)) == ["C. Next"]
    assert list(mission.delegations.values_list("name", "head_name")) == [("Committee", "B. Chair")]


def test_a_delegation_gets_a_new_head_and_never_loses_one(mission: Mission, at: dt.datetime) -> None:
    for head in ("A. First", "B. Second", ""):
        name_heads(mission=mission, heads=[], delegations=[NamedPerson(head, "Committee")], by=None, at=at)

    assert list(mission.delegations.values_list("name", "head_name")) == [("Committee", "B. Second")]
    assert Event.objects.of(mission).filter(verb="mission_heads_named").count() == 2


def test_a_lead_is_appointed_once_and_cannot_sign_in_yet(mission: Mission, at: dt.datetime) -> None:
    lead = appoint_lead(mission=mission, email="Lead@Odihr.example", by=None, at=at)
    again = appoint_lead(mission=mission, email="lead@odihr.example", by=None, at=at)

    assert lead == again
    assert (lead.email, lead.has_usable_password(), lead.is_staff) == ("lead@odihr.example", False, False)
    assert Membership.objects.filter(user=lead, mission=mission, role="lead").count() == 1
    assert Event.objects.of(mission).count() == 1
