"""`badge_publish --election CODE`: sign what is due and bring the published lists up to date, now."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accreditation.badges.services.publishing import publish_lists
from missions.kernel import clock
from missions.kernel.errors import DomainError
from missions.models import Election


class Command(BaseCommand):
    help = "Publishes the lists of keys and of revoked badges of an election, without waiting for the job."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--election", required=True, help="the code of the election")

    def handle(self, *, election: str, **options: object) -> None:
        try:
            changed = publish_lists(election=Election.objects.get(code=election), at=clock.now())
        except Election.DoesNotExist as error:
            raise CommandError(_("There is no election %s.") % election) from error
        except (OSError, DomainError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_("%d files changed.") % changed)
