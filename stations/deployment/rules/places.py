"""Where a team may go: restricted and closed places, samples, other teams and missions, abroad (R15, R18, R21-R24)."""

from collections.abc import Iterator

from stations.deployment.rules.facts import PlanFacts, TeamFacts
from stations.deployment.rules.findings import Broken, broken
from stations.deployment.rules.limits import Limits
from stations.deployment.states import RestrictionLevel, TeamKind


def not_into_restricted_places(team: TeamFacts, plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R18 by the owner's own list: nobody where nobody goes, and elsewhere with the approval that is asked for."""
    if not plan.restrictions:
        return
    for visit in team.visits:
        if visit.constituency is None:
            continue
        for restriction in plan.restrictions.get(visit.constituency, ()):
            facts = {"place": restriction.name, "station": visit.station}
            if restriction.level is RestrictionLevel.NO_GO:
                yield broken("r18-no-go", facts, stations=[visit.station])
            elif restriction.level is RestrictionLevel.APPROVAL and not restriction.is_approved:
                yield broken("r18-approval-missing", facts, stations=[visit.station], who=restriction.approver)


def access_granted(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R18 by the register: every precondition of a special-access station has been granted to the owner."""
    seen = set()
    for visit in team.visits:
        for condition, who, why in visit.missing_access:
            if (visit.station, condition) not in seen:
                seen.add((visit.station, condition))
                facts = {"station": visit.station, "condition": condition, "who": who, "why": why}
                yield broken("r18-access-missing", facts, stations=[visit.station])


def in_use(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R15: what is seen must be open."""
    for station in dict.fromkeys(visit.station for visit in team.visits if visit.is_closed):
        yield broken("r15-station-closed", stations=[station], station=station)


def within_sample(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R21: once a sample is locked, visits go to its stations; who replaces one takes the next of the reserve."""
    for station in dict.fromkeys(visit.station for visit in team.visits if visit.is_outside_sample):
        yield broken("r21-outside-sample", stations=[station], station=station)


def each_station_once(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R22."""
    for visit in team.visits:
        if visit.times_in_stage > 1:
            yield broken("r22-station-twice", stations=[visit.station], station=visit.station, stage=visit.kind.value)


def away_from_other_missions(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R23, among missions that agreed to it; which mission it is is not said."""
    for station in dict.fromkeys(visit.station for visit in team.visits if visit.is_of_other_mission):
        yield broken("r23-other-mission-there", stations=[station], station=station)


def abroad(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R24: somebody who lives there, and no national of the country."""
    if team.kind is not TeamKind.OVERSEAS:
        return
    for member in team.members:
        if team.country in member.nationalities:
            yield broken("r24-own-country", people=[member.key], name=member.name, country=team.country)
    if team.members and all(member.residence != team.country for member in team.members):
        people = [member.key for member in team.members]
        yield broken("r24-not-resident", people=people, country=team.country)
