"""When papers arrive and when they are decided: sessions of the commission, and the figures after each of them."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Filed:
    """The papers of one person who will be accredited: the day, and what the figures count."""

    documents_on: dt.date
    organization: str
    nationality: str


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """The public figures at the end of one session."""

    session: dt.date
    persons: int
    organizations: int
    nationalities: int


def session_for(documents_on: dt.date, sessions: Sequence[dt.date], *, days_before: int) -> dt.date:
    """Return the first session at least `days_before` days after complete papers arrived.

    `sessions` ascend. Raises ValueError if there is none.
    """
    for session in sessions:
        if session >= documents_on + dt.timedelta(days=days_before):
            return session
    raise ValueError(f"no session after {documents_on}")


def filing_days(
    session: dt.date, sessions: Sequence[dt.date], *, days_before: int, decision_days: int, last_day: dt.date
) -> tuple[dt.date, ...]:
    """Return the days, in order, on which papers may arrive that this session decides within the legal time.

    Days of sessions are left out: whether that day's papers are decided on the day is for the commission to say.
    """
    candidates = (session - dt.timedelta(days=days) for days in range(decision_days, days_before - 1, -1))
    return tuple(
        day
        for day in candidates
        if day <= last_day and day not in sessions and session_for(day, sessions, days_before=days_before) == session
    )


def expected_series(
    people: Iterable[Filed], sessions: Sequence[dt.date], *, days_before: int
) -> tuple[SeriesPoint, ...]:
    """Return the cumulative figures after every session, if each decides all that is due by then."""
    decided = [(session_for(person.documents_on, sessions, days_before=days_before), person) for person in people]
    points = []
    for session in sessions:
        done = [person for day, person in decided if day <= session]
        points.append(
            SeriesPoint(
                session=session,
                persons=len(done),
                organizations=len({person.organization for person in done}),
                nationalities=len({person.nationality for person in done}),
            )
        )
    return tuple(points)
