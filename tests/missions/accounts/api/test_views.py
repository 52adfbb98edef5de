"""The own mails by the API: language and rhythm, for oneself and for missions that one leads."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache

from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Membership, Mission, TokenScope, User
from missions.reminders.models import DigestChoice
from missions.reminders.services.digests import choose_digest
from missions.states import MembershipRole
from tests.missions.api.world import as_user

pytestmark = pytest.mark.django_db
MAILS = "/api/v1/me/mails/"


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    cache.clear()
    clock.set_to(at)


def _digest(mission: Mission) -> str:
    return f"/api/v1/missions/{mission.pk}/digest/"


def _post(user: User, path: str, **body: object) -> Any:
    return as_user(user, TokenScope.WRITE).post(path, body, headers={"Idempotency-Key": "one"})


def test_a_person_reads_and_chooses_the_own_language(lead: User, other_lead: User, mission: Mission) -> None:
    row = {"mission": mission.pk, "local_time": None, "time_zone": "Asia/Baku"}
    assert as_user(lead).get(MAILS).json() == {"language": "en", "digests": [row]}

    answer = _post(lead, MAILS, language="az")

    assert (answer.status_code, answer.json()) == (200, {"language": "az", "digests": [row]})
    assert list(User.objects.order_by("email").values_list("language", flat=True)) == ["az", "en"]
    assert list(Event.objects.of(lead).values_list("verb", "reason", "actor")) == [("language_chosen", "az", lead.pk)]


@pytest.mark.parametrize("body", [{"language": "de"}, {"language": ""}, {}, {"language": "az", "email": "x@y.example"}])
def test_what_is_no_language_is_refused(lead: User, body: dict[str, object]) -> None:
    assert _post(lead, MAILS, **body).status_code == 400
    lead.refresh_from_db()
    assert lead.language == "en"


def test_a_lead_chooses_the_hour_of_the_mission_and_drops_it(lead: User, mission: Mission) -> None:
    chosen = _post(lead, _digest(mission), local_time="07:30")
    read = as_user(lead).get(MAILS).json()["digests"]
    writer = as_user(lead, TokenScope.WRITE)
    dropped, again = (writer.delete(_digest(mission)) for _turn in range(2))

    assert (chosen.status_code, chosen.json()["local_time"], read) == (200, "07:30", [chosen.json()])
    assert (dropped.status_code, again.status_code) == (204, 404)
    assert again.json()["detail"] == "The mission receives each mail by itself already"
    verbs = Event.objects.of(mission).values_list("verb", "actor")
    assert list(verbs) == [("digest_chosen", lead.pk), ("digest_dropped", lead.pk)]


@pytest.mark.parametrize("typed", ["25:00", "noon", "07:30:15", "", None])
def test_what_is_no_hour_changes_nothing(lead: User, mission: Mission, at: dt.datetime, typed: str | None) -> None:
    choose_digest(mission=mission, local_time=dt.time(18), by=lead, at=at)

    assert _post(lead, _digest(mission), local_time=typed).status_code == 400
    assert DigestChoice.objects.get().local_time == dt.time(18)


def test_only_leads_choose_for_their_mission(lead: User, mission: Mission, other_mission: Mission) -> None:
    focal = User.objects.create_user("focal@odihr.example")
    Membership.objects.create(user=focal, mission=mission, role=MembershipRole.FOCAL_POINT)
    host = User.objects.create_user("host@ministry.example", is_staff=True)

    asked = [(lead, other_mission), (focal, mission), (host, mission)]
    statuses = [_post(user, _digest(to), local_time="09:00").status_code for user, to in asked]
    dropped = [as_user(user, TokenScope.WRITE).delete(_digest(to)).status_code for user, to in asked]

    assert (statuses, dropped) == ([404, 403, 403], [404, 403, 403])
    assert as_user(host).get(MAILS).json()["digests"] == []
    assert not DigestChoice.objects.exists()
