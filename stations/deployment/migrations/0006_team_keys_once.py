import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("deployment", "0005_fill_team_keys")]

    operations = [
        migrations.AlterField(
            model_name="team",
            name="key",
            field=models.UUIDField(default=uuid.uuid4, editable=False, verbose_name="key"),
        ),
        migrations.AddConstraint(
            model_name="team",
            constraint=models.UniqueConstraint(fields=("plan", "key"), name="team_key_once"),
        ),
    ]
