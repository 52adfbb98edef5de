"""A vote that follows upon another: what it takes over, once, and what it refuses."""

import datetime as dt
from functools import partial

import pytest

from missions.errors import ElectionExistsError
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.models import Commission, Constituency, Delegation, Election, Mission, MissionHead, User
from missions.services.elections import publish_results
from missions.states import CommissionLevel, FollowKind, MissionKind
from missions.timeline.moving.errors import (
    ConstituenciesInvalidError,
    ElectionDayOrderError,
    ElectionDayPastError,
    RoundExistsError,
    VoteNotHeldError,
)
from missions.timeline.moving.rounds import open_next_round
from missions.timeline.programme.models import ProtocolRank
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db

AFTER = dt.datetime(2024, 2, 8, 8, tzinfo=dt.UTC)
RUN_OFF_DAY = dt.date(2024, 2, 21)


@pytest.fixture
def second(election: Election, constituency: Constituency) -> Constituency:
    commission = Commission.objects.create(
        election=election,
        level=CommissionLevel.CONSTITUENCY,
        parent=constituency.commission.parent,
        code="ConEC-2",
        name="Constituency Election Commission 2",
    )
    return Constituency.objects.create(
        election=election, commission=commission, number=2, name="Second", region="South", languages=["az", "ru"]
    )


def opened(election: Election, **changes: object) -> Election:
    asked = {"kind": FollowKind.RUN_OFF, "e_day": RUN_OFF_DAY, "by": None, "at": AFTER, **changes}
    return open_next_round(election=election, **asked)  # type: ignore[arg-type]  # the test names the arguments


@pytest.mark.usefixtures("second")
def test_the_territory_and_the_rules_are_those_of_the_vote_before(election: Election) -> None:
    run_off = opened(election)

    assert (run_off.code, run_off.name, run_off.e_day, run_off.called_on) == (
        "az-2024-runoff",
        "Presidential election, run-off",
        RUN_OFF_DAY,
        dt.date(2024, 2, 8),
    )
    assert (run_off.follows, run_off.follow_kind, run_off.profile_code, run_off.zone) == (
        election,
        FollowKind.RUN_OFF,
        election.profile_code,
        election.zone,
    )
    facts = ("number", "name", "region", "languages", "commission__code", "commission__parent__code")
    before = list(election.constituencies.values_list(*facts))
    assert list(run_off.constituencies.values_list(*facts)) == before
    assert before == [
        (1, "First", "North", ["az"], "ConEC-1", "CEC"),
        (2, "Second", "South", ["az", "ru"], "ConEC-2", "CEC"),
    ]
    assert run_off.results_published_at is None


@pytest.mark.usefixtures("second", "lead")
def test_missions_go_on_with_their_people_and_their_order(
    election: Election, mission: Mission, other_mission: Mission
) -> None:
    joint = Mission.objects.create(
        election=election, code="IEOM", name="Joint", kind=MissionKind.JOINT, deployment_mode=mission.deployment_mode
    )
    Mission.objects.filter(pk=mission.pk).update(parent=joint, places_taken=7)
    MissionHead.objects.create(mission=mission, name="Anna Meyer", title="Head of Mission")
    ProtocolRank.objects.create(mission=mission, rank=2)
    Delegation.objects.create(mission=other_mission, name="Senate", head_name="Boris Brandt")

    run_off = opened(election)

    going_on = {row.code: row for row in run_off.missions.all()}
    assert {code: row.continues_id for code, row in going_on.items()} == {
        "IEOM": joint.pk,
        "ODIHR": mission.pk,
        "PABSEC": other_mission.pk,
    }
    odihr = going_on["ODIHR"]
    assert (odihr.parent, odihr.organization, odihr.deployment_mode, odihr.ceiling, odihr.places_taken) == (
        going_on["IEOM"],
        mission.organization,
        mission.deployment_mode,
        10,
        0,
    )
    assert list(ProtocolRank.objects.exclude(mission=mission).values_list("mission", "rank")) == [(odihr.pk, 2)]
    assert list(odihr.heads.values_list("name", "title")) == [("Anna Meyer", "Head of Mission")]
    assert list(odihr.memberships.values_list("user__email", "role")) == [("lead@odihr.example", "lead")]
    assert list(going_on["PABSEC"].delegations.values_list("name", "head_name")) == [("Senate", "Boris Brandt")]


def test_timelines_are_laid_without_what_belongs_to_the_time_before(
    election: Election, constituency: Constituency, other_mission: Mission
) -> None:
    run_off = opened(election, at=dt.datetime(2024, 2, 19, 9, tzinfo=dt.UTC))

    steps = run_off.missions.get().milestones
    gone = list(steps.filter(cancelled_at__isnull=False).values_list("code", flat=True))
    assert gone == ["applications_in", "accreditation", "arrival", "ministry_meeting"]
    assert steps.get(code="statement").planned_at == dt.datetime(2024, 2, 22, 8, tzinfo=dt.UTC)


@pytest.mark.usefixtures("second")
def test_voting_is_repeated_where_it_is_said(election: Election) -> None:
    repeat = opened(election, kind=FollowKind.REPEAT, constituencies=[2])

    assert repeat.code == "az-2024-repeat"
    assert list(repeat.constituencies.values_list("number", flat=True)) == [2]
    assert sorted(repeat.commissions.values_list("code", flat=True)) == ["CEC", "ConEC-2"]


@pytest.mark.usefixtures("second")
def test_asked_again_it_is_the_same_and_another_one_is_refused(election: Election) -> None:
    repeat = opened(election, kind=FollowKind.REPEAT, constituencies=[2])
    events = Event.objects.count()

    assert opened(election, kind=FollowKind.REPEAT, constituencies=[2]) == repeat
    for change in (
        {"constituencies": [1]},
        {"constituencies": None},
        {"constituencies": [2], "e_day": dt.date(2024, 2, 22)},
        {"constituencies": None, "kind": FollowKind.RUN_OFF},
    ):
        with pytest.raises(RoundExistsError):
            opened(election, **{"kind": FollowKind.REPEAT, **change})
    assert (Election.objects.count(), Event.objects.count()) == (2, events)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"at": dt.datetime(2024, 2, 7, 14, 59, tzinfo=dt.UTC)}, VoteNotHeldError),
        ({"e_day": dt.date(2024, 2, 7)}, ElectionDayOrderError),
        ({"e_day": dt.date(2024, 2, 8)}, ElectionDayPastError),
        ({"constituencies": [1]}, ConstituenciesInvalidError),
        ({"kind": FollowKind.REPEAT, "constituencies": []}, ConstituenciesInvalidError),
        ({"kind": FollowKind.REPEAT, "constituencies": [1, 9]}, ConstituenciesInvalidError),
    ],
)
def test_what_cannot_be_is_named_and_nothing_is_made(
    election: Election, constituency: Constituency, changes: dict[str, object], error: type[DomainError]
) -> None:
    with pytest.raises(error):
        opened(election, **changes)

    assert (Election.objects.count(), Event.objects.count()) == (1, 0)


def test_a_code_that_another_election_has_is_refused(election: Election) -> None:
    other = Election.objects.get()
    other.pk, other.code = None, "az-2024-runoff"
    other.save()

    with pytest.raises(ElectionExistsError):
        opened(election)


def test_the_results_may_be_published_before(election: Election, lead: User) -> None:
    publish_results(election=election, published_at=AFTER, by=lead, at=AFTER)

    assert opened(election).results_published_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", range(ROUNDS))
def test_racers_open_one(election: Election, mission: Mission, number: int) -> None:
    results = race([partial(opened, election)] * 4)

    assert errors_of(results) == []
    assert len({row.pk for row in results if isinstance(row, Election)}) == 1
    assert (Election.objects.count(), Mission.objects.count()) == (2, 2)
