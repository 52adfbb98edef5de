"""Figures and claims by the API: what is public for everybody who signs in, the rest for the host alone."""

import datetime as dt

import pytest
from django.core.cache import cache

from missions.models import Election, User
from missions.reports.figures.services.claims import Said, publish_claim, record_claim, withdraw_claim
from missions.reports.figures.services.freezing import freeze_figures, publish_figures
from tests.missions.api.world import as_user
from tests.missions.reports.figures.conftest import AS_OF, AT, Say

pytestmark = pytest.mark.django_db
FIGURES, CLAIMS = "/api/v1/figures/", "/api/v1/figure-claims/"


@pytest.fixture(autouse=True)
def _counted(say: Say) -> None:
    cache.clear()
    say(AS_OF, {"ODIHR": 256, "SCO": 12}, {"DEU": 260, "KAZ": 8}, who="these")


def _host() -> User:
    return User.objects.create_user("host@figures.example", is_staff=True)


def test_figures_are_read_by_missions_once_they_are_public(election: Election, lead: User) -> None:
    row = freeze_figures(election=election, as_of=AS_OF, by=None, at=AT)
    member, host = as_user(lead), as_user(_host())
    absent = member.get(f"{FIGURES}999999/").content
    assert (member.get(FIGURES).json()["results"], member.get(f"{FIGURES}{row.pk}/").content) == ([], absent)
    assert [one["published_at"] for one in host.get(FIGURES).json()["results"]] == [None]

    publish_figures(figures=row, by=None, at=AT)

    assert member.get(f"{FIGURES}{row.pk}/").json() == {
        "id": row.pk,
        "election": election.pk,
        "as_of": "2024-02-06T19:00:00Z",
        "observers": 268,
        "organizations": 2,
        "countries": 2,
        "rule": "by-hand",
        "rule_version": 1,
        "rule_words": "People whom the test names.",
        "published_at": "2024-02-06T20:00:00Z",
    }
    assert member.get(f"{FIGURES}?election={election.pk + 1}").json()["results"] == []


def test_claims_are_read_by_missions_while_they_are_public(election: Election, lead: User) -> None:
    publish_figures(figures=freeze_figures(election=election, as_of=AS_OF, by=None, at=AT), by=None, at=AT)
    said = Said("A paper", dt.date(2024, 2, 6), AT, "From 88 countries", countries=88)
    claim = record_claim(election=election, said=said, by=None, at=AT)
    member, host = as_user(lead), as_user(_host())
    assert (member.get(CLAIMS).json()["results"], len(host.get(CLAIMS).json()["results"])) == ([], 1)

    publish_claim(claim=claim, by=None, at=AT)
    (row,) = member.get(CLAIMS).json()["results"]
    assert (row["source"], row["observers"], row["countries"], row["organization"]) == ("A paper", None, 88, None)

    withdraw_claim(claim=claim, reason="Misread", by=None, at=AT)
    assert member.get(f"{CLAIMS}{claim.pk}/").status_code == 404
    assert host.get(f"{CLAIMS}{claim.pk}/").json()["withdrawn_at"] == "2024-02-06T20:00:00Z"
