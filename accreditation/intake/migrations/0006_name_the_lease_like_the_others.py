from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ("intake", "0005_states_are_checked"),
    ]

    operations = [
        migrations.RenameField(model_name="nominationimport", old_name="leased_until", new_name="lease_until"),
    ]
