"""What changes from one version of a plan to the next, team by team, in words. Pure: values in, changes out."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stations.deployment.states import VisitKind


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """Somebody's place in a team of a version."""

    observer_id: int
    mission_id: int
    name: str
    is_leader: bool


@dataclass(frozen=True, slots=True)
class StopSeen:
    """A visit of a team in a version."""

    code: str
    kind: VisitKind
    arrives_at: dt.datetime
    leaves_at: dt.datetime


@dataclass(frozen=True, slots=True)
class TeamSeen:
    """A team as one version has it: `place` is where it works in words, `area` the area that it belongs to.

    A long-term team works in its whole area, and has no other place. `supervisors` are the long-term teams of the
    area, their numbers by their keys.
    """

    key: UUID
    number: int
    place: str
    area: str
    members: tuple[MemberSeen, ...]
    stops: tuple[StopSeen, ...]
    supervisors: Mapping[UUID, int] = field(default_factory=dict)

    @property
    def people(self) -> frozenset[int]:
        return frozenset(member.observer_id for member in self.members)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different: a stable code, the number of the team in the later version, and the sentence.

    `mission_ids` are the missions with people in the team, before or after.
    """

    code: str
    number: int
    sentence: str
    mission_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Horizon:
    """What a reader of one version may not see of the other: teams that are there and out of sight.

    Of those it is told only who of the reader's own missions has left or joined them.
    """

    hidden_before: frozenset[UUID] = frozenset()
    hidden_after: frozenset[UUID] = frozenset()
    own_missions: frozenset[int] = frozenset()


def changes_between(
    before: Sequence[TeamSeen], after: Sequence[TeamSeen], horizon: Horizon | None = None
) -> tuple[Change, ...]:
    """Everything that differs, by the number of the team. A team is followed by its key, or else by its people."""
    horizon = horizon or Horizon()
    pairs = _pairs(before, after)
    followed = {earlier.key for earlier in pairs.values()}
    changes = [
        *(change for later in after for change in _changes_of(pairs.get(later.key), later, horizon)),
        *(_gone(team, horizon) for team in before if team.key not in followed),
    ]
    return tuple(sorted(changes, key=lambda change: change.number))


def _pairs(before: Sequence[TeamSeen], after: Sequence[TeamSeen]) -> dict[UUID, TeamSeen]:
    """The earlier team of each later one, by the key of the later one."""
    by_key = {team.key: team for team in before}
    pairs = {team.key: by_key[team.key] for team in after if team.key in by_key}
    taken = {team.key for team in pairs.values()}
    by_people = {team.people: team for team in before if team.key not in taken and team.members}
    for team in after:
        if team.key not in pairs and team.people in by_people:
            pairs[team.key] = by_people.pop(team.people)
    return pairs


def _changes_of(earlier: TeamSeen | None, later: TeamSeen, horizon: Horizon) -> Iterator[Change]:
    missions = frozenset(member.mission_id for team in (earlier, later) if team for member in team.members)
    if earlier is not None:
        for code, sentence in _differences(earlier, later):
            yield Change(code, later.number, sentence, missions)
    elif later.key in horizon.hidden_before:
        yield _crossing("member_joined", later, _("Team %(number)d: %(people)s joins"), horizon)
    else:
        yield Change("team_new", later.number, _new(later), missions)


def _differences(earlier: TeamSeen, later: TeamSeen) -> Iterator[tuple[str, str]]:
    facts = {"number": later.number, "before": earlier.number}
    if earlier.number != later.number:
        yield "team_renumbered", _("Team %(before)d is now team %(number)d") % facts
    yield from _of_members(earlier, later)
    if earlier.place != later.place:
        places = {"number": later.number, "old": earlier.place, "new": later.place}
        yield "team_moved", _("Team %(number)d moves from %(old)s to %(new)s") % places
        return
    yield from _of_area(earlier, later)
    yield from _of_route(earlier, later)


def _of_area(earlier: TeamSeen, later: TeamSeen) -> Iterator[tuple[str, str]]:
    """Who looks after it; where nobody does, the area. That an area grew is told to those who look after it."""
    if not later.place:
        sentence = _("Team %(number)d looks after %(new)s and no longer after %(old)s")
    elif earlier.supervisors or later.supervisors:
        if earlier.supervisors.keys() != later.supervisors.keys():
            teams = {"number": later.number, "old": _numbers(earlier), "new": _numbers(later)}
            yield "supervisor_changed", _("Team %(number)d is looked after by %(new)s instead of %(old)s") % teams
        return
    else:
        sentence = _("Team %(number)d belongs to %(new)s and no longer to %(old)s")
    if earlier.area != later.area:
        areas = {"number": later.number, "old": earlier.area or "–", "new": later.area or "–"}
        yield "area_changed", sentence % areas


def _numbers(team: TeamSeen) -> str:
    """The teams that look after it."""
    named = [_("team %(number)d") % {"number": number} for number in sorted(team.supervisors.values())]
    return ", ".join(named) or _("nobody")


def _of_members(earlier: TeamSeen, later: TeamSeen) -> Iterator[tuple[str, str]]:
    left = [member.name for member in earlier.members if member.observer_id not in later.people]
    joined = [member.name for member in later.members if member.observer_id not in earlier.people]
    replaced = min(len(left), len(joined))
    for old, new in zip(left, joined, strict=False):
        facts = {"number": later.number, "old": old, "new": new}
        yield "member_replaced", _("Team %(number)d: %(new)s takes the place of %(old)s") % facts
    for name in left[replaced:]:
        yield "member_left", _("Team %(number)d: %(name)s leaves") % {"number": later.number, "name": name}
    for name in joined[replaced:]:
        yield "member_joined", _("Team %(number)d: %(name)s joins") % {"number": later.number, "name": name}
    leader = _leader(later)
    if leader and _leader(earlier) != leader and leader.observer_id in earlier.people:
        yield "leader_changed", _("Team %(number)d: %(name)s leads") % {"number": later.number, "name": leader.name}


def _leader(team: TeamSeen) -> MemberSeen | None:
    return next((member for member in team.members if member.is_leader), None)


def _of_route(earlier: TeamSeen, later: TeamSeen) -> Iterator[tuple[str, str]]:
    told = False
    for code, kind, sentence in (
        ("opening_changed", VisitKind.OPENING, _("Team %(number)d opens station %(new)s instead of %(old)s")),
        (
            "count_changed",
            VisitKind.CLOSING_COUNT,
            _("Team %(number)d sees the count at station %(new)s instead of %(old)s"),
        ),
    ):
        old, new = _station(earlier, kind), _station(later, kind)
        if old != new:
            told = True
            yield code, sentence % {"number": later.number, "old": old or "–", "new": new or "–"}
    for code, one, other, forms in (
        ("visits_added", later, earlier, _also),
        ("visits_dropped", earlier, later, _no_longer),
    ):
        codes = _only_in(one, other)
        if codes:
            told = True
            yield code, forms(codes) % {"number": later.number, "stations": ", ".join(codes)}
    if told:
        return
    if _order(earlier) != _order(later):
        yield "order_changed", _("Team %(number)d visits its stations in another order") % {"number": later.number}
    elif earlier.stops != later.stops:
        yield "times_changed", _("Team %(number)d visits its stations at other times") % {"number": later.number}


def _also(codes: Sequence[str]) -> str:
    return ngettext(
        "Team %(number)d also visits station %(stations)s",
        "Team %(number)d also visits stations %(stations)s",
        len(codes),
    )


def _no_longer(codes: Sequence[str]) -> str:
    return ngettext(
        "Team %(number)d no longer visits station %(stations)s",
        "Team %(number)d no longer visits stations %(stations)s",
        len(codes),
    )


def _station(team: TeamSeen, kind: VisitKind) -> str:
    return next((stop.code for stop in team.stops if stop.kind is kind), "")


def _only_in(one: TeamSeen, other: TeamSeen) -> list[str]:
    """The stations that one sees vote and the other does not see at all."""
    seen = {stop.code for stop in other.stops}
    return sorted({stop.code for stop in one.stops if stop.kind is VisitKind.VOTING and stop.code not in seen})


def _order(team: TeamSeen) -> list[tuple[str, VisitKind]]:
    return [(stop.code, stop.kind) for stop in team.stops]


def _new(team: TeamSeen) -> str:
    facts = {"number": team.number, "people": _names(team.members), "place": team.place or team.area}
    return _("Team %(number)d is new: %(people)s, %(place)s") % facts


def _gone(team: TeamSeen, horizon: Horizon) -> Change:
    if team.key in horizon.hidden_after:
        return _crossing("member_left", team, _("Team %(number)d: %(people)s leaves"), horizon)
    sentence = _("Team %(number)d is gone: %(people)s") % {"number": team.number, "people": _names(team.members)}
    return Change("team_gone", team.number, sentence, frozenset(member.mission_id for member in team.members))


def _crossing(code: str, team: TeamSeen, sentence: str, horizon: Horizon) -> Change:
    """Somebody goes to or comes from a team whose other version the reader does not see."""
    own = [member for member in team.members if member.mission_id in horizon.own_missions]
    facts = {"number": team.number, "people": _names(own)}
    return Change(code, team.number, sentence % facts, frozenset(member.mission_id for member in own))


def _names(members: Iterable[MemberSeen]) -> str:
    return ", ".join(member.name for member in members) or _("nobody")


def affected_missions(changes: Iterable[Change]) -> frozenset[int]:
    """The missions whose people's assignments differ."""
    return frozenset[int]().union(*(change.mission_ids for change in changes))


def changes_by_team(changes: Iterable[Change]) -> Mapping[int, list[Change]]:
    """The changes of each team, by its number."""
    found: dict[int, list[Change]] = {}
    for change in changes:
        found.setdefault(change.number, []).append(change)
    return found
