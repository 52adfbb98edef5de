"""Constraints are told by name on both databases."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from accreditation.models import Accreditation, Application, Nomination, Observer
from accreditation.services.nominations import nominate_observers
from missions.kernel.integrity import broken_constraint
from missions.models import Mission, User
from tests.accreditation.conftest import draft_number

pytestmark = pytest.mark.django_db


def _same_passport() -> None:
    first, second = Observer.objects.order_by("pk")
    second.passport_issuer, second.passport_key = first.passport_issuer, first.passport_key
    second.save()


def _same_reference() -> None:
    Nomination.objects.update(reference="R")


def _second_live_application() -> None:
    Application.objects.update(observer=Observer.objects.order_by("pk")[0])


def _over_the_ceiling() -> None:
    Mission.objects.update(places_taken=11)


def _unknown_state() -> None:
    Application.objects.update(state="lost")


@pytest.mark.parametrize(
    ("act", "name"),
    [
        (_same_passport, "observer_passport_once"),
        (_same_reference, "nomination_reference_once"),
        (_second_live_application, "application_one_live"),
        (_over_the_ceiling, "mission_within_ceiling"),
        (_unknown_state, "application_state_known"),
    ],
)
def test_the_broken_constraint_is_named(
    mission: Mission, lead: User, at: dt.datetime, act: Callable[[], None], name: str
) -> None:
    nominate_observers(mission=mission, drafts=[draft_number(1), draft_number(2)], by=lead, at=at)

    with pytest.raises(IntegrityError) as broken, transaction.atomic():
        act()

    assert broken_constraint(broken.value, Mission, Observer, Nomination, Application) == name
    assert broken_constraint(broken.value, Accreditation) == ""
