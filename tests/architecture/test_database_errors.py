"""A database error is caught outside the atomic block that it broke, never inside."""

import ast

from tests.architecture.source import PRODUCT, files, name_of, tree

DATABASE_ERRORS = {"IntegrityError", "DatabaseError", "OperationalError"}


def _is_atomic(node: ast.AST) -> bool:
    return isinstance(node, ast.With) and any("atomic" in ast.dump(item.context_expr) for item in node.items)


def _catches_database_error(node: ast.AST) -> bool:
    return isinstance(node, ast.Try) and any(
        handler.type is not None and any(name in ast.dump(handler.type) for name in DATABASE_ERRORS)
        for handler in node.handlers
    )


def _own_savepoint(node: ast.Try) -> bool:
    """The body of the try is nothing but an atomic block of its own, so the error leaves that one only."""
    return all(_is_atomic(statement) for statement in node.body)


def test_no_database_error_is_caught_inside_an_atomic_block() -> None:
    wrong = [
        f"{name_of(path)}:{inner.lineno}"
        for path in files(*PRODUCT)
        for outer in ast.walk(tree(path))
        if _is_atomic(outer)
        for inner in ast.walk(outer)
        if isinstance(inner, ast.Try) and _catches_database_error(inner) and not _own_savepoint(inner)
    ]

    assert wrong == []
