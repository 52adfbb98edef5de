"""The public page of an election's recommendations: what it lists, what it offers to choose from, and until when."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from missions.kernel import clock
from missions.models import Mission, User
from missions.reports.models import Report
from missions.reports.recommendations.models import Recommendation
from missions.reports.recommendations.services.following import Reply, answer_recommendation
from missions.reports.recommendations.services.splitting import translate_recommendation
from missions.reports.recommendations.services.writing import Advice, write_recommendation
from missions.reports.recommendations.states import Addressee, Answer
from missions.reports.services.registering import retract_report
from tests.missions.reports.conftest import EARLIER, PRESS_CONFERENCE, MakeReport

pytestmark = pytest.mark.django_db
PAGE = "/reports/az-2024/recommendations/"


def _write(report: Report, text: str, addressee: Addressee = Addressee.COMMISSION) -> Recommendation:
    return write_recommendation(report=report, advice=Advice(None, {"en": text}, addressee), by=None, at=EARLIER)


@pytest.fixture
def reports(make_report: MakeReport, mission: Mission, other_mission: Mission) -> list[Report]:
    """Two public ones with three recommendations, of which one is answered, and one under an embargo with one more."""
    clock.set_to(EARLIER)
    made = [make_report(each, title=f"Statement of {each.code}") for each in (mission, other_mission)]
    later = make_report(mission, until=PRESS_CONFERENCE.replace(day=9), title="Later")
    answered = _write(made[0], "Count in the open")
    _write(made[0], "Decide sooner", Addressee.COURTS)
    _write(made[1], "Show the <protocols>")
    _write(later, "Not yet to be read", Addressee.POLICE)
    clock.set_to(PRESS_CONFERENCE)
    reply = Reply(Answer.ACCEPTED, "We shall", responsible="Secretariat")
    answer_recommendation(recommendation=answered, reply=reply, by=None, at=PRESS_CONFERENCE)
    return [*made, later]


def _read(query: str = "", place: str = "") -> str:
    return Client().get(f"{place}{PAGE}{query}").content.decode()


def test_it_lists_what_is_public_under_its_report(reports: list[Report]) -> None:
    page = _read()

    assert "3 published" in page
    assert '<a href="/reports/az-2024/1/#r2">2</a>' in page
    assert "Show the &lt;protocols&gt;" in page
    assert "<strong>accepted</strong>. <bdi>We shall</bdi>" in page
    assert ("Not yet to be read" in page, "police" in page) == (False, False)
    assert (
        f'<a href="{PAGE}">Recommendations</a> <span class="calm">3</span>'
        in Client().get("/reports/az-2024/").content.decode()
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?organization=ODIHR", {"Count", "Decide"}),
        ("?addressee=courts", {"Decide"}),
        ("?answer=accepted", {"Count"}),
        ("?answer=open", {"Decide", "Show"}),
        ("?organization=ODIHR&answer=open", {"Decide"}),
        ("?addressee=police", set()),
    ],
)
def test_a_choice_finds_what_fits(reports: list[Report], query: str, found: set[str]) -> None:
    page = _read(query)

    assert {word for word in ("Count", "Decide", "Show") if f"<bdi>{word} " in page} == found
    assert ("fits this choice" in page) == (not found)


def test_a_further_language_is_shown_to_who_reads_it(reports: list[Report], registrar: User) -> None:
    row = Recommendation.objects.get(addressee=Addressee.COURTS)
    translate_recommendation(
        recommendation=row, language="az", text="Tez qərar verin", by=registrar, at=PRESS_CONFERENCE
    )

    assert '<p lang="az"><bdi>Tez qərar verin</bdi></p>' in _read(place="/az")
    assert '<p lang="en"><bdi>Count in the open</bdi></p>' in _read(place="/az")
    assert '<bdi lang="az">Tez qərar verin</bdi>' in _read()


def test_a_retraction_takes_them_away(reports: list[Report], registrar: User) -> None:
    retract_report(report=reports[0], reason="A mistake", by=registrar, at=PRESS_CONFERENCE)

    assert ("Count in" in _read(), "1 published" in _read()) == (False, True)


def test_an_election_without_any_says_so_and_one_that_is_not_public_is_absent(
    make_report: MakeReport, mission: Mission
) -> None:
    clock.set_to(EARLIER)
    _write(make_report(mission), "Count in the open")
    early, never = Client().get(PAGE), Client().get("/reports/no-such/recommendations/")
    assert (early.status_code, early.content) == (404, never.content)

    Recommendation.objects.all().delete()
    clock.set_to(PRESS_CONFERENCE)
    assert "No recommendation has been published yet." in _read()
    assert "Hələ heç bir tövsiyə dərc olunmayıb." in _read(place="/az")


def test_the_number_of_queries_does_not_grow(
    reports: list[Report], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for count in (3, 8):
        with django_assert_num_queries(13):
            assert f"{count} published" in _read()
        for n in range(5):
            _write(reports[1], f"More {n}")
