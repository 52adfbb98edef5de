"""Changes of big tables while people work: what Django does under a lock, done beside the traffic.

For migrations of tables that are in use. Such a migration says `atomic = False` and has nothing else in it: what was
broken off is begun anew when it is run again.
"""

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations import AddConstraint, AddIndex
from django.db.migrations.state import ProjectState
from django.db.models import CheckConstraint, Model


class AddIndexAside(AddIndex):
    """An index that is built while rows are written. SQLite, which has one writer at a time, builds it as ever."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            _drop_unfinished(schema_editor, str(self.index.name))
            schema_editor.add_index(model, self.index, concurrently=True)  # type: ignore[call-arg]  # of PostgreSQL


class AddCheckAside(AddConstraint):
    """A check that binds new rows at once, and old ones as soon as they were looked at, under no lock that matters."""

    def database_forwards(
        self, app_label: str, schema_editor: BaseDatabaseSchemaEditor, from_state: ProjectState, to_state: ProjectState
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            self._add_and_validate(model, schema_editor)

    def _add_and_validate(self, model: type[Model], schema_editor: BaseDatabaseSchemaEditor) -> None:
        if not isinstance(self.constraint, CheckConstraint):
            raise TypeError("only a check may be looked at afterwards")
        quote = schema_editor.connection.ops.quote_name
        table, name = quote(model._meta.db_table), quote(self.constraint.name)
        schema_editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        schema_editor.execute(f"{self.constraint.create_sql(model, schema_editor)} NOT VALID", params=None)
        schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


def _drop_unfinished(schema_editor: BaseDatabaseSchemaEditor, name: str) -> None:
    """An index that was broken off is there, counts for nothing, and has the name."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid WHERE relname = %s AND NOT indisvalid",
            [name],
        )
        if cursor.fetchone():
            cursor.execute(f"DROP INDEX CONCURRENTLY {schema_editor.connection.ops.quote_name(name)}")
