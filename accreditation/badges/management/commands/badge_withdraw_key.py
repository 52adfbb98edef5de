"""`badge_withdraw_key KID`: destroy the private half of a signing key here, at once."""

from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accreditation.badges.signer.keyring import erase_key


class Command(BaseCommand):
    help = (
        "At the signer, in an emergency: destroys a signing key, so that it signs nothing more here. "
        "Its badges are red only after the root has withdrawn it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kid", help="the name of the key, 16 hexadecimal digits")

    def handle(self, *, kid: str, **options: object) -> None:
        try:
            existed = erase_key(bytes.fromhex(kid))
        except (ValueError, OSError) as error:
            raise CommandError(str(error)) from error
        if not existed:
            raise CommandError(_("The key %s is not here.") % kid)
        self.stdout.write(_("The key %s is destroyed here. Its badges stay good until the root withdraws it.") % kid)
