"""Three hosts in one database, under quite different laws, from the nomination to the card.

Azerbaijan counts from election day, decides within three days and in session, and excludes its citizens. Georgia
decides within five days but not later than E-4, and gives times for appeals. Kenya names a fixed day and hour, and
of much of its law no source speaks: that is shown as unknown, and blocks nothing silently.
"""

import datetime as dt
from dataclasses import dataclass, replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from accreditation.admin.application_page import clocks_of
from accreditation.errors import (
    AppealLateError,
    ApplicationIncompleteError,
    BlockingFindingsError,
    SessionRequiredError,
)
from accreditation.models import Accreditation, Application
from accreditation.selectors import Figures, applications_due_soon, figures, figures_as_of, overdue_applications
from accreditation.services.agenda import schedule_application
from accreditation.services.appeals import appeal_closes_at, appeal_refusal
from accreditation.services.applications import (
    ask_for_documents,
    grant_late_leave,
    open_review,
    receive_document,
    recommend_application,
    submit_application,
)
from accreditation.services.decisions import accredit_application, refuse_application
from accreditation.services.drafts import NominationDraft
from accreditation.services.nominations import nominate_observers
from accreditation.services.sessions import call_session
from accreditation.states import DocumentKind, Severity
from missions.models import Commission, Election, Mission, Organization, User
from missions.services.elections import ElectionFacts, call_election
from missions.services.missions import MissionFacts, settle_mission
from missions.states import DeploymentMode, MissionKind, OrganizationKind
from tests.accreditation.conftest import DRAFT, draft_number

pytestmark = pytest.mark.django_db


@dataclass
class Host:
    """One host's election with one mission, and the people who act; `call` is a moment between decree and deadline."""

    election: Election
    mission: Mission
    by: User
    reviewer: User
    approver: User
    call: dt.datetime

    def nominate(self, person: NominationDraft, *, at: dt.datetime) -> Application:
        nominate_observers(mission=self.mission, drafts=[replace(person, documents_on=at.date())], by=self.by, at=at)
        return Application.objects.get(nomination__mission=self.mission, nomination__reference=person.reference)

    def submit(self, person: NominationDraft, *, at: dt.datetime) -> Application:
        return submit_application(application=self.nominate(person, at=at), by=self.by, at=at)

    def recommend(self, application: Application, *, at: dt.datetime) -> Application:
        reviewed = open_review(application=application, by=self.reviewer, at=at)
        return recommend_application(application=reviewed, by=self.reviewer, at=at)

    def schedule(self, application: Application, *, at: dt.datetime) -> Application:
        session = call_session(
            commission=Commission.objects.get(election=self.election),
            number=f"{application.pk}",
            held_at=at,
            by=self.reviewer,
            at=at,
        )
        return schedule_application(application=application, session=session, by=self.reviewer, at=at)

    def accredit(self, application: Application, *, at: dt.datetime) -> Accreditation:
        return accredit_application(application=application, by=self.approver, at=at)


def _host(profile: str, country: str, e_day: dt.date, zone: str, reviewer: User, approver: User) -> Host:
    call = dt.datetime.combine(e_day - dt.timedelta(days=60), dt.time(8), tzinfo=dt.UTC)
    facts = ElectionFacts(
        code=profile,
        name=f"Election in {country}",
        host_country=country,
        e_day=e_day,
        called_on=call.date(),
        time_zone=zone,
        opens_at=dt.time(8),
        closes_at=dt.time(19),
        profile_code=profile,
    )
    election = call_election(facts=facts, commission_code="CEC", commission_name="Commission", by=None, at=call)
    sender, _is_new = Organization.objects.get_or_create(
        acronym="ODIHR", defaults={"name": "Office", "kind": OrganizationKind.IGO}
    )
    mission, _changed = settle_mission(
        election=election,
        facts=MissionFacts(
            code="ODIHR",
            name="Mission",
            kind=MissionKind.EOM,
            deployment_mode=DeploymentMode.SELF_DIRECTED,
            organization=sender,
            parent=None,
            template_code="",
        ),
        by=None,
        at=call,
    )
    lead, _is_new = User.objects.get_or_create(email="lead@odihr.example")
    return Host(election, mission, lead, reviewer, approver, call)


@pytest.fixture
def az(reviewer: User, approver: User) -> Host:
    return _host("az-2024", "AZE", dt.date(2024, 2, 7), "Asia/Baku", reviewer, approver)


@pytest.fixture
def ge(reviewer: User, approver: User) -> Host:
    return _host("ge-standing", "GEO", dt.date(2024, 10, 26), "Asia/Tbilisi", reviewer, approver)


@pytest.fixture
def ke(reviewer: User, approver: User) -> Host:
    return _host("ke-2022", "KEN", dt.date(2022, 8, 9), "Africa/Nairobi", reviewer, approver)


def _utc(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: int = 0) -> dt.datetime:
    return dt.datetime(year, month, day, hour, minute, second, tzinfo=dt.UTC)


def _open(application: Application) -> dict[str, str]:
    return dict(application.findings.filter(closed_at=None).values_list("code", "severity"))


def _clock(application: Application, title: str) -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return {str(name): str(value) for name, value in clocks_of(request, application)}[title]


def test_the_same_person_is_accredited_by_three_hosts_each_by_its_own_law(az: Host, ge: Host, ke: Host) -> None:
    cards = []
    for host in (az, ge, ke):
        person = replace(DRAFT, passport_expires_on=dt.date(2034, 1, 1), arrives_on=None, departs_on=None)
        recommended = host.recommend(host.submit(person, at=host.call), at=host.call)
        # A session is needed by law in one country, and in the others because nothing says that it is not.
        with pytest.raises(SessionRequiredError):
            host.accredit(recommended, at=host.call)
        cards.append(host.accredit(host.schedule(recommended, at=host.call), at=host.call))

    assert [card.number for card in cards] == [1, 1, 1]
    assert [figures(host.election) for host in (az, ge, ke)] == [Figures(1, 1, 1)] * 3
    assert figures_as_of(az.election, at=az.call - dt.timedelta(seconds=1)) == Figures(0, 0, 0)


@pytest.mark.parametrize(
    ("name", "last", "late"),
    [
        ("az", _utc(2024, 1, 28, 19, 59, 59), _utc(2024, 1, 28, 20)),  # E-10, the whole day in Baku
        ("ge", _utc(2024, 10, 19, 19, 59, 59), _utc(2024, 10, 19, 20)),  # E-7, the whole day in Tbilisi
        ("ke", _utc(2022, 6, 28, 14), _utc(2022, 6, 28, 14, 0, 1)),  # a fixed day, 17:00 in Nairobi
    ],
)
def test_each_door_closes_at_its_own_instant_and_keeps_both_for_the_late(
    name: str, last: dt.datetime, late: dt.datetime, request: pytest.FixtureRequest
) -> None:
    host: Host = request.getfixturevalue(name)

    in_time = host.submit(draft_number(1), at=last)
    too_late = host.submit(draft_number(2), at=late)

    assert (in_time.state, too_late.state) == ("submitted", "inadmissible_late")
    assert too_late.submitted_at == late
    assert too_late.deadline_at == in_time.deadline_at
    assert too_late.deadline_at is not None
    assert too_late.deadline_at <= late
    admitted = grant_late_leave(application=too_late, reason="Air traffic.", by=host.reviewer, at=late)
    assert (admitted.state, admitted.submitted_at, admitted.deadline_at) == ("under_review", late, too_late.deadline_at)


def test_three_days_five_days_until_e_4_or_nobody_knows(az: Host, ge: Host, ke: Host) -> None:
    early = ge.submit(draft_number(1), at=_utc(2024, 10, 10, 8))
    squeezed = ge.submit(draft_number(2), at=_utc(2024, 10, 19, 8))
    in_baku = az.submit(draft_number(1), at=_utc(2024, 1, 10, 8))
    in_nairobi = ke.submit(draft_number(1), at=_utc(2022, 6, 10, 8))

    assert in_baku.decide_by == _utc(2024, 1, 13, 20)
    assert early.decide_by == _utc(2024, 10, 15, 20)
    assert squeezed.decide_by == _utc(2024, 10, 22, 20)  # the fifth day would be the 24th
    assert in_nairobi.decide_by is None
    assert _clock(in_nairobi, "Decide by") == "not known"
    assert _clock(squeezed, "Decide by") == "23 Oct 2024, 00:00"


def test_the_queues_of_one_host_know_nothing_of_the_others(az: Host, ge: Host, ke: Host) -> None:
    """What has no known time is never overdue, and never due."""
    at = _utc(2024, 10, 19, 8)
    squeezed, waiting = ge.submit(draft_number(1), at=at), ge.submit(draft_number(2), at=_utc(2024, 10, 10, 8))
    ke.submit(draft_number(1), at=_utc(2022, 6, 10, 8))
    auditor = User.objects.create_superuser("root@ministry.example", "a long enough password")
    evening = _utc(2024, 10, 22, 12)

    overdue = {host.election.code: list(overdue_applications(host.election, at=evening, user=auditor))
               for host in (az, ge, ke)}  # fmt: skip
    soon = list(applications_due_soon(ge.election, at=evening, user=auditor))

    assert overdue == {"az-2024": [], "ge-standing": [waiting], "ke-2022": []}
    assert soon == [squeezed]


def test_the_clock_stops_while_papers_are_missing_and_starts_anew(az: Host) -> None:
    asked_at, came_at = _utc(2024, 1, 11, 8), _utc(2024, 1, 16, 8)
    application = az.submit(draft_number(1), at=_utc(2024, 1, 10, 8))
    open_review(application=application, by=az.reviewer, at=asked_at)

    stopped = ask_for_documents(application=application, kinds=[DocumentKind.PHOTO], by=az.reviewer, at=asked_at)
    assert (stopped.complete_since, stopped.decide_by) == (None, None)
    assert _clock(stopped, "Decide by") == "stopped while papers are missing"
    with pytest.raises(ApplicationIncompleteError):
        submit_application(application=stopped, by=az.by, at=came_at)
    running = receive_document(application=stopped, kind=DocumentKind.PHOTO, by=az.by, at=came_at)

    assert (running.state, running.submitted_at) == ("submitted", _utc(2024, 1, 10, 8))
    assert (running.complete_since, running.decide_by) == (came_at, _utc(2024, 1, 19, 20))


def test_each_host_asks_for_its_own_papers(az: Host, ge: Host, ke: Host) -> None:
    bare = replace(draft_number(1), documents=frozenset())

    states = {host.election.code: host.submit(bare, at=host.call).state for host in (az, ge, ke)}

    # Georgia asks papers of the sender alone.
    assert states == {"az-2024": "incomplete", "ge-standing": "submitted", "ke-2022": "incomplete"}
    pledged = ke.submit(replace(draft_number(2), documents=frozenset({DocumentKind.PLEDGE})), at=ke.call)
    assert pledged.state == "submitted"


def test_a_citizen_is_excluded_here_and_a_question_there(az: Host, ge: Host, ke: Host) -> None:
    for host in (az, ge, ke):
        country = host.election.host_country
        citizen = draft_number(1, nationality=country, passport_issuer=country, arrives_on=None, departs_on=None)
        application = open_review(application=host.submit(citizen, at=host.call), by=host.reviewer, at=host.call)
        found = _open(application)
        if host is az:
            assert found["host_citizenship"] == Severity.BLOCK
            with pytest.raises(BlockingFindingsError):
                recommend_application(application=application, by=host.reviewer, at=host.call)
        else:
            assert "host_citizenship" not in found
            assert found["host_citizenship_rule_unknown"] == Severity.INFO
            assert recommend_application(application=application, by=host.reviewer, at=host.call).state == "recommended"


def test_georgia_knows_when_an_appeal_is_over_and_azerbaijan_does_not(az: Host, ge: Host) -> None:
    refused_at = {"az-2024": _utc(2024, 1, 12, 8), "ge-standing": _utc(2024, 10, 14, 8)}
    grounds = {"az-2024": "information_not_confirmed", "ge-standing": "other_refusal"}
    files = []
    for host in (az, ge):
        at = refused_at[host.election.code]
        scheduled = host.schedule(host.recommend(host.submit(draft_number(1), at=at), at=at), at=at)
        ground = grounds[host.election.code]
        refuse_application(application=scheduled, ground=ground, text="Not confirmed.", by=host.approver, at=at)
        files.append(Application.objects.get(pk=scheduled.pk))
    baku, tbilisi = files

    assert (appeal_closes_at(baku), appeal_closes_at(tbilisi)) == (None, _utc(2024, 10, 17, 20))
    assert _clock(baku, "May be appealed until") == "not known"
    assert _clock(tbilisi, "May be appealed until") == "18 Oct 2024, 00:00"
    with pytest.raises(AppealLateError):
        appeal_refusal(application=tbilisi, reason="We object.", by=ge.by, at=_utc(2024, 10, 17, 20))
    appealed = appeal_refusal(application=tbilisi, reason="We object.", by=ge.by, at=_utc(2024, 10, 17, 19))
    assert (appealed.state, appealed.decide_by) == ("appealed", _utc(2024, 10, 19, 20))
    assert _clock(appealed, "Ruling due by") == "20 Oct 2024, 00:00"
    late = appeal_refusal(application=baku, reason="We object.", by=az.by, at=_utc(2024, 3, 1))
    assert (late.state, late.decide_by) == ("appealed", None)
