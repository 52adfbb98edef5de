import datetime as dt

from missions.timeline.pictures.month import MonthEntry, draw_month

E_DAY, TODAY = dt.date(2024, 2, 7), dt.date(2024, 2, 6)


def _month(*entries: MonthEntry) -> dict[dt.date, list[str]]:
    month = draw_month(dt.date(2024, 2, 1), entries, e_day=E_DAY, today=TODAY)
    return {cell.day: [line.text for line in cell.lines] for cell in month.cells if cell.lines}


def test_a_month_is_whole_weeks_from_monday() -> None:
    month = draw_month(dt.date(2024, 2, 1), [], e_day=E_DAY, today=TODAY)

    assert (month.cells[0].day, month.cells[-1].day, len(month.cells)) == (
        dt.date(2024, 1, 29),
        dt.date(2024, 3, 3),
        35,
    )
    assert [cell.is_outside for cell in month.cells].count(False) == 29
    assert [cell.day for cell in month.cells if cell.is_today] == [TODAY]
    assert [cell.offset for cell in month.cells if cell.day == TODAY] == [-1]


def test_days_tell_whole_days_first_and_then_by_the_clock() -> None:
    entries = (
        MonthEntry(E_DAY, "Polls close", "deadline", dt.time(19)),
        MonthEntry(E_DAY, "Polls open", "deadline", dt.time(8)),
        MonthEntry(E_DAY, "Election day", "deadline"),
    )

    assert _month(*entries) == {E_DAY: ["Election day", "08:00 Polls open", "19:00 Polls close"]}


def test_what_finds_no_room_is_counted() -> None:
    crowd = [MonthEntry(E_DAY, f"Visit {number:02}", "step", dt.time(8)) for number in range(30)]

    month = draw_month(dt.date(2024, 2, 1), crowd, e_day=E_DAY, today=TODAY)

    (cell,) = (cell for cell in month.cells if cell.day == E_DAY)
    assert (len(cell.lines), cell.more) == (11, 19)


def test_long_titles_are_cut_and_kept_whole_beside() -> None:
    entry = MonthEntry(E_DAY, "Last day for applications of international observers", "deadline")

    month = draw_month(dt.date(2024, 2, 1), [entry], e_day=E_DAY, today=TODAY)

    (line,) = (line for cell in month.cells for line in cell.lines)
    assert (line.text, line.entry.line) == ("Last day for applicati…", entry.title)


def test_days_of_the_months_beside_stay_empty() -> None:
    assert _month(MonthEntry(dt.date(2024, 1, 31), "Before", "step")) == {}
