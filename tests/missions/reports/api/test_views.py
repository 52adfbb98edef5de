"""Reports by the API: a mission's way from draft to submission, and what others learn of it."""

import datetime as dt
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from missions.kernel import clock
from missions.models import Membership, Mission, TokenScope, User
from missions.reports.models import Report, ReportFile
from missions.reports.states import ReportState
from missions.states import DeploymentMode, MembershipRole, MissionKind
from tests.missions.api.world import as_user
from tests.missions.reports.conftest import CANARY, PRESS_CONFERENCE, MakeReport, pdf

pytestmark = pytest.mark.django_db
REPORTS = "/api/v1/reports/"
SECOND = dt.timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _before(pages: object) -> None:
    cache.clear()
    clock.set_to(PRESS_CONFERENCE - SECOND)


class Caller:
    """A client with a token that may write, and a new key for each request."""

    def __init__(self, user: User) -> None:
        self.client: APIClient = as_user(user, TokenScope.WRITE)
        self._key = 0

    def post(self, path: str, body: object = None, *, version: int | None = None, **options: Any) -> Any:
        self._key += 1
        headers = {"Idempotency-Key": f"{id(self)}-{self._key}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return self.client.post(path, {} if body is None else body, headers=headers, **options)

    def upload(self, pk: int, data: bytes, language: str = "en", name: str = "../../etc/passwd") -> Any:
        form = {"language": language, "file": SimpleUploadedFile(name, data, "text/html")}
        return self.post(f"{REPORTS}{pk}/files/", form, format="multipart")


@pytest.fixture
def caller(lead: User) -> Caller:
    return Caller(lead)


def _draft(caller: Caller, mission: Mission, **more: object) -> Any:
    return caller.post(REPORTS, {"mission": mission.pk, "kind": "preliminary", "title": CANARY, **more})


def test_the_way_from_draft_to_submission(make_report: MakeReport, caller: Caller, mission: Mission) -> None:
    created = _draft(caller, mission, embargo_wished="2024-02-08T15:00:00+04:00")
    pk = created.json()["id"]
    assert (created.status_code, created["Location"], created["ETag"]) == (201, f"{REPORTS}{pk}/", '"1"')
    assert created.json()["embargo_wished"] == "2024-02-08T11:00:00Z"

    uploaded = caller.upload(pk, pdf("one"))
    assert (uploaded.status_code, uploaded["Location"]) == (201, f"{REPORTS}{pk}/files/en/")
    changed = caller.post(f"{REPORTS}{pk}/change/", {"title": "Better"}, version=2)
    assert (changed.json()["title"], changed.json()["embargo_wished"]) == ("Better", None)
    submitted = caller.post(f"{REPORTS}{pk}/submit/", version=3)
    assert (submitted.status_code, submitted.json()["state"]) == (200, "submitted")
    back = caller.post(f"{REPORTS}{pk}/take-back/", version=4)
    assert back.json()["state"] == "draft"

    removed = caller.client.delete(f"{REPORTS}{pk}/files/en/", headers={"If-Match": '"5"'})
    assert (removed.status_code, removed.json()["files"], removed.json()["version"]) == (200, [], 6)
    assert caller.post(f"{REPORTS}{pk}/submit/", version=6).json()["type"] == "/problems/report-without-file"


@pytest.mark.parametrize(
    ("data", "language", "status", "code"),
    [
        (b"", "en", 422, "file_empty"),
        (b"<html>", "en", 415, "media_type_not_allowed"),
        (b"%PDF-1.7 %%EOF PK", "en", 422, "pdf_two_files"),
        (pdf(), "xx", 422, "language_unknown"),
    ],
)
def test_what_is_no_report_is_refused(
    make_report: MakeReport, caller: Caller, mission: Mission, data: bytes, language: str, status: int, code: str
) -> None:
    report = make_report(mission, ReportState.DRAFT, languages=())

    answer = caller.upload(report.pk, data, language)

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code)
    assert ReportFile.objects.count() == 0


def test_a_body_of_500_mb_is_refused_before_it_is_read(
    make_report: MakeReport, caller: Caller, mission: Mission
) -> None:
    report = make_report(mission, ReportState.DRAFT, languages=())

    answer = caller.post(
        f"{REPORTS}{report.pk}/files/",
        {"language": "en", "file": SimpleUploadedFile("r.pdf", b"%PDF-")},
        format="multipart",
        CONTENT_LENGTH=str(500 * 1024 * 1024),
    )

    assert answer.status_code == 413


def test_the_same_request_again_is_the_same_report(caller: Caller, mission: Mission) -> None:
    body, headers = {"mission": mission.pk, "kind": "final", "title": "T"}, {"Idempotency-Key": "one"}

    first, again = (caller.client.post(REPORTS, body, headers=headers) for _turn in range(2))

    assert first.json() == again.json()
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "field", "code"),
    [
        ({"state": "registered"}, "state", "unknown_field"),
        ({"embargo_until": "2024-01-01T00:00:00Z"}, "embargo_until", "unknown_field"),
        ({"number": 7}, "number", "unknown_field"),
        ({"embargo_wished": "2024-02-08T15:00:00"}, "embargo_wished", "timezone_required"),
        ({"kind": "leak"}, "kind", "invalid_choice"),
        ({"title": ""}, "title", "blank"),
        ({"title": "a\x00b"}, "title", "null_characters_not_allowed"),
        ({"title": "x" * 301}, "title", "max_length"),
    ],
)
def test_what_a_mission_may_not_say_is_refused(
    caller: Caller, mission: Mission, more: dict[str, object], field: str, code: str
) -> None:
    answer = _draft(caller, mission, **more)

    assert answer.status_code == 400
    assert [(error["field"], error["code"]) for error in answer.json()["errors"]] == [(field, code)]


def test_a_foreign_mission_is_as_absent_as_none(caller: Caller, other_mission: Mission) -> None:
    foreign = _draft(caller, other_mission)

    assert (foreign.status_code, foreign.json()["errors"][0]["code"]) == (400, "does_not_exist")


def test_focal_points_draft_and_leads_submit(make_report: MakeReport, mission: Mission) -> None:
    user = User.objects.create_user("focal@odihr.example", "a long enough password")
    Membership.objects.create(user=user, mission=mission, role=MembershipRole.FOCAL_POINT)
    focal = Caller(user)

    pk = _draft(focal, mission).json()["id"]

    assert focal.upload(pk, pdf()).status_code == 201
    assert focal.post(f"{REPORTS}{pk}/submit/", version=2).status_code == 403


@pytest.mark.parametrize("version", [None, 1])
def test_acts_name_the_version_that_they_are_about(
    make_report: MakeReport, caller: Caller, mission: Mission, version: int | None
) -> None:
    report = make_report(mission, ReportState.DRAFT)

    answer = caller.post(f"{REPORTS}{report.pk}/submit/", version=version)

    assert answer.status_code == (428 if version is None else 412)


@pytest.mark.parametrize("state", ReportState)
def test_for_others_no_report_exists_in_whatever_state(
    make_report: MakeReport, mission: Mission, other_lead: User, state: ReportState
) -> None:
    report, other = make_report(mission, state), Caller(other_lead)
    absent = other.client.get(f"{REPORTS}999999/")

    for path in ("", "files/en/"):
        hidden = other.client.get(f"{REPORTS}{report.pk}/{path}")
        assert (hidden.status_code, hidden.content) == (404, absent.content)
    for path in ("submit/", "take-back/", "change/", "files/"):
        answer = other.post(
            f"{REPORTS}{report.pk}/{path}", version=1, **({"format": "multipart"} if path == "files/" else {})
        )
        assert (answer.status_code, answer.content) == (404, absent.content)
    assert other.client.get(REPORTS).json()["results"] == []


def test_the_host_learns_that_and_when_and_not_what(make_report: MakeReport, mission: Mission) -> None:
    report = make_report(mission)
    drafted = make_report(mission, ReportState.DRAFT)
    host = as_user(User.objects.create_user("host@ministry.example", "a long enough password", is_staff=True))

    clock.set_to(PRESS_CONFERENCE - 60 * SECOND)  # it runs on while three answers are read
    row = host.get(f"{REPORTS}{report.pk}/").json()
    assert (row["title"], row["publication"], row["embargo_until"]) == (None, "embargoed", "2024-02-08T11:00:00Z")
    assert host.get(f"{REPORTS}{report.pk}/files/en/").status_code == 404
    assert host.get(f"{REPORTS}{drafted.pk}/").status_code == 404

    clock.set_to(PRESS_CONFERENCE)
    row = host.get(f"{REPORTS}{report.pk}/").json()
    assert (row["title"], row["publication"]) == (CANARY, "public")
    assert host.get(f"{REPORTS}{report.pk}/files/en/").content == pdf(f"{CANARY} en")


@pytest.mark.parametrize("language", ["fr", "xx", "EN", "%00", "..", "en.pdf"])
def test_a_language_that_is_not_there_is_absent(
    make_report: MakeReport, caller: Caller, mission: Mission, language: str
) -> None:
    report = make_report(mission, ReportState.DRAFT)
    path = f"{REPORTS}{report.pk}/files/{language}/"

    assert caller.client.get(path).status_code == 404
    assert caller.client.delete(path, headers={"If-Match": '"2"'}).status_code == 404


def test_the_mission_reads_its_own_at_any_time(make_report: MakeReport, caller: Caller, mission: Mission) -> None:
    report = make_report(mission)

    answer = caller.client.get(f"{REPORTS}{report.pk}/files/en/")

    assert (answer.status_code, answer.content) == (200, pdf(f"{CANARY} en"))
    assert answer["Cache-Control"] == "private, no-store"
    assert caller.client.get(f"{REPORTS}{report.pk}/").json()["title"] == CANARY


def test_missions_of_a_joint_one_read_its_statement_and_do_not_write_it(
    make_report: MakeReport, mission: Mission, other_mission: Mission, lead: User
) -> None:
    joint = Mission.objects.create(
        election=mission.election,
        code="IEOM",
        name="Joint",
        kind=MissionKind.JOINT,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
    )
    Mission.objects.filter(pk__in=[mission.pk, other_mission.pk]).update(parent=joint)
    Membership.objects.create(user=lead, mission=other_mission, role=MembershipRole.LEAD)  # of both children
    report, caller = make_report(joint, ReportState.SUBMITTED), Caller(lead)

    assert [row["id"] for row in caller.client.get(REPORTS).json()["results"]] == [report.pk]
    assert caller.post(f"{REPORTS}{report.pk}/take-back/", version=report.version).status_code == 403
