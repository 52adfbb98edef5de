"""The variables that settings read, found in their source."""

import ast
from pathlib import Path

SETTINGS = Path(__file__).resolve().parents[2] / "config" / "settings.py"
_READERS = {"_secret", "_required"}


def known_variables() -> set[str]:
    """Every name that is read from the environment."""
    tree = ast.parse(SETTINGS.read_text())
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    names = {node.args[0].value for node in calls if _reads(node) and isinstance(node.args[0], ast.Constant)}
    return {str(name) for name in names} | {"MAP_OUTLINES_NEAR", "MAP_OUTLINES_WORLD"}  # of a loop


def _reads(node: ast.Call) -> bool:
    function = node.func
    if isinstance(function, ast.Attribute):
        return isinstance(function.value, ast.Name) and function.value.id == "env"
    return isinstance(function, ast.Name) and function.id in _READERS
