"""Whoever has people in a plan that is released is to take note of it, as before."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_BATCH = 500


def fill_notices(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    using = schema_editor.connection.alias
    members = apps.get_model("deployment", "TeamMember").objects.using(using)
    notice = apps.get_model("deployment", "PlanNotice")
    rows = members.filter(plan__state="released").order_by("plan", "nomination__mission")
    pairs = rows.values_list("plan", "nomination__mission").distinct()
    notice.objects.using(using).bulk_create(
        (notice(plan_id=plan, mission_id=mission, is_changed=True) for plan, mission in pairs), batch_size=_BATCH
    )


class Migration(migrations.Migration):
    dependencies = [("deployment", "0009_plan_notices")]

    operations = [migrations.RunPython(fill_notices, migrations.RunPython.noop, elidable=True)]
