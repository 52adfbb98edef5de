"""A plan of one self-directed mission at home and abroad, the file of it, and somebody without a team."""

import csv
import datetime as dt
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pytest

from accreditation.models import Observer
from accreditation.states import Role
from missions.models import Constituency, Election, Mission, User
from stations.deployment.models import DeploymentPlan, Team, Visit
from stations.deployment.plan_files.models import PlanFile
from stations.deployment.plan_files.services.staging import StagedFile, stage_plan_file
from stations.deployment.plan_files.writing import FileType, plan_as_file
from stations.deployment.states import TeamKind
from stations.models import PollingStation
from tests.stations.deployment import builders


@dataclass(frozen=True)
class Desk:
    """Team 1 works in constituency 1, team 2 in 3, team 3 is long-term and has the North, team 4 is in Seoul."""

    plan: DeploymentPlan
    stations: list[PollingStation]
    people: list[Observer]
    idle: Observer


@pytest.fixture
def desk(election: Election, mission: Mission, register: list[PollingStation]) -> Desk:
    plan = builders.plan(election, mission)
    first, second, third = Constituency.objects.filter(election=election).order_by("number")
    north, south = builders.area(plan, "North", first, second), builders.area(plan, "South", third)
    english = ("en", "az")
    people = [builders.deployed(mission, code, languages=english) for code in ("FRA", "DEU", "ITA", "ESP")]
    people += [builders.deployed(mission, code, Role.LTO, languages=english) for code in ("SWE", "POL")]
    people += [builders.deployed(mission, code, residence="KOR") for code in ("NOR", "FIN")]
    idle = builders.deployed(mission, "GRC", languages=english)
    builders.team(plan, 1, people[:2], register[:3], within=north)
    builders.team(plan, 2, people[2:4], register[10:13], within=south)
    builders.team(plan, 3, people[4:6], [], within=north, kind=TeamKind.LONG_TERM)
    builders.team(plan, 4, people[6:], register[15:16], kind=TeamKind.OVERSEAS)
    Team.objects.filter(plan=plan, number=1).update(is_pair_pinned=True)
    Team.objects.filter(plan=plan, number=2).update(is_place_pinned=True)
    Visit.objects.filter(visit_plan__team__plan=plan, visit_plan__team__number=1, order=2).update(is_pinned=True)
    return Desk(plan, register, people, idle)


Row = dict[str, str]


def rows_of(plan: DeploymentPlan) -> list[Row]:
    """The rows of the file of a plan, as a spreadsheet would show them."""
    return list(csv.DictReader(io.StringIO(plan_as_file(plan, FileType.CSV).decode("utf-8-sig"))))


def file_of(rows: Sequence[Mapping[str, str]]) -> bytes:
    """A text file with these rows; columns that no row has are not there."""
    columns = list(dict.fromkeys(column for row in rows for column in row))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, columns, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


Send = Callable[..., StagedFile]


@pytest.fixture
def send(election: Election, mission: Mission, lead: User, at: dt.datetime) -> Send:
    """Send rows, or bytes, in for the mission."""

    def stage(content: Sequence[Mapping[str, str]] | bytes, **changed: object) -> StagedFile:
        data = content if isinstance(content, bytes) else file_of(content)
        facts = {"file_name": "plan.csv", "election": election, "mission": mission, "by": lead, "at": at, **changed}
        return stage_plan_file(data=data, **facts)  # type: ignore[arg-type]  # passed on as given

    return stage


def codes_of(file: PlanFile) -> list[tuple[int, str, str]]:
    """What was found: row, column and code."""
    return [
        (row.number, found["column"], found["code"]) for row in file.rows.order_by("number") for found in row.findings
    ]
