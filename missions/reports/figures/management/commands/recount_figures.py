"""`recount_figures [election]`: does every frozen figure still come out when it is counted again?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from missions.reports.figures.models import FrozenFigures
from missions.reports.figures.selectors import Recount, recount


class Command(BaseCommand):
    help = "Counts each frozen figure again for its own instant and names what differs; fails if anything does."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("election", nargs="?", default="", help="The code of one election.")

    def handle(self, *args: Any, **options: Any) -> None:
        rows = FrozenFigures.objects.select_related("election").order_by("election__code", "as_of", "pk")
        if options["election"]:
            rows = rows.filter(election__code=options["election"])
        found = [recount(row) for row in rows]
        for one in found:
            self.stdout.write(_line(one))
        if not all(one.is_same for one in found):
            raise CommandError(_("Not all figures come out again."))


def _line(one: Recount) -> str:
    row = one.figures
    head = f"{row.election.code} {row.as_of.isoformat(timespec='seconds')} {row}"
    if one.is_same:
        return _("%(figures)s: the same") % {"figures": head}
    parts = [f"{difference.of} {difference.before} -> {difference.now}" for difference in one.differences]
    if not one.is_same_rule:
        parts.insert(0, _("counted by another rule"))
    return f"{head}: {', '.join(parts) or _('other people under the same numbers')}"
