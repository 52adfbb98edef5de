"""Recommendations by the API: a mission's own from the draft on, and nothing of them for others before the instant."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Membership, Mission, User
from missions.reports.models import Report
from missions.reports.recommendations.models import Recommendation
from missions.reports.recommendations.services.following import Reply, answer_recommendation
from missions.reports.recommendations.states import Answer
from missions.reports.services.registering import register_report
from missions.reports.states import ReportState
from missions.states import MembershipRole
from tests.missions.api.world import as_user
from tests.missions.reports.api.test_views import Caller
from tests.missions.reports.conftest import EARLIER, PRESS_CONFERENCE, MakeReport
from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db
ROWS = "/api/v1/recommendations/"
#: The clock goes on while a test runs.
MINUTE = dt.timedelta(minutes=1)
WORDS = "CANARY7391 Publish results"
PAGES = ("/reports/az-2024/1/", "/reports/az-2024/recommendations/", "/reports/az-2024/", "/reports/feed.atom")


@pytest.fixture(autouse=True)
def _before(pages: object) -> None:
    cache.clear()
    clock.set_to(PRESS_CONFERENCE - MINUTE)


@pytest.fixture
def caller(lead: User) -> Caller:
    return Caller(lead)


@pytest.fixture
def draft(make_report: MakeReport, mission: Mission) -> Report:
    return make_report(mission, ReportState.DRAFT)


def _write(caller: Caller, report: Report, **more: object) -> Any:
    body = {"report": report.pk, "texts": {"en": WORDS}, "addressee": "commission"} | more
    return caller.post(ROWS, body)


def _change(caller: Caller, pk: int, *, version: int, **more: object) -> Any:
    body = {"texts": {"en": WORDS}, "addressee": "commission"} | more
    return caller.post(f"{ROWS}{pk}/change/", body, version=version)


def test_a_lead_writes_changes_and_removes_them_in_a_draft(caller: Caller, draft: Report) -> None:
    created = _write(caller, draft, texts={"en": f" {WORDS} ", "az": "Nəticələr"}, is_priority=True)
    pk = created.json()["id"]
    assert (created.status_code, created["Location"], created["ETag"]) == (201, f"{ROWS}{pk}/", '"1"')
    assert created.json()["texts"] == {"az": "Nəticələr", "en": WORDS}
    assert (created.json()["number"], created.json()["report_number"]) == (1, None)

    changed = _change(caller, pk, version=1, number=7, texts={"en": "Better", "fr": "Mieux"}, addressee="courts")
    row = changed.json()
    assert (row["number"], row["texts"], row["addressee"]) == (7, {"en": "Better", "fr": "Mieux"}, "courts")
    assert (row["is_priority"], row["version"], changed["ETag"]) == (False, 2, '"2"')
    read = caller.client.get(f"{ROWS}{pk}/")
    assert (read.json(), read["ETag"]) == (row, '"2"')
    assert _write(caller, draft).json()["number"] == 8

    removed = caller.post(f"{ROWS}{pk}/remove/", version=2)
    assert (removed.status_code, caller.client.get(f"{ROWS}{pk}/").status_code) == (204, 404)
    events = Event.objects.filter(object_type="recommendations.recommendation", object_id=pk).order_by("pk")
    assert [(one.verb, one.is_private) for one in events] == [
        ("recommendation_added", True),
        ("recommendation_changed", True),
        ("recommendation_removed", True),
    ]
    assert sorted(events[1].changed) == ["addressee", "is_priority", "number", "text az", "text en", "text fr"]
    assert WORDS not in str(list(events.values()))


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.SUBMITTED, ReportState.REGISTERED])
def test_before_the_instant_nobody_else_reads_a_word_on_any_path(
    make_report: MakeReport, mission: Mission, caller: Caller, other_lead: User, state: ReportState
) -> None:
    report = make_report(mission, state)
    pk = _write(caller, report, texts={"en": WORDS, "az": WORDS}).json()["id"]
    other, host = as_user(other_lead), as_user(User.objects.create_user("h@ministry.example", is_staff=True))
    absent = other.get(f"{ROWS}999999/").content

    for client in (other, host):
        for query in ("", f"?report={report.pk}", f"?mission={mission.pk}", "?addressee=commission"):
            assert client.get(f"{ROWS}{query}").json()["results"] == []
        hidden = client.get(f"{ROWS}{pk}/")
        assert (hidden.status_code, hidden.content) == (404, absent)
    staff = browser_of(in_role("registrar"))
    for asked in ("", "?q=CANARY7391", f"?report__election__id__exact={report.election_id}"):
        assert staff.get(f"/admin/recommendations/recommendation/{asked}").context["cl"].result_count == 0
    assert staff.get(f"/admin/recommendations/recommendation/{pk}/change/").status_code == 404
    for page in PAGES:
        assert "CANARY7391" not in Client().get(page).content.decode()
    assert [row["id"] for row in caller.client.get(ROWS).json()["results"]] == [pk]


def test_at_the_instant_everybody_reads_it(
    make_report: MakeReport, mission: Mission, caller: Caller, other_lead: User
) -> None:
    pk = _write(caller, make_report(mission), texts={"en": WORDS, "az": "Nəticələr"}).json()["id"]

    clock.set_to(PRESS_CONFERENCE)

    assert as_user(other_lead).get(f"{ROWS}{pk}/").json()["texts"]["en"] == WORDS
    english, azerbaijani = (Client().get(f"{place}/reports/az-2024/recommendations/") for place in ("", "/az"))
    assert f'<p lang="en"><bdi>{WORDS}</bdi></p>' in english.content.decode()
    assert '<p lang="az"><bdi>Nəticələr</bdi></p>' in azerbaijani.content.decode()


def test_what_is_public_is_withdrawn_with_a_reason_and_not_erased(
    make_report: MakeReport, mission: Mission, caller: Caller, other_lead: User
) -> None:
    pk = _write(caller, make_report(mission)).json()["id"]
    clock.set_to(PRESS_CONFERENCE)

    refused = caller.post(f"{ROWS}{pk}/remove/", version=1)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/recommendation-text-missing")
    numbered = _change(caller, pk, version=1, number=2)
    assert (numbered.status_code, numbered.json()["type"]) == (409, "/problems/recommendation-number-fixed")
    assert caller.post(f"{ROWS}{pk}/remove/", {"reason": "Said twice"}, version=1).status_code == 204

    assert caller.client.get(f"{ROWS}{pk}/").json()["withdrawal_reason"] == "Said twice"
    assert as_user(other_lead).get(f"{ROWS}{pk}/").status_code == 404
    assert WORDS not in Client().get("/reports/az-2024/1/").content.decode()
    again = _change(caller, pk, version=2)
    assert (again.status_code, again.json()["type"]) == (409, "/problems/recommendation-withdrawn")


def test_what_was_answered_takes_further_languages_only(
    make_report: MakeReport, mission: Mission, caller: Caller
) -> None:
    row = _write(caller, make_report(mission)).json()
    clock.set_to(PRESS_CONFERENCE)
    recommendation = Recommendation.objects.select_related("report").get()
    reply = Reply(Answer.ACCEPTED, "From next year on", due_on=dt.date(2025, 3, 1))
    answer_recommendation(recommendation=recommendation, reply=reply, by=None, at=PRESS_CONFERENCE)

    other_words = _change(caller, row["id"], version=1, texts={"en": "Else"})
    further = _change(caller, row["id"], version=1, texts={"en": WORDS, "ru": "Результаты"})

    assert (other_words.status_code, other_words.json()["type"]) == (409, "/problems/recommendation-answered")
    assert further.json()["texts"] == {"en": WORDS, "ru": "Результаты"}
    assert further.json()["answer"] == {
        "answer": "accepted",
        "text": "From next year on",
        "responsible": "",
        "due_on": "2025-03-01",
        "answered_at": "2024-02-08T11:00:00Z",
    }


def test_from_the_submission_on_each_speaks_every_language_of_the_report(
    make_report: MakeReport, mission: Mission, caller: Caller
) -> None:
    draft = make_report(mission, ReportState.DRAFT, languages=("az", "en"))
    pk = _write(caller, draft).json()["id"]
    version = Report.objects.get().version

    refused = caller.post(f"/api/v1/reports/{draft.pk}/submit/", version=version)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/recommendation-language-missing")
    assert [error["detail"] for error in refused.json()["errors"]] == [
        "Recommendation 1 has no text in the language az."
    ]

    _change(caller, pk, version=1, texts={"en": WORDS, "az": "Nəticələr"})
    assert caller.post(f"/api/v1/reports/{draft.pk}/submit/", version=version).status_code == 200
    assert _write(caller, draft).json()["errors"][0]["code"] == "language_missing"
    assert _change(caller, pk, version=2, texts={"az": "Nəticələr"}).status_code == 422


def test_ranks_are_those_of_the_order_until_the_report_is_public(
    make_report: MakeReport, mission: Mission, caller: Caller
) -> None:
    report = make_report(mission)
    first, second, third = (_write(caller, report).json()["id"] for _turn in range(3))
    path = f"/api/v1/reports/{report.pk}/recommendations/rank/"

    ranked = caller.post(path, {"order": [third, first, second]})
    assert [(row["number"], row["id"]) for row in ranked.json()] == [(1, third), (2, first), (3, second)]
    for order in ([third, first], [third, first, first], [third, first, 999999]):
        assert caller.post(path, {"order": order}).json()["type"] == "/problems/ranks-incomplete"

    clock.set_to(PRESS_CONFERENCE)
    late = caller.post(path, {"order": [first, second, third]})
    assert (late.status_code, late.json()["type"]) == (409, "/problems/recommendation-number-fixed")


def test_for_another_mission_reports_and_recommendations_are_absent(
    caller: Caller, draft: Report, other_lead: User
) -> None:
    pk, other = _write(caller, draft).json()["id"], Caller(other_lead)
    absent = other.client.get(f"{ROWS}999999/").content

    foreign = _write(other, draft)
    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (400, "does_not_exist")
    paths = (f"{ROWS}{pk}/change/", f"{ROWS}{pk}/remove/", f"/api/v1/reports/{draft.pk}/recommendations/rank/")
    for path in paths:
        answer = other.post(path, version=1)
        assert (answer.status_code, answer.content) == (404, absent)


def test_a_public_one_of_another_mission_is_read_and_not_written(
    make_report: MakeReport, mission: Mission, caller: Caller, other_lead: User
) -> None:
    pk, other = _write(caller, make_report(mission)).json()["id"], Caller(other_lead)
    clock.set_to(PRESS_CONFERENCE)

    assert other.client.get(f"{ROWS}{pk}/").status_code == 200
    assert _change(other, pk, version=1).status_code == 403
    assert other.post(f"{ROWS}{pk}/remove/", {"reason": "No"}, version=1).status_code == 403


def test_focal_points_write_while_it_is_a_draft(caller: Caller, draft: Report, registrar: User) -> None:
    user = User.objects.create_user("focal@odihr.example", "a long enough password")
    Membership.objects.create(user=user, mission_id=draft.mission_id, role=MembershipRole.FOCAL_POINT)
    focal = Caller(user)
    assert _write(focal, draft).status_code == 201

    caller.post(f"/api/v1/reports/{draft.pk}/submit/", version=Report.objects.get().version)
    register_report(report=draft, embargo_until=PRESS_CONFERENCE, by=registrar, at=EARLIER)

    assert [_write(one, draft).status_code for one in (focal, caller)] == [403, 201]


@pytest.mark.parametrize(("version", "status"), [(None, 428), (7, 412)])
def test_acts_name_the_version_that_they_are_about(
    caller: Caller, draft: Report, version: int | None, status: int
) -> None:
    pk = _write(caller, draft).json()["id"]

    answers = [caller.post(f"{ROWS}{pk}/{act}/", body, version=version) for act, body in _ACTS.items()]

    assert [answer.status_code for answer in answers] == [status, status]
    assert Recommendation.objects.get().version == 1


_ACTS: dict[str, dict[str, object]] = {"change": {"texts": {"en": "New"}, "addressee": "courts"}, "remove": {}}


def test_the_same_request_again_is_the_same_recommendation(caller: Caller, draft: Report) -> None:
    body = {"report": draft.pk, "texts": {"en": WORDS}, "addressee": "police"}

    first, again = (caller.client.post(ROWS, body, headers={"Idempotency-Key": "one"}) for _turn in range(2))

    assert first.json() == again.json()
    assert Recommendation.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"state": "public"}, 400, "unknown_field"),
        ({"texts": {}}, 400, "empty"),
        ({"texts": {"en": "a\x00b"}}, 400, "null_characters_not_allowed"),
        ({"texts": {"en": "x" * 4001}}, 400, "max_length"),
        ({"texts": {"xx": "?"}}, 422, "language_unknown"),
        ({"texts": {"english": "?"}}, 422, "language_unknown"),
        ({"addressee": "everybody"}, 400, "invalid_choice"),
        ({"number": 0}, 400, "min_value"),
    ],
)
def test_what_makes_no_recommendation_is_refused(
    caller: Caller, draft: Report, more: dict[str, object], status: int, code: str
) -> None:
    answer = _write(caller, draft, **more)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert not Recommendation.objects.exists()


def test_a_number_stands_once_and_a_retracted_report_takes_no_more(
    make_report: MakeReport, mission: Mission, caller: Caller
) -> None:
    report = make_report(mission)
    _write(caller, report, number=3)

    assert _write(caller, report, number=3).json()["type"] == "/problems/recommendation-number-taken"
    assert _write(caller, make_report(mission, ReportState.RETRACTED)).json()["type"] == "/problems/report-retracted"
