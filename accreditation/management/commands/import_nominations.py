"""`import_nominations FILE --mission CODE --election CODE [--commit]`: look at a nomination file, or take it in."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from accreditation.intake.errors import NominationFileRefusedError
from accreditation.intake.services.files import commit_nominations, preview_nominations
from missions.kernel import clock
from missions.kernel.errors import DomainError
from missions.kernel.spreadsheets.table import FileNotice, RowFinding
from missions.kernel.spreadsheets.values import DateOrder
from missions.models import Mission, User

_WIDTH_OF_FILES = 200


class Command(BaseCommand):
    help = "Checks a nomination file; with --commit, takes it in, all rows or none."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--mission", required=True, help="Code of the mission.")
        parser.add_argument("--election", required=True, help="Code of the election.")
        parser.add_argument("--commit", action="store_true", help="Store it; without this nothing is written.")
        parser.add_argument("--by", metavar="EMAIL", help="Whose act the history shows; without it the system's.")
        parser.add_argument("--encoding", help="Encoding of a text file that is not Unicode.")
        parser.add_argument(
            "--date-order", choices=[order.value for order in DateOrder], help="How 07/02/2024 is to be read."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        mission = Mission.objects.filter(code=options["mission"], election__code=options["election"]).first()
        if mission is None:
            raise CommandError(_("There is no mission with this code in an election with that code."))
        if not file.is_file():
            raise CommandError(_("There is no such file."))
        reading = {"encoding": options["encoding"], "date_order": _date_order(options["date_order"])}
        try:
            if options["commit"]:
                self._commit(file, mission, _person(options["by"]), **reading)
            else:
                self._preview(file, mission, **reading)
        except NominationFileRefusedError as error:
            self._show(error.findings, ())
            raise CommandError(error.detail) from None
        except DomainError as error:
            for violation in error.violations:
                self.stderr.write(f"{violation.field} {violation.code}: {violation.detail}")
            raise CommandError(error.detail) from None

    def _preview(self, file: Path, mission: Mission, **reading: Any) -> None:
        preview = preview_nominations(
            file.read_bytes(), file_name=file.name, mission=mission, at=clock.now(), **reading
        )
        self._show(preview.findings, preview.notices)
        counts = preview.counts
        summary = _("%(rows)d rows: %(added)d new, %(changed)d changed, %(unchanged)d unchanged, %(errors)d errors.")
        self.stdout.write(
            summary
            % {
                "rows": counts.rows,
                "added": counts.added,
                "changed": counts.changed,
                "unchanged": counts.unchanged,
                "errors": counts.errors,
            }
        )
        if not preview.ok:
            raise CommandError(_("The file has errors."))

    def _commit(self, file: Path, mission: Mission, by: User | None, **reading: Any) -> None:
        report = commit_nominations(
            file.read_bytes(), file_name=file.name, mission=mission, by=by, at=clock.now(), **reading
        )
        self._show(report.findings, report.notices)
        if report.already_imported_at is not None:
            self.stdout.write(
                _("This file was taken in before, on %(day)s.") % {"day": report.already_imported_at.date()}
            )
        summary = _("%(added)d added, %(changed)d changed, %(unchanged)d unchanged.")
        self.stdout.write(summary % {"added": report.added, "changed": report.changed, "unchanged": report.unchanged})
        if report.without_application:
            message = _("No application was made, because there is one already: %(references)s.")
            self.stdout.write(message % {"references": ", ".join(report.without_application)})

    def _show(self, findings: Iterable[RowFinding], notices: Iterable[FileNotice]) -> None:
        width = None if self.stdout.isatty() else _WIDTH_OF_FILES
        console = Console(file=self.stdout, width=width)  # type: ignore[arg-type]  # Django's wrapper has what rich calls
        whole = (Column(title, no_wrap=True) for title in (_("Row"), _("Column"), _("Code"), _("Severity"), _("Value")))
        table = Table(*whole, _("What was found"))
        for finding in findings:
            table.add_row(
                *(str(finding.row), finding.column, finding.code, finding.severity.value),
                escape(finding.value),
                escape(finding.message),
            )
        if table.row_count:
            console.print(table)
        for notice in notices:
            self.stdout.write(notice.message)


def _date_order(value: str | None) -> DateOrder | None:
    return DateOrder(value) if value else None


def _person(email: str | None) -> User | None:
    if email is None:
        return None
    person = User.objects.filter(email=email.lower(), is_active=True).first()
    if person is None:
        raise CommandError(_("There is no active account with this address."))
    return person
