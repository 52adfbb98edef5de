"""Lists read as rows: what a serializer would show, straight from columns.

A serializer makes an object of every row and asks every field of every object. For the long lists the same answer is
read from the columns that the serializer's fields name: one declaration, two ways to read it. A field that is no
column is said by the view (`Computed`), and rows that hang on a row are read in one more query (`Children`).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from operator import itemgetter
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.utils import timezone
from rest_framework import serializers

#: Fields that show the value as the database gives it; instants are brought to the zone of the process.
_AS_STORED = (
    serializers.BooleanField,
    serializers.CharField,
    serializers.ChoiceField,
    serializers.DateField,
    serializers.FloatField,
    serializers.IntegerField,
    serializers.ListField,
    serializers.TimeField,
    serializers.UUIDField,
)
_OWN_KEY = "pk"
#: The zone in which the database gives instants.
_AS_READ = "UTC"

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Computed:
    """A field that is made of columns by the same function that the model's property is made by."""

    columns: tuple[str, ...]
    made: Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Children:
    """Rows that refer to the rows of the list by `parent`, in the order in which they are shown."""

    parent: str
    rows: Callable[[Any], QuerySet[Any]]  # of the user who asks
    computed: Mapping[str, Computed] | None = None
    shown: Callable[[Any, list[Record]], list[Record]] | None = None  # what of them that user is shown


class RowReader:
    """Reads what `serializer` shows of a queryset. Raises ImproperlyConfigured for a field that it cannot read."""

    def __init__(
        self,
        serializer: serializers.Serializer[Any],
        *,
        computed: Mapping[str, Computed] | None = None,
        children: Mapping[str, Children] | None = None,
        parent: str = "",
    ) -> None:
        self.columns: list[str] = [_OWN_KEY, *([parent] if parent else [])]
        self._children: dict[str, tuple[Children, RowReader]] = {}
        self._shape = self._shape_of(serializer, "", computed or {}, children or {})

    def rows(self, queryset: QuerySet[Any]) -> QuerySet[Any, Any]:
        """The queryset, reading columns in place of objects; may be ordered, filtered and cut as before."""
        return queryset.prefetch_related(None).values_list(*self.columns, named=True)

    def records(self, rows: Sequence[Any], *, user: object) -> list[Record]:
        """What is shown of these rows; one more query for each kind of children."""
        zone = timezone.get_current_timezone()
        records = [self._shape.record(row, zone) for row in rows]
        for name, (children, reader) in self._children.items():
            found = reader.of_parents(children, [row[0] for row in rows], user=user)
            for row, record in zip(rows, records, strict=True):
                lines = found.get(row[0], [])
                record[name] = children.shown(user, lines) if children.shown else lines
        return records

    def of_parents(self, children: Children, parents: Sequence[int], *, user: object) -> Mapping[int, list[Record]]:
        """The children of each of these parents that has any."""
        found: dict[int, list[Record]] = defaultdict(list)
        rows = self.rows(children.rows(user).filter(**{f"{children.parent}__in": parents}))
        zone = timezone.get_current_timezone()
        for row in rows if parents else ():
            found[row[1]].append(self._shape.record(row, zone))
        return found

    def _column(self, path: str) -> int:
        if path not in self.columns:
            self.columns.append(path)
        return self.columns.index(path)

    def _shape_of(
        self,
        serializer: serializers.Serializer[Any],
        prefix: str,
        computed: Mapping[str, Computed],
        children: Mapping[str, Children],
    ) -> "_Shape":
        shape = _Shape()
        for name, field in serializer.fields.items():
            if name in computed:
                columns = [self._column(prefix + column) for column in computed[name].columns]
                shape.add(name, columns[0], made=(itemgetter(*columns), len(columns) > 1, computed[name].made))
            elif name in children:
                inner: Any = field.child  # type: ignore[attr-defined]  # a list of serializers
                kind = children[name]
                self._children[name] = (kind, RowReader(inner, computed=kind.computed, parent=kind.parent))
                shape.add(name, 0)
            elif isinstance(field, serializers.Serializer) and not field.allow_null:
                path = f"{prefix}{LOOKUP_SEP.join(field.source_attrs)}{LOOKUP_SEP}"
                shape.add(name, 0, inner=self._shape_of(field, path, {}, {}))
            else:
                path = f"{prefix}{LOOKUP_SEP.join(field.source_attrs)}"
                shape.add(name, self._column(path), is_instant=_is_instant(name, field))
        return shape


class _Shape:
    """The names of one object, and where its values stand in a row."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._columns: list[int] = []
        self._instants: list[str] = []
        self._made: list[tuple[str, itemgetter[Any], bool, Callable[..., Any]]] = []
        self._inner: list[tuple[str, _Shape]] = []

    def add(
        self,
        name: str,
        column: int,
        *,
        is_instant: bool = False,
        made: "tuple[itemgetter[Any], bool, Callable[..., Any]] | None" = None,
        inner: "_Shape | None" = None,
    ) -> None:
        self.names.append(name)
        self._columns.append(column)
        if is_instant:
            self._instants.append(name)
        if made is not None:
            self._made.append((name, *made))
        if inner is not None:
            self._inner.append((name, inner))

    @cached_property
    def _values(self) -> Callable[[Sequence[Any]], Iterable[Any]]:
        if len(self._columns) > 1:
            return itemgetter(*self._columns)
        (only,) = self._columns
        return lambda row: (row[only],)

    def record(self, row: Sequence[Any], zone: Any) -> Record:
        record = dict(zip(self.names, self._values(row), strict=True))
        if str(zone) != _AS_READ:
            for name in self._instants:
                record[name] = _in_zone(record[name], zone)
        for name, pick, is_several, made in self._made:
            record[name] = made(*pick(row)) if is_several else made(pick(row))
        for name, inner in self._inner:
            record[name] = inner.record(row, zone)
        return record


def _is_instant(name: str, field: serializers.Field[Any, Any, Any, Any]) -> bool:
    """Whether the field shows an instant. Raises ImproperlyConfigured if it shows no column as it is stored."""
    if isinstance(field, serializers.DateTimeField):
        return True
    if isinstance(field, (serializers.PrimaryKeyRelatedField, *_AS_STORED)):
        return False
    raise ImproperlyConfigured(f"The field {name} ({type(field).__name__}) is not read from a column.")


def _in_zone(instant: datetime | None, zone: Any) -> datetime | None:
    return None if instant is None else instant.astimezone(zone)
