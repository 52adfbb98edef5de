"""F13: a migration may run while people work. Those of before the first release, when nobody did, stand in a list.

`python -m tests.architecture.test_migrations` writes the list anew; after the first release nothing is added to it.
"""

import os
from pathlib import Path
from typing import Any

import django
import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ModelState, ProjectState

from missions.kernel.ddl import AddCheckAside, AddIndexAside
from tests.architecture.migration_rules import faults_of

OWN = {"missions", "accreditation", "stations", "config"}
BASELINE = Path(__file__).with_name("migrations_baseline.txt")


def all_faults() -> dict[str, list[str]]:
    """What is wrong with which of our migrations, in the order in which they are applied."""
    loader = MigrationLoader(None)
    state, found = ProjectState(), {}
    for node in _in_order(loader):
        migration = loader.graph.nodes[node]
        faults = faults_of(migration, state)
        if faults and migration.__module__.partition(".")[0] in OWN:
            found[f"{migration.app_label}.{migration.name}"] = faults
    return found


def _in_order(loader: MigrationLoader) -> list[tuple[str, str]]:
    order: dict[tuple[str, str], None] = {}
    for leaf in sorted(loader.graph.leaf_nodes()):
        order.update(dict.fromkeys(loader.graph.forwards_plan(leaf)))
    return list(order)


def test_no_migration_holds_people_up_or_breaks_the_former_version() -> None:
    found, known = all_faults(), set(BASELINE.read_text().splitlines())

    assert {name: faults for name, faults in found.items() if name not in known} == {}
    assert known - found.keys() == set()


TEXT = models.CharField(max_length=20)
CHECK = models.CheckConstraint(condition=models.Q(name__gt=""), name="named")
INDEX = models.Index(fields=["name"], name="by_name")


def _migration(*operations: migrations.operations.base.Operation, atomic: bool = True) -> migrations.Migration:
    kind: type[migrations.Migration] = type(
        "Change", (migrations.Migration,), {"operations": list(operations), "atomic": atomic}
    )
    return kind("0002_change", "desk")


def _state() -> ProjectState:
    state = ProjectState()
    fields: list[tuple[str, models.Field[Any, Any]]] = [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", TEXT),
        ("size", models.IntegerField(null=True)),
    ]
    state.add_model(ModelState("desk", "Chair", fields))
    return state


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (migrations.AddField("chair", "colour", TEXT), "former-version-cannot-insert chair.colour"),
        (migrations.AddField("chair", "code", models.IntegerField(null=True, unique=True)), "locks-while-indexing"),
        (migrations.AddField("chair", "day", models.DateField(null=True, db_index=True)), "locks-while-indexing"),
        (migrations.AlterField("chair", "name", models.CharField(max_length=10)), "rewrites-or-scans chair.name"),
        (migrations.AlterField("chair", "name", models.IntegerField()), "rewrites-or-scans chair.name"),
        (migrations.AlterField("chair", "size", models.IntegerField()), "rewrites-or-scans chair.size"),
        (migrations.AddIndex("chair", INDEX), "locks-while-indexing"),
        (migrations.AddConstraint("chair", CHECK), "locks-while-checking"),
        (migrations.RemoveField("chair", "size"), "breaks-the-former-version chair.size"),
        (migrations.RenameField("chair", "name", "label"), "breaks-the-former-version"),
        (migrations.DeleteModel("Chair"), "breaks-the-former-version"),
        (migrations.RunSQL("SELECT 1"), "raw-sql"),
        (migrations.RunPython(lambda apps, editor: None), "no-way-back"),
        (AddIndexAside("chair", INDEX), "aside-is-not-alone"),
    ],
)
def test_what_is_not_allowed_is_named(operation: migrations.operations.base.Operation, fault: str) -> None:
    (found,) = faults_of(_migration(operation), _state())

    assert found.startswith(fault)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.AddField("chair", "colour", models.CharField(max_length=9, null=True)),
        migrations.AddField("chair", "colour", models.CharField(max_length=9, db_default="")),
        migrations.AlterField("chair", "name", models.CharField(max_length=30, verbose_name="label")),
        migrations.AlterField("chair", "name", models.CharField(max_length=20, null=True)),
        migrations.RunPython(migrations.RunPython.noop, migrations.RunPython.noop),
        migrations.AlterModelOptions("chair", {"ordering": ["name"]}),
    ],
)
def test_what_is_allowed_is_not(operation: migrations.operations.base.Operation) -> None:
    assert faults_of(_migration(operation), _state()) == []


def test_a_table_that_is_new_may_be_anything() -> None:
    create = migrations.CreateModel("Desk", [("id", models.BigAutoField(primary_key=True)), ("name", TEXT)])

    assert faults_of(_migration(create, migrations.AddIndex("desk", INDEX)), _state()) == []


def test_what_goes_beside_the_traffic_goes_alone() -> None:
    alone = _migration(AddIndexAside("chair", INDEX), AddCheckAside("chair", CHECK), atomic=False)
    together = _migration(
        AddIndexAside("chair", INDEX), migrations.AlterModelOptions("chair", {"ordering": []}), atomic=False
    )

    assert faults_of(alone, _state()) == []
    assert faults_of(together, _state()) == ["aside-is-not-alone"]


def test_rows_are_not_moved_in_the_migration_that_changes_their_table() -> None:
    noop = migrations.RunPython.noop
    both = _migration(
        migrations.AddField("chair", "x", models.IntegerField(null=True)), migrations.RunPython(noop, noop)
    )

    assert faults_of(both, _state()) == ["data-beside-schema"]


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    BASELINE.write_text("".join(f"{name}\n" for name in sorted(all_faults())))
