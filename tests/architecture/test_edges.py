"""Edges translate: they write nothing themselves, and tasks take ids only."""

import ast
from pathlib import Path

from tests.architecture.source import PRODUCT, files, functions, is_edge, name_of, tree

WRITES = {"save", "create", "bulk_create", "bulk_update", "update_or_create", "get_or_create", "delete"}
#: Writes that are the framework's own way and no domain act.
ALLOWED = {
    "missions/api/tokens.py": {"update"},  # when a token was last used
}
CLOCKS = {("clock", "now"), ("timezone", "now"), ("datetime", "now"), ("date", "today")}


def _orm_writes(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(tree(path)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        through_manager = "objects" in ast.dump(node.func.value)
        if through_manager and node.func.attr in WRITES | {"update"}:
            found.add(node.func.attr)
    return found - ALLOWED.get(name_of(path), set())


def test_edges_write_through_services_only() -> None:
    writing = {name_of(path): found for path in files(*PRODUCT) if is_edge(path) and (found := _orm_writes(path))}

    assert writing == {}


def test_tasks_take_ids_and_nothing_else() -> None:
    wrong = [
        f"{name_of(path)}:{function.name}({argument.arg})"
        for path in files(*PRODUCT)
        if path.stem == "tasks"
        for function in functions(path)
        for argument in [*function.args.args, *function.args.kwonlyargs]
        if not isinstance(argument.annotation, ast.Name) or argument.annotation.id not in {"int", "str"}
    ]

    assert wrong == []


def test_the_clock_is_read_at_the_edge_only() -> None:
    readers = {
        name_of(path)
        for path in files(*PRODUCT)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr)
        in {("clock", "now"), ("timezone", "now"), ("datetime", "now"), ("date", "today")}
    }
    edges = {name_of(path) for path in files(*PRODUCT) if is_edge(path)}
    named = {
        "config/demo.py",
        "config/jobs.py",
        "config/observability/work.py",  # the figures, whenever they are asked for
        "missions/accounts/calendars.py",  # pages of the account, as views.py is
        "missions/accounts/mail_page.py",
        "missions/kernel/web/writes.py",
    }

    assert {reader for reader in readers if not reader.startswith("config/demo/")} - edges - named == set()


def test_the_api_refuses_with_a_sentence() -> None:
    """`raise RefusedError` alone says that one may not; whoever reads it wants to know who may."""
    bare = [
        f"{name_of(path)}:{node.lineno}"
        for path in files(*PRODUCT)
        if "api" in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id == "RefusedError"
    ]

    assert bare == []


def test_forms_look_at_their_texts() -> None:
    """A form of its own takes control characters and such that turn round what is seen; `PlainForm` refuses them."""
    unlooked = [
        f"{name_of(path)}:{node.name}"
        for path in files(*PRODUCT)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef) and any(ast.unparse(base) == "forms.Form" for base in node.bases)
    ]

    assert unlooked == ["missions/kernel/web/forms.py:PlainForm"]
