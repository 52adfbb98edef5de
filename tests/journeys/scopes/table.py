"""Who comes in where, as it is meant: one line for each method and route, in the files of `tables/`.

A name with a tilde came in and was sent back, because the act does not fit the row as it stands in this world.
With ACCESS=write the walk writes them anew, and what is reviewed is the difference.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tests.journeys.scopes.callers import HOSTS, MISSIONS

_FOLDER = Path(__file__).parent / "tables"
#: Callers who are told as one where all of them come in.
_GROUPS: Mapping[str, Sequence[str]] = {"every role": HOSTS, "every mission": MISSIONS}
_PLACES = ("admin", "api", "mission")
IS_WRITTEN = os.environ.get("ACCESS") == "write"


def lines_of(entries: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The walk's findings as the table tells them."""
    return {entry: _told(callers) for entry, callers in entries.items()}


def read_table() -> dict[str, str]:
    """What is meant."""
    texts = [file.read_text(encoding="utf-8") for file in sorted(_FOLDER.glob("*.txt"))]
    rows = [line.partition(": ") for text in texts for line in text.splitlines()]
    return {entry: callers for entry, _colon, callers in rows}


def write_table(lines: Mapping[str, str]) -> None:
    """Write what is as what is meant."""
    for place in (*_PLACES, "others"):
        rows = sorted(f"{entry}: {told}\n" for entry, told in lines.items() if _place_of(entry) == place)
        (_FOLDER / f"{place}.txt").write_text("".join(sorted(rows, key=_by_address)), encoding="utf-8")


def _told(callers: Iterable[str]) -> str:
    names = list(callers)
    for group, members in _GROUPS.items():
        for mark in ("", "~"):
            marked = {f"{name}{mark}" for name in members}
            if marked <= set(names):
                names = [f"{group}{mark}", *(name for name in names if name not in marked)]
    return ", ".join(names) or "closed"


def _place_of(entry: str) -> str:
    place = entry.split("/")[1]
    return place if place in _PLACES else "others"


def _by_address(line: str) -> tuple[str, str]:
    method, _space, rest = line.partition(" ")
    return rest, method
