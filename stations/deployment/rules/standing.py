"""Whether people may be where the plan sends them: accreditation, stay, areas, fixed teams (R07, R08, R13, R14)."""

from collections.abc import Iterator

from stations.deployment.rules.facts import PlanFacts, TeamFacts
from stations.deployment.rules.findings import Broken, broken
from stations.deployment.rules.limits import Limits
from stations.deployment.states import TeamKind


def accredited(team: TeamFacts, plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R07: from the first minute of the day or the first visit until the last one ends; and with a card."""
    begin = min([plan.e_day_begins, *(visit.arrives_at for visit in team.visits)])
    end = max([plan.e_day_begins, *(visit.leaves_at for visit in team.visits)])
    for member in team.members:
        if member.accredited_from is None:
            yield broken("r07-not-accredited", people=[member.key], name=member.name)
            continue
        if member.accredited_from > begin:
            yield broken("r07-accredited-later", people=[member.key], name=member.name)
        elif plan.accreditations_end is not None and plan.accreditations_end < end:
            yield broken("r07-accreditation-over", people=[member.key], name=member.name)
        if not member.has_card:
            yield broken("r07-no-card", people=[member.key], name=member.name)


def not_booked_elsewhere(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R08; it is not said by which plan."""
    for member in team.members:
        if member.is_booked_elsewhere:
            yield broken("r08-double-booked", people=[member.key], name=member.name)


def supervised(team: TeamFacts, plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R13: a team at home belongs to one area and stays in it; a long-term team looks after it where there are any."""
    if team.kind is TeamKind.OVERSEAS:
        return
    if not team.has_area:
        yield broken("r13-no-area")
    elif plan.has_long_term_teams and not team.is_supervised:
        yield broken("r13-area-not-supervised")
    if team.constituencies:
        for visit in team.visits:
            if visit.constituency not in team.constituencies:
                yield broken("r13-visit-outside-area", stations=[visit.station], station=visit.station)


def within_stay(team: TeamFacts, plan: PlanFacts, limits: Limits) -> Iterator[Broken]:
    """R13: short-term observers work around election day only, and everybody at home while in the country."""
    offset = (team.day - plan.e_day).days if team.day is not None else 0
    short_term = team.kind is not TeamKind.LONG_TERM
    if team.day is not None and short_term and not limits.stay.first_day <= offset <= limits.stay.last_day:
        yield broken("r13-outside-short-term", day=team.day)
    if team.kind is TeamKind.OVERSEAS:
        return
    day = team.day or plan.e_day
    for member in team.members:
        late = member.arrives_on is not None and member.arrives_on > day
        gone = member.departs_on is not None and member.departs_on < day
        if late or gone:
            yield broken("r13-not-in-country", people=[member.key], name=member.name, day=day)


def fixed_teams(team: TeamFacts, plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R14: while teams are fixed, whoever works with others than in the released plan changes teams."""
    if plan.partners_before is None:
        return
    keys = frozenset(member.key for member in team.members)
    for member in team.members:
        if plan.partners_before.get(member.key) != keys - {member.key}:
            yield broken("r14-changed-on-the-day", people=[member.key], name=member.name)
