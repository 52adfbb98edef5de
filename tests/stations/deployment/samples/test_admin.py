"""The pages of samples: planners draw for the pool at the desk, leads for their mission on theirs."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.kernel import clock
from missions.models import Election, Membership, Mission, User
from stations.deployment.samples.models import SampledStation, StationSample
from stations.deployment.samples.services.draws import draw_sample
from stations.deployment.samples.services.locks import lock_sample
from tests.staff import browser_of, in_role
from tests.stations.deployment.samples.conftest import WISH

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

DESK = "/admin/samples/stationsample/"
OWN = "/mission/samples/stationsample/"
ANSWERS = {"part": "home", "stratifiers": ["region"], "minimum": "2", "reserve_percent": "50", "seed": "2024"}


@pytest.fixture(autouse=True)
def _clock(at: dt.datetime) -> None:
    clock.set_to(at)


@pytest.fixture
def sample(mission: Mission, election: Election, at: dt.datetime) -> StationSample:
    return draw_sample(election=election, mission=mission, wish=WISH, by=None, at=at)


def test_a_planner_draws_locks_and_mends_the_pools_sample(election: Election) -> None:
    browser = browser_of(in_role("planner"))

    made = browser.post(f"{DESK}add/", {"owner": f"election-{election.pk}", "size": "8", **ANSWERS})
    sample = StationSample.objects.get()
    page = f"{DESK}{sample.pk}/change/"
    assert (made.status_code, made.headers["Location"], sample.mission) == (302, page, None)
    assert browser.post(f"{DESK}{sample.pk}/lock/").headers["Location"] == page
    leaving = sample.stations.in_sample().select_related("station").earliest("pk")
    answers = {"code": leaving.station.code, "reason": "Flooded"}
    browser.post(f"{DESK}{sample.pk}/replace/", answers)

    shown = browser.get(page, {"place": "replaced", "verify": "1"}).content.decode()

    coming = SampledStation.objects.select_related("station").get(stands_for=leaving)
    assert f"{coming.station.code} took its place: Flooded" in shown
    assert "the same stations come out" in shown
    assert "sample station replaced" in shown
    again = browser.post(f"{DESK}{sample.pk}/replace/", answers)
    assert (again.status_code, "The station is not in the sample" in again.content.decode()) == (422, True)


def test_a_lead_draws_on_the_missions_pages_and_reads_its_history(mission: Mission, lead: User) -> None:
    browser = browser_of(lead)

    form = browser.get(f"{OWN}add/").content.decode()
    assert "ODIHR mission" in form
    assert "The pool" not in form
    made = browser.post(f"{OWN}add/", {"owner": f"mission-{mission.pk}", "margin": "31.4", **ANSWERS})

    sample = StationSample.objects.get()
    assert (made.status_code, sample.mission, sample.size, sample.margin_permille) == (302, mission, 8, 314)
    page = browser.get(f"{OWN}{sample.pk}/change/").content.decode()
    assert all(text in page for text in ("±31.4", "sample drawn", "North", "Lock"))
    assert f"{OWN}{sample.pk}/replace/" not in page
    assert browser.get(OWN).content.decode().count("ODIHR") > 0


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_drawn(mission: Mission, lead: User) -> None:
    answers = {"owner": f"mission-{mission.pk}", **ANSWERS}

    neither, foreign, small = (
        browser_of(lead).post(f"{OWN}add/", {**answers, **more})
        for more in ({}, {"owner": "mission-999", "size": "8"}, {"size": "3"})
    )

    assert [answer.status_code for answer in (neither, foreign, small)] == [422] * 3
    assert neither.context["form"].errors == {"size": ["Give either a size or a margin of error."]}
    assert list(foreign.context["form"].errors) == ["owner"]
    assert list(small.context["form"].errors) == ["minimum"]
    assert not StationSample.objects.exists()


def test_a_focal_point_looks_and_others_find_nothing(sample: StationSample, lead: User, other_lead: User) -> None:
    Membership.objects.filter(user=lead).update(role="focal_point")
    paths = ("", "lock/", "discard/")

    assert browser_of(lead).get(f"{OWN}{sample.pk}/change/").status_code == 200
    assert [browser_of(lead).get(f"{OWN}{path}").status_code for path in ("add/", f"{sample.pk}/lock/")] == [403, 302]
    for user, base in ((other_lead, OWN), (in_role("planner"), DESK), (in_role("auditor"), DESK)):
        browser = browser_of(user)
        absent = browser.get(f"{base}999999/change/")
        hidden = browser.get(f"{base}{sample.pk}/change/")
        assert (hidden.status_code, hidden.content) == (404, absent.content)
        assert {browser.get(f"{base}{sample.pk}/{path}").status_code for path in paths} <= {403, 404, 302}
        assert f"stationsample/{sample.pk}/change/" not in browser.get(base, {"q": "2024"}).content.decode()
    sample.refresh_from_db()
    assert sample.state == "drawn"


def test_the_registrar_has_nothing_to_do_with_samples(election: Election, at: dt.datetime) -> None:
    pooled = draw_sample(election=election, mission=None, wish=WISH, by=None, at=at)
    registrar, auditor = browser_of(in_role("registrar")), browser_of(in_role("auditor"))

    assert [registrar.get(f"{DESK}{path}").status_code for path in ("", "add/", f"{pooled.pk}/change/")] == [403] * 3
    assert [auditor.get(f"{DESK}{path}").status_code for path in ("", "add/", f"{pooled.pk}/lock/")] == [200, 403, 403]


def test_a_page_takes_the_same_queries_at_any_size(sample: StationSample, lead: User, at: dt.datetime) -> None:
    browser = browser_of(lead)
    counts = []
    for size in (8, 40):
        wish = replace(WISH, size=size)
        drawn = draw_sample(election=sample.election, mission=sample.mission, wish=wish, by=None, at=at)
        browser.get(OWN)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(f"{OWN}{drawn.pk}/change/").status_code == 200
        counts.append(len(queries))

    assert counts[0] == counts[1] <= 24
    locked = lock_sample(sample=sample, by=None, at=at)
    assert browser.get(f"{OWN}{locked.pk}/lock/").status_code == 302  # somebody was faster
