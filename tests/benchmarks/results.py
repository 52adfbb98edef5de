"""The table at the end of a bench, and its exit code."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

#: What was measured, the figure, the target (empty: none), and whether it was reached.
Line = tuple[str, str, str, bool]


def show(title: str, lines: Sequence[Line]) -> int:
    """Print the lines; 0 if every target was reached."""
    table = Table("measure", "measured", "target", "verdict", title=title)
    for measure, measured, target, reached in lines:
        table.add_row(measure, measured, target, ("ok" if reached else "missed") if target else "")
    Console(width=150).print(table)
    return 0 if all(reached for *_rest, reached in lines) else 1
