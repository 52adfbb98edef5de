"""Every number that planning uses: what a station is worth, how a day runs, and what the solver is given."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from stations.deployment.optimizer.params import AreaParams, LanguageParams, Params, RouteParams, TeamParams
from stations.deployment.optimizer.problem import Flags, Ints
from stations.deployment.rules.limits import BalanceLimits, DayRules
from stations.deployment.states import PlanQuality

#: Points for a team that stays where the version before sent it: more than any place is worth, so that planning again
#: moves nobody for a gain. Who wants the gain plans anew.
_STAY = 100_000


@dataclass(frozen=True, slots=True)
class StationWeights:
    """What visiting a station is worth, in points.

    A base, up to `most_voter_points` by size, less where a camera watches, more in the country, where fewer
    observers go; stations in newly covered territory come before all others. On top comes a draw, per station and
    per constituency, below `station_draw` and `constituency_draw`: without it everybody who has the register could
    work out where a mission goes, and all missions would go to the same places. The pool adds `quiet` where no
    mission's released plan sends anybody, a mission by the bands of crowding that it is told. `sampled` comes on top
    for the stations of a locked sample, which are to be visited before all others.
    """

    base: int = 80
    voters_per_point: int = 75
    most_voter_points: int = 20
    camera_permille: int = 600
    rural: int = 10
    newly_covered: int = 1000
    station_draw: int = 30
    constituency_draw: int = 20
    quiet: int = 60
    sampled: int = 1_000

    def of(self, voters: Ints, camera: Flags, urban: Flags, newly_covered: Flags) -> Ints:
        """Return the weights of stations given as columns of equal length, without the draw."""
        weight = self.base + np.minimum(voters // self.voters_per_point, self.most_voter_points)
        weight = np.where(camera, weight * self.camera_permille // 1000, weight)
        weight = weight + np.where(urban, 0, self.rural)
        return np.where(newly_covered, self.newly_covered, weight).astype(np.int64)

    def drawn(self, constituency: Ints, newly_covered: Flags, key: Sequence[int]) -> Ints:
        """Return what the draw adds to each station, equal for an equal key; nothing in newly covered territory.

        `constituency` is the number (from 0) of each station's constituency.
        """
        rng = np.random.default_rng(list(key))
        places = int(constituency.max(initial=-1)) + 1
        of_place = rng.integers(0, self.constituency_draw + 1, places)
        of_station = rng.integers(0, self.station_draw + 1, len(constituency))
        return np.where(newly_covered, 0, of_place[constituency] + of_station).astype(np.int64)


class Stratum(StrEnum):
    """A kind of station that shall have its share of the visits; one station may be of several."""

    RURAL = "rural"
    URBAN = "urban"
    CAMERA = "camera"
    NEWLY_COVERED = "newly_covered"


@dataclass(frozen=True, slots=True)
class StratumShares:
    """How many visits each stratum shall have at least: thousandths of what falls to it by its number of stations.

    0 sets no target of its own; what the rules ask for a stratum is wanted in any case (`stratum_targets`). A visit
    that is missing costs `points` of station weight, so a target gives way where it would cost more than that.
    """

    rural: int = 900
    urban: int = 900
    camera: int = 300
    newly_covered: int = 1_000
    points: int = 90

    def of(self, stratum: Stratum) -> int:
        """Return the share of one stratum."""
        return {
            Stratum.RURAL: self.rural,
            Stratum.URBAN: self.urban,
            Stratum.CAMERA: self.camera,
            Stratum.NEWLY_COVERED: self.newly_covered,
        }[stratum]


@dataclass(frozen=True, slots=True)
class PlanParameters:
    """All of them. `memory_mb` caps the address space of each planning process.

    `balance` are the limits by which the plan will be judged. `alone_abroad`: one observer may be sent to a station
    abroad where there is no second one for it. `mixed_groups`: the rules ask for teams of different political groups;
    where they do not, nobody's group is looked at.
    """

    weights: StationWeights = field(default_factory=StationWeights)
    strata: StratumShares = field(default_factory=StratumShares)
    day: DayRules = field(default_factory=DayRules)
    balance: BalanceLimits = field(default_factory=BalanceLimits)
    quality: PlanQuality = PlanQuality.FAST
    alone_abroad: bool = False
    mixed_groups: bool = False
    memory_mb: int = 6_144


DEFAULTS = PlanParameters()


#: Points for a pair of two political groups where the rules ask for mixed ones: about what experience is worth, and
#: far below what a pair is.
_MIXED_GROUP = 30
#: What the solver may drive for one opening or closing at a place, or in a stratum, that has fewer of them.
_SPREAD_METRES = 3_000


def short_term_params(
    parameters: PlanParameters, languages: LanguageParams, opens_at: dt.time, closes_at: dt.time
) -> Params:
    """Parameters of the solve that gives short-term teams their stations.

    The solver's day begins at opening: what comes before belongs to the first visit and is added to the timetable.
    Its last visit may begin `before_closing`, so the window ends a whole visit after that. A meal that may begin until
    `meal_until` ends that much later.
    """
    day = parameters.day
    window_end = seconds_of(closes_at) - _seconds(day.before_closing) + _seconds(day.visit)
    routes = RouteParams(
        window_start=seconds_of(opens_at),
        window_end=window_end,
        service=_seconds(day.visit),
        max_stops=day.most_visits,
        quality=parameters.quality.value,
        meal=_seconds(day.meal),
        meal_earliest=seconds_of(day.meal_from),
        meal_latest=seconds_of(day.meal_until) + _seconds(day.meal),
        max_leg=_seconds(day.longest_leg),
        max_drive=_seconds(day.longest_drive),
        spread=_SPREAD_METRES,
    )
    return Params(languages=languages, teams=_teams(parameters), areas=AreaParams(keep=_STAY), routes=routes)


def long_term_params(parameters: PlanParameters, languages: LanguageParams) -> Params:
    """Parameters of the solve that gives long-term teams their regions; its visits are not used.

    The solver's stations are constituencies here. One visit stands for one, and no mission can crowd a region.
    """
    return Params(
        languages=languages,
        teams=_teams(parameters),
        areas=AreaParams(concentration=0, revisit_permille=(1000,), keep=_STAY),
        routes=RouteParams(max_stops=1),
    )


def _teams(parameters: PlanParameters) -> TeamParams:
    return TeamParams(mixed_group=_MIXED_GROUP if parameters.mixed_groups else 0)


def seconds_of(time: dt.time) -> int:
    """Seconds after local midnight."""
    return time.hour * 3600 + time.minute * 60 + time.second


def _seconds(span: dt.timedelta) -> int:
    return int(span.total_seconds())
