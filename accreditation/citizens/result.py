"""The answer to a file of citizen observers: what was found, row by row, to send back to who sent it."""

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _

from accreditation.citizens.models import CitizenFile
from missions.kernel.spreadsheets.writer import OutputValue, SheetContent, write_workbook

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_CELLS = ("row", "column", "severity", "code", "message", "value")


def write_result(target: BinaryIO, file: CitizenFile) -> None:
    """Write a sheet of the findings and one about the file. Numbers of documents are masked, no text is a formula."""
    headers = [_("Row"), _("Column"), _("Severity"), _("Code"), _("What was found"), _("Value")]
    findings = ([finding[name] for name in _CELLS] for finding in file.findings)
    about = SheetContent(_("File"), [_("About the file"), ""], list(_about(file)))
    write_workbook(target, [SheetContent(_("Findings"), headers, findings), about])


def _about(file: CitizenFile) -> Iterator[list[OutputValue]]:
    yield [_("File"), file.file_name]
    yield [_("State"), file.get_state_display()]
    for label, count in counts_of(file):
        yield [label, count]


def counts_of(file: CitizenFile) -> tuple[tuple[str, int], ...]:
    """The counts of a file, each with its name."""
    return (
        (_("Rows"), file.rows),
        (_("New"), file.added),
        (_("Changed"), file.changed),
        (_("Unchanged"), file.unchanged),
        (_("Refused"), file.refused),
    )
