"""`badge_install_root FILE --election CODE --fingerprint … --by NAME`: trust a root key, as it was read aloud."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accreditation.badges.services.trust import install_root
from missions.kernel import clock
from missions.kernel.errors import DomainError
from missions.models import Election


class Command(BaseCommand):
    help = "Installs the public half of an election's root key, if its fingerprint is the one that was typed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the public half, as the ceremony wrote it")
        parser.add_argument("--election", required=True, help="the code of the election")
        parser.add_argument("--fingerprint", required=True, help="typed from the protocol of the ceremony")
        parser.add_argument("--by", required=True, help="the name of the person who installs it")
        parser.add_argument(
            "--replace",
            action="store_true",
            help="even if the election has another root: all its badges are without trust until keys are installed",
        )

    def handle(self, *, file: Path, election: str, fingerprint: str, by: str, replace: bool, **options: object) -> None:
        try:
            root = install_root(
                election=Election.objects.get(code=election),
                data=file.read_bytes(),
                fingerprint=fingerprint,
                installed_by=by,
                at=clock.now(),
                is_replacing=replace,
            )
        except Election.DoesNotExist as error:
            raise CommandError(_("There is no election %s.") % election) from error
        except (OSError, DomainError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("Root key %s installed.") % root.key_id)
