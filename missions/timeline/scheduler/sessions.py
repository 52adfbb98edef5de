"""What sessions and interpreters add to the model: seats, booths, sessions a day, one interpreter a language."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from missions.timeline.scheduler.clashes import Choice
from missions.timeline.scheduler.plan import Rule
from missions.timeline.scheduler.problem import DAY, Hall
from missions.timeline.scheduler.raster import Raster

Session = tuple[str, int]


@dataclass(slots=True)
class _Sessions:
    """The sessions that may be held and who may sit in them: literals by language of each session."""

    guests: dict[Session, list[str]] = field(default_factory=lambda: defaultdict(list))
    spoken: dict[Session, dict[str, Any]] = field(default_factory=dict)


def add_sessions(raster: Raster, rules: frozenset[Rule]) -> None:
    """Add the halls and, because booths need them too, the interpreters."""
    sessions = _Sessions()
    for name, starts in raster.placed.items():
        hall = raster.facts.request[name].hall
        for start in starts if hall else ():
            sessions.guests[hall, start].append(name)
    for (hall, start), names in sessions.guests.items():
        sessions.spoken[hall, start] = _languages(raster, start, names)
    _add_seats(raster, sessions, rules)
    if Rule.INTERPRETERS in rules:
        _add_interpreters(raster, sessions)


def _languages(raster: Raster, start: int, names: list[str]) -> dict[str, Any]:
    by_language: dict[str, list[str]] = defaultdict(list)
    for name in names:
        by_language[raster.facts.request[name].language].append(name)
    by_language.pop("", None)
    return {language: _any_of(raster, start, speakers) for language, speakers in sorted(by_language.items())}


def _any_of(raster: Raster, start: int, names: list[str]) -> Any:
    """Return a literal that is true if one of these is held at the start."""
    if len(names) == 1:
        return raster.choice[names[0], start]
    literal = raster.flag(_one_held(start, names))
    for name in names:
        raster.model.add_implication(raster.choice[name, start], literal)
    return literal


def _one_held(start: int, names: list[str]) -> Callable[[set[Choice]], bool]:
    return lambda held: any((name, start) in held for name in names)


def _add_seats(raster: Raster, sessions: _Sessions, rules: frozenset[Rule]) -> None:
    days: dict[tuple[str, int], list[Session]] = defaultdict(list)
    for session in sessions.guests:
        days[session[0], session[1] // DAY].append(session)
    for (name, _), held in sorted(days.items()):
        hall = raster.facts.hall[name]
        limited = Rule.SESSIONS in rules and len(held) > hall.sessions_a_day
        opened = [_add_session(raster, hall, session, sessions, rules, limited) for session in held]
        if limited:
            raster.model.add(sum(opened) <= hall.sessions_a_day)


def _add_session(
    raster: Raster, hall: Hall, session: Session, sessions: _Sessions, rules: frozenset[Rule], limited: bool
) -> Any:
    start, spoken = session[1], sessions.spoken[session].values()
    names = sessions.guests[session]
    opened = _any_of(raster, start, names) if limited else 1
    persons = {name: raster.facts.request[name].persons for name in names}
    if Rule.SEATS in rules and sum(persons.values()) > hall.seats:
        taken = sum(number * raster.choice[name, start] for name, number in persons.items())
        raster.model.add(taken <= hall.seats * opened)
    if Rule.BOOTHS in rules and len(spoken) > hall.booths:  # times `opened`: half a session has half the booths
        raster.model.add(sum(spoken) <= hall.booths * opened)
    return opened


def _add_interpreters(raster: Raster, sessions: _Sessions) -> None:
    facts = raster.facts
    speaking: dict[str, list[tuple[str, int, int, Any]]] = defaultdict(list)
    for (name, start), literal in raster.choice.items():
        request = facts.request[name]
        if request.host and request.language:
            speaking[request.language].append((request.host, start, start + facts.length[name], literal))
    for (hall, start), spoken in sessions.spoken.items():
        for language, literal in spoken.items():
            speaking[language].append((hall, start, start + facts.hall[hall].session, literal))
    for language in sorted(speaking):
        uses = speaking[language]
        for instant in sorted({start for _, start, _, _ in uses}):
            held = [(place, literal) for place, start, end, literal in uses if start <= instant < end]
            if _most(raster, held) > facts.interpreters[language]:
                raster.model.add(sum(literal for _, literal in held) <= facts.interpreters[language])


def _most(raster: Raster, held: list[tuple[str, Any]]) -> int:
    """How many of these the capacities of their places let happen at once."""
    number: dict[str, int] = defaultdict(int)
    for place, _ in held:
        number[place] += 1
    hosts = raster.facts.host
    return sum(min(count, hosts[place].capacity if place in hosts else 1) for place, count in number.items())
