"""Invented cases for the scheduler: missions that share a ministry for six days, by a seed (no true names).

The days are 3 to 8 of a month: missions land from the third to the fifth, fetch badges, are briefed, meet hosts on
the fifth and sixth, meet the press on the seventh and eighth and leave on the eighth and ninth.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from missions.timeline.scheduler.problem import (
    DAY,
    After,
    Family,
    Hall,
    Host,
    Interpreters,
    Pin,
    Problem,
    Request,
    Resource,
    Span,
    Use,
)

#: Rank of a mission: weight of a meeting, coefficient of delay, share of missions in thousandths.
RANKS = ((100, 10, 180), (60, 6, 190), (35, 4, 210), (20, 2, 210), (10, 1, 210))
LANGUAGES = (("en", 3, 400), ("ru", 3, 300), ("fr", 1, 80), ("ar", 1, 70), ("es", 1, 50), ("tr", 2, 100))
BADGES, BRIEFINGS = 40, 120
"""Persons of one batch at the counters, and of one delegation in one session."""


def hours(day: int, first: float, last: float) -> Span:
    """Return the span from one hour of a day to another (0 is the first day)."""
    return Span(day * DAY + round(first * 12), day * DAY + round(last * 12))


@dataclass(slots=True)
class _Asked:
    rng: np.random.Generator
    scale: int
    requests: list[Request] = field(default_factory=list)
    press: dict[int, str] = field(default_factory=dict)

    def add(self, request: Request) -> str:
        self.requests.append(request)
        return request.id

    def chance(self, thousandths: int) -> bool:
        return int(self.rng.integers(1000)) < thousandths


def make_problem(missions: int = 72, seed: int = 7) -> Problem:
    """Return the case of so many missions; 300 and more share four times as much and a third kind of host."""
    scale = 4 if missions >= 300 else 1
    asked = _Asked(np.random.Generator(np.random.PCG64(seed)), scale)
    heads = _heads(asked.rng, missions)
    received = asked.rng.permutation(missions).tolist()
    for mission in range(missions):
        _ask(asked, mission, heads[mission], int(received[mission]))
    families = _families(asked, missions)
    pins = (Pin(asked.press[0], hours(5, 15, 16).start),)
    return Problem(
        requests=tuple(asked.requests),
        hosts=_hosts(scale),
        halls=tuple(
            Hall(
                id=f"hall-{number}",
                windows=tuple(hours(day, 8, 18) for day in range(1, 4)),
                session=12,
                seats=200,
                booths=3,
                sessions_a_day=5,
            )
            for number in range(scale)
        ),
        resources=(
            Resource(id="desks", windows=tuple(hours(day, 6, 24) for day in range(3)), capacity=3 * scale),
            Resource(id="counters", windows=tuple(hours(day, 8, 20) for day in range(4)), capacity=4 * scale),
            Resource(id="vehicles", windows=(hours(0, 0, 24 * 7),), capacity=18 * scale),
        ),
        interpreters=tuple(Interpreters(name, number * scale) for name, number, _ in LANGUAGES),
        families=families,
        pins=pins,
    )


def _hosts(scale: int) -> tuple[Host, ...]:
    minister = (hours(2, 10, 12.25), hours(2, 15, 17), hours(3, 10, 12.25), hours(3, 15, 17.5))
    chair = (hours(2, 9, 13), hours(2, 14, 18), hours(3, 9, 13), hours(3, 14, 18))
    press = tuple(hours(day, 9, 18) for day in (4, 5))
    third = (Host(id="deputy", windows=chair, meeting=5, changeover=1, capacity=scale),) if scale > 1 else ()
    return (
        Host(id="minister", windows=minister, meeting=4, changeover=1, capacity=scale),
        Host(id="chair", windows=chair, meeting=6, capacity=scale),
        Host(id="press", windows=press, meeting=9, changeover=3, capacity=2 * scale),
        *third,
    )


def _heads(rng: np.random.Generator, missions: int) -> list[str]:
    """Every mission has its head; about 4 % of the heads lead two missions."""
    heads = [f"head-{mission}" for mission in range(missions)]
    for mission in rng.choice(np.arange(1, missions), max(1, missions // 25), replace=False).tolist():
        heads[mission] = heads[mission - 1]
    return heads


def _ask(asked: _Asked, mission: int, head: str, received: int) -> None:
    rng = asked.rng
    rank = 0 if mission == 0 else int(rng.choice(len(RANKS), p=[share / 1000 for *_, share in RANKS]))
    weight, coef, _ = RANKS[rank]
    language = str(rng.choice([name for name, *_ in LANGUAGES], p=[share / 1000 for *_, share in LANGUAGES]))
    persons = int(rng.integers(150, 260)) if mission == 0 else max(1, int(rng.gamma(1.0, 10.0)))
    name = f"m{mission:03d}"
    own = partial(Request, mission=name, coef=coef, received=received)
    landed = hours(int(rng.choice(3, p=[0.35, 0.5, 0.15])), float(rng.integers(7 * 12, 21 * 12)) / 12, 24).start
    arrival = asked.add(
        own(
            id=f"{name}-arrival",
            kind="arrival",
            windows=(Span(landed, landed + 48),),
            uses=(Use("desks"), Use("vehicles", min(9, 1 + persons // 30))),
            length=6,
            must=True,
        )
    )
    badges = [
        asked.add(
            own(
                id=f"{name}-badge-{part}",
                kind="badge",
                windows=(Span(landed, 4 * DAY),),
                uses=(Use("counters"),),
                length=max(2, batch // 5),
                after=(After(arrival, 12),),
                must=True,
            )
        )
        for part, batch in enumerate(_batches(persons, BADGES))
    ]
    hall = f"hall-{int(rng.integers(asked.scale))}"
    briefings = [
        asked.add(
            own(
                id=f"{name}-briefing-{part}",
                kind="briefing",
                windows=(Span(landed, 4 * DAY),),
                hall=hall,
                persons=batch,
                language=language,
                after=tuple(After(badge) for badge in badges),
                must=True,
            )
        )
        for part, batch in enumerate(_batches(persons, BRIEFINGS))
    ]
    interpreted = language if language != "tr" or asked.chance(500) else ""
    shares = [("minister", 760, 2 * weight), ("chair", 690, weight)]
    shares += [("deputy", 600, weight)] if asked.scale > 1 else []
    for host, share, worth in shares:
        if asked.chance(share):
            asked.add(
                own(
                    id=f"{name}-{host}",
                    kind=host,
                    windows=_free_hours(asked),
                    host=host,
                    head=head,
                    language=interpreted,
                    weight=worth,
                    after=tuple(After(briefing) for briefing in briefings),
                )
            )
    _ask_last(asked, mission, own, head, interpreted, weight, persons)


def _ask_last(
    asked: _Asked, mission: int, own: Callable[..., Request], head: str, language: str, weight: int, persons: int
) -> None:
    """The press conference, which some want, and the departure."""
    name, after = f"m{mission:03d}", tuple[After, ...]()
    if mission == 0 or asked.chance(400):
        first = int(asked.rng.integers(2))
        asked.press[mission] = asked.add(
            own(
                id=f"{name}-press",
                kind="press",
                windows=tuple(hours(day, 9, 18) for day in ((4, 5) if first == 0 else (5,))),
                host="press",
                head=head,
                language=language,
                weight=weight,
            )
        )
        after = (After(asked.press[mission], 12),)
    leaves = hours(int(asked.rng.integers(5, 7)), float(asked.rng.integers(8 * 12, 22 * 12)) / 12, 24).start
    if mission in asked.press:
        leaves = max(leaves, hours(5, 19, 20).start)
    asked.add(
        own(
            id=f"{name}-departure",
            kind="departure",
            windows=(Span(leaves - 24, leaves + 30),),
            uses=(Use("vehicles", min(9, 1 + persons // 30)),),
            length=12,
            after=after,
            must=True,
        )
    )


def _free_hours(asked: _Asked) -> tuple[Span, ...]:
    """When a head has time for a host: on both days, on one, or only before or after noon of one."""
    day, half = int(asked.rng.integers(2, 4)), int(asked.rng.integers(2))
    if asked.chance(450):
        return (Span(2 * DAY, 4 * DAY),)
    if asked.chance(500):
        return (Span(day * DAY, (day + 1) * DAY),)
    return (hours(day, 12 * half, 12 * half + 13),)


def _batches(persons: int, most: int) -> list[int]:
    """Cut a delegation into parts of at most so many persons."""
    return [min(most, persons - begun) for begun in range(0, persons, most)]


def _families(asked: _Asked, missions: int) -> tuple[Family, ...]:
    """A tenth of the missions belong to the mission before them; their press conferences stay apart."""
    children = asked.rng.choice(np.arange(1, missions), missions // 10, replace=False).tolist()
    return tuple(
        Family(asked.press[child - 1], asked.press[child])
        for child in sorted(children)
        if child in asked.press and child - 1 in asked.press
    )
