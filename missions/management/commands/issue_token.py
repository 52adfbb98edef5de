"""Issue an API token and show its secret, this once."""

from argparse import ArgumentParser
from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from missions.accounts.services.credentials import make_token
from missions.kernel import clock
from missions.kernel.errors import DomainError
from missions.models import TokenScope, User


class Command(BaseCommand):
    help = "Issues an API token to a user and prints its secret, which is kept nowhere."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address of the user")
        parser.add_argument("--name", required=True, help="what the token is for, unique per user")
        parser.add_argument("--scope", choices=TokenScope.values, default=TokenScope.READ.value)
        parser.add_argument("--days", type=int, default=90, help="how long it lives (default: %(default)s)")

    def handle(self, *, email: str, name: str, scope: str, days: int, **options: object) -> None:
        try:
            user = User.objects.get(email=email.lower())
            issued = make_token(
                user=user, name=name, scope=TokenScope(scope), lifetime=timedelta(days=days), by=None, at=clock.now()
            )
        except User.DoesNotExist as error:
            raise CommandError(_("There is no user %s.") % email) from error
        except (DomainError, OverflowError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(issued.secret)
