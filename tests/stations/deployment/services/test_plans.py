"""Making plans: what is loaded is solved, stored and read again."""

import datetime as dt
from itertools import pairwise

import pytest

from accreditation.states import AccreditationState, Role
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, User
from stations.deployment.errors import (
    ElectionWithoutStationsError,
    MissionPlannedInPoolError,
    MissionWithoutObserversError,
    NobodyToDeployError,
)
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, TeamMember, Visit, VisitPlan
from stations.deployment.records import left_out_from_json
from stations.deployment.services.plans import discard_plan, make_plan
from stations.deployment.states import LeftOutReason, PlanState, TeamKind, VisitKind
from tests.stations.deployment.builders import accredit, deployed, nominate, observer, pool_mission

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_process")]


def _make(election: Election, mission: Mission | None, at: dt.datetime, by: User | None = None) -> DeploymentPlan:
    return make_plan(election=election, mission=mission, seed=7, by=by, at=at)


def _left_out(plan: DeploymentPlan) -> dict[tuple[str, LeftOutReason], int]:
    return {(row.what, row.reason): row.count for row in left_out_from_json(plan.left_out)}


@pytest.mark.usefixtures("register", "crew")
def test_a_plan_has_areas_teams_and_days(election: Election, mission: Mission, lead: User, at: dt.datetime) -> None:
    plan = DeploymentPlan.objects.get(pk=_make(election, mission, at, lead).pk)

    assert (plan.state, plan.version, plan.mission, plan.made_at, plan.seed) == (PlanState.DRAFT, 1, mission, at, 7)
    assert len(plan.problem_digest) == len(plan.solution_digest) == 64
    kinds = list(Team.objects.filter(plan=plan).order_by("number").values_list("number", "kind", "country"))
    assert kinds == [
        (1, TeamKind.LONG_TERM, ""),
        (2, TeamKind.SHORT_TERM, ""),
        (3, TeamKind.SHORT_TERM, ""),
        (4, TeamKind.SHORT_TERM, ""),
        (5, TeamKind.OVERSEAS, "KOR"),
    ]
    assert TeamMember.objects.filter(plan=plan).count() == 10
    assert TeamMember.objects.filter(plan=plan, is_leader=True).count() == 5
    assert VisitPlan.objects.filter(team__plan=plan).count() == 4
    assert set(VisitPlan.objects.values_list("day", flat=True)) == {election.e_day}
    event = Event.objects.get()
    assert (event.verb, event.actor, event.scope_id, event.is_private) == ("plan_made", lead, mission.pk, True)


@pytest.mark.usefixtures("register", "crew")
def test_one_long_term_team_supervises_every_region_with_teams(
    election: Election, mission: Mission, at: dt.datetime
) -> None:
    plan = _make(election, mission, at)

    area = AreaOfResponsibility.objects.get(plan=plan)
    assert area.name in {"North + South", "South + North"}
    assert sorted(area.constituencies.values_list("number", flat=True)) == [1, 2, 3]
    at_home = Team.objects.filter(plan=plan).exclude(kind=TeamKind.OVERSEAS)
    assert set(at_home.values_list("area", flat=True)) == {area.pk}
    short_term = at_home.filter(kind=TeamKind.SHORT_TERM).order_by("number")
    assert list(short_term.values_list("constituency__number", flat=True)) == [1, 2, 3]
    assert not VisitPlan.objects.filter(team__kind=TeamKind.LONG_TERM).exists()


@pytest.mark.usefixtures("register")
def test_without_long_term_teams_every_region_is_an_area(election: Election, mission: Mission, at: dt.datetime) -> None:
    for nationality in ("FRA", "DEU", "ITA", "ESP", "POL", "SWE"):
        deployed(mission, nationality)

    plan = _make(election, mission, at)

    areas = AreaOfResponsibility.objects.filter(plan=plan).order_by("name")
    assert [(area.name, sorted(area.constituencies.values_list("number", flat=True))) for area in areas] == [
        ("North", [1, 2]),
        ("South", [3]),
    ]


@pytest.mark.usefixtures("register", "crew")
def test_a_route_opens_first_and_counts_last(election: Election, mission: Mission, at: dt.datetime) -> None:
    plan = _make(election, mission, at)

    team = Team.objects.get(plan=plan, number=2)
    visits = list(Visit.objects.filter(visit_plan__team=team).order_by("order"))
    assert [visit.kind for visit in visits] == [
        VisitKind.OPENING,
        VisitKind.VOTING,
        VisitKind.VOTING,
        VisitKind.VOTING,
        VisitKind.CLOSING_COUNT,
    ]
    assert len({visit.station_id for visit in visits}) == 5
    assert {visit.station.constituency_id for visit in visits} == {team.constituency_id}
    assert visits[0].arrives_at == dt.datetime(2024, 2, 7, 3, 30, tzinfo=dt.UTC)
    assert visits[-1].leaves_at == dt.datetime(2024, 2, 7, 17, tzinfo=dt.UTC)
    assert dt.datetime(2024, 2, 7, 14, 20, tzinfo=dt.UTC) < visits[-1].arrives_at
    assert visits[-1].arrives_at <= dt.datetime(2024, 2, 7, 14, 30, tzinfo=dt.UTC)
    [(before, after)] = [pair for pair in pairwise(visits) if pair[1].meal_at]
    assert after.meal_at is not None
    assert before.leaves_at <= after.meal_at < after.arrives_at
    assert 7 <= after.meal_at.hour < 11  # from eleven to three o'clock at the place


@pytest.mark.usefixtures("register", "crew")
def test_residents_stay_all_day_at_the_station_abroad(election: Election, mission: Mission, at: dt.datetime) -> None:
    plan = _make(election, mission, at)

    team = Team.objects.get(plan=plan, kind=TeamKind.OVERSEAS)
    nationalities = sorted(team.members.values_list("observer__nationality", flat=True))
    visits = Visit.objects.filter(visit_plan__team=team).order_by("order")
    assert nationalities == ["FIN", "NOR"]
    assert list(visits.values_list("station__code", "kind", "arrives_at", "leaves_at")) == [
        ("90001", kind, dt.datetime(*begin, tzinfo=dt.UTC), dt.datetime(*end, tzinfo=dt.UTC))
        for kind, begin, end in [
            (VisitKind.OPENING, (2024, 2, 6, 22, 30), (2024, 2, 6, 23, 30)),
            (VisitKind.VOTING, (2024, 2, 6, 23, 30), (2024, 2, 7, 9, 30)),
            (VisitKind.CLOSING_COUNT, (2024, 2, 7, 9, 30), (2024, 2, 7, 12, 0)),
        ]
    ]


@pytest.mark.usefixtures("register", "crew")
def test_who_and_what_is_left_out_is_kept_with_its_reason(
    election: Election, mission: Mission, at: dt.datetime
) -> None:
    deployed(mission, "AZE")
    deployed(mission, "CHE", languages=("rm",))
    suspended = nominate(mission, observer(mission, "DNK"))
    accredit(suspended, AccreditationState.SUSPENDED)
    accredit(nominate(mission, observer(mission, "ISL"), arrives_on=dt.date(2024, 2, 8)))

    plan = _make(election, mission, at)

    assert _left_out(plan) == {
        ("observer", LeftOutReason.HOST_NATIONAL): 1,
        ("observer", LeftOutReason.SUSPENDED): 1,
        ("observer", LeftOutReason.NOT_IN_COUNTRY): 1,
        ("observer", LeftOutReason.NO_PARTNER): 1,
        ("overseas_station", LeftOutReason.NOT_ENOUGH_PAIRS): 2,
    }


@pytest.mark.usefixtures("register", "crew")
def test_long_and_short_term_observers_never_share_a_team(
    election: Election, mission: Mission, at: dt.datetime
) -> None:
    deployed(mission, "CHE", Role.LTO)
    deployed(mission, "AUT")

    plan = _make(election, mission, at)

    roles: dict[int, set[str]] = {}
    for team_id, role in TeamMember.objects.filter(plan=plan).values_list("team", "nomination__role"):
        roles.setdefault(team_id, set()).add(role)
    assert {len(found) for found in roles.values()} == {1}
    assert _left_out(plan)["observer", LeftOutReason.NO_PARTNER] == 2


@pytest.mark.usefixtures("register", "crew")
def test_equal_data_and_seed_give_an_equal_plan(election: Election, mission: Mission, at: dt.datetime) -> None:
    first, second = _make(election, mission, at), _make(election, mission, at)

    def content(plan: DeploymentPlan) -> list[tuple[object, ...]]:
        visits = Visit.objects.filter(visit_plan__team__plan=plan)
        return list(visits.order_by("pk").values_list("visit_plan__team__number", "station", "arrives_at"))

    assert (second.version, second.problem_digest, second.solution_digest) == (
        2,
        first.problem_digest,
        first.solution_digest,
    )
    assert content(first) == content(second)


@pytest.mark.usefixtures("register")
def test_the_pool_pairs_people_of_different_delegations(election: Election, mission: Mission, at: dt.datetime) -> None:
    for code, nationality in (("A", "FRA"), ("B", "DEU")):
        deployed(pool_mission(election, code), nationality)
    deployed(mission, "ITA")

    plan = _make(election, None, at)

    members = TeamMember.objects.filter(plan=plan)
    assert sorted(members.values_list("nomination__mission__code", flat=True)) == ["A", "B"]
    assert (plan.mission, plan.version, Event.objects.get().is_private) == (None, 1, False)


@pytest.mark.usefixtures("register")
def test_somebody_alone_makes_an_empty_plan(election: Election, mission: Mission, at: dt.datetime) -> None:
    deployed(mission, "FRA")

    plan = _make(election, mission, at)

    assert not Team.objects.filter(plan=plan).exists()
    assert _left_out(plan)["observer", LeftOutReason.NO_PARTNER] == 1


@pytest.mark.usefixtures("register", "crew")
def test_an_election_without_stations_is_refused(election: Election, mission: Mission, at: dt.datetime) -> None:
    election.polling_stations.all().delete()

    with pytest.raises(ElectionWithoutStationsError):
        _make(election, mission, at)


@pytest.mark.usefixtures("register")
def test_a_mission_without_observers_is_refused(election: Election, mission: Mission, at: dt.datetime) -> None:
    nominate(mission, observer(mission, "FRA"))
    deployed(mission, "DEU", Role.CORE_TEAM_MEMBER)

    with pytest.raises(MissionWithoutObserversError):
        _make(election, mission, at)


@pytest.mark.usefixtures("register")
def test_a_mission_whose_people_may_not_go_is_told_why(election: Election, mission: Mission, at: dt.datetime) -> None:
    deployed(mission, "AZE")

    with pytest.raises(NobodyToDeployError) as caught:
        _make(election, mission, at)

    assert [(v.code, v.detail) for v in caught.value.violations] == [
        ("host_national", "1 observer: of the host country's nationality.")
    ]


def test_a_host_coordinated_mission_has_no_plan_of_its_own(
    election: Election, other_mission: Mission, at: dt.datetime
) -> None:
    with pytest.raises(MissionPlannedInPoolError):
        _make(election, other_mission, at)


@pytest.mark.parametrize("state", PlanState)
def test_only_a_draft_is_discarded(
    election: Election, mission: Mission, lead: User, at: dt.datetime, state: PlanState
) -> None:
    plan = DeploymentPlan.objects.create(
        election=election, mission=mission, version=1, state=state, made_at=at, released_at=at
    )

    if state is not PlanState.DRAFT:
        with pytest.raises(IllegalTransitionError):
            discard_plan(plan=plan, by=lead, at=at)
        assert not Event.objects.exists()
        return
    discarded = discard_plan(plan=plan, by=lead, at=at, reason="Too few teams")

    event = Event.objects.get()
    assert discarded.state == PlanState.DISCARDED
    assert (event.verb, event.from_state, event.to_state, event.reason) == (
        "plan_discarded",
        "draft",
        "discarded",
        "Too few teams",
    )
