"""Plans as files, in the layout in which they are read: what was exported is taken in again as the same plan."""

import datetime as dt
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from accreditation.models import Accreditation
from accreditation.states import Category
from missions.kernel.spreadsheets.writer import OutputValue, SheetContent, write_csv, write_workbook
from stations.deployment.models import DeploymentPlan, Team, TeamMember, Visit
from stations.deployment.plan_files.layout import PlanRow, WallTime, cells_of, headers
from stations.deployment.states import VisitKind
from stations.states import StationKind


class FileType(StrEnum):
    """The two kinds of files that are read."""

    XLSX = "xlsx"
    CSV = "csv"


MEDIA_TYPES: Mapping[FileType, str] = {
    FileType.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    FileType.CSV: "text/csv; charset=utf-8",
}
_SHEET = "plan"


def plan_as_file(plan: DeploymentPlan, file_type: FileType) -> bytes:
    """The whole plan, which the caller's side has made; no cell is a formula. Four queries at any size.

    People are named by the numbers of their accreditations, and nobody's passport stands in it.
    """
    return _written(list(plan_rows(plan)), file_type)


def template(file_type: FileType) -> bytes:
    """A file with the columns and a team as an example, to be written over."""
    return _written(_EXAMPLES, file_type)


def file_name_of(plan: DeploymentPlan, file_type: FileType) -> str:
    """A name for the file that is safe in every header and on every disk."""
    code = plan.mission.code if plan.mission else "pool"
    safe = "".join(char if char.isalnum() and char.isascii() else "-" for char in code)
    return f"plan-{safe}-v{plan.version}.{file_type}"


def plan_rows(plan: DeploymentPlan) -> Iterator[PlanRow]:
    """The rows of a plan, team by team: first its people with where it works, the leader on top, then its visits."""
    members, visits = _members(plan), _visits(plan)
    for team in Team.objects.filter(plan=plan).select_related("area", "constituency").order_by("number"):
        first, *others = members.get(team.pk, [PlanRow(team=team.number)])
        yield replace(
            first,
            pair_pinned=team.is_pair_pinned,
            area=team.area.name if team.area else "",
            constituency=team.constituency.number if team.constituency else None,
            country=team.country,
            place_pinned=team.is_place_pinned,
        )
        yield from others
        yield from visits.get(team.pk, ())


def _members(plan: DeploymentPlan) -> Mapping[int, list[PlanRow]]:
    accredited = Accreditation.objects.filter(election=plan.election_id, category=Category.INTERNATIONAL_OBSERVER)
    numbers = dict(
        accredited.filter(application__nomination__in=plan.members.values("nomination"))
        .order_by("pk")
        .values_list("application__nomination", "number")
    )
    found: dict[int, list[PlanRow]] = defaultdict(list)
    rows = TeamMember.objects.filter(plan=plan).select_related("team", "observer", "nomination")
    for row in rows.defer("observer__passport_number", "observer__mrz").order_by("team__number", "-is_leader", "pk"):
        found[row.team_id].append(
            PlanRow(
                team=row.team.number,
                observer=numbers.get(row.nomination_id),
                reference=row.nomination.reference,
                name=row.observer.full_name,
                leader=row.is_leader,
            )
        )
    return found


def _visits(plan: DeploymentPlan) -> Mapping[int, list[PlanRow]]:
    found: dict[int, list[PlanRow]] = defaultdict(list)
    rows = Visit.objects.filter(visit_plan__team__plan=plan).select_related("station", "visit_plan__team")
    for row in rows.order_by("visit_plan__team__number", "visit_plan__day", "order"):
        station, is_abroad = row.station, row.station.kind == StationKind.OVERSEAS
        found[row.visit_plan.team_id].append(
            PlanRow(
                team=row.visit_plan.team.number,
                country=station.country if is_abroad else "",
                city=station.city if is_abroad else "",
                station=station.code,
                kind=VisitKind(row.kind),
                arrives=_wall(row.arrives_at, station.zone, plan.election.e_day),
                leaves=_wall(row.leaves_at, station.zone, plan.election.e_day),
                meal=None if row.meal_at is None else _wall(row.meal_at, station.zone, plan.election.e_day),
                pinned=row.is_pinned,
            )
        )
    return found


def _wall(instant: dt.datetime, zone: ZoneInfo, e_day: dt.date) -> WallTime:
    """What the clocks of the place show; with the date unless it is election day."""
    local = instant.astimezone(zone).replace(tzinfo=None, microsecond=0)
    return local.time() if local.date() == e_day else local


def _written(rows: Iterable[PlanRow], file_type: FileType) -> bytes:
    columns = headers()
    cells = (cells_of(row) for row in rows)
    lines: Iterable[list[OutputValue]] = ([row.get(column) for column in columns] for row in cells)
    buffer = io.BytesIO()
    if file_type is FileType.CSV:
        write_csv(buffer, columns, lines)
    else:
        write_workbook(buffer, [SheetContent(_SHEET, columns, lines)])
    return buffer.getvalue()


_EXAMPLES = (
    PlanRow(team=1, observer=17, name="Sample Ana", leader=True, area="North", constituency=17),
    PlanRow(team=1, observer=18, name="Sample Ben"),
    PlanRow(
        team=1, station="017001", kind=VisitKind.OPENING, arrives=dt.time(7, 30), leaves=dt.time(8, 30), pinned=True
    ),
    PlanRow(team=1, station="017002", kind=VisitKind.VOTING, arrives=dt.time(9), leaves=dt.time(9, 40)),
    PlanRow(team=1, station="017003", kind=VisitKind.CLOSING_COUNT, arrives=dt.time(18, 30), leaves=dt.time(21)),
)
