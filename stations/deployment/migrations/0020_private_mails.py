"""Mails that tell of a mission's own released plan are the mission's own affair, those written before as well."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_CONDITIONS = ("own_plan_gap", "own_plan_released")


def hide(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    using = schema_editor.connection.alias
    rules = apps.get_model("reminders", "ReminderRule").objects.using(using).filter(condition__in=_CONDITIONS)
    messages = apps.get_model("reminders", "Message").objects.using(using)
    messages.filter(rule__in=[*_CONDITIONS, *rules.values_list("code", flat=True)]).update(is_private=True)


class Migration(migrations.Migration):
    dependencies = [("deployment", "0019_new_areas"), ("reminders", "0007_private_messages")]

    operations = [migrations.RunPython(hide, migrations.RunPython.noop, elidable=True)]
