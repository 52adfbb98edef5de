from django.db import migrations
from django.db.models import Count, F, OuterRef, Subquery

INTERNATIONAL = "international_observer"


def fill(apps, schema_editor):
    """The category of the latest application; places of other categories are no longer counted on the mission."""
    Nomination = apps.get_model("accreditation", "Nomination")
    Application = apps.get_model("accreditation", "Application")
    CategoryQuota = apps.get_model("accreditation", "CategoryQuota")
    Mission = apps.get_model("missions", "Mission")
    latest = Application.objects.filter(nomination=OuterRef("pk")).order_by("-pk").values("category")[:1]
    others = Application.objects.exclude(category=INTERNATIONAL).values("nomination")
    Nomination.objects.filter(pk__in=others).update(category=Subquery(latest))
    holding = Nomination.objects.filter(holds_place=True).exclude(category=INTERNATIONAL)
    for row in holding.order_by().values("mission_id", "category").annotate(count=Count("pk")):
        CategoryQuota.objects.create(mission_id=row["mission_id"], category=row["category"], taken=row["count"])
        Mission.objects.filter(pk=row["mission_id"]).update(places_taken=F("places_taken") - row["count"])


class Migration(migrations.Migration):

    dependencies = [
        ("accreditation", "0006_nomination_category"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
