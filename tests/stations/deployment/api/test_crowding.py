"""A mission's people read the bands over the API and on their map; to everybody else they are absent."""

import pytest

from missions.kernel import clock
from missions.models import Constituency
from stations.deployment.models import CrowdingPicture, DeploymentSettings
from tests.missions.api.world import AT, World, as_user
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

MAP = "/mission/deployment/deploymentplan/crowding/"


@pytest.fixture
def told(world: World) -> World:
    """The mission agreed, and a picture was taken."""
    clock.set_to(AT)
    DeploymentSettings.objects.create(
        election=world.election, mission=world.mission, profile="odihr-like", avoids_other_missions=True
    )
    place = Constituency.objects.get(election=world.election, number=1)
    CrowdingPicture.objects.create(
        mission=world.mission, taken_at=AT, bands={str(place.pk): "some"}, plans={"987654": 321987}
    )
    return world


def test_a_lead_reads_the_bands_and_nothing_of_what_was_counted(told: World) -> None:
    answer = as_user(told.people.lead).get(f"/api/v1/missions/{told.mission.pk}/crowding/")

    assert answer.json() == {
        "mission": told.mission.pk,
        "agreed": True,
        "taken_at": "2024-01-18T12:00:00Z",
        "constituencies": [{"constituency_number": 1, "name": "First", "band": "some"}],
    }


def test_the_host_and_other_missions_find_nothing(told: World) -> None:
    address = f"/api/v1/missions/{told.mission.pk}/crowding/"

    answers = [as_user(user).get(address) for user in (told.people.host, told.people.other_lead)]

    assert [answer.status_code for answer in answers] == [404, 404]
    host = browser_of(in_role("planner"))
    pages = [host.get(f"/admin/deployment/deploymentplan/crowding/{part}") for part in ("", "content/")]
    assert [page.status_code for page in pages] == [404, 404]
    assert browser_of(told.people.other_lead).get(f"{MAP}?mission={told.mission.pk}").status_code == 404


def test_the_map_shades_by_band_and_says_since_when(told: World) -> None:
    lead = browser_of(told.people.lead)

    page, content = lead.get(MAP).content.decode(), lead.get(f"{MAP}content/?mission={told.mission.pk}")

    assert "As it was on 18 Jan 2024, 16:00." in page
    assert content.status_code == 200
    assert "987654" not in content.content.decode() + page
    assert "321987" not in content.content.decode() + page


@pytest.mark.parametrize(
    ("agreed", "sentence"), [(True, "too few missions have agreed"), (False, "The mission has not agreed to it")]
)
def test_the_page_says_why_nothing_is_known(told: World, agreed: bool, sentence: str) -> None:
    CrowdingPicture.objects.all().delete()
    DeploymentSettings.objects.update(avoids_other_missions=agreed)

    page = browser_of(told.people.lead).get(MAP)

    assert (page.status_code, sentence in page.content.decode()) == (200, True)
