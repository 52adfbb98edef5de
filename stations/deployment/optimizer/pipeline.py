"""The whole solve: overseas, then teams, then areas, then routes. Arrays in, plan and bounds out."""

import time
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

import numpy as np

from stations.deployment.optimizer.area_score import full_days, score_areas
from stations.deployment.optimizer.areas import AreaAnswer, allocate_areas, why_unplaced
from stations.deployment.optimizer.bounds import teams_bound
from stations.deployment.optimizer.clock import Deadline
from stations.deployment.optimizer.crews import team_missions
from stations.deployment.optimizer.feedback import merged, realised_stops, touched
from stations.deployment.optimizer.helpers import Helpers, started
from stations.deployment.optimizer.limits import Placed, limits_of
from stations.deployment.optimizer.overseas import staff_overseas
from stations.deployment.optimizer.params import Params, ParamsError
from stations.deployment.optimizer.pins import check_pins
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem
from stations.deployment.optimizer.progress import Listener, Progress
from stations.deployment.optimizer.replan import freed, replan_of, standing
from stations.deployment.optimizer.route_bounds import routes_bound
from stations.deployment.optimizer.route_pins import check_pinned_days
from stations.deployment.optimizer.route_targets import towards_targets
from stations.deployment.optimizer.routes import RouteAnswer, Search, plan_routes
from stations.deployment.optimizer.score import (
    Score,
    score_overseas,
    score_teams,
    score_visits,
)
from stations.deployment.optimizer.solution import (
    Idle,
    OverseasPlan,
    Reason,
    Replan,
    Solution,
    StageResult,
    Status,
    TeamPlan,
)
from stations.deployment.optimizer.strata import are_whole_areas, planned_visits, target_bound, target_points
from stations.deployment.optimizer.targets import reweighted, target_prices
from stations.deployment.optimizer.teams import form_teams, kept_pairs

_LARGE: Final = {"fast": 10_000, "best": 1_000}
"""So many teams times stations of an area take about a second, as long as another process takes to start."""


def solve(
    problem: Problem,
    params: Params,
    *,
    seed: int = 0,
    deadline_s: float | None = None,
    workers: int = 1,
    progress: Listener | None = None,
) -> Solution:
    """Plan one mission, or one pool of missions.

    Guarantees every rule that `check.violations` knows, and that every observer is in exactly one of overseas,
    teams and idle observers. Equal for equal problem, params, seed and library versions, whatever `workers`.
    The soft deadline in seconds: when it is over, what remains is done by quick methods and the stage says
    `deadline`. Of a problem that is large enough, so many `workers` plan the routes: this process and others that are
    started for the time of the solve. Raises `ProblemError`
    (`PinError` for a pin that cannot hold) or `ParamsError` before any work.
    """
    _check(problem, params, seed)
    with started(workers - 1 if _is_large(problem, params) else 0, partial(Search, params.routes)) as others:
        run = _Run(problem, params, Deadline.after(deadline_s), progress or _ignore, others)
        overseas, abroad = run.overseas()
        available = np.ones(len(problem.observers), np.bool_)
        available[overseas.observer[overseas.observer >= 0]] = False
        pairs, formed = run.teams(available, seed)
        placing = run.placing(overseas, pairs)
    idle = _idle_observers(problem, params, available, pairs)
    placed = Placed(
        overseas=overseas,
        pairs=pairs,
        area=placing.answer.area,
        taking_part=placing.answer.taking_part,
        stops=placing.stops,
        idle=idle.index,
        visited=placing.routed.visits.station,
        no_road=placing.routed.unreachable,
    )
    return Solution(
        overseas=overseas,
        teams=TeamPlan(observer=pairs, mission=team_missions(problem, pairs), area=placed.area),
        visits=placing.routed.visits,
        idle_observers=idle,
        idle_teams=_idle_teams(problem, placing.answer, placing.routed, pairs),
        stages=(abroad, formed, *placing.stages),
        replan=placing.replan,
        bindings=limits_of(problem, params, placed),
    )


def _check(problem: Problem, params: Params, seed: int) -> None:
    problem.validate()
    params.validate()
    if seed < 0:
        raise ParamsError(code="params-range", field="seed")
    check_pins(problem, params)
    check_pinned_days(problem, params)


def _is_large(problem: Problem, params: Params) -> bool:
    """Whether the routes take longer than starting a process: teams at home times the stations that each may visit."""
    most = len(problem.observers) // 2 * len(problem.stations) // max(1, len(problem.areas))
    return most >= _LARGE[params.routes.quality]


@dataclass(frozen=True, slots=True)
class _Placing:
    """Areas and routes: both answers, what a team was counted for in each area, and how both stages ended."""

    answer: AreaAnswer
    routed: RouteAnswer
    replan: Replan
    stops: Ints
    stages: tuple[StageResult, StageResult]


def _ignore(_: Progress) -> None:
    return None


class _Run:
    """The stages of one solve, each timed and reported.

    `priced` is the problem with the prices of its targets; routes are searched with `prices` of their own, as nothing
    that they choose changes the visits to a stratum of whole areas.
    """

    def __init__(
        self, problem: Problem, params: Params, deadline: Deadline, progress: Listener, others: Helpers | None
    ) -> None:
        self.problem, self.params, self.deadline, self.progress = problem, params, deadline, progress
        self.others = others
        self.priced, self.prices = problem, np.zeros(len(problem.targets), np.int64)
        self.route_priced = problem

    def overseas(self) -> tuple[OverseasPlan, StageResult]:
        """Staff the stations abroad from all who live abroad and whom no pair at home holds."""
        self.progress(Progress("overseas", 0, 1))
        begun = time.perf_counter()
        free = freed(self.problem, standing(self.problem, self.params))
        answer = staff_overseas(self.problem, self.params, free, deadline=self.deadline)
        seconds = time.perf_counter() - begun
        score = score_overseas(self.problem, self.params, answer.plan)
        self.progress(Progress("overseas", 1, 1))
        return answer.plan, _result("overseas", answer.status, score, answer.bound, seconds)

    def teams(self, available: Flags, seed: int) -> tuple[Ints, StageResult]:
        """Pair the others, then bound what was possible."""
        self.progress(Progress("teams", 0, 1))
        begun = time.perf_counter()
        pairs = form_teams(self.problem, self.params, available, seed=seed, deadline=self.deadline)
        seconds = time.perf_counter() - begun
        begun = time.perf_counter()
        kept = kept_pairs(self.problem, self.params, available)
        others = available.copy()
        others[kept.ravel()] = False
        bound = score_teams(self.problem, self.params, kept).objective + teams_bound(self.problem, self.params, others)
        score = score_teams(self.problem, self.params, pairs)
        result = _result("teams", Status.FEASIBLE, score, bound, seconds)
        self.progress(Progress("teams", 1, 1))
        return pairs, replace(result, bound_seconds=time.perf_counter() - begun)

    def placing(self, away: OverseasPlan, pairs: Ints) -> _Placing:
        """Place the teams and plan their days; once more if days turn out shorter than the areas were counted for."""
        stops = full_days(self.problem, self.params)
        prices = target_prices(self.problem, self.params, pairs, stops, deadline=self.deadline)
        self.priced = reweighted(self.problem, prices)
        self.prices = np.where(are_whole_areas(self.problem), 0, prices)
        self.route_priced = reweighted(self.problem, self.prices)
        first = self._place(away, pairs, stops, None)
        stops = realised_stops(self.problem, self.params, first.answer.area, first.routed.visits)
        if first.routed.cut_short or (stops == first.stops).all():
            return self._bounded(first)
        second = self._place(away, pairs, stops, first)
        return self._bounded(second if self._worth(pairs, second) > self._worth(pairs, first) else first)

    def _bounded(self, placing: _Placing) -> _Placing:
        """The same with the bound of its routes."""
        begun = time.perf_counter()
        area, visits = placing.answer.area, placing.routed.visits
        routes = self.params.routes
        bound = routes_bound(self.route_priced, self.params, area, visits, self.deadline, self.others)
        bound += target_bound(self.problem, self.prices, area, routes.max_stops) * routes.weight_metres
        allocated, driven = placing.stages
        reached = bound == driven.objective and driven.status is not Status.EMPTY
        status = Status.OPTIMAL if reached else driven.status
        driven = replace(driven, bound=bound, status=status, bound_seconds=time.perf_counter() - begun)
        return replace(placing, stages=(allocated, driven))

    def _place(self, away: OverseasPlan, pairs: Ints, stops: Ints, before: _Placing | None) -> _Placing:
        answer, allocated = self._areas(pairs, stops)
        replan = replan_of(self.problem, self.params, away, pairs, answer.area)
        routed, driven = self._routes(answer.area, replan.team, before)
        return _Placing(answer=answer, routed=routed, replan=replan, stops=stops, stages=(allocated, driven))

    def _worth(self, pairs: Ints, placing: _Placing) -> int:
        """The weight of the stations visited, and what the areas give beside it."""
        answer = placing.answer
        score = score_areas(self.problem, self.params, pairs, answer.area, answer.taking_part)
        beside = sum(term.points for term in score.terms if term.name != "coverage")
        station = placing.routed.visits.station
        worth = int(self.problem.stations.weight[station].sum())
        return beside + worth + target_points(self.problem, planned_visits(self.problem, station))

    def _areas(self, pairs: Ints, stops: Ints) -> tuple[AreaAnswer, StageResult]:
        self.progress(Progress("areas", 0, 1))
        begun = time.perf_counter()
        answer = allocate_areas(self.priced, self.params, pairs, stops=stops)
        seconds = time.perf_counter() - begun
        score = score_areas(self.priced, self.params, pairs, answer.area, answer.taking_part, stops=stops)
        self.progress(Progress("areas", 1, 1))
        return answer, _result("areas", Status.FEASIBLE, score, answer.optimum, seconds)

    def _routes(self, area: Ints, continues: Ints, before: _Placing | None) -> tuple[RouteAnswer, StageResult]:
        """Plan the day of every team, or only in areas that changed since `before`. The bound comes later."""
        begun = time.perf_counter()
        changed = np.ones(len(self.problem.areas) + 1, np.bool_)
        if before is not None:
            changed[:-1] = touched(self.problem, before.answer.area, area)
        answer = plan_routes(
            self.route_priced,
            self.params,
            np.where(changed[area], area, NONE),
            continues=continues,
            deadline=self.deadline,
            helpers=self.others,
            tick=lambda done, of: self.progress(Progress("routes", done, of)),
        )
        if before is not None:
            answer = merged(before.routed, answer, area, changed[:-1], self.problem.stations.area)
        answer = towards_targets(self.problem, self.params, area, answer, continues=continues, deadline=self.deadline)
        seconds = time.perf_counter() - begun
        score = score_visits(self.problem, self.params, area, answer.visits)
        worth = sum(term.points for term in score.terms if term.points > 0)
        status = Status.DEADLINE if answer.cut_short else Status.FEASIBLE
        return answer, _result("routes", status, score, worth, seconds)


def _result(stage: str, status: Status, score: Score, bound: int, seconds: float) -> StageResult:
    if not any(term.count for term in score.terms):
        status = Status.EMPTY
    elif score.objective == bound:
        status = Status.OPTIMAL
    return StageResult(
        stage=stage,
        status=status,
        objective=score.objective,
        bound=bound,
        seconds=seconds,
        bound_seconds=0.0,
        terms=score.terms,
    )


def _idle_observers(problem: Problem, params: Params, available: Flags, pairs: Ints) -> Idle:
    free = available.copy()
    free[pairs.ravel()] = False
    index = np.flatnonzero(free)
    mute = (problem.observers.language[index] & params.languages.working) == 0
    return Idle(index=index, reason=tuple(Reason.NO_LANGUAGE if one else Reason.NO_PARTNER for one in mute.tolist()))


def _idle_teams(problem: Problem, placed: AreaAnswer, routed: RouteAnswer, pairs: Ints) -> Idle:
    index, reasons = why_unplaced(problem, placed, pairs)
    every = [*zip(index.tolist(), reasons, strict=True)]
    every += [(team, Reason.NO_STATION) for team in routed.without_station.tolist()]
    every.sort()
    return Idle(index=np.array([team for team, _ in every], np.int64), reason=tuple(reason for _, reason in every))
