"""Pure rules of moving election day: which days it may move to, and where its steps and deadlines come to lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from missions.kernel.errors import DomainError
from missions.law.calendar import deadline_instant, local_instant
from missions.law.rules import Deadline, RuleProfile
from missions.timeline.moving.errors import ElectionDayOrderError, ElectionDayPastError, ElectionDaySameError


@dataclass(frozen=True, slots=True)
class VoteDays:
    """The days that a vote lies between: its call, the vote that it follows, and the first of those that follow it."""

    e_day: date
    called_on: date | None
    before: date | None
    after: date | None
    opens_at: time
    zone: str


def day_refusal(days: VoteDays, new_day: date, *, at: datetime) -> DomainError | None:
    """Why election day may not become this one; None if it may."""
    if new_day == days.e_day:
        return ElectionDaySameError()
    if local_instant(new_day, days.opens_at, days.zone) <= at:
        return ElectionDayPastError()
    is_early = any(day is not None and new_day <= day for day in (days.called_on, days.before))
    if is_early or (days.after is not None and new_day >= days.after):
        return ElectionDayOrderError()
    return None


class Course(StrEnum):
    """What a move makes of a deadline, as seen at the instant of the move."""

    MOVES = "moves"
    IS_OVER = "is_over"
    REOPENS = "reopens"
    STAYS_OVER = "stays_over"


@dataclass(frozen=True, slots=True)
class MovedDeadline:
    """A deadline of the law before and after the move."""

    deadline: Deadline
    was: datetime
    becomes: datetime
    course: Course


def moved_deadlines(profile: RuleProfile, *, e_day: date, new_day: date, at: datetime) -> Iterator[MovedDeadline]:
    """Every deadline of the profile that hangs on election day, by its code. Those with a fixed day stay."""
    for deadline in sorted(profile.deadlines, key=lambda row: row.code):
        was, becomes = deadline_instant(deadline, e_day=e_day), deadline_instant(deadline, e_day=new_day)
        if was != becomes:
            yield MovedDeadline(deadline, was, becomes, _course(was, becomes, at))


def _course(was: datetime, becomes: datetime, at: datetime) -> Course:
    if becomes <= at:
        return Course.STAYS_OVER if was <= at else Course.IS_OVER
    return Course.REOPENS if was <= at else Course.MOVES
