"""What a table must look like: its columns, their names in files, and the row that they make."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from typing import Generic, TypeVar

from django.utils.functional import Promise

from missions.kernel.spreadsheets.limits import Limits
from missions.kernel.spreadsheets.values import Cell, CellContext
from missions.kernel.text import fold_key

RowT = TypeVar("RowT")
Parser = Callable[[Cell, CellContext], object]

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its canonical snake_case name, how its cells are read, and by which headers it is known.

    A header is compared without case, spaces, punctuation and diacritics with the name, the label and the
    aliases. `required`: the header must be there. `blank`: a cell may be empty and then gives `blank_value`,
    as does a column that is not in the file. `secret`: values are masked in every report.
    """

    name: str
    parse: Parser
    label: str | Promise = ""
    aliases: tuple[str, ...] = ()
    required: bool = True
    blank: bool = False
    blank_value: object = None
    secret: bool = False

    def folded_headers(self) -> frozenset[str]:
        """All headers by which this column is known, folded."""
        spellings = (self.name, str(self.label), *self.aliases)
        return frozenset(filter(None, map(fold_header, spellings)))


@dataclass(frozen=True, slots=True)
class TableSchema(Generic[RowT]):
    """The columns of a table and the frozen dataclass that one row becomes.

    The fields of `row_type` are the names of the columns. `sheet` is the sheet to read where a workbook has
    several. Raises ValueError for a schema that contradicts itself.
    """

    columns: tuple[Column, ...]
    row_type: type[RowT]
    limits: Limits
    sheet: str | None = None

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if not is_dataclass(self.row_type) or {field.name for field in fields(self.row_type)} != set(names):
            raise ValueError(f"The fields of {self.row_type.__name__} are not the columns {names}.")
        headers = [header for column in self.columns for header in column.folded_headers()]
        if len(set(headers)) != len(headers) or len(set(names)) != len(names):
            raise ValueError(f"Two columns of {self.row_type.__name__} share a header.")
        for column in self.columns:
            if not (column.required or column.blank):
                raise ValueError(f"Column {column.name} may be absent, so its cells must be allowed to be blank.")

    def columns_by_header(self) -> dict[str, Column]:
        """Every known folded header and its column."""
        return {header: column for column in self.columns for header in column.folded_headers()}


def fold_header(text: str) -> str:
    """Return a header as it is compared: no case, spaces, underscores, punctuation or diacritics."""
    return _NOT_ALPHANUMERIC.sub("", fold_key(text))
