"""No country, ground or deadline in code: the law stands in profiles, and demonstration data in its own folder."""

import ast
import re

from tests.architecture.source import PRODUCT, files, name_of, tree

NAMES = re.compile(r"\b(Azerbaijan|Baku|Kenya\w*|Nairobi|AZE|KEN)\b")


def test_no_country_is_named_in_code() -> None:
    named = sorted(
        f"{name_of(path)}:{node.lineno}: {node.value[:60]}"
        for path in files(*PRODUCT)
        if not name_of(path).startswith("config/reference/")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NAMES.search(node.value)
        if not _is_docstring(node, tree(path))
    )

    assert named == []


def _is_docstring(node: ast.Constant, module: ast.Module) -> bool:
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    return any(
        isinstance(holder, holders)
        and holder.body
        and isinstance(holder.body[0], ast.Expr)
        and holder.body[0].value is node
        for holder in ast.walk(module)
    )
