"""Parts share nothing: what may meet is in one part, what cannot is in two."""

from missions.timeline.scheduler.components import components, front
from missions.timeline.scheduler.facts import facts_of
from missions.timeline.scheduler.problem import DAY, After, Family, Problem, Span
from tests.missions.timeline.scheduler.builders import arrival, briefing, meeting, problem


def parts(whole: Problem) -> list[list[str]]:
    facts = facts_of(whole)
    return [list(part) for part in components(facts, facts.starts)]


def test_desks_at_different_times_are_two_parts() -> None:
    early, late = (Span(0, 20),), (Span(20, 48),)

    assert parts(problem(arrival("a", windows=early), arrival("b", windows=early), arrival("c", windows=late))) == [
        ["a", "b"],
        ["c"],
    ]


def test_a_chain_binds_only_if_it_may_be_late() -> None:
    first = arrival("a", windows=(Span(0, 10),))

    assert parts(problem(first, meeting("b", "chair", after=(After("a", 8),)))) == [["a"], ["b"]]
    assert parts(problem(first, meeting("b", "chair", after=(After("a", 9),)))) == [["a", "b"]]


def test_heads_languages_and_families_bind() -> None:
    a, b = (Span(0, 4),), (Span(9, 48),)

    assert parts(problem(meeting("a", windows=a), meeting("b", "press", windows=b))) == [["a"], ["b"]]
    assert parts(problem(meeting("a", windows=(Span(5, 9),), head="h"), meeting("b", "press", head="h"))) == [
        ["a", "b"]
    ]
    assert parts(problem(meeting("a", language="fr"), meeting("b", "press", language="fr"))) == [["a", "b"]]
    assert parts(problem(meeting("a"), meeting("b", "press"), families=(Family("a", "b"),))) == [["a", "b"]]


def test_sessions_of_one_day_bind_and_of_two_do_not() -> None:
    first = briefing("a", windows=(Span(0, 12),))

    assert parts(problem(first, briefing("b", windows=(Span(24, 36),)))) == [["a", "b"]]
    assert Span(0, 12).end < DAY


def test_the_front_comes_after_nothing_and_shares_nothing_behind_it() -> None:
    facts = facts_of(problem(arrival("a"), arrival("b"), briefing("c", after=(After("a"),)), arrival("d")))
    (part, *_) = components(facts, facts.starts)
    chained = facts_of(problem(arrival("a"), arrival("b", after=(After("a"),))))

    assert list(front(facts, part)) == ["a", "b", "d"]
    assert front(chained, chained.starts) == {}
