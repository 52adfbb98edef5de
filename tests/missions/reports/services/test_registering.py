"""The way into the register and out of it, and the embargo that is moved while the clock runs."""

import datetime as dt

import pytest

from missions.kernel import clock
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Mission, User
from missions.reports.errors import (
    EmbargoOverError,
    EmbargoPastError,
    ReportReasonMissingError,
    ReportWithoutFileError,
)
from missions.reports.models import Report
from missions.reports.services.registering import (
    move_embargo,
    register_report,
    reopen_report,
    retract_report,
    submit_report,
)
from missions.reports.states import ReportState
from tests.missions.reports.conftest import EARLIER, PRESS_CONFERENCE, MakeReport

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
HOUR = dt.timedelta(hours=1)


def _is_public(report: Report) -> bool:
    return Report.objects.public().filter(pk=report.pk).exists()


def test_a_report_without_a_file_is_not_handed_in(make_report: MakeReport, mission: Mission) -> None:
    with pytest.raises(ReportWithoutFileError):
        submit_report(report=make_report(mission, ReportState.DRAFT, languages=()), by=None, at=EARLIER)


def test_from_draft_to_register(make_report: MakeReport, mission: Mission, lead: User, registrar: User) -> None:
    report = make_report(mission, ReportState.DRAFT)

    submitted = submit_report(report=report, by=lead, at=EARLIER)
    registered = register_report(report=submitted, embargo_until=PRESS_CONFERENCE, by=registrar, at=EARLIER)

    assert (registered.state, registered.number, registered.embargo_until) == ("registered", 1, PRESS_CONFERENCE)
    told = [
        (event.verb, event.from_state, event.to_state, event.actor, event.is_private)
        for event in Event.objects.of(report)
    ][2:]
    assert told == [
        ("report_submitted", "draft", "submitted", lead, False),
        ("report_registered", "submitted", "registered", registrar, False),
    ]
    assert Event.objects.filter(object_label__contains="CANARY").count() == 0


def test_taken_back_and_handed_in_again(make_report: MakeReport, mission: Mission, lead: User) -> None:
    report = make_report(mission, ReportState.SUBMITTED)

    reopened = reopen_report(report=report, reason="", by=lead, at=EARLIER)

    assert reopened.state == "draft"
    assert submit_report(report=reopened, by=lead, at=EARLIER + HOUR).submitted_at == EARLIER + HOUR


def test_numbers_follow_each_other_in_the_election(
    make_report: MakeReport, mission: Mission, other_mission: Mission
) -> None:
    assert [make_report(each).number for each in (mission, other_mission, mission)] == [1, 2, 3]


@pytest.mark.parametrize("ago", [dt.timedelta(0), SECOND])
def test_an_embargo_in_the_past_is_refused(
    make_report: MakeReport, mission: Mission, registrar: User, ago: dt.timedelta
) -> None:
    report = make_report(mission, ReportState.SUBMITTED)

    with pytest.raises(EmbargoPastError):
        register_report(report=report, embargo_until=EARLIER - ago, by=registrar, at=EARLIER)

    assert Report.objects.get().state == "submitted"


def test_without_an_embargo_it_is_public_at_once(make_report: MakeReport, mission: Mission) -> None:
    clock.set_to(EARLIER)

    assert _is_public(make_report(mission, until=None))


def test_the_clock_alone_publishes(make_report: MakeReport, mission: Mission) -> None:
    report = make_report(mission)
    clock.set_to(PRESS_CONFERENCE - SECOND)
    assert not _is_public(report)

    clock.set_to(PRESS_CONFERENCE)

    assert _is_public(report)


@pytest.mark.parametrize("by", [HOUR, -HOUR])
def test_an_embargo_is_moved_with_its_reason(
    make_report: MakeReport, mission: Mission, registrar: User, by: dt.timedelta
) -> None:
    report = make_report(mission)
    clock.set_to(EARLIER)

    moved = move_embargo(
        report=report, embargo_until=PRESS_CONFERENCE + by, reason="The hall", by=registrar, at=EARLIER
    )

    assert (moved.embargo_until, moved.version) == (PRESS_CONFERENCE + by, report.version + 1)
    event = Event.objects.of(report).last()
    assert event is not None
    assert (event.verb, event.changed) == ("embargo_moved", ["embargo_until"])
    assert event.reason.startswith("2024-02-08T11:00:00+00:00 → ")
    assert event.reason.endswith(". The hall")


@pytest.mark.parametrize("until", [None, EARLIER - HOUR, EARLIER])
def test_moved_into_the_past_it_is_public_now_and_the_history_says_so(
    make_report: MakeReport, mission: Mission, registrar: User, until: dt.datetime | None
) -> None:
    report = make_report(mission)
    clock.set_to(EARLIER)

    moved = move_embargo(report=report, embargo_until=until, reason="It is out", by=registrar, at=EARLIER)

    assert (moved.embargo_until, _is_public(moved)) == (EARLIER, True)
    event = Event.objects.of(report).last()
    assert event is not None
    assert event.verb == "embargo_lifted"


@pytest.mark.parametrize("left_ms", [0, 100, -1000])
def test_in_the_last_moment_nothing_is_moved(
    make_report: MakeReport, mission: Mission, registrar: User, left_ms: int
) -> None:
    """However early the request came in: what counts is the database's clock when it is carried out."""
    report = make_report(mission)
    clock.set_to(PRESS_CONFERENCE - dt.timedelta(milliseconds=left_ms))
    events = Event.objects.count()

    with pytest.raises(EmbargoOverError):
        move_embargo(report=report, embargo_until=PRESS_CONFERENCE + HOUR, reason="Late", by=registrar, at=EARLIER)

    assert (Report.objects.get().embargo_until, Event.objects.count()) == (PRESS_CONFERENCE, events)


def test_a_second_before_it_is_moved(make_report: MakeReport, mission: Mission, registrar: User) -> None:
    report = make_report(mission)
    clock.set_to(PRESS_CONFERENCE - SECOND)

    moved = move_embargo(
        report=report, embargo_until=PRESS_CONFERENCE + HOUR, reason="Late", by=registrar, at=clock.now()
    )

    clock.set_to(PRESS_CONFERENCE + SECOND)
    assert not _is_public(moved)


def test_acts_need_a_reason(make_report: MakeReport, mission: Mission, registrar: User) -> None:
    report = make_report(mission)

    with pytest.raises(ReportReasonMissingError):
        move_embargo(report=report, embargo_until=None, reason=" ", by=registrar, at=EARLIER)
    with pytest.raises(ReportReasonMissingError):
        retract_report(report=report, reason="", by=registrar, at=EARLIER)


def test_retracted_after_it_was_public_it_leaves_a_notice(
    make_report: MakeReport, mission: Mission, registrar: User
) -> None:
    report = make_report(mission)
    clock.set_to(PRESS_CONFERENCE + HOUR)

    retract_report(report=report, reason="A wrong figure", by=registrar, at=clock.now())

    assert (Report.objects.public().count(), Report.objects.on_record().count()) == (0, 1)


def test_retracted_before_it_was_public_it_never_was(
    make_report: MakeReport, mission: Mission, registrar: User
) -> None:
    report = make_report(mission)

    retract_report(report=report, reason="A wrong file", by=registrar, at=EARLIER)

    clock.set_to(PRESS_CONFERENCE + HOUR)
    assert (Report.objects.public().count(), Report.objects.on_record().count()) == (0, 0)


@pytest.mark.parametrize("state", [ReportState.DRAFT, ReportState.SUBMITTED, ReportState.RETRACTED])
def test_the_embargo_of_what_is_not_in_the_register_is_not_moved(
    make_report: MakeReport, mission: Mission, registrar: User, state: ReportState
) -> None:
    report = make_report(mission, state)

    with pytest.raises(IllegalTransitionError):
        move_embargo(report=report, embargo_until=None, reason="Now", by=registrar, at=EARLIER)
