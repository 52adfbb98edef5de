"""The one objective, in integers, with its parts: what every stage maximises and every page explains."""

from dataclasses import dataclass

import numpy as np

from stations.deployment.optimizer.pairs import different_groups, traits_of
from stations.deployment.optimizer.params import Params
from stations.deployment.optimizer.problem import NONE, Flags, Ints, Problem
from stations.deployment.optimizer.route_ends import groups_of, surplus
from stations.deployment.optimizer.solution import OverseasPlan, Term, VisitPlan
from stations.deployment.optimizer.strata import planned_visits, target_points
from stations.deployment.optimizer.travel import legs


@dataclass(frozen=True, slots=True)
class Score:
    """An objective value and the terms that add up to it."""

    objective: int
    terms: tuple[Term, ...]


def _score(*terms: Term) -> Score:
    return Score(objective=sum(term.points for term in terms), terms=terms)


def _counted(name: str, count: int, points: int) -> Term:
    return Term(name=name, count=count, points=count * points)


def score_teams(problem: Problem, params: Params, pairs: Ints) -> Score:
    """Return the points of teams at home, pairs [t,2]."""
    weights = params.teams
    traits = traits_of(problem.observers, params)
    first, second = pairs[:, 0], pairs[:, 1]
    inside = int((traits.mission[first] == traits.mission[second]).sum())
    return _score(
        _counted("in_mission", inside, weights.in_mission),
        _counted("pooled", len(pairs) - inside, weights.pooled),
        *_quality(problem, params, first, second),
    )


def _quality(problem: Problem, params: Params, first: Ints, second: Ints) -> tuple[Term, ...]:
    people, weights = problem.observers, params.teams
    local = (people.language & params.languages.local) != 0
    mixed = int(different_groups(people.group, first, second).sum())
    return (
        _counted("local_language", int((local[first] | local[second]).sum()), weights.local_language),
        _counted(
            "experienced", int((people.experienced[first] | people.experienced[second]).sum()), weights.experienced
        ),
        _counted("mixed_gender", int((people.female[first] ^ people.female[second]).sum()), weights.mixed_gender),
        *([_counted("mixed_group", mixed, weights.mixed_group)] if weights.mixed_group else ()),
    )


def score_overseas(problem: Problem, params: Params, plan: OverseasPlan) -> Score:
    """Return the points of staffing abroad."""
    weights, people = params.overseas, problem.observers
    two = plan.observer[:, 1] >= 0
    first, second = plan.observer[two, 0], plan.observer[two, 1]
    at_home = people.residence[plan.observer] == plan.country[:, None]
    residents = int((at_home & (plan.observer >= 0)).any(1).sum())
    same = int((people.mission[first] == people.mission[second]).sum())
    return _score(
        _counted("country_staffed", len(np.unique(plan.country)), weights.first_team),
        _counted("pair", len(first), weights.pair),
        _counted("solo", len(two) - len(first), weights.solo),
        _counted("resident", residents, weights.resident),
        _counted("same_mission", same, weights.same_mission),
        *_quality(problem, params, first, second),
    )


def score_visits(problem: Problem, params: Params, area: Ints, visits: VisitPlan) -> Score:
    """Return the points of the visits, in metres: what stations and targets are worth, less the way driven.

    area [t] is the area of every team. A team drives from its area's base to its stations and back. Openings and
    closings that are more than the share of their place or stratum cost `spread` each.
    """
    base = area[visits.team]
    first, last = _ends(visits)
    metres = int(visit_metres(problem, params, area, visits).sum())
    worth = int(problem.stations.weight[visits.station].sum()) * params.routes.weight_metres
    terms = [
        Term(name="visits", count=len(visits.station), points=worth),
        Term(name="metres", count=metres, points=-metres),
    ]
    if len(problem.targets):
        planned = planned_visits(problem, visits.station)
        reached = int(np.minimum(planned, problem.targets.wanted).sum())
        points = target_points(problem, planned) * params.routes.weight_metres
        terms.append(Term(name="targets", count=reached, points=points))
    if params.routes.spread:
        groups, teams = groups_of(problem), np.bincount(base[first], minlength=len(problem.areas))
        ends = sum(surplus(groups, visits.station[end], teams[base[end]]) for end in (first, last))
        terms.append(_counted("ends_together", ends, -params.routes.spread))
    return _score(*terms)


def visit_metres(problem: Problem, params: Params, area: Ints, visits: VisitPlan) -> Ints:
    """Return the metres [v] driven to each visit, and home from it if it is the last of its team."""
    base = area[visits.team]
    first, last = _ends(visits)
    start = np.where(first, NONE, np.roll(visits.station, 1))
    metres, _ = legs(problem, params.routes, base, start, visits.station)
    back, _ = legs(problem, params.routes, base[last], visits.station[last], np.full(int(last.sum()), NONE))
    metres[last] += back
    return metres


def _ends(visits: VisitPlan) -> tuple[Flags, Flags]:
    """Return which visits are the first and which the last of their team."""
    first = np.r_[True, visits.team[1:] != visits.team[:-1]] if len(visits.team) else np.zeros(0, np.bool_)
    return first, np.r_[first[1:], True] if len(first) else first
