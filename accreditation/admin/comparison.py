"""Whom a finding speaks of: the other nominations of the person, and those of people who may be the same."""

from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.formats import date_format

from accreditation.likeness import key_of_observer, people_alike
from accreditation.models import Application, Nomination, Observer
from accreditation.vetting.sentences import ABOUT_OTHERS
from missions.admin.pages import DAY_FORMAT

#: More look-alikes than this help nobody.
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class OtherPerson:
    """Somebody to lay beside the applicant; `is_same` where it is the same row of the register."""

    name: str
    born: str
    missions: str
    url: str
    is_same: bool


def people_to_compare(application: Application) -> list[OtherPerson]:
    """The people whom a finding about others may mean; nobody where there is no such finding. Four queries at most."""
    if not application.findings.filter(code__in=ABOUT_OTHERS).exists():
        return []
    observer = application.observer
    alike = people_alike(key_of_observer(observer), election_id=application.election_id)
    others = Nomination.objects.exclude(pk=application.nomination_id).select_related("mission").order_by("pk")
    rows = (
        Observer.objects.filter(pk__in={observer.pk, *(row.observer_id for row in alike)})
        .defer("passport_number", "mrz")
        .prefetch_related(Prefetch("nominations", others, to_attr="other_nominations"))
        .order_by("pk")
    )
    found = [_line(row, is_same=row.pk == observer.pk) for row in rows if row.other_nominations]  # type: ignore[attr-defined]  # prefetched
    return sorted(found, key=lambda person: not person.is_same)[:_SHOWN]


def _line(observer: Observer, *, is_same: bool) -> OtherPerson:
    nominations: list[Nomination] = observer.other_nominations  # type: ignore[attr-defined]  # prefetched
    return OtherPerson(
        name=observer.full_name,
        born=date_format(observer.birth_date, DAY_FORMAT),
        missions=", ".join(dict.fromkeys(nomination.mission.code for nomination in nominations)),
        url=reverse("admin:accreditation_observer_change", args=(observer.pk,)),
        is_same=is_same,
    )
