import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from missions.timeline.pictures.axis import axis_over
from missions.timeline.pictures.gantt import GanttStep, draw_gantt

E_DAY = dt.date(2024, 2, 7)
AT = dt.datetime(2024, 2, 6, 8, tzinfo=dt.UTC)
ARRIVAL = GanttStep("arrival", "Delegation arrives", dt.datetime(2024, 2, 4, 14, tzinfo=dt.UTC))
MEETING = GanttStep("meeting", "Meeting", dt.datetime(2024, 2, 5, 7, tzinfo=dt.UTC), after=("arrival", "unknown"))
STATEMENT = GanttStep("statement", "Statement", dt.datetime(2024, 2, 8, 8, tzinfo=dt.UTC), after=("meeting",))


def test_steps_stand_in_their_order_whatever_order_they_come_in() -> None:
    chart = draw_gantt([STATEMENT, ARRIVAL, MEETING], e_day=E_DAY, zone="Asia/Baku", at=AT)

    assert chart is not None
    assert [row.step.code for row in chart.rows] == ["arrival", "meeting", "statement"]
    assert chart.rows[0].planned < chart.rows[1].planned < chart.rows[2].planned
    assert [row.y for row in chart.rows] == sorted({row.y for row in chart.rows})


def test_a_bar_begins_where_the_last_predecessor_stands() -> None:
    chart = draw_gantt([ARRIVAL, MEETING], e_day=E_DAY, zone="Asia/Baku", at=AT)

    assert chart is not None
    arrival, meeting = chart.rows
    assert (arrival.start, meeting.start) == (arrival.planned, arrival.planned)
    assert meeting.links == (f"M{arrival.planned},{arrival.y} V{meeting.y} H{meeting.planned}",)


def test_a_step_before_its_predecessor_has_no_bar_that_runs_backwards() -> None:
    early = replace(MEETING, planned=ARRIVAL.planned - dt.timedelta(days=1))

    chart = draw_gantt([ARRIVAL, early], e_day=E_DAY, zone="Asia/Baku", at=AT)

    assert chart is not None
    assert chart.rows[0].start == chart.rows[0].planned


def test_election_day_and_the_hour_stand_on_the_axis() -> None:
    chart = draw_gantt([ARRIVAL, STATEMENT], e_day=E_DAY, zone="Asia/Baku", at=AT)
    later = draw_gantt([ARRIVAL, STATEMENT], e_day=E_DAY, zone="Asia/Baku", at=AT + dt.timedelta(days=90))

    assert chart is not None
    assert later is not None
    left, width = chart.e_day
    assert chart.now is not None
    assert chart.now < left
    assert left + width < chart.rows[-1].planned
    assert later.now is None


def test_nothing_to_draw_is_no_chart() -> None:
    assert draw_gantt([], e_day=E_DAY, zone="Asia/Baku", at=AT) is None


def test_labels_thin_out_as_the_days_grow_many() -> None:
    def labels(days: int) -> list[dt.date]:
        start = dt.datetime(2024, 1, 10, tzinfo=dt.UTC)
        end = start + dt.timedelta(days=days)
        axis = axis_over([start, end], [], zone=ZoneInfo("UTC"), left=0, right=700)
        return [tick.day for tick in axis.ticks()]

    assert len(labels(5)) == 8
    assert {day.weekday() for day in labels(40)} == {0}
    assert {day.day for day in labels(300)} == {1}
