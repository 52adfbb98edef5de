"""`check_files [--sweep]`: do the private files and the rows that speak of them agree?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accreditation.services.paper_files import check_files, sweep_files


class Command(BaseCommand):
    help = "Names files without a row and rows without their file; with --sweep, erases the former."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--sweep", action="store_true", help="Erase files that no row speaks of.")

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep_files() if options["sweep"] else 0
        found = check_files()
        for name in found.forgotten:
            self.stdout.write(_("No row speaks of the file %(name)s.") % {"name": name})
        for name in found.lost:
            self.stdout.write(_("The file %(name)s is gone.") % {"name": name})
        self.stdout.write(
            _("%(swept)d erased, %(forgotten)d without a row, %(lost)d lost.")
            % {"swept": swept, "forgotten": len(found.forgotten), "lost": len(found.lost)}
        )
        if found.forgotten or found.lost:
            raise CommandError(_("Files and rows differ."))
