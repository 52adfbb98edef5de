"""The committed description of the API, read once for all tests that hold the API to it."""

from pathlib import Path
from typing import Any

import yaml

COMMITTED = Path(__file__).resolve().parents[1] / "docs" / "openapi.yaml"


def read_description(text: str | bytes) -> Any:
    """The description in YAML as plain values. The parser in C takes a sixth of the time of the other one."""
    return yaml.load(text, Loader=yaml.CSafeLoader)


SCHEMA: dict[str, Any] = read_description(COMMITTED.read_bytes())
