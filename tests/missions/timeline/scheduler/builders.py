"""Small problems, written in few words. The minister has places at 0, 5, 10; the hall sessions at 0, 12, 24."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from missions.timeline.scheduler.check import check
from missions.timeline.scheduler.facts import Facts, facts_of
from missions.timeline.scheduler.plan import Rule
from missions.timeline.scheduler.problem import (
    After,
    Booking,
    Family,
    Hall,
    Host,
    Interpreters,
    Problem,
    Request,
    Resource,
    Span,
    Use,
)
from missions.timeline.scheduler.score import score

DAY_LONG = (Span(0, 96),)
MINISTER = Host(id="minister", windows=(Span(0, 15),), meeting=4, changeover=1)
CHAIR = Host(id="chair", windows=(Span(18, 36),), meeting=6)
PRESS = Host(id="press", windows=(Span(0, 36),), meeting=9, changeover=3, capacity=2)
HALL = Hall(id="hall", windows=(Span(0, 36),), session=12, seats=100, booths=2, sessions_a_day=2)
DESKS = Resource(id="desks", windows=(Span(0, 48),), capacity=2)


def meeting(name: str, host: str = "minister", **fields: object) -> Request:
    """A wish to meet a host, of weight 10, at any time of the day."""
    return replace(Request(id=name, mission=f"of {name}", kind=host, windows=DAY_LONG, host=host, weight=10), **fields)  # type: ignore[arg-type]


def briefing(name: str, **fields: object) -> Request:
    """A must in the hall, of ten persons."""
    row = Request(id=name, mission=f"of {name}", kind="briefing", windows=DAY_LONG, hall="hall", persons=10, must=True)
    return replace(row, **fields)  # type: ignore[arg-type]


def arrival(name: str, **fields: object) -> Request:
    """A must of six slots at one desk."""
    row = Request(
        id=name, mission=f"of {name}", kind="arrival", windows=DAY_LONG, uses=(Use("desks"),), length=6, must=True
    )
    return replace(row, **fields)  # type: ignore[arg-type]


def problem(*requests: Request, **fields: object) -> Problem:
    """These requests, with one of each kind of place and an interpreter of English and of French."""
    whole = Problem(
        requests=requests,
        hosts=(MINISTER, CHAIR, PRESS),
        halls=(HALL,),
        resources=(DESKS,),
        interpreters=(Interpreters("en", 2), Interpreters("fr", 1)),
    )
    return replace(whole, **fields)  # type: ignore[arg-type]


def held(**starts: int) -> list[Booking]:
    """Bookings by name."""
    return [Booking(name, start) for name, start in starts.items()]


def random_problem(seed: int) -> Problem:
    """Two missions whose meetings collide in every way: places, heads, languages, sessions, chains."""
    rng = np.random.Generator(np.random.PCG64(seed))
    requests: list[Request] = []
    press = []
    for number in range(2):
        language = str(rng.choice(["", "en", "fr", "fr"]))
        coef, weight = int(rng.integers(1, 5)), 5 * int(rng.integers(1, 6))
        head = f"head-{number if rng.integers(4) else 0}"
        asked = [
            arrival(f"{number}-arrival", windows=(Span(0, 3),), length=2, coef=coef),
            briefing(
                f"{number}-briefing",
                persons=int(rng.integers(20, 55)),
                language=language,
                coef=coef,
                after=(After(f"{number}-arrival", 2),),
            ),
        ]
        for host in ("minister", "chair", "press"):
            if rng.integers(3):
                begun = (After(f"{number}-briefing"),) if host == "chair" else ()
                asked.append(
                    meeting(
                        f"{number}-{host}",
                        host,
                        head=head,
                        language=language,
                        weight=weight,
                        coef=coef,
                        after=begun,
                    )
                )
        press += [row.id for row in asked if row.host == "press"]
        requests += [replace(row, mission=str(number), received=number) for row in asked]
    families = (Family(press[0], press[1]),) if len(press) > 1 else ()
    return problem(*requests, families=families, travel=2)


def best_of_all(whole: Problem) -> tuple[int, int] | None:
    """The most weight, then the least delay, by trying everything; None if the musts cannot all be held."""
    facts = facts_of(whole)
    every = (score(facts, plan) for plan in every_plan(whole))
    return max(((reached.granted, -reached.delay) for reached in every), default=None)


def every_plan(whole: Problem) -> Iterator[tuple[Booking, ...]]:
    """All plans in which the checker finds nothing."""
    facts = facts_of(whole)
    return _every(facts, facts.order, ())


def _every(facts: Facts, names: tuple[str, ...], taken: tuple[Booking, ...]) -> Iterator[tuple[Booking, ...]]:
    broken = {found.rule for found in check(facts.problem, taken)}
    if broken - {Rule.MUST, Rule.PIN}:
        return
    if names:
        for start in facts.allowed[names[0]]:
            yield from _every(facts, names[1:], (*taken, Booking(names[0], start)))
        if names[0] not in facts.fixed:
            yield from _every(facts, names[1:], taken)
    elif not broken:
        yield taken
