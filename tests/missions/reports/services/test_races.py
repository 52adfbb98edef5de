"""Acts on reports at the same moment, on real connections, and an embargo that is moved while everybody watches."""

import datetime as dt
import threading
from functools import partial

import pytest
from django.db import connections

from missions.kernel import clock
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Mission, User
from missions.reports.errors import EmbargoOverError
from missions.reports.models import Report
from missions.reports.querysets import ReportQuerySet
from missions.reports.services.registering import move_embargo, register_report, reopen_report
from missions.reports.states import ReportState
from tests.missions.reports.conftest import EARLIER, PRESS_CONFERENCE, MakeReport
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_many_who_register_one_does(make_report: MakeReport, mission: Mission, registrar: User) -> None:
    for _round in range(ROUNDS):
        report = make_report(mission, ReportState.SUBMITTED)
        act = partial(register_report, report=report, embargo_until=PRESS_CONFERENCE, by=registrar, at=EARLIER)

        results = race([act] * 8)

        assert errors_of(results) == [IllegalTransitionError] * 7
        assert Event.objects.of(report).filter(verb="report_registered").count() == 1


def test_numbers_stay_in_a_row(make_report: MakeReport, mission: Mission, registrar: User) -> None:
    reports = [make_report(mission, ReportState.SUBMITTED) for _turn in range(6)]

    results = race(
        [
            partial(register_report, report=report, embargo_until=PRESS_CONFERENCE, by=registrar, at=EARLIER)
            for report in reports
        ]
    )

    assert errors_of(results) == []
    assert set(Report.objects.values_list("number", flat=True)) == {1, 2, 3, 4, 5, 6}


def test_taken_back_or_registered_and_never_both(make_report: MakeReport, mission: Mission, registrar: User) -> None:
    report = make_report(mission, ReportState.SUBMITTED)

    results = race(
        [
            partial(register_report, report=report, embargo_until=PRESS_CONFERENCE, by=registrar, at=EARLIER),
            partial(reopen_report, report=report, reason="", by=None, at=EARLIER),
        ]
    )

    assert errors_of(results) == [IllegalTransitionError]
    report.refresh_from_db()
    assert (report.state, report.number) in {("registered", 1), ("draft", None)}


class _Watcher(threading.Thread):
    """Reads the public record over and over, as visitors do."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[bool] = []
        self._ends = threading.Event()

    def run(self) -> None:
        try:
            while not self._ends.is_set():
                self.seen.append(Report.objects.public().exists())
            self.seen.append(Report.objects.public().exists())
        finally:
            connections.close_all()

    def end(self) -> bool:
        """Whether it ever saw a report that it did not see later."""
        self._ends.set()
        self.join()
        return (True, False) in zip(self.seen, self.seen[1:], strict=False)


def _move_when(left_ms: int, report: Report, registrar: User) -> tuple[bool, bool]:
    """Move the embargo by an hour when so much time is left: whether it was moved, and whether the report vanished."""
    clock.set_to(PRESS_CONFERENCE - dt.timedelta(milliseconds=left_ms))
    watcher = _Watcher()
    watcher.start()
    while not watcher.seen:
        watcher.join(0.001)
    try:
        later = PRESS_CONFERENCE + dt.timedelta(hours=1)
        move_embargo(report=report, embargo_until=later, reason="Late", by=registrar, at=EARLIER)
    except EmbargoOverError:
        is_moved = False
    else:
        is_moved = True
    clock.set_to(PRESS_CONFERENCE + dt.timedelta(milliseconds=10))
    return is_moved, watcher.end()


@pytest.mark.parametrize(("left_ms", "is_moved"), [(1000, True), (200, False), (1, False), (-100, False)])
def test_moved_in_the_last_moment_it_wins_or_loses_and_nothing_vanishes(
    make_report: MakeReport, mission: Mission, registrar: User, left_ms: int, is_moved: bool
) -> None:
    report = make_report(mission)

    assert _move_when(left_ms, report, registrar) == (is_moved, False)

    assert Report.objects.public().exists() is not is_moved


def test_without_the_databases_word_a_report_would_vanish(
    make_report: MakeReport, mission: Mission, registrar: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The watcher does see what the rule prevents."""
    report = make_report(mission)
    monkeypatch.setattr(ReportQuerySet, "embargoed", lambda rows, margin: rows)

    assert _move_when(-100, report, registrar) == (True, True)
