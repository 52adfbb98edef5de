"""What people look at while a file with a plan is on its way: its rows with what was found in them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from missions.kernel.spreadsheets.table import RowFinding, Severity
from stations.deployment.plan_files.layout import headers
from stations.deployment.plan_files.models import PlanFile, PlanFileRow


@dataclass(frozen=True, slots=True)
class FileLine:
    """One row of a file: the words of its cells by column, in the order of the columns, and the findings."""

    number: int
    cells: Mapping[str, str]
    findings: tuple[RowFinding, ...]
    has_errors: bool


def rows_of(plan_file: PlanFile, *, only_errors: bool = False) -> "QuerySet[PlanFileRow]":
    """The rows in the order of the file."""
    rows = PlanFileRow.objects.filter(plan_file=plan_file).order_by("number")
    return rows.filter(has_errors=True) if only_errors else rows


def lines_of(rows: Iterable[PlanFileRow]) -> Iterator[FileLine]:
    """The rows as people see them."""
    columns = headers()
    for row in rows:
        cells = {column: str(row.cells[column]) for column in columns if column in row.cells}
        yield FileLine(row.number, cells, tuple(_findings(row)), row.has_errors)


def errors_of(plan_file: PlanFile) -> list[RowFinding]:
    """All errors that keep the file out, in the order of its rows. One query."""
    rows = rows_of(plan_file, only_errors=True)
    return [found for row in rows for found in _findings(row) if found.severity is Severity.ERROR]


def _findings(row: PlanFileRow) -> Iterator[RowFinding]:
    for found in row.findings:
        severity = Severity(found["severity"])
        yield RowFinding(row.number, found["column"], found["code"], found["message"], found["value"], severity)
