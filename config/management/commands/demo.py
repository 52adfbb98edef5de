"""`demo [--fresh] [--no-serve] [--port N]`: the reference election, from its files to released plans, then served."""

import shutil
import sys
from argparse import ArgumentParser
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.servers.basehttp import run as serve
from django.core.wsgi import get_wsgi_application
from django.utils.translation import gettext as _
from rich.console import Console

from config.demo.course import course_table
from config.demo.play import Stage
from config.demo.report import result_table, sign_in_table
from config.jobs import JobLoop
from missions.models import User


class Command(BaseCommand):
    help = "Plays the reference election in this installation's database, and serves it on this machine."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--fresh", action="store_true", help="Start over: forget what the database holds.")
        parser.add_argument("--no-serve", action="store_true", help="End after the tables.")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *, fresh: bool, no_serve: bool, port: int, **options: Any) -> None:
        if not settings.EMBEDDED:
            raise CommandError(_("The demonstration runs on an embedded installation only."))
        call_command("migrate", verbosity=0)
        reference, answers = settings.VAR_DIR / "reference", settings.VAR_DIR / "answers"
        if fresh:
            call_command("flush", interactive=False, verbosity=0)
            published = (settings.BADGE_KEY_DIR, settings.BADGE_PUBLISHED_DIR, settings.PUBLIC_PAGES_DIR)
            for folder in (reference, answers, settings.EMAIL_FILE_PATH, *published):
                shutil.rmtree(folder, ignore_errors=True)
        console = Console(width=None if sys.stdout.isatty() else 110)
        story, election = Stage(reference, answers, console).play()
        auditor = User.objects.get(email=story.address_of("auditor"))
        console.print(result_table(election, auditor), course_table(story, election, auditor), sign_in_table(story))
        if not no_serve:
            self._serve(port)

    def _serve(self, port: int) -> None:
        point_links_at(port)
        loop = JobLoop()
        loop.start()
        self.stdout.write(_("Open http://127.0.0.1:%d/ in a browser; Control-C ends.") % port)
        try:
            serve("127.0.0.1", port, get_wsgi_application(), threading=True)
        except KeyboardInterrupt:
            pass
        finally:
            loop.stop()


def point_links_at(port: int) -> None:
    """Have the links of mails and pages lead to the port that is served, unless they lead off this machine."""
    if urlsplit(settings.PUBLIC_URL).hostname == "127.0.0.1":
        settings.PUBLIC_URL = f"http://127.0.0.1:{port}"
