"""`make_reference_data DIR`: writes the files of the reference election."""

from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _
from rich.console import Console
from rich.table import Table

from config.reference.files import Totals, write_reference_data


class Command(BaseCommand):
    """Writes the reference folder and prints what is in it."""

    help = "Write the files of the reference election into a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *, folder: Path, **_options: object) -> None:
        totals = write_reference_data(folder)
        self._print(totals, folder)

    def _print(self, totals: Totals, folder: Path) -> None:
        table = Table(title=str(folder))
        table.add_column(_("in the files"))
        table.add_column(_("number"), justify="right")
        labels = {
            "observers": _("observers to be accredited"),
            "organizations": _("organizations"),
            "nationalities": _("nationalities"),
            "further": _("further nominations"),
            "citizens": _("citizen observers"),
            "pollsters_and_press": _("exit pollsters and journalists"),
            "listed": _("people on lists of incompatible status"),
            "stations": _("polling stations, overseas included"),
            "overseas_stations": _("overseas stations"),
            "overseas_countries": _("overseas countries"),
            "constituencies": _("constituencies"),
            "new_stations": _("stations in newly covered territory"),
            "web_cameras": _("stations with web camera"),
            "voters": _("registered voters"),
            "files": _("files"),
        }
        for name, value in asdict(totals).items():
            table.add_row(labels[name], f"{value:,}")
        # Django's wrapper has all that rich calls.
        Console(file=self.stdout, width=100).print(table)  # type: ignore[arg-type]  # a wrapper, not an IO
