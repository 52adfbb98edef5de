"""What the register tells other rooms: mails, steps that are made, and embargoes that a move of election day leaves."""

import datetime as dt

import pytest

from missions.kernel import clock
from missions.models import Membership, Mission, User
from missions.reminders.wording import Wordings
from missions.reports.impact_sources import embargoes_of_the_day
from missions.reports.models import Report
from missions.reports.notice_sources import MAILS, report_published
from missions.reports.progress_sources import reports_progress
from missions.reports.services.registering import retract_report
from missions.reports.states import ReportKind, ReportState
from missions.states import DeploymentMode, MailLanguage, MembershipRole, MissionKind
from missions.timeline.changes import ElectionMove
from missions.timeline.models import Milestone
from missions.timeline.plan import ProvenBy
from missions.timeline.progress import Fact
from tests.missions.reports.conftest import CANARY, EARLIER, PRESS_CONFERENCE, MakeReport
from tests.reminder_rules import message_of, rule_source
from tests.staff import in_role

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
DAY = dt.timedelta(days=1)


@pytest.fixture
def joint(mission: Mission, other_mission: Mission) -> Mission:
    joint = Mission.objects.create(
        election=mission.election,
        code="IEOM",
        name="Joint mission",
        kind=MissionKind.JOINT,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
    )
    Mission.objects.filter(pk__in=[mission.pk, other_mission.pk]).update(parent=joint)
    return joint


def test_the_leads_and_the_protocol_desk_hear_of_it_once_it_is_public(
    make_report: MakeReport, mission: Mission, lead: User, other_lead: User
) -> None:
    make_report(mission)
    protocol = in_role("protocol")

    early = list(report_published.due(at=PRESS_CONFERENCE - SECOND))
    drafts = list(report_published.due(at=PRESS_CONFERENCE))

    assert early == []
    assert [draft.to_address for draft in drafts] == [lead.email, protocol.email]
    assert {(draft.due_at, draft.mission_id, draft.slot) for draft in drafts} == {
        (PRESS_CONFERENCE, mission.pk, dt.date(2024, 2, 8))
    }
    assert drafts[0].subject == "Public now: preliminary statement, ODIHR mission"
    assert f'"{CANARY}"' in drafts[0].body
    assert "http://127.0.0.1:8000/reports/az-2024/1/" in drafts[0].body
    assert list(report_published.due(at=PRESS_CONFERENCE + 3 * DAY)) == []


def test_of_a_joint_statement_the_leads_of_every_part_hear_once(
    make_report: MakeReport, joint: Mission, mission: Mission, lead: User, other_lead: User
) -> None:
    make_report(joint)
    Membership.objects.create(user=lead, mission=joint, role=MembershipRole.LEAD)

    drafts = list(report_published.due(at=PRESS_CONFERENCE))

    assert [(draft.to_address, draft.mission_id) for draft in drafts] == [
        (lead.email, joint.pk),
        (other_lead.email, Mission.objects.get(code="PABSEC").pk),
    ]


def test_what_was_retracted_before_the_mail_went_is_announced_to_nobody(
    make_report: MakeReport, mission: Mission, lead: User, registrar: User
) -> None:
    report = make_report(mission)
    (draft,) = report_published.due(at=PRESS_CONFERENCE)
    message = message_of(draft)
    assert report_published.still_due(message, at=PRESS_CONFERENCE)
    assert not report_published.still_due(message, at=PRESS_CONFERENCE - SECOND)

    retract_report(report=report, reason="A mistake", by=registrar, at=PRESS_CONFERENCE)

    assert not report_published.still_due(message, at=PRESS_CONFERENCE)


@pytest.mark.parametrize("language", MailLanguage)
def test_mails_are_written_in_every_language(language: MailLanguage) -> None:
    assert isinstance(MAILS, Wordings)
    kinds = {key for key in MAILS.sentences(language) if key.startswith("kinds.")}

    assert kinds == {f"kinds.{kind}" for kind in ReportKind}


def test_the_day_before_an_embargo_ends_leads_and_registrars_hear_it_without_the_title(
    make_report: MakeReport, mission: Mission, lead: User
) -> None:
    make_report(mission)
    registrar = in_role("registrar")
    noon = dt.datetime(2024, 2, 7, 8, tzinfo=dt.UTC)

    drafts = list(rule_source("embargo_soon").due(at=noon))

    assert [(draft.to_address, draft.due_at) for draft in drafts] == [(lead.email, noon), (registrar.email, noon)]
    assert drafts[0].subject == "The embargo on your preliminary statement ends soon"
    assert [draft for draft in drafts if "CANARY" in draft.subject + draft.body] == []
    assert list(rule_source("embargo_soon").due(at=noon - SECOND)) == []


def test_a_statement_that_is_due_is_asked_for_until_it_is_handed_in(
    make_report: MakeReport, mission: Mission, lead: User
) -> None:
    Milestone.objects.create(
        mission=mission,
        code="statement",
        title="Statement",
        anchor="e_day",
        offset_days=1,
        local_time=dt.time(15),
        time_zone="Asia/Baku",
        planned_at=PRESS_CONFERENCE,
        fact=ProvenBy.STATEMENT_PUBLIC,
    )
    make_report(mission, ReportState.DRAFT)
    make_report(mission, kind=ReportKind.INTERIM)
    rule, morning = rule_source("statement_due"), dt.datetime(2024, 2, 8, 4, tzinfo=dt.UTC)

    drafts = list(rule.due(at=morning))
    assert [(draft.to_address, draft.subject) for draft in drafts] == [(lead.email, "Your statement is due today")]
    assert "8 February 2024, 15:00 (Asia/Baku)" in drafts[0].body

    make_report(mission, ReportState.SUBMITTED)

    assert list(rule.due(at=morning)) == []


def test_a_step_is_made_when_its_report_is_public(
    make_report: MakeReport, mission: Mission, other_mission: Mission
) -> None:
    make_report(mission)
    make_report(mission, until=PRESS_CONFERENCE + DAY)
    make_report(mission, ReportState.SUBMITTED, kind=ReportKind.FINAL)
    keys = [mission.pk, other_mission.pk]

    assert list(reports_progress.facts_of(keys, at=PRESS_CONFERENCE - SECOND)) == []
    (fact,) = reports_progress.facts_of(keys, at=PRESS_CONFERENCE + 2 * DAY)
    assert fact == Fact(mission.pk, ProvenBy.STATEMENT_PUBLIC, PRESS_CONFERENCE, fact.words)


def test_a_joint_statement_counts_for_each_of_its_missions(
    make_report: MakeReport, joint: Mission, mission: Mission, other_mission: Mission
) -> None:
    make_report(joint)

    facts = list(reports_progress.facts_of([joint.pk, mission.pk, other_mission.pk], at=PRESS_CONFERENCE))

    assert {fact.mission_id for fact in facts} == {joint.pk, mission.pk, other_mission.pk}


def test_a_move_of_election_day_leaves_embargoes_where_they_are_and_says_so(
    make_report: MakeReport, mission: Mission, lead: User
) -> None:
    report = make_report(mission)
    make_report(mission, until=None)
    clock.set_to(EARLIER + SECOND)
    move = ElectionMove(mission.election_id, dt.date(2024, 2, 14))

    (impact,) = embargoes_of_the_day.of_change(move, user=in_role("registrar"), at=EARLIER)

    assert (impact.weight, impact.subject, impact.facts) == (
        "tells",
        "ODIHR: preliminary statement 1",
        (report.version,),
    )
    assert "8 Feb 2024, 15:00" in str(impact.sentence)
    assert impact.url == f"/admin/reports/report/{report.pk}/change/"
    outsider = User.objects.create_user("nobody@outside.example", "a long enough password")
    assert list(embargoes_of_the_day.of_change(move, user=outsider, at=EARLIER)) == []
    assert Report.objects.get(pk=report.pk).embargo_until == PRESS_CONFERENCE
