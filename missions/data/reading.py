"""A strict reader for TOML data files: every key is read once, and a wrong one is named with its file."""

import re
import tomllib
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from enum import Enum
from pathlib import Path
from typing import TypeVar

E = TypeVar("E", bound=Enum)
T = TypeVar("T")
CODE = re.compile(r"[a-z][a-z0-9_]*")


class DataFileError(ValueError):
    """A data file is wrong. The text names the file and the key."""

    def __init__(self, file: str, key: str, problem: str) -> None:
        self.file, self.key, self.problem = file, key, problem
        super().__init__(f"{file}: {key}: {problem}" if key else f"{file}: {problem}")


class Table:
    """One table of a data file. Keys are taken one by one; `finish` refuses what nobody took."""

    def __init__(
        self,
        values: dict[str, object],
        *,
        file: str,
        path: str = "",
        error: type[DataFileError] = DataFileError,
    ) -> None:
        self._values = dict(values)
        self._file = file
        self._path = path
        self._error = error

    def fail(self, key: str, problem: str) -> DataFileError:
        """The error to raise about a key of this table."""
        return self._error(self._file, self._full(key), problem)

    def finish(self) -> None:
        """Raises if a key of the file was never taken: it is unknown here."""
        for key in self._values:
            raise self.fail(key, "unknown key")

    def has(self, key: str) -> bool:
        """Whether the key is present and not yet taken."""
        return key in self._values

    def text(self, key: str) -> str:
        """A text that is neither empty nor padded with spaces."""
        value = self._take(key, str)
        if not value or value != value.strip():
            raise self.fail(key, "must be a text without spaces around it")
        return value

    def optional_text(self, key: str) -> str:
        """As `text`, or the empty text if the key is absent."""
        return self.text(key) if self.has(key) else ""

    def code(self, key: str = "code") -> str:
        """A code: lower case letters, digits and underscores."""
        value = self.text(key)
        if not CODE.fullmatch(value):
            raise self.fail(key, f"{value!r} is not a code (a-z, 0-9, _)")
        return value

    def flag(self, key: str) -> bool:
        """True or false."""
        return self._take(key, bool)

    def integer(self, key: str) -> int:
        """A whole number of either sign; `true` is not one."""
        return self._take(key, int)

    def count(self, key: str) -> int:
        """A whole number of at least one."""
        value = self.integer(key)
        if value < 1:
            raise self.fail(key, "must be at least 1")
        return value

    def day(self, key: str) -> date:
        """A date without a time."""
        return self._take(key, date)

    def clock(self, key: str) -> time:
        """A local time of day, to the minute."""
        value = self._take(key, time)
        if value.second or value.microsecond:
            raise self.fail(key, "must be a whole minute")
        return value

    def choice(self, key: str, kind: type[E]) -> E:
        """A member of the enum, by value."""
        value = self.text(key)
        members = {str(member.value): member for member in kind}
        if value not in members:
            raise self.fail(key, f"{value!r} is not one of {', '.join(members)}")
        return members[value]

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of different texts; an empty list is allowed."""
        values = self._take(key, list)
        if not all(isinstance(value, str) and value for value in values):
            raise self.fail(key, "must be a list of texts")
        if len(set(values)) != len(values):
            raise self.fail(key, "holds a value twice")
        return tuple(values)

    def table(self, key: str) -> "Table":
        """A nested table."""
        return self._nested(self._take(key, dict), key)

    def tables(self, key: str) -> tuple["Table", ...]:
        """A list of tables, which must not be empty."""
        values = self._take(key, list)
        if not values or not all(isinstance(value, dict) for value in values):
            raise self.fail(key, "must be a list of tables")
        return tuple(self._nested(value, f"{key}[{index}]") for index, value in enumerate(values, start=1))

    def holds(self, key: str, nested: str) -> bool:
        """Whether the value of the key is a table with the nested key."""
        value = self._values.get(key)
        return isinstance(value, dict) and nested in value

    def pop_texts(self) -> Iterator[tuple[str, str]]:
        """All remaining keys with their texts, for tables whose keys are data themselves."""
        for key in list(self._values):
            yield key, self.text(key)

    def pop_tables(self) -> Iterator[tuple[str, "Table"]]:
        """All remaining keys with their tables, for files whose tables are named by data."""
        for key in list(self._values):
            yield key, self.table(key)

    def each(self, key: str, read: Callable[["Table"], T]) -> tuple[T, ...]:
        """The tables of a list, each read whole by `read`: a key that it leaves is an error."""
        rows = []
        for table in self.tables(key):
            rows.append(read(table))
            table.finish()
        return tuple(rows)

    def _full(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path and key else self._path or key

    def _nested(self, values: dict[str, object], key: str) -> "Table":
        return Table(values, file=self._file, path=self._full(key), error=self._error)

    def _take(self, key: str, kind: type[T]) -> T:
        if key not in self._values:
            raise self.fail(key, "missing")
        value = self._values.pop(key)
        # Exactly the type: to Python a boolean is an integer and a date with time is a date, to a lawyer not.
        if type(value) is not kind:
            raise self.fail(key, f"must be {_NAMES[kind]}")
        return value


_NAMES: dict[type, str] = {
    str: "a text",
    bool: "true or false",
    int: "a whole number",
    date: "a date",
    datetime: "a date with time",
    time: "a time of day",
    list: "a list",
    dict: "a table",
}


def read_toml(path: Path, *, error: type[DataFileError] = DataFileError) -> Table:
    """The top table of a UTF-8 TOML file. Raises `error` if the file is absent or no TOML."""
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as problem:
        raise error(path.name, "", "no such file") from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise error(path.name, "", f"not readable as TOML: {problem}") from problem
    return Table(values, file=path.name, error=error)
