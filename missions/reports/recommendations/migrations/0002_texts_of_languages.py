import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recommendations', '0001_recommendations'),
    ]

    operations = [
        migrations.AddField(
            model_name='recommendation',
            name='version',
            field=models.PositiveIntegerField(default=1, verbose_name='version'),
        ),
        migrations.CreateModel(
            name='RecommendationText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=2, validators=[django.core.validators.RegexValidator('\\A[a-z]{2}\\Z', 'Two small letters of ISO 639-1.')], verbose_name='language')),
                ('text', models.TextField(max_length=4000, verbose_name='text')),
                ('recommendation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='recommendations.recommendation', verbose_name='recommendation')),
            ],
            options={
                'verbose_name': 'text of a recommendation',
                'verbose_name_plural': 'texts of recommendations',
                'ordering': ['recommendation', 'language'],
                'constraints': [models.UniqueConstraint(fields=('recommendation', 'language'), name='recommendation_text_language_once'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='recommendation_text_not_empty')],
            },
        ),
        # So that the columns can be taken away, and come back when the migration is undone.
        migrations.AlterField(
            model_name='recommendation',
            name='language',
            field=models.CharField(blank=True, default='', max_length=2, verbose_name='language'),
        ),
        migrations.AlterField(
            model_name='recommendation',
            name='text',
            field=models.TextField(blank=True, default='', max_length=4000, verbose_name='text'),
        ),
    ]
