"""The words of each recommendation become its first text; undone, the first text by language becomes its words."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def copy_texts(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    recommendation = apps.get_model("recommendations", "Recommendation")
    text = apps.get_model("recommendations", "RecommendationText")
    rows = recommendation.objects.exclude(text="").order_by("pk").values_list("pk", "language", "text")
    text.objects.bulk_create(
        [text(recommendation_id=pk, language=language, text=words) for pk, language, words in rows], batch_size=500
    )


def copy_back(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    recommendation = apps.get_model("recommendations", "Recommendation")
    text = apps.get_model("recommendations", "RecommendationText")
    for row in recommendation.objects.order_by("pk"):
        first = text.objects.filter(recommendation_id=row.pk).order_by("language").first()
        if first is not None:
            row.language, row.text = first.language, first.text
            row.save(update_fields=["language", "text"])
    text.objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("recommendations", "0002_texts_of_languages"),
    ]

    operations = [migrations.RunPython(copy_texts, copy_back)]
