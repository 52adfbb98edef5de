from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('recommendations', '0003_copy_texts'),
    ]

    operations = [
        migrations.RemoveField(model_name='recommendation', name='language'),
        migrations.RemoveField(model_name='recommendation', name='text'),
    ]
