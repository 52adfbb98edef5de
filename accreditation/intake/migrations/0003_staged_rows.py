import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import missions.kernel.crypto

STATES = [('received', 'waits to be read'), ('asked', 'question open'), ('staged', 'ready to be taken in'), ('committing', 'being taken in'), ('committed', 'taken in'), ('discarded', 'discarded'), ('unreadable', 'cannot be read')]
CATEGORIES = [('international_observer', 'international observer'), ('domestic_observer', 'domestic observer'), ('foreign_media', 'foreign media'), ('exit_pollster', 'exit pollster'), ('interpreter', 'interpreter'), ('support_staff', 'support staff')]
PERSON = {"on_delete": django.db.models.deletion.PROTECT, "related_name": "+", "to": settings.AUTH_USER_MODEL}


class Migration(migrations.Migration):

    dependencies = [
        ("accreditation", "0007_fill_nomination_category"),
        ("intake", "0002_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RenameField("nominationimport", "imported_at", "uploaded_at"),
        migrations.RenameField("nominationimport", "imported_by", "uploaded_by"),
        migrations.AlterModelOptions(
            name="nominationimport",
            options={
                "ordering": ["-uploaded_at", "-pk"],
                "verbose_name": "nomination file",
                "verbose_name_plural": "nomination files",
            },
        ),
        migrations.AlterField("nominationimport", "uploaded_at", models.DateTimeField(verbose_name="uploaded at")),
        migrations.AlterField(
            "nominationimport", "uploaded_by", models.ForeignKey(null=True, verbose_name="uploaded by", **PERSON)
        ),
        migrations.AlterField("nominationimport", "rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
        migrations.AlterField("nominationimport", "added", models.PositiveIntegerField(default=0, verbose_name="added")),
        migrations.AlterField(
            "nominationimport", "changed", models.PositiveIntegerField(default=0, verbose_name="changed")
        ),
        migrations.AddField(
            "nominationimport", "unchanged", models.PositiveIntegerField(default=0, verbose_name="unchanged")
        ),
        migrations.AddField(
            "nominationimport",
            "category",
            models.CharField(
                choices=CATEGORIES, default="international_observer", max_length=30, verbose_name="category"
            ),
        ),
        # What is stored already was taken in whole.
        migrations.AddField(
            "nominationimport",
            "state",
            models.CharField(choices=STATES, default="committed", max_length=20, verbose_name="state"),
            preserve_default=False,
        ),
        migrations.AddField(
            "nominationimport",
            "encoding",
            models.CharField(blank=True, help_text="As a person chose it.", max_length=20, verbose_name="encoding"),
        ),
        migrations.AddField(
            "nominationimport",
            "date_order",
            models.CharField(
                blank=True, help_text="As a person chose it.", max_length=20, verbose_name="order of dates"
            ),
        ),
        migrations.AddField(
            "nominationimport",
            "question",
            models.CharField(
                blank=True,
                choices=[("encoding", "encoding"), ("date_order", "order of dates")],
                max_length=20,
                verbose_name="open question",
            ),
        ),
        migrations.AddField(
            "nominationimport", "fault", models.CharField(blank=True, max_length=400, verbose_name="fault")
        ),
        migrations.AddField(
            "nominationimport", "notices", models.JSONField(blank=True, default=list, verbose_name="notices")
        ),
        migrations.AddField(
            "nominationimport", "staged_at", models.DateTimeField(blank=True, null=True, verbose_name="read at")
        ),
        migrations.AddField(
            "nominationimport", "closed_at", models.DateTimeField(blank=True, null=True, verbose_name="closed at")
        ),
        migrations.AddField(
            "nominationimport",
            "closed_by",
            models.ForeignKey(
                blank=True,
                help_text="Who had the rows taken in, or discarded the file.",
                null=True,
                verbose_name="closed by",
                **PERSON,
            ),
        ),
        migrations.AddField(
            "nominationimport",
            "attempts",
            models.PositiveSmallIntegerField(default=0, editable=False, help_text="How often the job has begun."),
        ),
        migrations.AddField(
            "nominationimport", "leased_until", models.DateTimeField(blank=True, editable=False, null=True)
        ),
        migrations.CreateModel(
            name="FileContent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("data", missions.kernel.crypto.EncryptedTextField(help_text="Base64 of the file.")),
                (
                    "nomination_import",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="content",
                        to="intake.nominationimport",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="StagedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                ("reference", models.CharField(blank=True, max_length=80, verbose_name="reference")),
                (
                    "payload",
                    missions.kernel.crypto.EncryptedTextField(
                        blank=True, help_text="What the row says of the person.", null=True
                    ),
                ),
                (
                    "findings",
                    models.JSONField(
                        blank=True, default=list, help_text="Column, code, severity and sentence of each."
                    ),
                ),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("add", "new"),
                            ("change", "changes"),
                            ("keep", "there already"),
                            ("refuse", "stays out"),
                        ],
                        max_length=10,
                        verbose_name="would",
                    ),
                ),
                ("has_warnings", models.BooleanField(default=False)),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("added", "added"),
                            ("changed", "changed"),
                            ("unchanged", "was there already"),
                            ("sent_back", "sent back"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "nomination",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accreditation.nomination",
                    ),
                ),
                (
                    "nomination_import",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="staged_rows",
                        to="intake.nominationimport",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a nomination file",
                "verbose_name_plural": "rows of nomination files",
                "ordering": ["nomination_import", "number"],
            },
        ),
    ]
