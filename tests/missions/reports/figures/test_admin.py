"""The staff's pages of figures: freezing by the host's clocks, publishing by another role, and claims beside ours."""

import datetime as dt

import pytest

from missions.models import Election
from missions.reports.figures.models import FigureClaim, FrozenFigures
from tests.missions.reports.figures.conftest import AS_OF, Say
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
FIGURES = "/admin/figures/frozenfigures/"
CLAIMS = "/admin/figures/figureclaim/"


def test_the_registrar_freezes_and_the_approver_publishes(election: Election, say: Say) -> None:
    say(AS_OF, {"SCO": 12}, {"KAZ": 12}, who="these")
    registrar, approver = browser_of(in_role("registrar")), browser_of(in_role("approver"))

    answers = {"election": election.pk, "day": "2024-02-06", "hour": "23:00"}
    page = registrar.post(f"{FIGURES}add/", answers, follow=True).content.decode()

    row = FrozenFigures.objects.get()
    assert (row.as_of, row.observers, row.published_at) == (AS_OF, 12, None)
    assert "nothing differs" in page
    assert approver.get(f"{FIGURES}add/").status_code == 403
    assert registrar.get(f"{FIGURES}{row.pk}/publish/").status_code == 403
    approver.post(f"{FIGURES}{row.pk}/publish/")
    row.refresh_from_db()
    assert row.published_at is not None


def test_the_page_names_what_comes_out_differently_now(election: Election, say: Say) -> None:
    say(AS_OF, {"SCO": 12}, {"KAZ": 12}, who="these")
    registrar = browser_of(in_role("registrar"))
    registrar.post(f"{FIGURES}add/", {"election": election.pk, "day": "2024-02-06", "hour": "23:00"})
    say(AS_OF, {"SCO": 11}, {"KAZ": 11}, who="others")

    page = registrar.get(f"{FIGURES}{FrozenFigures.objects.get().pk}/change/").content.decode()

    assert "<td>SCO</td><td>12</td><td>11</td>" in page


@pytest.mark.parametrize(
    ("day", "hour", "said"),
    [
        ("2024-02-06", "", "Give both day and hour"),
        ("2024-02-07", "00:01", "This instant is still to come"),
        ("2024-02-30", "10:00", "Enter a valid date"),
    ],
)
def test_an_instant_that_is_none_is_refused_on_the_form(
    election: Election, say: Say, day: str, hour: str, said: str
) -> None:
    answers = {"election": election.pk, "day": day, "hour": hour}

    assert said in browser_of(in_role("registrar")).post(f"{FIGURES}add/", answers).content.decode()
    assert not FrozenFigures.objects.exists()


def test_protocol_records_what_others_say_and_withdraws_it(election: Election, say: Say) -> None:
    say(AS_OF, {"SCO": 12}, {"KAZ": 12}, who="these")
    protocol = browser_of(in_role("protocol"))
    answers = {
        "election": election.pk,
        "source": "A paper",
        "said_on": "2024-02-06",
        "text": "Fifteen came",
        "observers": "15",
    }

    page = protocol.post(f"{CLAIMS}add/", answers, follow=True).content.decode()

    assert "15; we count 12 (-3)" in page
    claim = FigureClaim.objects.get()
    assert (claim.said_on, claim.observers, claim.countries) == (dt.date(2024, 2, 6), 15, None)
    assert protocol.get(f"{CLAIMS}{claim.pk}/publish/").status_code == 403
    refused = browser_of(in_role("approver")).post(f"{CLAIMS}{claim.pk}/publish/", follow=True).content.decode()
    assert "Publish figures of our own for this election first" in refused
    protocol.post(f"{CLAIMS}{claim.pk}/withdraw/", {"reason": "Misread"})
    claim.refresh_from_db()
    assert claim.withdrawal_reason == "Misread"
    assert browser_of(in_role("reviewer")).get(CLAIMS).status_code == 403
