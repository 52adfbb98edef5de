from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accreditation", "0005_ends_have_instants"),
    ]

    operations = [
        migrations.AddField(
            model_name='nomination',
            name='category',
            field=models.CharField(choices=[('international_observer', 'international observer'), ('domestic_observer', 'domestic observer'), ('foreign_media', 'foreign media'), ('exit_pollster', 'exit pollster'), ('interpreter', 'interpreter'), ('support_staff', 'support staff')], default='international_observer', help_text='In which the mission applies for the person now; its places are counted there.', max_length=30, verbose_name='category'),
        ),
        migrations.AddConstraint(
            model_name='nomination',
            constraint=models.CheckConstraint(condition=models.Q(('category__in', ['international_observer', 'domestic_observer', 'foreign_media', 'exit_pollster', 'interpreter', 'support_staff'])), name='nomination_category_known'),
        ),
    ]
