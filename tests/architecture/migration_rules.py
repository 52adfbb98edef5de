"""What a migration may not do to a table that is in use, told from its operations. Pure: no database is asked.

An installation is migrated while people work in it, and for a while the former version writes into the new tables
(docs/adr/0027). What is new in a migration, such as a table that it creates, may be anything.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from missions.kernel.ddl import AddCheckAside, AddIndexAside

#: Of these the former version knows nothing, and would fail.
_BREAKING = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
)
_OF_DATA = (migrations.RunPython, migrations.RunSQL)
_OF_STATE_ONLY = (migrations.AlterModelOptions, migrations.AlterModelManagers, migrations.SeparateDatabaseAndState)


def faults_of(migration: migrations.Migration, state: ProjectState) -> list[str]:
    """What is wrong with it, as "code target"; `state` is that of before and becomes that of after."""
    new = {
        operation.name.lower() for operation in migration.operations if isinstance(operation, migrations.CreateModel)
    }
    found = [fault for operation in _flat(migration.operations) for fault in _of_data(operation)]
    has_data = any(isinstance(operation, _OF_DATA) for operation in migration.operations)
    has_schema = any(not isinstance(operation, _OF_DATA + _OF_STATE_ONLY) for operation in migration.operations)
    if has_data and has_schema:
        found.append("data-beside-schema")
    asides = [operation for operation in migration.operations if isinstance(operation, AddIndexAside | AddCheckAside)]
    if asides and (migration.atomic or len(migration.operations) > len(asides)):
        found.append("aside-is-not-alone")
    for operation in migration.operations:
        if _table_of(operation) not in new:
            found += _of_schema(operation, migration.app_label, state)
        operation.state_forwards(migration.app_label, state)
    return found


def _flat(operations: Sequence[Operation]) -> Iterator[Operation]:
    for operation in operations:
        yield operation
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from _flat(operation.database_operations)


def _of_data(operation: Operation) -> Iterator[str]:
    if isinstance(operation, migrations.RunSQL):
        yield "raw-sql"
    if isinstance(operation, migrations.RunPython) and operation.reverse_code is None:
        yield "no-way-back"


def _table_of(operation: Operation) -> str:
    return str(getattr(operation, "model_name", getattr(operation, "name", ""))).lower()


def _of_schema(operation: Operation, app: str, state: ProjectState) -> Iterator[str]:
    target = ".".join(filter(None, (_table_of(operation), str(getattr(operation, "name", "") or ""))))
    if isinstance(operation, _BREAKING):
        yield f"breaks-the-former-version {target}"
    elif isinstance(operation, migrations.AddField):
        yield from (f"{code} {target}" for code in _of_new_field(operation.field))
    elif isinstance(operation, migrations.AlterField):
        former = state.models[app, operation.model_name_lower].fields[operation.name]
        if not _is_light(former, operation.field):
            yield f"rewrites-or-scans {target}"
    elif isinstance(operation, migrations.AddIndex) and not isinstance(operation, AddIndexAside):
        yield f"locks-while-indexing {target}.{operation.index.name}"
    elif isinstance(operation, migrations.AddConstraint) and not isinstance(operation, AddCheckAside):
        yield f"locks-while-checking {target}.{operation.constraint.name}"


def _of_new_field(field: "models.Field[Any, Any]") -> Iterator[str]:
    if field.many_to_many:  # a table of its own
        return
    if not field.null and field.db_default is models.NOT_PROVIDED and not field.generated:
        yield "former-version-cannot-insert"
    if field.unique or (getattr(field, "db_index", False) and not field.is_relation):
        yield "locks-while-indexing"


def _is_light(former: "models.Field[Any, Any]", latter: "models.Field[Any, Any]") -> bool:
    """Whether only words have changed, or the column takes more than before."""
    kind, was = _column(former)
    other, becomes = _column(latter)
    grown = {"max_length": (was.pop("max_length", None) or 0) <= (becomes.pop("max_length", None) or 0)}
    grown["null"] = not was.pop("null", False) or bool(becomes.pop("null", False))
    becomes.pop("null", None)
    return kind == other and was == becomes and all(grown.values())


def _column(field: "models.Field[Any, Any]") -> tuple[str, dict[str, Any]]:
    _name, path, _arguments, options = field.deconstruct()
    return path, {name: value for name, value in options.items() if name not in {*field.non_db_attrs, "default"}}
