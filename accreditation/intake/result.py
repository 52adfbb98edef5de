"""The answer to a nomination file, as a workbook to send back: every row, what became of it, and why."""

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accreditation.intake.models import NominationImport
from accreditation.intake.selectors import RowLine, lines_of, rows_of
from missions.kernel.spreadsheets.writer import OutputValue, SheetContent, write_workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CHUNK = 500
_LONGEST_CELL = 30_000


def write_result(target: BinaryIO, nomination_import: NominationImport) -> None:
    """Write the workbook: a sheet of all rows, and one about the file. Passports are masked, no text is a formula."""
    headers = [
        _("Row"),
        _("Reference"),
        _("Name"),
        _("Passport"),
        _("Result"),
        _("Columns"),
        _("Codes"),
        _("What was found"),
    ]
    rows = rows_of(nomination_import).iterator(chunk_size=_CHUNK)
    write_workbook(
        target,
        [
            SheetContent(_("Rows"), headers, (_cells(line) for line in lines_of(rows))),
            SheetContent(_("File"), [_("About the file"), ""], list(_about(nomination_import))),
        ],
    )


def result_name(nomination_import: NominationImport) -> str:
    """A name for the workbook that is safe in every header and on every disk."""
    code = "".join(char if char.isalnum() and char.isascii() else "-" for char in nomination_import.mission.code)
    return f"result-{code}-{nomination_import.pk}.xlsx"


def _cells(line: RowLine) -> list[OutputValue]:
    findings = line.findings
    return [
        line.number,
        line.reference,
        line.name,
        line.passport,
        line.status,
        ", ".join(dict.fromkeys(finding.column for finding in findings if finding.column)),
        ", ".join(dict.fromkeys(finding.code for finding in findings)),
        "\n".join(dict.fromkeys(finding.message for finding in findings))[:_LONGEST_CELL],
    ]


def _about(row: NominationImport) -> Iterator[list[OutputValue]]:
    zone = row.mission.election.zone
    yield [_("File"), row.file_name]
    yield [_("Mission"), row.mission.code]
    yield [_("Category"), row.get_category_display()]
    yield [_("Received"), date_format(row.uploaded_at.astimezone(zone), "Y-m-d H:i")]
    yield [_("State"), row.get_state_display()]
    for label, count in (
        (_("Rows"), row.rows),
        (_("Added"), row.added),
        (_("Changed"), row.changed),
        (_("Was there already"), row.unchanged),
        (_("Not taken in"), row.rows - row.taken),
    ):
        yield [label, count]
    for notice in row.notices:
        yield [notice["code"], notice["message"]]
