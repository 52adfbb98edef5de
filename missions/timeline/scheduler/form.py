"""Problems and answers as JSON text and back: field by field, nothing more and nothing less."""

import json
import types
import typing
from dataclasses import asdict, fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

from missions.timeline.scheduler.problem import ProblemError

_Row = TypeVar("_Row")


def to_json(row: object) -> str:
    """Return a dataclass of this package as one line of JSON with sorted keys; None as `null`."""
    return json.dumps(asdict(row) if is_dataclass(row) and not isinstance(row, type) else row, sort_keys=True)


def from_json(kind: type[_Row], text: str) -> _Row:
    """Return the dataclass written by `to_json`.

    Raises `ProblemError` (`problem-unreadable`) if the text is no JSON, lacks a field, has one too many or one of
    another type. Whether the rows make sense is for `validate`.
    """
    try:
        raw = json.loads(text)
    except (ValueError, RecursionError):
        raise ProblemError(code="problem-unreadable", field="JSON") from None
    return from_plain(kind, raw)


def from_plain(kind: type[_Row], raw: object) -> _Row:
    """Return the dataclass of what `json.loads` gave; raises as `from_json`."""
    row: _Row = _read(kind, raw, kind.__name__)
    return row


def _read(kind: Any, raw: object, where: str) -> Any:
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_row(kind, raw, where)
    if typing.get_origin(kind) is tuple:
        return _read_many(typing.get_args(kind)[0], raw, where)
    if isinstance(kind, types.UnionType):
        return None if raw is None else _read(typing.get_args(kind)[0], raw, where)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _read_name(kind, raw, where)
    if kind is float and type(raw) is int:
        return float(raw)
    if type(raw) is not kind:  # True is an int, but not a number of slots
        raise ProblemError(code="problem-unreadable", field=where)
    return raw


def _read_row(kind: type, raw: object, where: str) -> object:
    if not isinstance(raw, dict) or not raw.keys() <= {field.name for field in fields(kind)}:
        raise ProblemError(code="problem-unreadable", field=where)
    hints = typing.get_type_hints(kind)
    try:
        return kind(**{name: _read(hints[name], value, f"{where}.{name}") for name, value in raw.items()})
    except TypeError:
        raise ProblemError(code="problem-unreadable", field=where) from None


def _read_many(kind: Any, raw: object, where: str) -> tuple[object, ...]:
    if not isinstance(raw, list):
        raise ProblemError(code="problem-unreadable", field=where)
    return tuple(_read(kind, value, where) for value in raw)


def _read_name(kind: type[Enum], raw: object, where: str) -> Enum:
    try:
        return kind(raw)
    except ValueError:
        raise ProblemError(code="problem-unreadable", field=where) from None
