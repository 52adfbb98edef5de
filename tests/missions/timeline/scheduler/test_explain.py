"""Conflicts: the set is impossible, every member is needed for that, and the rules are those that make it so."""

from dataclasses import replace

import pytest

from missions.timeline.scheduler import explain as module
from missions.timeline.scheduler.answers import Answer, Outcome
from missions.timeline.scheduler.explain import explain
from missions.timeline.scheduler.pipeline import solve
from missions.timeline.scheduler.plan import Conflict, NoPlanError, Rule
from missions.timeline.scheduler.problem import After, Family, Pin, Problem, Request, Span, Use
from tests.benchmarks.scheduler_instance import make_problem
from tests.missions.timeline.scheduler.builders import (
    CHAIR,
    HALL,
    MINISTER,
    PRESS,
    arrival,
    briefing,
    meeting,
    problem,
)


def must(name: str, host: str = "minister", **fields: object) -> Request:
    return meeting(name, host, must=True, **fields)


AT_ONCE = (must("a", windows=(Span(10, 14),)), must("b", "press", windows=(Span(12, 21),)))
HEAD = problem(must("x"), *(replace(row, head="h") for row in AT_ONCE), briefing("y"))
FRENCH = problem(must("x"), *(replace(row, language="fr") for row in AT_ONCE), briefing("y"))


@pytest.mark.parametrize(
    ("whole", "requests", "by", "where", "places"),
    [
        (problem(must("x", "chair"), *map(must, "abcd")), ("a", "b", "c", "d"), (Rule.CAPACITY,), ("minister",), 3),
        (
            problem(*map(must, "ab"), *(must(name, windows=(Span(0, 9),)) for name in "cde")),
            ("c", "d", "e"),
            (Rule.CAPACITY,),
            ("minister",),
            2,
        ),
        (
            replace(problem(*map(must, "ab")), hosts=(replace(MINISTER, closed=(Span(0, 14),)), CHAIR, PRESS)),
            ("a",),
            (Rule.HOURS,),
            ("minister",),
            0,
        ),
        (HEAD, ("a", "b"), (Rule.HEAD,), ("h",), None),
        (FRENCH, ("a", "b"), (Rule.INTERPRETERS,), ("fr",), None),
        (
            problem(
                must("a", "press"), must("b", "press"), families=(Family("a", "b"),), pins=(Pin("a", 0), Pin("b", 0))
            ),
            ("a", "b"),
            (Rule.FAMILY,),
            (),
            None,
        ),
        (
            problem(briefing("b"), must("a", "chair", after=(After("b"),)), must("x"), pins=(Pin("b", 24),)),
            ("a", "b"),
            (Rule.CHAIN,),
            (),
            None,
        ),
        (
            problem(*(briefing(name, persons=60, windows=(Span(0, 23),)) for name in "ab"), briefing("c", persons=40)),
            ("a", "b"),
            (Rule.SEATS,),
            ("hall",),
            None,
        ),
        (
            problem(
                *(briefing(name, language=name, windows=(Span(0, 12),)) for name in ("en", "fr")),
                briefing("c", persons=60),
                halls=(replace(HALL, booths=1),),
            ),
            ("en", "fr"),
            (Rule.BOOTHS,),
            ("hall",),
            None,
        ),
        (
            problem(*(briefing(name, persons=60) for name in "abc"), must("x")),
            ("a", "b", "c"),
            (Rule.SEATS, Rule.SESSIONS),
            ("hall",),
            None,
        ),
        (
            problem(*(arrival(name, windows=(Span(0, 8),)) for name in "abc"), arrival("d")),
            ("a", "b", "c"),
            (Rule.CAPACITY,),
            ("desks",),
            None,
        ),
    ],
)
def test_a_conflict_is_named(
    whole: Problem, requests: tuple[str, ...], by: tuple[Rule, ...], where: tuple[str, ...], places: int | None
) -> None:
    assert explain(whole) == Conflict(requests=requests, irreducible=True, by=by, where=where, places=places)
    with pytest.raises(NoPlanError, match="impossible"):
        solve(whole)


@pytest.mark.parametrize("whole", [HEAD, FRENCH, problem(*map(must, "abcd"))])
def test_without_any_one_of_them_the_others_can_be_held(whole: Problem) -> None:
    conflict = explain(whole)

    assert conflict is not None
    for name in conflict.requests:
        left = replace(whole, requests=tuple(row for row in whole.requests if row.id != name))
        assert explain(left) is None


def test_what_can_be_held_has_no_conflict() -> None:
    assert explain(problem(*map(must, "abc"), meeting("d"))) is None


def test_a_use_of_closed_desks_is_a_matter_of_hours() -> None:
    whole = problem(arrival("a", windows=(Span(0, 6),), uses=(Use("desks"),)), arrival("b"))
    desks = replace(whole.resources[0], closed=(Span(3, 4),))

    conflict = explain(replace(whole, resources=(desks,)))

    assert conflict == Conflict(requests=("a",), irreducible=True, by=(Rule.HOURS,), where=("desks",))


def test_a_test_without_an_answer_is_not_proven(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "minimize", lambda *_: Answer(outcome=Outcome.UNKNOWN))

    conflict = explain(problem(*map(must, "abcd")))

    assert conflict is not None
    assert (conflict.requests, conflict.irreducible) == (("a", "b", "c", "d"), False)


def test_a_pigeonhole_is_counted() -> None:
    whole = make_problem(72, 7)
    musts = replace(
        whole, requests=tuple(replace(row, must=row.must or row.kind == "minister") for row in whole.requests)
    )

    conflict = explain(musts, deadline_s=100)

    assert conflict is not None
    assert (len(conflict.requests), conflict.places, conflict.irreducible) == (11, 10, True)
