"""The page on which election day is moved: the day, what it touches, the typed confirmation."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.urls import reverse

from missions.kernel import clock
from missions.models import Election, Mission, User
from missions.timeline.services.laying import lay_timeline
from tests.conftest import staff

pytestmark = pytest.mark.django_db

NEW_DAY = "2024-02-21"


@pytest.fixture(autouse=True)
def _noon(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def mover(client: Client) -> User:
    user = staff("mover@ministry.example", "missions.view_election", "missions.move_election")
    client.force_login(user)
    return user


@pytest.fixture
def address(election: Election, other_mission: Mission, at: dt.datetime) -> str:
    lay_timeline(mission=other_mission, by=None, at=at)
    return reverse("admin:missions_election_move", args=(election.pk,))


def digest_in(html: str) -> str:
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', html)
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("mover")
def test_the_day_is_asked_then_shown_then_moved(client: Client, address: str, election: Election) -> None:
    asked = client.get(address).content.decode()
    shown = client.post(address, {"step": "preview", "new_day": NEW_DAY})
    digest = digest_in(shown.content.decode())
    answers = {"new_day": NEW_DAY, "digest": digest, "reason": "Decree 12", "code": election.code}
    moved = client.post(address, {"step": "confirm", **answers}, follow=True)

    assert "Election day is 7 Feb 2024." in asked
    assert "From 7 Feb 2024 to 21 Feb 2024. Nothing is stored yet." in shown.content.decode()
    assert "Legal deadlines" in shown.content.decode()
    assert Election.objects.get().e_day == dt.date(2024, 2, 21)
    assert "Election day is 21 Feb 2024 now." in moved.content.decode()
    assert "→ 2024-02-21" in moved.content.decode()


@pytest.mark.usefixtures("mover")
@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "az-2023"}, "This is not the code of the election."),
        ({"reason": " "}, "This field is required."),
        ({"digest": "0" * 64}, "Things have changed since the preview; please look again"),
    ],
)
def test_what_is_not_confirmed_is_asked_again(
    client: Client, address: str, election: Election, changed: dict[str, str], sentence: str
) -> None:
    digest = digest_in(client.post(address, {"step": "preview", "new_day": NEW_DAY}).content.decode())
    answers = {"new_day": NEW_DAY, "digest": digest, "reason": "Decree 12", "code": election.code}

    again = client.post(address, {"step": "confirm", **answers, **changed})

    assert again.status_code == 422
    assert sentence in again.content.decode()
    assert digest_in(again.content.decode()) == digest  # the preview of now, to be confirmed
    assert Election.objects.get().e_day == dt.date(2024, 2, 7)


@pytest.mark.usefixtures("mover")
def test_a_day_that_cannot_be_is_told_with_what_it_would_touch(client: Client, address: str) -> None:
    answer = client.post(address, {"step": "preview", "new_day": "2024-01-10"}).content.decode()

    assert "The polls of this day would have opened already" in answer
    assert 'value="confirm"' not in answer


@pytest.mark.usefixtures("mover")
def test_steps_that_have_happened_are_listed_and_must_be_acknowledged(
    client: Client, address: str, election: Election, other_mission: Mission
) -> None:
    on_e_2 = dt.datetime(2024, 2, 5, 12, tzinfo=dt.UTC)
    clock.set_to(on_e_2)
    other_mission.milestones.filter(code="arrival").update(actual_at=on_e_2)
    shown = client.post(address, {"step": "preview", "new_day": NEW_DAY}).content.decode()
    answers = {"new_day": NEW_DAY, "digest": digest_in(shown), "reason": "Decree 12", "code": election.code}

    refused = client.post(address, {"step": "confirm", **answers})
    moved = client.post(address, {"step": "confirm", **answers, "despite_done": "on"})

    assert f"PABSEC: {other_mission.milestones.get(code='arrival')}" in shown
    assert "18 Feb 2024, 18:00" in shown
    assert "Steps have happened that the new day puts into the future" in refused.content.decode()
    assert (moved.status_code, Election.objects.get().e_day) == (302, dt.date(2024, 2, 21))


def test_only_who_may_move_it_is_offered_the_way(client: Client, address: str, election: Election, lead: User) -> None:
    button = f'href="{address}"'
    election_page = reverse("admin:missions_election_change", args=(election.pk,))
    client.force_login(staff("registrar@ministry.example", "missions.view_election", "missions.change_election"))

    assert button not in client.get(election_page).content.decode()
    assert client.get(address).status_code == client.post(address, {"step": "preview"}).status_code == 403
    client.force_login(staff("mover@ministry.example", "missions.view_election", "missions.move_election"))
    assert button in client.get(election_page).content.decode()
    Election.objects.update(results_published_at=dt.datetime(2024, 2, 11, tzinfo=dt.UTC))
    assert button not in client.get(election_page).content.decode()
    client.force_login(lead)
    assert client.get(address).status_code == 302
