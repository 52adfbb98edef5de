"""Each row that makes no problem has its own name; the small problem itself is accepted."""

from dataclasses import replace

import pytest

from missions.timeline.scheduler import validation
from missions.timeline.scheduler.problem import After, Family, Interpreters, Pin, Problem, ProblemError, Span, Use
from missions.timeline.scheduler.validation import validate
from tests.missions.timeline.scheduler.builders import (
    CHAIR,
    DESKS,
    HALL,
    MINISTER,
    PRESS,
    arrival,
    briefing,
    meeting,
    problem,
)

GOOD = problem(
    meeting("a", head="h", language="fr"),
    briefing("b", after=(After("c", 2),)),
    arrival("c"),
    pins=(Pin("a", 5),),
)


def _code_of(problem: Problem) -> str:
    """What is wrong with the problem, empty for nothing."""
    try:
        validate(problem)
    except ProblemError as error:
        return error.code
    return ""


def test_a_good_problem_is_accepted() -> None:
    assert (_code_of(GOOD), _code_of(Problem(requests=()))) == ("", "")


@pytest.mark.parametrize(
    ("bad", "code", "field", "row"),
    [
        (problem(meeting("a"), meeting("a")), "problem-duplicate", "requests", "a"),
        (problem(meeting("")), "problem-unknown", "requests", ""),
        (replace(GOOD, hosts=(MINISTER, replace(CHAIR, id="desks"))), "problem-duplicate", "places", "desks"),
        (replace(GOOD, interpreters=(Interpreters("fr", 1),) * 2), "problem-duplicate", "interpreters", "fr"),
        (replace(GOOD, pins=(Pin("a", 5), Pin("a", 0))), "problem-duplicate", "pins", "a"),
        (problem(arrival("a", uses=(Use("desks"), Use("desks")))), "problem-duplicate", "uses", "a"),
        (replace(GOOD, hosts=(replace(MINISTER, capacity=0),)), "problem-capacity", "capacity", "minister"),
        (replace(GOOD, halls=(replace(HALL, seats=0),)), "problem-capacity", "seats", "hall"),
        (replace(GOOD, halls=(replace(HALL, booths=0),)), "problem-capacity", "booths", "hall"),
        (replace(GOOD, halls=(replace(HALL, sessions_a_day=0),)), "problem-capacity", "sessions_a_day", "hall"),
        (replace(GOOD, resources=(replace(DESKS, capacity=0),)), "problem-capacity", "capacity", "desks"),
        (replace(GOOD, interpreters=(Interpreters("fr", 0),)), "problem-capacity", "interpreters", "fr"),
        (problem(briefing("b", persons=101)), "problem-capacity", "persons", "b"),
        (problem(arrival("c", uses=(Use("desks", 3),))), "problem-capacity", "uses", "c"),
        (replace(GOOD, hosts=(replace(MINISTER, meeting=0),)), "problem-length", "meeting", "minister"),
        (problem(arrival("c", length=0)), "problem-length", "length", "c"),
        (problem(meeting("a", length=4)), "problem-length", "length", "a"),
        (replace(GOOD, hosts=(replace(MINISTER, windows=()),)), "problem-calendar", "windows", "minister"),
        (
            replace(GOOD, hosts=(replace(MINISTER, windows=(Span(0, 10), Span(9, 20))),)),
            "problem-calendar",
            "windows",
            "minister",
        ),
        (replace(GOOD, halls=(replace(HALL, closed=(Span(9, 9),)),)), "problem-calendar", "closed", "hall"),
        (problem(meeting("a", windows=(Span(-1, 9),))), "problem-calendar", "windows", "a"),
        (problem(meeting("a", weight=100_001)), "problem-range", "weight", "a"),
        (problem(meeting("a", coef=-1)), "problem-range", "coef", "a"),
        (problem(meeting("a", persons=0)), "problem-range", "persons", "a"),
        (replace(GOOD, travel=289), "problem-range", "travel", ""),
        (problem(meeting("a", hall="hall")), "problem-place", "host", "a"),
        (problem(arrival("c", uses=())), "problem-place", "host", "c"),
        (problem(arrival("c", head="h")), "problem-place", "head", "c"),
        (problem(arrival("c", language="fr")), "problem-place", "language", "c"),
        (replace(GOOD, families=(Family("a", "b"),)), "problem-place", "families", "b"),
        (problem(meeting("a", "nobody")), "problem-unknown", "host", "a"),
        (problem(briefing("b", hall="nowhere")), "problem-unknown", "hall", "b"),
        (problem(arrival("c", uses=(Use("boats"),))), "problem-unknown", "uses", "c"),
        (problem(meeting("a", language="la")), "problem-unknown", "language", "a"),
        (problem(meeting("a", after=(After("z"),))), "problem-unknown", "after", "a"),
        (replace(GOOD, pins=(Pin("z", 0),)), "problem-unknown", "pins", "z"),
        (
            problem(meeting("a", after=(After("b"),)), briefing("b", after=(After("a"),))),
            "problem-cycle",
            "after",
            "a",
        ),
        (problem(meeting("a", windows=(Span(0, 3),))), "problem-window", "windows", "a"),
        (problem(meeting("a", windows=(Span(1, 8),))), "problem-no-place", "windows", "a"),
        (replace(GOOD, pins=(Pin("a", 1),)), "problem-pin", "pins", "a"),
        (
            replace(GOOD, hosts=(replace(MINISTER, closed=(Span(5, 6),)), CHAIR, PRESS)),
            "problem-pin",
            "pins",
            "a",
        ),
    ],
)
def test_a_bad_row_is_named(bad: Problem, code: str, field: str, row: str) -> None:
    with pytest.raises(ProblemError) as caught:
        validate(bad)

    assert (caught.value.code, caught.value.field, caught.value.id) == (code, field, row)


def test_too_many_requests_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "MAX_REQUESTS", 2)

    with pytest.raises(ProblemError, match="problem-size: requests"):
        validate(GOOD)


def test_too_many_choices_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "MAX_CHOICES", 5)

    with pytest.raises(ProblemError, match="problem-size: windows"):
        validate(GOOD)
