"""`import_organizations FILE --election CODE [--commit]`: look at the file of organizations, or take it in."""

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
from missions.roster.services import commit_roster, preview_roster


class Command(BaseCommand):
    help = "Checks the file of organizations, missions and invitations; with --commit, takes it in."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--election", required=True, help="Code of the election.")
        parser.add_argument("--commit", action="store_true", help="Store it; without this nothing is written.")

    def handle(self, *args: Any, **options: Any) -> None:
        file: Path = options["file"]
        election = Election.objects.filter(code=options["election"]).first()
        if election is None:
            raise CommandError(_("There is no election with this code."))
        if not file.is_file():
            raise CommandError(_("There is no such file."))
        try:
            if options["commit"]:
                self._commit(file, election)
            else:
                self._preview(file, election)
        except DomainError as error:
            for violation in error.violations:
                self.stderr.write(f"{violation.field} {violation.code}: {violation.detail}")
            raise CommandError(error.detail) from None

    def _preview(self, file: Path, election: Election) -> None:
        roster = preview_roster(file.read_bytes(), file_name=file.name, election=election)
        self._show(roster.findings, roster.notices)
        if not roster.ok:
            raise CommandError(_("The file has errors."))
        counts = (len(roster.organizations), len(roster.missions), len(roster.invitations))
        self.stdout.write(_("%d organizations, %d missions, %d invitations; no errors.") % counts)

    def _commit(self, file: Path, election: Election) -> None:
        report = commit_roster(file.read_bytes(), file_name=file.name, election=election, by=None, at=clock.now())
        self._show(report.findings, report.notices)
        self.stdout.write(
            _("%(added)d added, %(changed)d changed, %(unchanged)d unchanged.")
            % {"added": report.added, "changed": report.changed, "unchanged": report.unchanged}
        )

    def _show(self, findings: Iterable[RowFinding], notices: Iterable[FileNotice]) -> None:
        table = Table(_("Row"), _("Column"), _("Code"), _("What is wrong"), _("Value"))
        for finding in findings:
            table.add_row(str(finding.row), finding.column, finding.code, finding.message, finding.value)
        if table.row_count:
            Console(file=self.stdout).print(table)  # type: ignore[arg-type]  # Django's wrapper has what rich calls
        for notice in notices:
            self.stdout.write(notice.message)
