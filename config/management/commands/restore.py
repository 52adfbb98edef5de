"""`restore ARCHIVE [--check] [--keep-tokens]`: make an empty installation of a backup. No mail goes out of it yet."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from config.backups.archive import Archive, open_archive
from config.backups.services import restore
from missions.kernel.errors import DomainError


class Command(BaseCommand):
    help = "Fills an empty installation from an archive of `backup`, after reading the archive to the last byte."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("archive", type=Path)
        parser.add_argument("--check", action="store_true", help="Only look whether the archive is whole and ours.")
        parser.add_argument("--keep-tokens", action="store_true", help="Do not end the API tokens.")

    def handle(self, *, archive: Path, **options: Any) -> None:
        try:
            with open_archive(archive) as opened:
                self._tell_of(opened)
                if not options["check"]:
                    self._restore(opened, keeps_tokens=options["keep_tokens"])
        except DomainError as error:
            raise CommandError(error.sentence) from error
        except OSError as error:
            raise CommandError(f"{error.strerror}: {error.filename or archive}") from error

    def _tell_of(self, archive: Archive) -> None:
        manifest = archive.manifest
        self.stdout.write(
            _("The archive is whole: %(parts)d parts of epoch %(epoch)d, taken at %(at)s.")
            % {"parts": len(manifest.parts), "epoch": manifest.epoch, "at": manifest.taken_at}
        )

    def _restore(self, archive: Archive, *, keeps_tokens: bool) -> None:
        # The database that keeps the clock is not there yet; its offset stands in the archive.
        at = timezone.now() + archive.manifest.offset
        restored = restore(archive, at=at, keeps_tokens=keeps_tokens)
        self.stdout.write(
            _("Epoch %(epoch)d: %(files)d private files, %(tokens)d tokens and %(sessions)d sessions ended.")
            % {
                "epoch": restored.epoch,
                "files": restored.files,
                "tokens": restored.tokens,
                "sessions": restored.sessions,
            }
        )
        self.stdout.write(_("No mail goes out until somebody lets them go: manage.py outbox thaw."))
