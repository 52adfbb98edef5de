import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Election, Mission, MissionHead
from missions.states import MissionKind
from missions.timeline.programme.loading import Unfit, load_problem, use_of
from missions.timeline.programme.models import InterpreterPool, OpenWindow, SharedResource
from missions.timeline.programme.services.requests import pin_request, withdraw_request
from missions.timeline.programme.services.resources import close_resource, set_rank
from missions.timeline.programme.states import RequestKind
from missions.timeline.scheduler.first_come import first_come
from missions.timeline.scheduler.problem import After, Family, Pin, Span, Use
from missions.timeline.scheduler.validation import validate
from tests.missions.timeline.programme.conftest import Ask, MakeMission, local

pytestmark = pytest.mark.django_db
Shared = dict[str, SharedResource]


def test_an_hour_of_the_minister_becomes_places_of_the_wall_clock(
    election: Election, shared: Shared, ask: Ask, mission: Mission
) -> None:
    set_rank(mission=mission, rank=1, by=None, at=local(1, 9))
    row = ask(mission, language="ru", earliest_at=local(5, 9, 1), latest_at=local(5, 12, 4))

    loaded = load_problem(election)

    assert loaded.clock.first_day == dt.date(2024, 2, 2)  # the first hours of the airport's desks
    (request,) = loaded.problem.requests
    minister = next(host for host in loaded.problem.hosts if host.id == str(shared["minister"].pk))
    day = 3 * 288
    assert (minister.meeting, minister.changeover, minister.capacity) == (4, 1, 1)
    assert minister.windows[0] == Span(day + 120, day + 145)
    assert (request.id, request.host, request.language, request.persons) == (str(row.pk), minister.id, "ru", 5)
    assert request.windows == (Span(day + 109, day + 144),)  # cut to whole slots inside
    assert (request.weight, request.coef, request.must, request.received) == (200, 10, False, 1)
    validate(loaded.problem)


def test_steps_of_a_mission_follow_each_other_and_the_next_that_is_asked(
    election: Election, ask: Ask, mission: Mission
) -> None:
    arrival = ask(mission, RequestKind.ARRIVAL, earliest_at=local(3, 8), latest_at=local(4, 20))
    badges = [
        ask(mission, RequestKind.BADGES, part=part, earliest_at=local(3, 9), latest_at=local(5, 20)) for part in (1, 2)
    ]
    minister = ask(mission, RequestKind.MINISTER)
    press = ask(mission, RequestKind.PRESS)
    departure = ask(mission, RequestKind.DEPARTURE, earliest_at=local(8, 12), latest_at=local(9, 20))

    by_id = {row.id: row for row in load_problem(election).problem.requests}

    assert by_id[str(arrival.pk)].after == ()
    assert by_id[str(badges[0].pk)].after == (After(str(arrival.pk), 12),)  # an hour after landing
    assert by_id[str(minister.pk)].after == tuple(After(str(row.pk)) for row in badges)
    assert by_id[str(press.pk)].after == ()
    assert by_id[str(departure.pk)].after == (After(str(press.pk)),)


def test_a_large_group_takes_turns_at_the_desks(shared: Shared) -> None:
    desks, vehicles, counters = (shared[code] for code in ("airport-desks", "vehicles", "badge-counters"))

    assert use_of(15, [counters]) == (6, (Use(str(counters.pk), 2),))
    assert use_of(245, [desks, vehicles]) == (18, (Use(str(desks.pk), 3), Use(str(vehicles.pk), 17)))
    assert use_of(1, [vehicles]) == (6, (Use(str(vehicles.pk), 1),))


def test_one_person_who_heads_two_missions_is_one_head(
    election: Election, ask: Ask, mission: Mission, other_mission: Mission
) -> None:
    names = {mission: "Jane ƏLİYEV", other_mission: "jane Eliyev"}
    for each, name in names.items():
        ask(each, head_id=MissionHead.objects.create(mission=each, name=name, title="Head").pk)

    assert {row.head for row in load_problem(election).problem.requests} == {"jane eliyev"}


def test_parent_and_child_never_speak_at_once(election: Election, ask: Ask, make_mission: MakeMission) -> None:
    joint = make_mission("IEOM", kind=MissionKind.JOINT, organization=None)
    child = make_mission("CHILD", parent=joint)
    rows = [ask(each, RequestKind.PRESS) for each in (joint, child)]

    assert load_problem(election).problem.families == (Family(str(rows[0].pk), str(rows[1].pk)),)


def test_what_fits_nowhere_is_left_out_with_its_reason(
    election: Election, shared: Shared, ask: Ask, make_mission: MakeMission
) -> None:
    rows = {
        Unfit.LANGUAGE_UNKNOWN: ask(make_mission("A"), language="tr"),
        Unfit.TOO_MANY_PERSONS: ask(make_mission("B"), RequestKind.BRIEFING, size=180),
        Unfit.NO_OPEN_PLACE: ask(make_mission("C"), earliest_at=local(5, 12, 5), latest_at=local(5, 15)),
        Unfit.NOT_SERVED: ask(make_mission("D"), RequestKind.CHAIR),
        Unfit.WINDOW_TOO_SHORT: ask(make_mission("E"), RequestKind.PRESS, latest_at=local(8, 9, 50)),
    }
    InterpreterPool.objects.filter(language="tr").update(count=0)
    SharedResource.objects.filter(code="briefing-hall").update(capacity=100)
    SharedResource.objects.filter(code="press-centre").update(minutes=60)
    OpenWindow.objects.filter(resource=shared["chair"]).delete()

    loaded = load_problem(election)

    assert loaded.unfit == {str(row.pk): reason for reason, row in rows.items()}
    assert loaded.problem.requests == ()
    validate(loaded.problem)


def test_lost_time_takes_places_and_moves_none(election: Election, shared: Shared, ask: Ask, mission: Mission) -> None:
    ask(mission)
    before = load_problem(election)
    close_resource(
        resource=shared["minister"],
        starts_at=local(5, 15, 1),
        ends_at=local(5, 15, 2),
        reason="x",
        by=None,
        at=local(4, 9),
    )

    after = load_problem(election)

    hosts = [next(row for row in loaded.problem.hosts if row.meeting == 4) for loaded in (before, after)]
    assert hosts[0].windows == hosts[1].windows
    assert hosts[1].closed == (Span(3 * 288 + 180, 3 * 288 + 181),)
    assert before.digest != after.digest


def test_fixed_times_are_pins_and_the_withdrawn_are_gone(
    election: Election, ask: Ask, mission: Mission, other_mission: Mission
) -> None:
    fixed = pin_request(request=ask(mission), starts_at=local(5, 10, 25), by=None, at=local(1, 9))
    withdraw_request(request=ask(other_mission), by=None, at=local(1, 9))

    problem = load_problem(election).problem

    assert [row.id for row in problem.requests] == [str(fixed.pk)]
    assert problem.pins == (Pin(str(fixed.pk), 3 * 288 + 125),)


def test_the_whole_is_read_with_few_queries_and_the_same_each_time(
    election: Election, ask: Ask, make_mission: MakeMission
) -> None:
    ask(make_mission("A"))
    with CaptureQueriesContext(connection) as few:
        load_problem(election)
    for code in ("B", "C"):
        ask(make_mission(code))

    with CaptureQueriesContext(connection) as more:
        first = load_problem(election)

    assert len(few) == len(more) == 6
    assert first.digest == load_problem(election).digest
    assert len(first_come(first.problem).bookings) == 3
