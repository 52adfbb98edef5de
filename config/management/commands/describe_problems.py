"""Write every problem of the API down for the documents."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand
from django.utils.translation import override

from missions.kernel.web.catalogue import problems


class Command(BaseCommand):
    help = "Prints every problem of the API as Markdown, or writes it to a file."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--file", type=Path, help="where to write it")

    def handle(self, *, file: Path | None, **options: object) -> None:
        with override("en"):
            text = "\n".join(_lines())
        if file is None:
            self.stdout.write(text, ending="")
        else:
            file.write_text(text, encoding="utf-8")


def _lines() -> Iterator[str]:
    yield "# Problems of the API"
    yield ""
    yield "Made by `make schema` from the classes; the same pages are served at `/problems/` and `/problems/<code>`."
    for problem in problems().values():
        yield ""
        yield f"## {problem.code}"
        yield ""
        yield f"**{problem.status.value}** · {problem.title}"
        yield ""
        yield problem.when
        yield ""
        yield f"*What to do:* {problem.advice}"
    yield ""
