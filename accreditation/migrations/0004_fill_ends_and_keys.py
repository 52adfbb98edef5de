from django.db import migrations
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce, Now

from accreditation.vetting.facts import weak_name

BATCH = 2000


def fill(apps, schema_editor):
    Event = apps.get_model("kernel", "Event")
    Application = apps.get_model("accreditation", "Application")
    Accreditation = apps.get_model("accreditation", "Accreditation")
    Observer = apps.get_model("accreditation", "Observer")

    def instant_of(label):
        events = Event.objects.filter(object_type=label, object_id=OuterRef("pk"), to_state=OuterRef("state"))
        return Coalesce(Subquery(events.order_by("-pk").values("at")[:1]), Now())

    ended = Accreditation.objects.exclude(state__in=["active", "suspended"])
    ended.update(ended_at=instant_of("accreditation.accreditation"))
    over = Application.objects.filter(state__in=["refused_final", "withdrawn"])
    over.update(closed_at=instant_of("accreditation.application"))
    for row in Accreditation.objects.filter(ended_at__isnull=False).values("application_id", "ended_at"):
        Application.objects.filter(pk=row["application_id"]).update(closed_at=row["ended_at"])
    gone = Application.objects.filter(closed_at__isnull=False).exclude(state="refused")
    Nomination = apps.get_model("accreditation", "Nomination")
    freed = gone.exclude(accreditation__state__in=["revoked", "expired"]).values("nomination")
    Nomination.objects.filter(pk__in=freed).update(holds_place=False)
    people = list(Observer.objects.only("surname", "given_names"))
    for person in people:
        person.weak_key = weak_name(person.surname, person.given_names)[:420]
    Observer.objects.bulk_update(people, ["weak_key"], batch_size=BATCH)


class Migration(migrations.Migration):

    dependencies = [
        ("accreditation", "0003_accreditation_desk"),
        ("kernel", "0002_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
