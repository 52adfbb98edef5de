"""JSON and back; what is not such a problem is refused by the place of the fault."""

import json

import pytest

from missions.timeline.scheduler.form import from_json, to_json
from missions.timeline.scheduler.pipeline import solve
from missions.timeline.scheduler.plan import Conflict, Plan, Rule
from missions.timeline.scheduler.problem import Booking, Pin, Problem, ProblemError
from tests.benchmarks.scheduler_instance import make_problem
from tests.missions.timeline.scheduler.builders import meeting, problem


def test_a_problem_comes_back_as_it_was() -> None:
    whole = make_problem(10, 1)

    assert from_json(Problem, to_json(whole)) == whole


def test_answers_come_back_as_they_were() -> None:
    plan = solve(problem(meeting("a"), pins=(Pin("a", 5),)))
    conflict = Conflict(requests=("a",), irreducible=True, by=(Rule.HEAD,), where=("h",))

    assert from_json(Plan, to_json(plan)) == plan
    assert from_json(Conflict, to_json(conflict)) == conflict
    assert to_json(None) == "null"


@pytest.mark.parametrize(
    ("raw", "where"),
    [
        ("{", "JSON"),
        ("[" * 100_000, "JSON"),
        ("[]", "Booking"),
        ('{"request": "a"}', "Booking"),
        ('{"request": "a", "start": 1, "room": 2}', "Booking"),
        ('{"request": "a", "start": true}', "Booking.start"),
        ('{"request": "a", "start": 1.0}', "Booking.start"),
        ('{"request": 1, "start": 1}', "Booking.request"),
    ],
)
def test_other_text_is_unreadable(raw: str, where: str) -> None:
    with pytest.raises(ProblemError) as caught:
        from_json(Booking, raw)

    assert (caught.value.code, caught.value.field) == ("problem-unreadable", where)


def test_an_unknown_name_of_a_rule_is_unreadable() -> None:
    raw = json.dumps({"requests": [], "irreducible": True, "by": ["luck"], "where": [], "places": None})

    with pytest.raises(ProblemError, match=r"problem-unreadable: Conflict\.by"):
        from_json(Conflict, raw)
