"""What the rows of a file with a plan say together: teams with their people, places and days. Pure.

Whether that is a good plan is for the rules of deployment to say, which judge it as every other draft. Here is only
what makes no plan at all.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _

from accreditation.states import Role
from missions.kernel.spreadsheets.table import ParsedRow, RowFinding
from stations.deployment.drafts import MemberDraft
from stations.deployment.plan_files.known import Known, Person
from stations.deployment.plan_files.layout import PlanRow
from stations.deployment.plan_files.settling import FileVisit, SettledRow, Settling
from stations.deployment.states import TeamKind


@dataclass(frozen=True, slots=True)
class FileTeam:
    """A team as the file has it; `area` is a name, empty where the team belongs to none, visits are in their order."""

    number: int
    kind: TeamKind
    members: tuple[MemberDraft, ...]
    area: str
    constituency: int | None
    country: str
    visits: tuple[FileVisit, ...]
    is_pair_pinned: bool
    is_place_pinned: bool


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """The teams by number, and the numbers of the constituencies of each area; both mean nothing if there are errors.

    `findings` are in the order of the rows.
    """

    teams: tuple[FileTeam, ...]
    areas: Mapping[str, tuple[int, ...]]
    findings: tuple[RowFinding, ...]


def check_rows(rows: Sequence[ParsedRow[PlanRow]], known: Known) -> CheckedFile:
    """Put the rows together, with every fault of them at once.

    Beside those of single rows the codes are observer_in_two_teams, two_leaders, roles_differ, team_without_observers,
    visit_twice, visits_overlap, places_differ, place_missing, area_missing and constituency_in_two_areas.
    """
    settling = Settling(known)
    lines = [settling.settle(row) for row in rows]
    by_team: dict[int, list[SettledRow]] = defaultdict(list)
    for line in lines:
        by_team[line.row.team].append(line)
    drawing = _Drawing(known)
    drawing.refuse_two_teams(lines)
    teams = tuple(drawing.team(number, by_team[number]) for number in sorted(by_team))
    areas = drawing.areas(teams, by_team)
    findings = sorted((*settling.findings, *drawing.findings), key=lambda finding: finding.row)
    return CheckedFile(teams, areas, tuple(findings))


class _Drawing:
    """Makes teams of settled rows."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.findings: list[RowFinding] = []

    def refuse_two_teams(self, lines: Iterable[SettledRow]) -> None:
        first: dict[int, int] = {}
        for line in lines:
            if line.person is None:
                continue
            team = first.setdefault(line.person.observer_id, line.row.team)
            if team != line.row.team:
                message = _("%(name)s is in team %(number)d already.") % {"name": line.person.name, "number": team}
                self._report(line, "observer", "observer_in_two_teams", message)

    def team(self, number: int, lines: Sequence[SettledRow]) -> FileTeam:
        members = self._members(lines)
        visits = self._visits(lines)
        is_long_term = bool(members) and all(person.role == Role.LTO for person in members.values())
        country = self._country(lines, visits)
        constituency = None if country or is_long_term else self._constituency(lines, visits)
        kind = TeamKind.LONG_TERM if is_long_term else TeamKind.OVERSEAS if country else TeamKind.SHORT_TERM
        if kind is TeamKind.SHORT_TERM and constituency is None and not any(line.row.is_visit for line in lines):
            message = _("Say in which constituency the team works, or in which country abroad.")
            self._report(lines[0], "constituency", "place_missing", message)
        return FileTeam(
            number=number,
            kind=kind,
            members=self._led(lines, members),
            area="" if country else self._area(lines, constituency, kind),
            constituency=constituency,
            country=country,
            visits=visits,
            is_pair_pinned=any(line.row.pair_pinned for line in lines),
            is_place_pinned=any(line.row.place_pinned for line in lines),
        )

    def areas(
        self, teams: Sequence[FileTeam], lines: Mapping[int, Sequence[SettledRow]]
    ) -> Mapping[str, tuple[int, ...]]:
        """The areas of all teams: where their teams work, and besides what the version before has under that name."""
        of_place: dict[int, str] = {}
        for team in teams:
            if team.constituency is None or not team.area:
                continue
            area = of_place.setdefault(team.constituency, team.area)
            if area != team.area:
                message = _("Constituency %(number)d belongs to the area %(area)s already.")
                facts = {"number": team.constituency, "area": area}
                self._report(lines[team.number][0], "area", "constituency_in_two_areas", message % facts)
        names = {team.area for team in teams if team.area}
        for name in sorted(names & self._known.areas.keys()):
            for number in self._known.areas[name]:
                of_place.setdefault(number, name)
        for team in teams:
            for visit in team.visits:
                if team.area and visit.station.constituency is not None:
                    of_place.setdefault(visit.station.constituency, team.area)
        return {name: tuple(sorted(n for n, area in of_place.items() if area == name)) for name in sorted(names)}

    def _members(self, lines: Sequence[SettledRow]) -> dict[int, Person]:
        """The people of a team by their keys, in the order of the file. Somebody may be named in several rows."""
        members = {line.person.observer_id: line.person for line in lines if line.person is not None}
        if not any(line.row.names_somebody for line in lines):
            self._report(lines[0], "observer", "team_without_observers", _("The file names nobody of this team."))
        if len({person.role for person in members.values()}) > 1:
            message = _("A team is of long-term or of short-term observers.")
            self._report(lines[0], "observer", "roles_differ", message)
        return members

    def _led(self, lines: Sequence[SettledRow], members: Mapping[int, Person]) -> tuple[MemberDraft, ...]:
        """The members; the one leads who is said to, or else the experienced one, or the first."""
        named = {line.person.observer_id: line for line in lines if line.person is not None and line.row.leader}
        for line in list(named.values())[1:]:
            self._report(line, "leader", "two_leaders", _("Another row names the leader of this team."))
        leader = next(iter(named), None)
        if leader is None and members:
            leader = max(members, key=lambda key: members[key].is_experienced)
        return tuple(
            MemberDraft(person.observer_id, person.nomination_id, key == leader) for key, person in members.items()
        )

    def _visits(self, lines: Sequence[SettledRow]) -> tuple[FileVisit, ...]:
        """The visits in the order of arrival; one that stands in the row of each member is one visit."""
        found: dict[tuple[int, str], tuple[SettledRow, FileVisit]] = {}
        for line in lines:
            visit = line.visit
            if visit is None:
                continue
            _line, same = found.setdefault((visit.station.key, visit.kind), (line, visit))
            if (same.arrives_at, same.leaves_at) != (visit.arrives_at, visit.leaves_at):
                message = _("The team comes to station %(code)s for this already.") % {"code": visit.station.code}
                self._report(line, "station", "visit_twice", message)
        ordered = sorted(found.values(), key=lambda one: one[1].arrives_at)
        for (_before, earlier), (line, later) in pairwise(ordered):
            if later.arrives_at < earlier.leaves_at:
                message = _("The team is still at station %(code)s then.") % {"code": earlier.station.code}
                self._report(line, "arrives", "visits_overlap", message)
        return tuple(visit for _line, visit in ordered)

    def _country(self, lines: Sequence[SettledRow], visits: Sequence[FileVisit]) -> str:
        """The country abroad where the team works; empty at home."""
        said = [line for line in lines if line.row.country not in ("", self._known.host_country)]
        seen = {visit.station.country for visit in visits if visit.station.constituency is None}
        is_home = any(visit.station.constituency is not None for visit in visits)
        is_home = is_home or any(line.row.constituency is not None for line in lines)
        countries = {line.row.country for line in said} | seen
        if len(countries) > 1 or (countries and is_home):
            message = _("The team works in one country abroad, or at home.")
            self._report((said or lines)[0], "country", "places_differ", message)
        return min(countries, default="")

    def _constituency(self, lines: Sequence[SettledRow], visits: Sequence[FileVisit]) -> int | None:
        """The number of the constituency that is said, or else that of the first visit."""
        said = [line for line in lines if line.row.constituency in self._known.places]
        for line in said:
            if line.row.constituency != said[0].row.constituency:
                message = _("Other rows of the team say constituency %(number)d.")
                self._report(line, "constituency", "places_differ", message % {"number": said[0].row.constituency})
        if said:
            return said[0].row.constituency
        return visits[0].station.constituency if visits else None

    def _area(self, lines: Sequence[SettledRow], constituency: int | None, kind: TeamKind) -> str:
        """The name that is said, or else the area before, or the region, of the constituency."""
        said = [line for line in lines if line.row.area]
        for line in said:
            if line.row.area != said[0].row.area:
                message = _("Other rows of the team say area %(area)s.") % {"area": said[0].row.area}
                self._report(line, "area", "places_differ", message)
        if said:
            return said[0].row.area
        if constituency is not None:
            return next(self._areas_before(constituency), self._known.places[constituency].region)
        if kind is TeamKind.LONG_TERM:
            self._report(lines[0], "area", "area_missing", _("A long-term team works in an area."))
        return ""

    def _areas_before(self, constituency: int) -> Iterator[str]:
        return (name for name, numbers in self._known.areas.items() if constituency in numbers)

    def _report(self, line: SettledRow, column: str, code: str, message: str) -> None:
        self.findings.append(RowFinding(line.number, column, code, message, ""))
