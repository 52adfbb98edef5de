"""Recommendations from the report to the next election: when they may be read, what is refused, and what is kept."""

import datetime as dt

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, transaction
from django.test import Client

from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from missions.reports.models import Report
from missions.reports.recommendations.errors import (
    NotLaterError,
    RecommendationNumberTakenError,
    RecommendationTextMissingError,
    RecommendationWithdrawnError,
    ReportNotPublicError,
)
from missions.reports.recommendations.models import HostAnswer, Recommendation
from missions.reports.recommendations.selectors import chain_of
from missions.reports.recommendations.services.following import (
    Finding,
    Reply,
    answer_recommendation,
    assess_recommendation,
)
from missions.reports.recommendations.services.splitting import add_recommendation, withdraw_recommendation
from missions.reports.recommendations.services.writing import Advice
from missions.reports.recommendations.states import Addressee, Answer, Outcome
from missions.reports.services.registering import retract_report
from missions.reports.states import ReportState
from tests.missions.reports.conftest import EARLIER, PRESS_CONFERENCE, MakeReport
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
PAGE = "/reports/az-2024/1/"
LIST = "/admin/recommendations/recommendation/"
LATER = PRESS_CONFERENCE + dt.timedelta(days=1)
ADVICE = Advice(
    1, {"en": "Publish results by station"}, Addressee.COMMISSION, is_priority=True, legal_reference="Art. 108"
)


@pytest.fixture
def report(make_report: MakeReport, mission: Mission) -> Report:
    clock.set_to(EARLIER)
    row = make_report(mission)
    clock.set_to(LATER)
    return row


@pytest.fixture
def row(report: Report, registrar: User) -> Recommendation:
    return add_recommendation(report=report, advice=ADVICE, by=registrar, at=LATER)


def _later_report(report: Report, *, country: str = "AZE", year: int = 2029) -> Report:
    """A public report of another election."""
    one = report.election
    election = Election.objects.create(
        code=f"{country.lower()}-{year}",
        name="Another election",
        host_country=country,
        e_day=dt.date(year, 2, 7),
        time_zone=one.time_zone,
        opens_at=one.opens_at,
        closes_at=one.closes_at,
    )
    mission = report.mission
    mission.pk, mission.election = None, election
    mission.save(force_insert=True)
    report.pk, report.election, report.mission = None, election, mission
    report.save(force_insert=True)
    return report


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.SUBMITTED, ReportState.REGISTERED])
def test_nothing_is_split_out_before_the_report_is_public(
    make_report: MakeReport, mission: Mission, state: ReportState
) -> None:
    clock.set_to(EARLIER)
    report = make_report(mission, state)

    with pytest.raises(ReportNotPublicError):
        add_recommendation(report=report, advice=ADVICE, by=None, at=EARLIER)

    assert not Recommendation.objects.exists()


def test_it_stands_on_the_reports_page_with_answer_and_outcome(row: Recommendation, registrar: User) -> None:
    page = Client().get(PAGE).content.decode()
    assert "Publish results by station" in page
    assert "election commission" in page
    assert "not answered yet" in page

    reply = Reply(Answer.PARTLY, "In large stations", responsible="Secretariat", due_on=dt.date(2025, 3, 1))
    answer_recommendation(recommendation=row, reply=reply, by=registrar, at=LATER)
    finding = Finding(Outcome.MOSTLY, "Seen in 2025", organization=row.report.mission.organization)
    assess_recommendation(recommendation=row, finding=finding, by=registrar, at=LATER)

    page = Client().get(PAGE).content.decode()
    assert "<strong>accepted in part</strong>. <bdi>In large stations</bdi>" in page
    assert "by 1 March 2025" in page
    assert "mostly implemented (" in page
    assert "qismən qəbul edilib" in Client().get(f"/az{PAGE}").content.decode()
    assert list(Event.objects.of(row).order_by("pk").values_list("verb", "to_state")) == [
        ("recommendation_added", ""),
        ("recommendation_answered", "accepted_partly"),
        ("recommendation_assessed", "mostly_implemented"),
    ]


def test_the_last_answer_counts_and_the_earlier_stay(row: Recommendation) -> None:
    for answer in (Answer.NOTED, Answer.ACCEPTED):
        answer_recommendation(recommendation=row, reply=Reply(answer, f"We say {answer}"), by=None, at=LATER)

    page = Client().get(PAGE).content.decode()

    assert ("We say accepted" in page, "We say noted" in page) == (True, False)
    assert list(HostAnswer.objects.order_by("pk").values_list("answer", flat=True)) == ["noted", "accepted"]


def test_a_number_stands_once_until_it_is_withdrawn(row: Recommendation, registrar: User) -> None:
    with pytest.raises(RecommendationNumberTakenError):
        add_recommendation(report=row.report, advice=ADVICE, by=registrar, at=LATER)
    with pytest.raises(RecommendationTextMissingError):
        withdraw_recommendation(recommendation=row, reason=" ", by=registrar, at=LATER)

    withdraw_recommendation(recommendation=row, reason="Misread", by=registrar, at=LATER)

    assert "Publish results" not in Client().get(PAGE).content.decode()
    with pytest.raises(RecommendationWithdrawnError):
        answer_recommendation(recommendation=row, reply=Reply(Answer.NOTED, "Yes"), by=registrar, at=LATER)
    assert add_recommendation(report=row.report, advice=ADVICE, by=registrar, at=LATER).number == 1


def test_of_a_retracted_report_nothing_is_public(row: Recommendation, registrar: User) -> None:
    assert [Recommendation.objects.visible_to(user).count() for user in (registrar, AnonymousUser())] == [1, 1]

    retract_report(report=row.report, reason="A mistake", by=registrar, at=LATER)

    assert "Publish results" not in Client().get(PAGE).content.decode()
    assert [Recommendation.objects.visible_to(user).count() for user in (registrar, AnonymousUser())] == [1, 0]


def test_words_are_asked_for(row: Recommendation) -> None:
    with pytest.raises(RecommendationTextMissingError):
        answer_recommendation(recommendation=row, reply=Reply(Answer.NOTED, " "), by=None, at=LATER)
    with pytest.raises(RecommendationTextMissingError):
        assess_recommendation(recommendation=row, finding=Finding(Outcome.NOT, ""), by=None, at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Recommendation.objects.filter(pk=row.pk).update(addressee="anybody")


def test_a_chain_leads_to_a_later_election_of_the_same_host(row: Recommendation) -> None:
    report = Report.objects.select_related("election", "mission").get(pk=row.report_id)
    later = add_recommendation(report=_later_report(report), advice=ADVICE, by=None, at=LATER)
    finding = Finding(Outcome.NOT, "Said again", later=later)

    assess_recommendation(recommendation=row, finding=finding, by=None, at=LATER)

    for start in (row, later):
        chain = [(link.recommendation.pk, [one.evidence for one in link.assessments]) for link in chain_of(start)]
        assert chain == [(row.pk, ["Said again"]), (later.pk, [])]
    with pytest.raises(NotLaterError):
        assess_recommendation(recommendation=later, finding=Finding(Outcome.NOT, "Back", later=row), by=None, at=LATER)


def test_another_host_is_no_later_election(row: Recommendation) -> None:
    report = Report.objects.select_related("election", "mission").get(pk=row.report_id)
    other = add_recommendation(report=_later_report(report, country="KEN"), advice=ADVICE, by=None, at=LATER)

    with pytest.raises(NotLaterError):
        assess_recommendation(recommendation=row, finding=Finding(Outcome.NOT, "X", later=other), by=None, at=LATER)


def test_overdue_is_what_was_promised_and_is_not_settled(row: Recommendation) -> None:
    def overdue(day: dt.date) -> int:
        return Recommendation.objects.with_standing().overdue(day).count()

    due = dt.date(2025, 3, 1)
    assert overdue(due) == 0
    answer_recommendation(recommendation=row, reply=Reply(Answer.ACCEPTED, "Yes", due_on=due), by=None, at=LATER)
    assert (overdue(due), overdue(due + dt.timedelta(days=1))) == (0, 1)
    assess_recommendation(recommendation=row, finding=Finding(Outcome.NOT, "No"), by=None, at=LATER)
    assert overdue(due + dt.timedelta(days=1)) == 1
    assess_recommendation(recommendation=row, finding=Finding(Outcome.IMPLEMENTED, "Done"), by=None, at=LATER)
    assert overdue(due + dt.timedelta(days=1)) == 0


def test_split_out_answered_and_assessed_on_the_staffs_pages(report: Report) -> None:
    registrar, approver = browser_of(in_role("registrar")), browser_of(in_role("approver"))
    answers = {
        "report": report.pk,
        "number": "1",
        "language": "en",
        "text": "Publish results",
        "addressee": "commission",
        "is_priority": "on",
        "legal_reference": "",
    }
    registrar.post(f"{LIST}add/", answers)
    row = Recommendation.objects.get()
    assert (row.number, row.is_priority, row.texts.get().text) == (1, True, "Publish results")
    assert registrar.get(f"{LIST}{row.pk}/answer/").status_code == 403
    approver.post(f"{LIST}{row.pk}/answer/", {"answer": "accepted", "text": "We shall", "due_on": "2024-02-08"})
    page = registrar.post(f"{LIST}{row.pk}/assess/", {"outcome": "partly_implemented", "evidence": "Half"}, follow=True)

    assert "We shall" in page.content.decode()
    assert "Half" in page.content.decode()
    counts = [
        registrar.get(LIST, query).context["cl"].result_count
        for query in ({"answer": "open"}, {"answer": "accepted"}, {"overdue": "yes"}, {"addressee__exact": "police"})
    ]
    assert counts == [0, 1, 1, 0]
