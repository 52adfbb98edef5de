"""`badge_signer`: the process that signs badges, for as long as it is let."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accreditation.badges.signer.answering import answer
from accreditation.badges.signer.protocol import Reply, Request
from accreditation.badges.signer.server import SignerRunsError, SocketPlaceError, serve
from missions.kernel import clock


class Command(BaseCommand):
    help = "Signs badges and lists for whoever may use its socket, until SIGTERM. To be run as a user of its own."

    def handle(self, **options: object) -> None:
        path = settings.BADGE_SIGNER_SOCKET
        try:
            serve(path, _answer_now, ready=self._say_ready)
        except SignerRunsError as error:
            raise CommandError(_("Another signer serves %s.") % path) from error
        except SocketPlaceError as error:
            raise CommandError(_("%s is no socket; it is left alone.") % path) from error
        except OSError as error:
            raise CommandError(_("Cannot serve %(path)s: %(why)s.") % {"path": path, "why": error}) from error

    def _say_ready(self) -> None:
        self.stdout.write(_("Signing behind %s.") % settings.BADGE_SIGNER_SOCKET)
        self.stdout.flush()


def _answer_now(request: Request) -> Reply:
    """The signer reads the clock itself: nobody else says when something was signed."""
    return answer(request, at=clock.now())
