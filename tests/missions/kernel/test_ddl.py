"""Changes beside the traffic end as Django's own do, on both databases, and can be taken back."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from missions.kernel.ddl import AddCheckAside, AddIndexAside

TABLE = "kernel_idempotencykey"
INDEX = AddIndexAside("idempotencykey", models.Index(fields=["status"], name="aside_index"))
CHECK = AddCheckAside("idempotencykey", models.CheckConstraint(condition=models.Q(status__lt=600), name="aside_check"))


def _migration(operation: Operation) -> migrations.Migration:
    kind: type[migrations.Migration] = type(
        "Aside", (migrations.Migration,), {"operations": [operation], "atomic": False}
    )
    return kind("9999_aside", "kernel")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("operation", "name"), [(INDEX, "aside_index"), (CHECK, "aside_check")])
def test_it_is_there_afterwards_and_gone_when_it_is_taken_back(operation: Operation, name: str) -> None:
    before, migration = MigrationLoader(connection).project_state(), _migration(operation)

    with connection.schema_editor(atomic=False) as editor:
        after = migration.apply(before.clone(), editor)
    there = name in _constraints()
    with connection.schema_editor(atomic=False) as editor:
        migration.unapply(before.clone(), editor)

    assert (there, name in _constraints()) == (True, False)
    assert _of(after) == [name]


@pytest.mark.django_db(transaction=True)
def test_only_a_check_can_be_looked_at_afterwards() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite looks at once")
    once = AddCheckAside("idempotencykey", models.UniqueConstraint(fields=["status"], name="aside_check"))

    with connection.schema_editor(atomic=False) as editor, pytest.raises(TypeError, match="only a check"):
        _migration(once).apply(MigrationLoader(connection).project_state(), editor)


def _constraints() -> set[str]:
    with connection.cursor() as cursor:
        return set(connection.introspection.get_constraints(cursor, TABLE))


def _of(state: ProjectState) -> list[str]:
    options = state.models["kernel", "idempotencykey"].options
    return [str(one.name) for one in (*options["indexes"], *options["constraints"]) if "aside" in str(one.name)]
