"""All rules in one call: the facts of a plan and a profile in, findings out."""

from collections.abc import Callable, Iterator
from typing import Final

from stations.deployment.rules import balance, days, people, places, standing
from stations.deployment.rules.facts import Balance, PlanFacts, TeamFacts
from stations.deployment.rules.findings import Broken, Finding
from stations.deployment.rules.limits import Limits
from stations.deployment.rules.profile import DeploymentProfile
from stations.deployment.states import RuleStrength

TeamRule = Callable[[TeamFacts, PlanFacts, Limits], Iterator[Broken]]
PlanRule = Callable[[Balance, Limits], Iterator[Broken]]

TEAM_RULES: Final[tuple[TeamRule, ...]] = (
    people.two_observers,
    people.different_countries,
    people.no_host_nationals,
    people.not_in_listed_places,
    people.papers_signed,
    people.no_other_status,
    standing.accredited,
    standing.not_booked_elsewhere,
    people.mixed_sexes,
    people.somebody_experienced,
    people.languages,
    standing.supervised,
    standing.within_stay,
    standing.fixed_teams,
    days.on_election_day,
    days.opening_to_count,
    places.in_use,
    days.one_after_the_other,
    days.long_enough,
    days.within_travel_limits,
    days.no_night_driving,
    places.not_into_restricted_places,
    places.access_granted,
    days.rested,
    places.within_sample,
    places.each_station_once,
    places.away_from_other_missions,
    places.abroad,
    people.mixed_groups,
)
PLAN_RULES: Final[tuple[PlanRule, ...]] = (
    balance.sending_states,
    balance.women_and_men,
    balance.strata,
    balance.political_groups,
)


def judge(facts: PlanFacts, profile: DeploymentProfile) -> tuple[Finding, ...]:
    """Every broken rule that the profile does not switch off: of each team in turn, then of the whole plan.

    The time is linear in people and visits. What concerns the whole plan is judged where its balance is given.
    """
    found = [
        _finding(broken, profile, team.number)
        for team in facts.teams
        for rule in TEAM_RULES
        for broken in rule(team, facts, profile.limits)
    ]
    if facts.balance is not None:
        found += [_finding(broken, profile) for rule in PLAN_RULES for broken in rule(facts.balance, profile.limits)]
    return tuple(finding for finding in found if finding.strength is not RuleStrength.OFF)


def _finding(broken: Broken, profile: DeploymentProfile, team: int | None = None) -> Finding:
    strength = profile.strengths[broken.code]
    return Finding(broken.code, strength, team, broken.evidence, broken.people, broken.stations)
