"""Setting up missions."""

import datetime as dt
from dataclasses import replace

import pytest

from missions.errors import CeilingBelowNominationsError, MissionParentError
from missions.kernel.models import Event
from missions.models import Election, Invitation, Membership, Mission, Organization
from missions.services.missions import MissionFacts, NamedPerson, appoint_member, name_heads, settle_mission
from missions.states import DeploymentMode, Inviter, MembershipRole, MissionKind, OrganizationKind

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
    )


def invite(election: Election, organization: Organization | None, *rows: tuple[str, int | None]) -> None:
    """Invitations of one organization by different authorities, in these states."""
    assert organization is not None
    for inviter, (state, ceiling) in zip(Inviter, rows, strict=False):
        Invitation.objects.create(
            election=election,
            organization=organization,
            inviter=inviter,
            state=state,
            ceiling=ceiling,
            note_number="1",
            note_date=dt.date(2023, 12, 11),
        )


def test_a_mission_is_settled_once(election: Election, facts: MissionFacts, at: dt.datetime) -> None:
    mission, is_new = settle_mission(election=election, facts=facts, by=None, at=at)
    again, is_changed = settle_mission(election=election, facts=facts, by=None, at=at)

    assert (mission, is_new, is_changed) == (again, True, False)
    assert Event.objects.of(mission).count() == 1


def test_a_change_names_its_fields(election: Election, facts: MissionFacts, at: dt.datetime) -> None:
    mission, _is_new = settle_mission(election=election, facts=facts, by=None, at=at)

    settle_mission(election=election, facts=replace(facts, name="Another name"), by=None, at=at)

    assert Event.objects.of(mission).last().changed == ["name"]  # type: ignore[union-attr]  # there are two


@pytest.mark.parametrize(
    ("invited", "ceiling"),
    [
        ((), None),
        ((("accepted", 7), ("accepted", 5), ("declined", 90)), 12),
        ((("accepted", 7), ("accepted", None)), None),
        ((("sent", 7),), 0),
        ((("not_invited", None),), 0),
    ],
)
def test_a_new_mission_has_the_places_that_its_organization_was_granted(
    election: Election,
    facts: MissionFacts,
    at: dt.datetime,
    invited: tuple[tuple[str, int | None], ...],
    ceiling: int | None,
) -> None:
    invite(election, facts.organization, *invited)

    mission, _is_new = settle_mission(election=election, facts=facts, by=None, at=at)

    assert mission.ceiling == ceiling


def test_a_mission_that_is_there_keeps_its_places(election: Election, facts: MissionFacts, at: dt.datetime) -> None:
    mission, _is_new = settle_mission(election=election, facts=facts, by=None, at=at)
    invite(election, facts.organization, ("sent", 7))

    settle_mission(election=election, facts=replace(facts, name="Another name"), by=None, at=at)

    mission.refresh_from_db()
    assert mission.ceiling is None


def test_another_organization_brings_its_own_places_and_they_must_suffice(
    election: Election, facts: MissionFacts, at: dt.datetime
) -> None:
    mission, _is_new = settle_mission(election=election, facts=facts, by=None, at=at)
    Mission.objects.filter(pk=mission.pk).update(places_taken=9)
    small, large = (
        Organization.objects.create(acronym=name, name=name, kind=OrganizationKind.IGO) for name in ("S", "L")
    )
    invite(election, small, ("accepted", 8))
    invite(election, large, ("accepted", 9))

    with pytest.raises(CeilingBelowNominationsError):
        settle_mission(election=election, facts=replace(facts, organization=small), by=None, at=at)
    settle_mission(election=election, facts=replace(facts, organization=large), by=None, at=at)

    mission.refresh_from_db()
    assert (mission.organization, mission.ceiling) == (large, 9)
    assert Event.objects.of(mission).last().changed == ["organization", "ceiling"]  # type: ignore[union-attr]


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
    first, is_new = appoint_member(
        mission=mission, email="Lead@Odihr.example", role=MembershipRole.LEAD, by=None, at=at
    )
    again, is_changed = appoint_member(
        mission=mission, email="lead@odihr.example", role=MembershipRole.LEAD, by=None, at=at
    )

    lead = first.user
    assert (first, is_new, is_changed) == (again, True, False)
    assert (lead.email, lead.has_usable_password(), lead.is_staff) == ("lead@odihr.example", False, False)
    assert Membership.objects.filter(user=lead, mission=mission, role="lead").count() == 1
    assert Event.objects.of(mission).count() == 1
