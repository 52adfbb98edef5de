"""`badge_new_key --election CODE --out FILE`: make a signing key here, and the request to carry to the root."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accreditation.badges.ceremony.spelling import spelled
from accreditation.badges.services.keys import make_signing_key
from missions.kernel import clock
from missions.models import Election


class Command(BaseCommand):
    help = "At the signer, as its user: makes a signing key and writes the request to carry to the root."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--election", required=True, help="the code of the election")
        parser.add_argument("--out", required=True, type=Path, help="where the request is written; not over a file")

    def handle(self, *, election: str, out: Path, **options: object) -> None:
        try:
            with out.open("xb") as file:  # before the key is made: a key without a request is of no use
                key = make_signing_key(election=Election.objects.get(code=election), at=clock.now())
                file.write(key.request)
        except Election.DoesNotExist as error:
            out.unlink()
            raise CommandError(_("There is no election %s.") % election) from error
        except OSError as error:
            raise CommandError(_("Cannot write: %s.") % error) from error
        self.stdout.write(_("Signing key %s") % key.kid.hex())
        self.stdout.write(_("Fingerprint %s") % key.fingerprint)
        for line in spelled(key.fingerprint):
            self.stdout.write(f"    {line}")
