import datetime as dt

import pytest

from config.reference.manifest import read_manifest
from config.reference.series import Filed, SeriesPoint, expected_series, filing_days, session_for

SESSIONS = (dt.date(2024, 1, 6), dt.date(2024, 1, 12), dt.date(2024, 1, 15))


@pytest.mark.parametrize(
    ("day", "session"),
    [
        pytest.param(dt.date(2024, 1, 5), dt.date(2024, 1, 6), id="the day before"),
        pytest.param(dt.date(2024, 1, 6), dt.date(2024, 1, 12), id="the same day is too late"),
        pytest.param(dt.date(2024, 1, 14), dt.date(2024, 1, 15), id="the last one"),
    ],
)
def test_papers_go_to_the_next_session(day: dt.date, session: dt.date) -> None:
    assert session_for(day, SESSIONS, days_before=1) == session


def test_papers_after_the_last_session_are_refused() -> None:
    with pytest.raises(ValueError, match="no session after 2024-01-15"):
        session_for(dt.date(2024, 1, 15), SESSIONS, days_before=1)


def test_filing_days_lie_within_the_time_for_a_decision_and_between_sessions() -> None:
    days = filing_days(SESSIONS[2], SESSIONS, days_before=1, decision_days=3, last_day=dt.date(2024, 1, 28))

    assert days == (dt.date(2024, 1, 13), dt.date(2024, 1, 14))


def test_no_filing_day_lies_after_the_last_day() -> None:
    days = filing_days(SESSIONS[1], SESSIONS, days_before=1, decision_days=3, last_day=dt.date(2024, 1, 9))

    assert days == (dt.date(2024, 1, 9),)


def test_figures_add_up_from_session_to_session() -> None:
    people = [
        Filed(dt.date(2024, 1, 5), "A", "FRA"),
        Filed(dt.date(2024, 1, 4), "A", "ITA"),
        Filed(dt.date(2024, 1, 9), "B", "FRA"),
    ]

    assert expected_series(people, SESSIONS, days_before=1) == (
        SeriesPoint(SESSIONS[0], persons=2, organizations=1, nationalities=2),
        SeriesPoint(SESSIONS[1], persons=3, organizations=2, nationalities=2),
        SeriesPoint(SESSIONS[2], persons=3, organizations=2, nationalities=2),
    )


def test_every_session_until_the_last_day_has_a_filing_day() -> None:
    manifest = read_manifest()

    days = [
        filing_days(session, manifest.sessions, days_before=1, decision_days=3, last_day=dt.date(2024, 1, 28))
        for session in manifest.sessions
    ]

    assert [len(found) for found in days] == [3, 3, 2, 2, 2, 2, 2, 1, 0, 0, 0, 0]
