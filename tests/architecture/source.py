"""The product's own source, parsed once for all guards."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("config", "stations", "accreditation", "missions")


@cache
def files(*folders: str) -> tuple[Path, ...]:
    """Every Python file below the folders, without migrations, in a stable order."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return tuple(sorted(path for path in found if "migrations" not in path.parts))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def is_edge(path: Path) -> bool:
    """Pages, API, tasks, receivers and commands: what translates and calls one domain function."""
    parts = path.relative_to(ROOT).parts
    stems = {path.stem, *parts[:-1]}
    return bool(stems & {"admin", "api", "tasks", "receivers", "commands", "views", "dashboard"})
