"""Who may be together in a team: number, nationalities, languages, experience, papers (R01-R06, R10-R12, R32)."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from stations.deployment.rules.facts import MemberFacts, PlanFacts, TeamFacts
from stations.deployment.rules.findings import Broken, broken
from stations.deployment.rules.limits import Limits
from stations.deployment.states import TeamKind

_PAIR = 2


def two_observers(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R01."""
    if len(team.members) != _PAIR:
        yield broken("r01-two-observers", people=_keys(team.members), count=len(team.members))


def different_countries(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R02: any nationality in common counts, second ones too."""
    for pair in pairwise(team.members):
        common = pair[0].nationalities & pair[1].nationalities
        if common:
            countries = ", ".join(sorted(common))
            yield broken("r02-common-nationality", people=_keys(pair), names=_names(pair), countries=countries)


def no_host_nationals(team: TeamFacts, plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R03: where the law of the host excludes its nationals; where it is not known, that is said."""
    if plan.host_citizens_excluded is False:
        return
    code = "r03-law-unknown" if plan.host_citizens_excluded is None else "r03-host-national"
    for member in team.members:
        if plan.host_country in member.nationalities:
            yield broken(code, people=[member.key], name=member.name)


def not_in_listed_places(team: TeamFacts, plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R04, by the owner's own list: nationals of listed states are not sent to the places listed with them.

    A long-term team looks after an area: it need not go to a listed part of it, unless all of it is listed.
    """
    if team.kind is TeamKind.OVERSEAS:
        return
    is_long_term = team.kind is TeamKind.LONG_TERM
    sent = team.constituencies if is_long_term else team.places
    for member in team.members:
        for country in sorted(member.nationalities & plan.listed.keys()):
            barred = plan.listed[country]
            met = sent & barred if barred else sent
            need_not_go = is_long_term and met != sent
            if not barred or (met and not need_not_go):
                place = ", ".join(sorted(plan.place_names.get(key, str(key)) for key in met)) or team.place
                yield broken(
                    "r04-listed-nationality", people=[member.key], name=member.name, country=country, place=place
                )


def papers_signed(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R05. Whoever is not accredited any more has no papers to look at."""
    for member in team.members:
        if member.unsigned and member.accredited_from is not None:
            papers = ", ".join(member.unsigned)
            yield broken("r05-papers-missing", people=[member.key], name=member.name, papers=papers)


def no_other_status(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R06. Which status it is stands on a list of the host, and is not for the mission to read."""
    for member in team.members:
        if member.has_other_status:
            yield broken("r06-other-status", people=[member.key], name=member.name)


def mixed_sexes(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R10 for one team."""
    known = {member.sex for member in team.members}
    if len(team.members) == _PAIR and len(known) == 1 and known <= {"f", "m"}:
        yield broken("r10-same-sex", people=_keys(team.members), names=_names(team.members))


def somebody_experienced(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R11."""
    if team.members and not any(member.is_experienced for member in team.members):
        yield broken("r11-no-experience", people=_keys(team.members), names=_names(team.members))


def languages(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R12: one language in common, and one that is spoken where the team works, if that is known.

    An interpreter brings the languages of the place, if somebody of the team speaks one of theirs.
    """
    if not team.members:
        return
    spoken = [member.languages for member in team.members]
    if len(team.members) > 1 and not frozenset.intersection(*spoken):
        yield broken("r12-no-shared-language", people=_keys(team.members), names=_names(team.members))
    known = frozenset.union(*spoken)
    known |= team.interpreter if known & team.interpreter else frozenset()
    if team.languages and not known & team.languages:
        needed = ", ".join(sorted(team.languages))
        yield broken("r12-no-local-language", people=_keys(team.members), place=team.place, languages=needed)


def mixed_groups(team: TeamFacts, _plan: PlanFacts, _limits: Limits) -> Iterator[Broken]:
    """R32: two of one political group; where a group was not named, the delegations stand for the groups."""
    for pair in pairwise(team.members):
        groups = [member.political_group for member in pair]
        if all(groups):
            if groups[0].casefold() == groups[1].casefold():
                yield broken("r32-same-group", people=_keys(pair), names=_names(pair), group=groups[0])
        elif pair[0].delegation and pair[0].delegation == pair[1].delegation:
            yield broken("r32-same-delegation", people=_keys(pair), names=_names(pair), delegation=pair[0].delegation)


def _keys(members: Sequence[MemberFacts]) -> list[int]:
    return [member.key for member in members]


def _names(members: Sequence[MemberFacts]) -> str:
    return ", ".join(member.name for member in members)
