"""`outbox status | freeze | thaw [--send-old]`: holding mails back after a restore, and letting them go."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from missions.kernel import clock
from missions.kernel.errors import DomainError
from missions.reminders.selectors import holding_freeze, old_messages
from missions.reminders.services.freezing import begin_epoch, thaw_outbox


class Command(BaseCommand):
    help = "Tells whether mails are held back since a restore, holds them back, or lets them go."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("status", help="Tell whether mails are held back.")
        acts.add_parser("freeze", help="Hold all mails back, after a restore that `restore` has not made.")
        thaw = acts.add_parser("thaw", help="Let mails go out; those that were due before the restore are dropped.")
        thaw.add_argument("--send-old", action="store_true", help="Send those too; some may go twice.")

    def handle(self, *, act: str, **options: Any) -> None:
        if act == "thaw":
            self._thaw(sends_old=options["send_old"])
        else:
            if act == "freeze":
                begin_epoch(at=clock.now())
            self._tell()

    def _tell(self) -> None:
        freeze = holding_freeze()
        if freeze is None:
            self.stdout.write(_("Mails go out."))
            return
        told = _("No mail goes out: epoch %(epoch)d was restored on %(at)s. %(old)d mails were due before.")
        self.stdout.write(
            told
            % {
                "epoch": freeze.epoch,
                "at": freeze.began_at.isoformat(),
                "old": old_messages(freeze).open_to_host().count(),
            }
        )

    def _thaw(self, *, sends_old: bool) -> None:
        try:
            freeze = thaw_outbox(by=None, at=clock.now(), sends_old=sends_old)
        except DomainError as error:
            raise CommandError(error.sentence) from error
        self.stdout.write(_("Mails go out. %d old ones were dropped.") % freeze.cancelled)
