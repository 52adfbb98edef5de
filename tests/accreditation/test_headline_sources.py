"""The public figure with a name for whom it counts: the same numbers as everywhere, of all and of one organization."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from accreditation.headline_sources import RULE, accreditation_headline
from accreditation.models import Accreditation
from accreditation.selectors import Figures, figures_as_of
from accreditation.services.accreditations import revoke_accreditation
from accreditation.services.decisions import accredit_application
from accreditation.states import ApplicationState
from missions.models import Election, Mission, User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


def test_the_headline_is_the_public_figure_and_names_its_people(
    election: Election,
    mission: Mission,
    other_mission: Mission,
    make_application: MakeApplication,
    approver: User,
    at: dt.datetime,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for number, nationality in enumerate(("DEU", "FRA", "DEU")):
        application = make_application(ApplicationState.SCHEDULED, person=draft_number(number, nationality=nationality))
        accredit_application(application=application, by=approver, at=at)
    assert mission.organization is not None
    name = mission.organization.acronym
    accreditation = Accreditation.objects.filter(election=election).earliest("pk")
    revoke_accreditation(accreditation=accreditation, reason="A breach.", by=approver, at=at + HOUR)

    with django_assert_num_queries(1):
        then = accreditation_headline.headline_of(election, at=at)
    later = accreditation_headline.headline_of(election, at=at + HOUR)

    assert figures_as_of(election, at=at) == Figures(then.observers, then.organizations, then.countries)
    assert (then.rule, then.by_organization, then.by_country) == (RULE, {name: 3}, {"DEU": 2, "FRA": 1})
    assert (later.observers, later.by_country) == (2, {"DEU": 1, "FRA": 1})
    assert then.digest != later.digest
    assert then == accreditation_headline.headline_of(election, at=at)
    assert then == accreditation_headline.headline_of(election, at=at, organization=mission.organization)
    other = accreditation_headline.headline_of(election, at=at, organization=other_mission.organization)
    assert (other.observers, other.organizations, other.countries) == (0, 0, 0)
