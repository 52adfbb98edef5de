from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("accreditation", "0004_fill_ends_and_keys"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('observer', 'election', 'category'), name='application_one_live'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None), models.Q(('exclusive_key', ''), _negated=True)), fields=('election', 'category', 'exclusive_key'), name='application_one_per_commission'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('refused_final', 'withdrawn')), _negated=True), ('closed_at__isnull', False), _connector='OR'), name='application_closed_has_instant'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at', None), ('state__in', ['refused_final', 'withdrawn', 'accredited']), _connector='OR'), name='application_open_has_no_end'),
        ),
        migrations.AddConstraint(
            model_name='accreditation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ('active', 'suspended'))), models.Q(models.Q(('state__in', ('active', 'suspended')), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='accreditation_ended_has_instant'),
        ),
    ]
