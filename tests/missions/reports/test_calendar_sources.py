"""Who reads in a calendar when a report becomes public."""

import datetime as dt

import pytest

from missions.kernel import clock
from missions.models import Mission, User
from missions.reports.calendar_sources import publications
from missions.reports.services.registering import move_embargo, retract_report
from missions.reports.states import ReportState
from missions.timeline.feeds.events import CalendarEvent, EventKind, Scope
from tests.conftest import staff
from tests.missions.reports.conftest import CANARY, EARLIER, PRESS_CONFERENCE, MakeReport

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _clock(db: None) -> None:
    clock.set_to(EARLIER)


def _read(user: User, mission: Mission, *, of_mission: bool = True) -> list[CalendarEvent]:
    scope = Scope(user, frozenset({mission.pk} if of_mission else ()), frozenset({mission.election_id}))
    return list(publications.events(scope, at=clock.now()))


def test_the_own_mission_knows_the_end_of_its_embargo(make_report: MakeReport, mission: Mission, lead: User) -> None:
    report = make_report(mission)

    [event] = _read(lead, mission)

    assert (event.uid, event.kind, event.starts_at, event.zone, event.is_cancelled) == (
        f"report-{report.pk}",
        EventKind.PUBLICATION,
        PRESS_CONFERENCE,
        "Asia/Baku",
        False,
    )
    assert str(event.title) == "ODIHR: preliminary statement becomes public"
    assert CANARY not in repr(event)


def test_others_read_it_once_it_is_public_and_not_before(
    make_report: MakeReport, mission: Mission, other_mission: Mission, other_lead: User
) -> None:
    make_report(mission)
    before = _read(other_lead, other_mission)

    clock.set_to(PRESS_CONFERENCE)
    after = _read(other_lead, other_mission)

    assert (before, [event.starts_at for event in after]) == ([], [PRESS_CONFERENCE])


def test_the_host_needs_the_register_to_know_of_an_embargo(
    make_report: MakeReport, mission: Mission, reviewer: User
) -> None:
    make_report(mission)
    registrar = staff("reads@ministry.example", "reports.view_report")

    assert len(_read(registrar, mission, of_mission=False)) == 1
    assert _read(reviewer, mission, of_mission=False) == []


def test_a_draft_is_in_no_calendar(make_report: MakeReport, mission: Mission, lead: User) -> None:
    make_report(mission, ReportState.SUBMITTED)

    assert _read(lead, mission) == []


def test_a_joint_statement_is_in_the_calendars_of_its_missions(
    make_report: MakeReport, mission: Mission, other_mission: Mission, other_lead: User
) -> None:
    Mission.objects.filter(pk=mission.pk).update(kind="joint")
    Mission.objects.filter(pk=other_mission.pk).update(parent=mission)
    make_report(Mission.objects.get(pk=mission.pk))

    assert [event.starts_at for event in _read(other_lead, other_mission)] == [PRESS_CONFERENCE]


def test_a_moved_and_a_retracted_one_are_told_under_the_same_name(
    make_report: MakeReport, mission: Mission, lead: User, registrar: User
) -> None:
    report = make_report(mission)
    [first] = _read(lead, mission)

    moved_to = PRESS_CONFERENCE + HOUR
    report = move_embargo(report=report, embargo_until=moved_to, reason="Later", by=registrar, at=clock.now())
    [moved] = _read(lead, mission)
    retract_report(report=report, reason="A mistake", by=registrar, at=clock.now())
    [gone] = _read(lead, mission)

    assert {first.uid, moved.uid, gone.uid} == {f"report-{report.pk}"}
    assert first.sequence < moved.sequence < gone.sequence
    assert (moved.starts_at, moved.is_cancelled, gone.is_cancelled) == (moved_to, False, True)
