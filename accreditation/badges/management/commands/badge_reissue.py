"""`badge_reissue --key KID --by EMAIL`: new badges for everybody whose badge a withdrawn key signed."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accreditation.badges.services.rekeying import reissue_of_key
from missions.kernel import clock
from missions.kernel.errors import DomainError
from missions.models import User


class Command(BaseCommand):
    help = "Makes all live badges of a signing key void and issues new ones; interrupted, it goes on when run again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--key", required=True, help="the name of the key, 16 hexadecimal digits")
        parser.add_argument("--by", required=True, help="the address of the person in whose name they are issued")

    def handle(self, *, key: str, by: str, **options: object) -> None:
        try:
            user = User.objects.get(email=by.lower())
            found = reissue_of_key(key_id=key.lower(), by=user, at=clock.now(), progress=self._tell)
        except User.DoesNotExist as error:
            raise CommandError(_("There is no user %s.") % by) from error
        except DomainError as error:
            raise CommandError(str(error)) from error
        for number, sentence in found.refused:
            self.stdout.write(f"{number}: {sentence}")
        self.stdout.write(
            _("%(replaced)d replaced, of these %(signed)d signed; %(refused)d not replaced.")
            % {"replaced": found.replaced, "signed": found.signed, "refused": len(found.refused)}
        )

    def _tell(self, done: int) -> None:
        self.stdout.write(_("%d done") % done)
