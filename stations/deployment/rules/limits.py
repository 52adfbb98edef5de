"""The numbers of a profile: of a day, a stay and a whole plan. The optimizer plans with the same ones."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DayRules:
    """How a team's election day runs.

    It arrives at its first station `early` before opening and stays `visit` after it; every other visit lasts at
    least `visit`; it is at its last station `before_closing` at the latest and stays for the count. A meal of `meal`
    (nothing: none) begins between `meal_from` and `meal_until`. No way between two visits is longer than
    `longest_leg`, all of a day not longer than `longest_drive`. Night is from `night_from` to `night_until`, by the
    clocks of the place.
    """

    early: dt.timedelta = dt.timedelta(minutes=30)
    visit: dt.timedelta = dt.timedelta(minutes=30)
    before_closing: dt.timedelta = dt.timedelta(minutes=30)
    count: dt.timedelta = dt.timedelta(hours=2)
    fewest_visits: int = 8
    most_visits: int = 12
    meal: dt.timedelta = dt.timedelta()
    meal_from: dt.time = dt.time(11)
    meal_until: dt.time = dt.time(15)
    longest_leg: dt.timedelta = dt.timedelta(minutes=60)
    longest_drive: dt.timedelta = dt.timedelta(minutes=240)
    night_from: dt.time = dt.time(21)
    night_until: dt.time = dt.time(6)


@dataclass(frozen=True, slots=True)
class StayRules:
    """On which days around election day short-term observers may work (offsets in days, both included).

    Between two days of work they rest at least `rest`. From the start of election day teams are fixed for `fixed`.
    """

    first_day: int = -3
    last_day: int = 2
    rest: dt.timedelta = dt.timedelta(hours=11)
    fixed: dt.timedelta = dt.timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class BalanceLimits:
    """What is wanted of a whole plan, in per cent.

    At most `sending_state_percent` of the short-term observers come from one state. A stratum of which a draw would
    meet `stratum_expected` stations is missed where the plan visits less than `stratum_percent` of those.
    """

    sending_state_percent: int = 10
    stratum_percent: int = 50
    stratum_expected: int = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """All of them."""

    day: DayRules = DayRules()
    stay: StayRules = StayRules()
    balance: BalanceLimits = BalanceLimits()
