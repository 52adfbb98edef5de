"""`import_register FILE --election CODE [--commit]`: look at a station register file, or take it in."""

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from missions.kernel import clock
from missions.kernel.errors import DomainError
from missions.kernel.spreadsheets.table import FileNotice, RowFinding
from missions.models import Election
from stations.register.services import commit_register, preview_register


class Command(BaseCommand):
    help = "Checks a station register file (home or overseas layout); with --commit, takes it in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--election", required=True, help="Code of the election.")
        parser.add_argument("--commit", action="store_true", help="Store it; without this nothing is written.")
        parser.add_argument("--encoding", help="Encoding of a text file that is not Unicode.")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        election = Election.objects.filter(code=options["election"]).first()
        if election is None:
            raise CommandError(_("There is no election with this code."))
        if not file.is_file():
            raise CommandError(_("There is no such file."))
        run = self._commit if options["commit"] else self._preview
        try:
            run(file, election, options["encoding"])
        except DomainError as error:
            for violation in error.violations:
                self.stderr.write(f"{violation.field} {violation.code}: {violation.detail}")
            raise CommandError(error.detail) from None

    def _preview(self, file: Path, election: Election, encoding: str | None) -> None:
        preview = preview_register(file.read_bytes(), file_name=file.name, election=election, encoding=encoding)
        self._show(preview.findings, preview.notices)
        summary = _("%(added)d new, %(changed)d changed, %(unchanged)d unchanged, %(errors)d errors.")
        self.stdout.write(
            summary
            % {
                "added": preview.added,
                "changed": preview.changed,
                "unchanged": preview.unchanged,
                "errors": preview.error_count,
            }
        )
        if not preview.ok:
            raise CommandError(_("The file has errors."))

    def _commit(self, file: Path, election: Election, encoding: str | None) -> None:
        report = commit_register(
            file.read_bytes(), file_name=file.name, election=election, by=None, at=clock.now(), encoding=encoding
        )
        self._show(report.findings, report.notices)
        if report.already_imported:
            self.stdout.write(_("This file was imported before as version %(number)d.") % {"number": report.version})
            return
        summary = _("%(added)d added, %(changed)d changed, %(unchanged)d unchanged; register version %(number)d.")
        self.stdout.write(
            summary
            % {
                "added": report.added,
                "changed": report.changed,
                "unchanged": report.unchanged,
                "number": report.version,
            }
        )

    def _show(self, findings: Iterable[RowFinding], notices: Iterable[FileNotice]) -> None:
        console = Console(file=self.stdout)  # type: ignore[arg-type]  # Django's wrapper has what rich calls
        table = Table(_("Row"), _("Column"), _("Code"), _("What is wrong"), _("Value"))
        for finding in findings:
            table.add_row(str(finding.row), finding.column, finding.code, finding.message, finding.value)
        if table.row_count:
            console.print(table)
        for notice in notices:
            self.stdout.write(notice.message)
