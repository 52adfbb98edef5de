"""`backup --to FOLDER|FILE`: one archive of the database and of all files, while the installation goes on."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from config.backups.services import back_up
from missions.kernel import clock
from missions.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Writes the database, the private files and the published lists into one archive. No key is inside."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--to", required=True, type=Path, help="A folder, or the name of the archive.")

    def handle(self, *, to: Path, **options: Any) -> None:
        at = clock.now()
        path = to / f"observer-desk-{at:%Y%m%d-%H%M%S}.tar" if to.is_dir() else to
        try:
            manifest = back_up(path, at=at)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        except OSError as error:
            raise CommandError(f"{error.strerror}: {path}") from error
        for name in manifest.lost:
            self.stderr.write(_("The file %(name)s is gone.") % {"name": name})
        size = path.stat().st_size
        self.stdout.write(
            _("%(path)s: %(parts)d parts, %(size)d bytes, epoch %(epoch)d.")
            % {"path": path, "parts": len(manifest.parts), "size": size, "epoch": manifest.epoch}
        )
