"""The import contracts of pyproject.toml hold, and the modules inside each app point down."""

import ast
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

from tests.architecture.source import PRODUCT, ROOT, files, name_of, tree

#: From the edge down: a module may import from its own rank or from a higher number.
RANKS = {
    "admin": 0,
    "api": 0,
    "tasks": 0,
    "receivers": 0,
    "management": 0,
    "reminder_conditions": 0,
    "reminder_sources": 0,
    "services": 1,
    "selectors": 2,
    "permissions": 3,
    "rules": 4,
    "models": 5,
    "querysets": 6,
    "signals": 7,
    "errors": 7,
    "states": 7,
}


def test_import_contracts_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    # The tool would set up logging as if this process were its own, and switch off every logger that is there.
    monkeypatch.setattr("importlinter.cli._configure_logging", lambda _verbose: None)

    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), cache_dir=None) == 0


def _imported(path: Path) -> set[str]:
    typing_only = {
        inner
        for node in ast.walk(tree(path))
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }
    return {
        node.module
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and node.module and node not in typing_only
    }


def _rank(room: str, module: str) -> int | None:
    """The rank of a module inside the same room (folder), None for what has no rank there."""
    if not module.startswith(f"{room}."):
        return None
    return RANKS.get(module.removeprefix(f"{room}.").split(".")[0])


@pytest.mark.parametrize(
    "room",
    [
        "missions",
        "missions.reminders",
        "missions.timeline",
        "accreditation",
        "accreditation.intake",
        "accreditation.letters",
        "stations",
        "stations.register",
        "stations.deployment",
    ],
)
def test_modules_inside_a_room_point_down(room: str) -> None:
    upward = []
    for path in files(*PRODUCT):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        own = _rank(room, module)
        if own is None:
            continue
        upward += [
            f"{name_of(path)} imports {target}"
            for target in sorted(_imported(path))
            if (theirs := _rank(room, target)) is not None and theirs < own
        ]

    assert upward == []
