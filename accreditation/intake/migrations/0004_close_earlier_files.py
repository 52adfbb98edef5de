from django.db import migrations
from django.db.models import F


def close(apps, schema_editor):
    """Files from before the staging were taken in at the instant of their upload."""
    NominationImport = apps.get_model("intake", "NominationImport")
    NominationImport.objects.filter(state="committed", closed_at=None).update(
        staged_at=F("uploaded_at"), closed_at=F("uploaded_at"), closed_by=F("uploaded_by")
    )


class Migration(migrations.Migration):

    dependencies = [("intake", "0003_staged_rows")]

    operations = [migrations.RunPython(close, migrations.RunPython.noop)]
