"""Runs the jobs that are due: once, as a sweeper, or in a loop where there is no worker."""

import signal
import threading
from contextlib import suppress

from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.jobs import JobLoop, run_due
from missions.kernel import clock


class Command(BaseCommand):
    help = "Run the jobs that are due, once or (--loop) at their intervals until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--loop", action="store_true", help="go on until SIGTERM or Ctrl-C")

    def handle(self, *args: object, loop: bool, **options: object) -> None:
        if loop:
            _run_loop()
            return
        results = run_due(at=clock.now())
        for result in results:
            self.stdout.write(f"{result.name}: {'broken' if result.is_broken else result.done}")
        if any(result.is_broken for result in results):
            raise CommandError("A job broke; the log tells more.")


def _run_loop() -> None:
    """Let the loop work in its own thread, so that a signal here cuts no job in two."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    loop = JobLoop()
    loop.start()
    with suppress(KeyboardInterrupt):
        threading.Event().wait()
    loop.stop()
