"""Inserting tens of thousands of rows of one table in one go, the way each database likes it.

Django's `bulk_create` makes an object per row and prepares every value of it; for a register of 90,000 people that is
most of the time. Here rows are plain tuples. Constraints hold as ever, and nothing is caught.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import DateField, Field, Model

from missions.kernel.crypto import EncryptedTextField

#: Rows handed over at once where the database takes no stream.
_BATCH = 5_000
_REMEMBERED = 50_000

Row = Sequence[object]


def insert_rows(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Insert the rows, whose values are in the order of the field names; a foreign key is named by its column.

    Fields that are not named are left to the database, so all that cannot be null and have no default there must be
    named. Call it inside a transaction. Raises IntegrityError like any insert.
    """
    fields = [_field(model, name) for name in names]
    prepared = _prepared(fields, rows)
    if connection.vendor == "postgresql":
        table, columns = _quoted(model, fields)
        statement = f"COPY {table} ({columns}) FROM STDIN"
        with connection.cursor() as cursor, connection.wrap_database_errors, cursor.copy(statement) as copy:
            for row in prepared:
                copy.write_row(row)
        return
    _insert_many(_insert_statement(model, fields), prepared)


def insert_missing_rows(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """As `insert_rows`, but a row whose unique key is taken is left out, whoever has taken it in the meantime."""
    fields = [_field(model, name) for name in names]
    _insert_many(f"{_insert_statement(model, fields)} ON CONFLICT DO NOTHING", _prepared(fields, rows))


def _insert_many(statement: str, rows: Iterator[Row]) -> None:
    with connection.cursor() as cursor:
        while batch := list(islice(rows, _BATCH)):
            cursor.executemany(statement, batch)  # type: ignore[arg-type]  # what the fields have prepared


def _insert_statement(model: type[Model], fields: Sequence["Field[Any, Any]"]) -> str:
    table, columns = _quoted(model, fields)
    marks = ", ".join(["%s"] * len(fields))
    # Table and columns are those of our own models, never a value: no injection (S608, B608).
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  # nosec B608


def _quoted(model: type[Model], fields: Sequence["Field[Any, Any]"]) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(model._meta.db_table), ", ".join(quote(str(field.column)) for field in fields)


def _field(model: type[Model], name: str) -> "Field[Any, Any]":
    return next(field for field in model._meta.concrete_fields if name in (field.name, field.attname))


def _prepared(fields: Sequence["Field[Any, Any]"], rows: Iterable[Row]) -> Iterator[Row]:
    """The rows with the values that the database has a form of its own for."""
    converters = [(place, _converter(field)) for place, field in enumerate(fields) if _is_special(field)]
    for row in rows:
        values = list(row)
        for place, convert in converters:
            values[place] = convert(values[place])
        yield values


def _is_special(field: "Field[Any, Any]") -> bool:
    return isinstance(field, DateField | EncryptedTextField) or field.get_internal_type() in {"JSONField", "UUIDField"}


def _converter(field: "Field[Any, Any]") -> Callable[[object], object]:
    nothing = field.get_db_prep_save([], connection) if field.get_internal_type() == "JSONField" else None

    def convert(value: object) -> object:
        return nothing if value == [] else field.get_db_prep_save(value, connection)

    # Few days and instants stand in many rows; a secret is encrypted anew each time, and a list cannot be looked up.
    return lru_cache(_REMEMBERED)(convert) if isinstance(field, DateField) else convert
