"""`badge_install_keys FILE --election CODE --by NAME`: trust and publish a list of signing keys of the root."""

from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accreditation.badges.services.trust import install_key_list
from missions.kernel import clock
from missions.kernel.errors import DomainError
from missions.models import Election


class Command(BaseCommand):
    help = "Installs a list of signing keys, if the election's root signed it and its number grows, and publishes it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the list, as the ceremony wrote it")
        parser.add_argument("--election", required=True, help="the code of the election")
        parser.add_argument("--by", required=True, help="the name of the person who installs it")

    def handle(self, *, file: Path, election: str, by: str, **options: object) -> None:
        try:
            keys = install_key_list(
                election=Election.objects.get(code=election),
                data=file.read_bytes(),
                installed_by=by,
                at=clock.now(),
            )
        except Election.DoesNotExist as error:
            raise CommandError(_("There is no election %s.") % election) from error
        except (OSError, DomainError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("List of keys %d installed.") % keys.number)
