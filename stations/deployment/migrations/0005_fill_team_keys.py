"""Give every team that is there already a key of its own."""

import uuid

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_BATCH = 500


def fill_keys(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    teams = apps.get_model("deployment", "Team").objects.using(schema_editor.connection.alias)
    without = list(teams.filter(key=None).only("pk"))
    for team in without:
        team.key = uuid.uuid4()
    teams.bulk_update(without, ["key"], batch_size=_BATCH)


class Migration(migrations.Migration):
    dependencies = [("deployment", "0004_versions")]

    operations = [migrations.RunPython(fill_keys, migrations.RunPython.noop, elidable=True)]
