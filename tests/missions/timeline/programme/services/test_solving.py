"""Orders worked off: once by the real solver, elsewhere by a stand-in at the border of its process."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from missions.kernel.models import Event
from missions.models import Election, Mission, User
from missions.timeline.programme.errors import (
    NothingAskedError,
    NothingReleasedError,
    ProgrammeInProgressError,
)
from missions.timeline.programme.loading import load_problem
from missions.timeline.programme.models import Booking, HeldSlot, Programme, SharedResource
from missions.timeline.programme.records import left_out_from_json, solution_from_json
from missions.timeline.programme.services import solving
from missions.timeline.programme.services.orders import discard_programme, order_programme, order_repairs
from missions.timeline.programme.services.releases import release_programme
from missions.timeline.programme.services.requests import pin_request
from missions.timeline.programme.services.resources import close_resource, set_rank
from missions.timeline.programme.services.solving import work_off_programmes
from missions.timeline.programme.solver import Limits, Made, SolverFailedError
from missions.timeline.programme.states import Method, ProgrammeState, RequestKind
from missions.timeline.scheduler.first_come import first_come
from missions.timeline.scheduler.plan import Part, Plan, Status
from missions.timeline.scheduler.problem import Booking as Start
from missions.timeline.scheduler.problem import Problem
from tests.missions.timeline.programme.conftest import Ask, MakeMission, MakeProgramme, local

pytestmark = pytest.mark.django_db(transaction=True)
Shared = dict[str, SharedResource]
AT = local(1, 9)
_S = ProgrammeState


def plan_of(problem: Problem) -> Plan:
    """First come, first served as a plan: enough for all that is about rows and not about quality."""
    served = first_come(problem)
    held = {row.request for row in served.bookings}
    return Plan(
        bookings=served.bookings,
        refused=tuple(sorted({row.id for row in problem.requests} - held)),
        granted=Part(served.granted, served.granted + 1),
        delay=Part(served.delay, 0),
        idle=Part(0, 0),
        delay_before=served.delay,
        idle_before=4,
    )


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver's process, replaced by a plan made at once."""

    def make(problem: Problem, published: tuple[Start, ...], method: Method, limits: Limits) -> Made:
        limits.on_stage("hosts")
        return Made(plan=plan_of(problem), first_come=first_come(problem))

    monkeypatch.setattr(solving, "make", make)


def failing(error: Exception) -> Callable[..., Made]:
    def make(problem: Problem, published: tuple[Start, ...], method: Method, limits: Limits) -> Made:
        raise error

    return make


def test_an_order_becomes_a_draft_with_its_places_and_its_worth(
    election: Election, ask: Ask, make_mission: MakeMission, quick: None
) -> None:
    rows = [ask(make_mission(code)) for code in "AB"]
    press = ask(rows[0].mission, RequestKind.PRESS)
    order = order_programme(election=election, seconds=5, by=None, at=AT)

    assert work_off_programmes(at=AT) == 1

    order.refresh_from_db()
    solution = solution_from_json(order.solution)
    assert (order.state, order.attempts, order.lease_until, order.progress) == (_S.DRAFT, 1, None, "")
    assert order.made_at is not None
    assert order.made_at >= AT
    assert len(order.problem_digest) == 64
    assert list(Booking.objects.order_by("starts_at").values_list("request", "starts_at", "ends_at", "room")) == [
        (rows[0].pk, local(5, 10), local(5, 10, 20), ""),
        (rows[1].pk, local(5, 10, 25), local(5, 10, 45), ""),
        (press.pk, local(8, 9), local(8, 9, 45), "1"),
    ]
    assert HeldSlot.objects.count() == 4 + 4 + 9
    assert solution is not None
    assert (solution.asked, solution.granted.value, solution.granted.bound) == (50, 50, 51)
    assert solution.first_come is not None
    assert (solution.first_come.booked, solution.first_come.granted) == (3, 50)
    verbs = Event.objects.of(order).order_by("pk").values_list("verb", "to_state")
    assert list(verbs) == [("programme_ordered", "ordered"), ("programme_made", "draft")]
    assert work_off_programmes(at=AT) == 0


def test_who_has_no_place_is_kept_with_the_reason(
    election: Election, shared: Shared, ask: Ask, make_mission: MakeMission, quick: None
) -> None:
    only = {"earliest_at": local(5, 10), "latest_at": local(5, 10, 25)}
    ask(make_mission("A"), **only)
    refused = ask(make_mission("B"), **only)
    unfit = ask(make_mission("C"), earliest_at=local(5, 12, 30), latest_at=local(5, 14))
    order = order_programme(election=election, by=None, at=AT)

    work_off_programmes(at=AT)

    order.refresh_from_db()
    assert [(row.request_id, row.code) for row in left_out_from_json(order.left_out)] == [
        (refused.pk, "no-room"),
        (unfit.pk, "no-open-place"),
    ]


def test_what_has_begun_stays_and_nothing_begins_in_the_past(
    election: Election, shared: Shared, ask: Ask, make_mission: MakeMission, make_programme: MakeProgramme
) -> None:
    begun, ahead, new = (ask(make_mission(code)) for code in "ABC")
    over = ask(make_mission("D"), earliest_at=local(5, 10), latest_at=local(5, 10, 25))
    draft = make_programme((begun, "minister", local(5, 10, 25), 20), (ahead, "minister", local(5, 11, 15), 20))
    release_programme(programme=draft, by=None, at=AT)
    at = local(5, 10, 30)
    order = order_programme(election=election, seconds=1, by=None, at=at)

    assert work_off_programmes(at=at) == 1

    order.refresh_from_db()
    starts = dict(order.bookings.values_list("request", "starts_at"))
    assert starts.pop(begun.pk) == local(5, 10, 25)
    assert starts.keys() == {ahead.pk, new.pk}
    assert min(starts.values()) == local(5, 10, 50)
    assert [(row.request_id, row.code) for row in left_out_from_json(order.left_out)] == [(over.pk, "over")]
    assert order.problem_digest == load_problem(election).digest
    assert release_programme(programme=order, by=None, at=at).state == _S.RELEASED


def test_an_order_needs_requests_hours_and_no_other_order(
    election: Election, shared: Shared, ask: Ask, mission: Mission
) -> None:
    with pytest.raises(NothingAskedError):
        order_programme(election=election, by=None, at=AT)
    ask(mission)
    with pytest.raises(NothingReleasedError):
        order_repairs(election=election, by=None, at=AT)
    first = order_programme(election=election, by=None, at=AT)
    with pytest.raises(ProgrammeInProgressError):
        order_programme(election=election, by=None, at=AT)

    discard_programme(programme=first, by=None, at=AT)
    assert order_programme(election=election, by=None, at=AT).version == 2


def test_a_version_put_away_while_it_is_made_stays_away(
    election: Election, ask: Ask, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(mission)
    order = order_programme(election=election, by=None, at=AT)
    heard = []

    def make(problem: Problem, published: tuple[Start, ...], method: Method, limits: Limits) -> Made:
        heard.append(limits.is_cancelled())
        discard_programme(programme=order, by=None, at=AT)
        monkeypatch.setattr(solving, "_LOOK_EVERY", 0.0)
        return Made(plan=plan_of(problem))

    monkeypatch.setattr(solving, "make", make)

    assert work_off_programmes(at=AT) == 0

    order.refresh_from_db()
    assert (order.state, heard, Booking.objects.count()) == (_S.DISCARDED, [False], 0)


def test_a_programme_served_in_turn_is_kept_as_such(
    election: Election, ask: Ask, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    def make(problem: Problem, *_: object) -> Made:
        return Made(plan=replace(plan_of(problem), status=Status.FIRST_COME), first_come=first_come(problem))

    ask(mission)
    order = order_programme(election=election, by=None, at=AT)
    monkeypatch.setattr(solving, "make", make)

    assert work_off_programmes(at=AT) == 1

    order.refresh_from_db()
    kept = solution_from_json(order.solution)
    assert kept is not None
    assert (order.state, kept.is_in_turn) == (_S.DRAFT, True)


def test_what_the_solver_refuses_becomes_the_fault(
    election: Election, ask: Ask, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(mission)
    order = order_programme(election=election, by=None, at=AT)
    monkeypatch.setattr(solving, "make", failing(SolverFailedError("unfinished")))

    assert work_off_programmes(at=AT) == 1

    order.refresh_from_db()
    assert (order.state, order.fault) == (
        _S.FAILED,
        "The time was too short to find a programme; allow more seconds.",
    )
    discard_programme(programme=order, by=None, at=AT)


def test_what_kills_its_worker_is_given_up(
    election: Election, ask: Ask, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(mission)
    order = order_programme(election=election, by=None, at=AT)
    monkeypatch.setattr(solving, "make", failing(RuntimeError("broken")))

    turns = [work_off_programmes(at=AT + dt.timedelta(minutes=31 * turn)) for turn in range(4)]

    order.refresh_from_db()
    assert turns == [0, 0, 0, 1]
    assert (order.state, order.attempts) == (_S.FAILED, 4)


def test_a_lease_keeps_a_second_worker_away(election: Election, ask: Ask, mission: Mission, quick: None) -> None:
    ask(mission)
    order = order_programme(election=election, by=None, at=AT)
    Programme.objects.filter(pk=order.pk).update(lease_until=AT + dt.timedelta(minutes=10), attempts=1)

    assert work_off_programmes(at=AT) == 0
    assert work_off_programmes(at=AT + dt.timedelta(minutes=10)) == 1


def test_the_real_solver_makes_it_explains_it_and_repairs_it(
    election: Election, shared: Shared, make_mission: MakeMission, ask: Ask, officer: User
) -> None:
    """The whole way once: six delegations for five places, then three places are lost, then nothing fits at all."""
    window = {"earliest_at": local(5, 15), "latest_at": local(5, 17, 5)}
    rows = [ask(make_mission(code), **window) for code in "ABCDEF"]
    for rank, row in zip((5, 4, 3, 2, 1, 1), rows, strict=True):
        set_rank(mission=row.mission, rank=rank, by=None, at=AT)
    order_programme(election=election, seconds=2, by=None, at=AT)

    work_off_programmes(at=AT)

    made = Programme.objects.get()
    solution = solution_from_json(made.solution)
    assert (made.state, made.fault) == (_S.DRAFT, "")
    assert solution is not None
    assert (solution.asked, solution.granted.value, solution.granted.gap) == (650, 630, 0.0)
    assert [row.request_id for row in left_out_from_json(made.left_out)] == [rows[0].pk]
    assert solution.first_come is not None
    assert solution.first_come.granted == 450  # A to E
    release_programme(programme=made, by=officer, at=AT)

    close_resource(
        resource=shared["minister"], starts_at=local(5, 15), ends_at=local(5, 15, 50), reason="x", by=None, at=AT
    )
    order_repairs(election=election, seconds=2, by=officer, at=AT)
    assert work_off_programmes(at=AT) == 2

    repairs = {row.method: solution_from_json(row.solution) for row in Programme.objects.filter(state=_S.DRAFT)}
    full, least = repairs["weight"], repairs["keep"]
    assert full is not None
    assert least is not None
    assert full.repair is not None
    assert least.repair is not None
    assert full.granted.value == 200 + 200 + 120  # the three highest ranks
    assert len(least.repair.changed) == len(least.repair.forced) == 2
    assert least.granted.value <= full.granted.value
    assert full.repair.weight_before == least.repair.weight_before == 630

    for row in rows[:3]:
        pin_request(request=row, starts_at=local(5, 16, 15), by=None, at=AT)
    order_programme(election=election, seconds=2, by=officer, at=AT)
    work_off_programmes(at=AT)

    failed = Programme.objects.get(state=_S.FAILED)
    assert failed.fault == (
        "2 delegations want Minister of Foreign Affairs between 5 Feb, 16:15 and 5 Feb, 16:35; there is 1 place: "
        "A: meeting with the minister, B: meeting with the minister. Without any one of them the others could be."
    )
