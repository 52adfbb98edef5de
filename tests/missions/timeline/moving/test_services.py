import datetime as dt

import pytest

from missions.errors import ResultsPublishedError
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from missions.signals import election_moved
from missions.states import FollowKind
from missions.timeline.models import Milestone
from missions.timeline.moving.errors import (
    ElectionDayOrderError,
    ElectionDayPastError,
    ElectionDaySameError,
    MoveOutdatedError,
    MoveReasonMissingError,
    StepsDoneError,
)
from missions.timeline.moving.services import move_election_day, preview_election_move
from missions.timeline.services.laying import lay_timeline
from tests.missions.timeline.moving.conftest import Move

pytestmark = pytest.mark.django_db

LATER = dt.date(2024, 2, 21)
EARLIER = dt.date(2024, 2, 1)


@pytest.fixture
def laid(mission: Mission, other_mission: Mission, at: dt.datetime) -> tuple[Mission, Mission]:
    """Two missions of different kinds with their timelines."""
    for row in (mission, other_mission):
        lay_timeline(mission=row, by=None, at=at)
    return mission, other_mission


def plan_of(mission: Mission) -> dict[str, dt.datetime]:
    return dict(mission.milestones.values_list("code", "planned_at"))


@pytest.mark.usefixtures("laid")
def test_every_timeline_follows_and_the_history_tells_both_days(
    election: Election, other_mission: Mission, mover: User, move: Move, at: dt.datetime
) -> None:
    before = plan_of(other_mission)

    moved = move(LATER)

    assert moved.e_day == Election.objects.get().e_day == LATER
    assert plan_of(other_mission) == {code: planned + dt.timedelta(days=14) for code, planned in before.items()}
    event = Event.objects.of(election).get()
    assert (event.verb, event.from_state, event.to_state, event.reason, event.actor, event.at) == (
        "election_moved",
        "2024-02-07",
        "2024-02-21",
        "The decree was amended.",
        mover,
        at,
    )


@pytest.mark.usefixtures("laid")
def test_what_was_changed_by_hand_moves_along_with_its_own_offset(other_mission: Mission, move: Move) -> None:
    by_hand = {"offset_days": -1, "local_time": dt.time(21), "planned_at": dt.datetime(2024, 2, 6, 17, tzinfo=dt.UTC)}
    other_mission.milestones.filter(code="arrival").update(is_own=True, **by_hand)

    move(LATER)

    assert plan_of(other_mission)["arrival"] == dt.datetime(2024, 2, 20, 17, tzinfo=dt.UTC)


@pytest.mark.usefixtures("laid")
def test_there_and_back_is_where_it_was(mission: Mission, other_mission: Mission, move: Move) -> None:
    facts = ("code", "planned_at", "offset_days", "local_time", "time_zone", "title", "actual_at", "cancelled_at")
    before = list(Milestone.objects.order_by("pk").values_list("pk", *facts))

    move(LATER)
    there = list(Milestone.objects.order_by("pk").values_list("pk", *facts))
    move(dt.date(2024, 2, 7))

    assert there != before
    assert list(Milestone.objects.order_by("pk").values_list("pk", *facts)) == before


@pytest.mark.parametrize(
    ("new_day", "error"),
    [
        (dt.date(2024, 2, 7), ElectionDaySameError),
        (dt.date(2024, 1, 18), ElectionDayPastError),
        (dt.date(2023, 12, 31), ElectionDayPastError),
    ],
)
def test_days_that_cannot_be_are_named_and_nothing_moves(
    election: Election, mover: User, move: Move, at: dt.datetime, new_day: dt.date, error: type[DomainError]
) -> None:
    preview = preview_election_move(election=election, new_day=new_day, by=mover, at=at)

    with pytest.raises(error):
        move(new_day)

    assert isinstance(preview.refusal, error)
    assert (Election.objects.get().e_day, Event.objects.count()) == (dt.date(2024, 2, 7), 0)


def test_the_polls_of_tomorrow_are_still_to_open(move: Move) -> None:
    assert move(dt.date(2024, 1, 19)).e_day == dt.date(2024, 1, 19)


def test_the_order_of_the_votes_is_kept(election: Election, move: Move) -> None:
    run_off = Election.objects.get()
    run_off.pk, run_off.code, run_off.e_day = None, "az-2024-runoff", LATER
    run_off.follows, run_off.follow_kind = election, FollowKind.RUN_OFF
    run_off.save()

    with pytest.raises(ElectionDayOrderError):
        move(LATER)
    assert move(dt.date(2024, 2, 20)).e_day == dt.date(2024, 2, 20)


def test_nothing_moves_after_the_results(election: Election, mover: User, move: Move, at: dt.datetime) -> None:
    Election.objects.update(results_published_at=at)

    with pytest.raises(ResultsPublishedError):
        move(LATER)


def test_a_reason_is_asked_for(move: Move) -> None:
    with pytest.raises(MoveReasonMissingError):
        move(LATER, reason="  ")


def test_a_preview_of_another_state_of_things_moves_nothing(election: Election, mover: User, at: dt.datetime) -> None:
    seen = preview_election_move(election=election, new_day=LATER, by=mover, at=at)
    other_day = preview_election_move(election=election, new_day=EARLIER, by=mover, at=at)

    with pytest.raises(MoveOutdatedError):
        move_election_day(election=election, new_day=LATER, reason="Amended", digest=other_day.digest, by=mover, at=at)
    Election.objects.update(e_day=dt.date(2024, 2, 14))
    with pytest.raises(MoveOutdatedError):
        move_election_day(election=election, new_day=LATER, reason="Amended", digest=seen.digest, by=mover, at=at)
    assert Event.objects.count() == 0


@pytest.mark.usefixtures("laid")
def test_steps_that_have_happened_must_be_known_to_who_moves_them_ahead(
    other_mission: Mission, election: Election, mover: User, move: Move
) -> None:
    on_e_2 = dt.datetime(2024, 2, 5, 12, tzinfo=dt.UTC)
    arrival = other_mission.milestones.get(code="arrival")
    other_mission.milestones.filter(code__in=["arrival", "ministry_meeting"]).update(actual_at=on_e_2)
    other_mission.milestones.filter(code="commission_meeting").update(actual_at=on_e_2)  # a day ahead of its time

    preview = preview_election_move(election=election, new_day=LATER, by=mover, at=on_e_2)
    with pytest.raises(StepsDoneError) as refused:
        move(LATER, at=on_e_2)
    moved = move(LATER, at=on_e_2, despite_done=True)

    assert [(step.milestone.code, step.would_be_at.isoformat()) for step in preview.done] == [
        ("arrival", "2024-02-18T14:00:00+00:00"),
        ("ministry_meeting", "2024-02-19T07:00:00+00:00"),
    ]
    assert [row.code for row in refused.value.violations] == ["step-done", "step-done"]
    assert moved.e_day == LATER
    arrival.refresh_from_db()
    assert arrival.actual_at == on_e_2  # what has happened stays


@pytest.mark.usefixtures("laid")
def test_what_breaks_above_undoes_the_whole_move(other_mission: Mission, move: Move) -> None:
    before = plan_of(other_mission)

    def break_down(**kwargs: object) -> None:
        raise RuntimeError("power cut")

    election_moved.connect(break_down)
    try:
        with pytest.raises(RuntimeError, match="power cut"):
            move(LATER)
    finally:
        election_moved.disconnect(break_down)

    assert (Election.objects.get().e_day, plan_of(other_mission)) == (dt.date(2024, 2, 7), before)
    assert not Event.objects.filter(verb="election_moved").exists()


def test_missions_without_a_template_stay_as_they_are(mission: Mission, move: Move) -> None:
    Mission.objects.update(template_code="")

    assert move(LATER).e_day == LATER
    assert not mission.milestones.exists()


def test_an_election_that_is_not_there(election: Election, mover: User, at: dt.datetime) -> None:
    Election.objects.all().delete()

    with pytest.raises(MissingError):
        preview_election_move(election=election, new_day=LATER, by=mover, at=at)
    with pytest.raises(MissingError):
        move_election_day(election=election, new_day=LATER, reason="Amended", digest="", by=mover, at=at)
