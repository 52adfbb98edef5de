import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from missions.timeline.programme.rules import request_violations, resource_violations, window_violations
from missions.timeline.programme.services.requests import RequestDraft
from missions.timeline.programme.services.resources import ResourceDraft
from missions.timeline.programme.states import RequestKind, ResourceKind

E_DAY = dt.datetime(2024, 2, 6, 20, tzinfo=dt.UTC)
BAKU = ZoneInfo("Asia/Baku")
HOST = ResourceDraft("minister", "Minister", "", ResourceKind.HOST, (RequestKind.MINISTER,), 20, gap_minutes=5)


def at(hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2024, 2, 5, hour, minute, tzinfo=BAKU)


def request_codes(**facts: object) -> list[tuple[str, str]]:
    wanted = {"kind": RequestKind.MINISTER, "size": 5, "earliest_at": at(9), "latest_at": at(18), **facts}
    draft = RequestDraft(**wanted)  # type: ignore[arg-type]
    found = request_violations(draft, e_day_starts=E_DAY, minutes=20, most_persons=200, languages={"ru"})
    return [(row.field, row.code) for row in found]


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"language": "ru"}, []),
        ({"latest_at": at(9, 20)}, []),
        ({"latest_at": at(9, 19)}, [("latest_at", "window-too-short")]),
        ({"latest_at": at(9)}, [("latest_at", "window-empty")]),
        ({"latest_at": at(8)}, [("latest_at", "window-empty")]),
        ({"language": "ka"}, [("language", "language-unknown")]),
        ({"size": 0}, [("size", "size-invalid")]),
        ({"size": 5_001}, [("size", "size-invalid")]),
        ({"size": 200}, []),
        ({"size": 201}, [("size", "too-many-persons")]),
        ({"latest_at": at(9) + dt.timedelta(days=400)}, [("earliest_at", "window-too-far")]),
        ({"size": 0, "language": "ka"}, [("size", "size-invalid"), ("language", "language-unknown")]),
    ],
)
def test_each_fault_of_a_request_is_named(facts: dict[str, object], codes: list[tuple[str, str]]) -> None:
    assert request_codes(**facts) == codes


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({}, []),
        ({"capacity": 0}, ["capacity-invalid"]),
        ({"capacity": 2}, ["capacity-invalid"]),
        ({"kind": ResourceKind.PRESS, "serves": (RequestKind.PRESS,), "capacity": 2}, []),
        ({"unit_persons": 0}, ["capacity-invalid"]),
        ({"minutes": 0}, ["minutes-invalid"]),
        ({"minutes": 22}, ["minutes-invalid"]),
        ({"gap_minutes": 3}, ["minutes-invalid"]),
        ({"gap_minutes": -5}, ["minutes-invalid"]),
        ({"serves": ()}, ["kind-not-served"]),
        ({"serves": (RequestKind.BRIEFING,)}, ["kind-not-served"]),
        ({"serves": (RequestKind.CHAIR,)}, ["kind-served-elsewhere"]),
        ({"name": " "}, ["name-missing"]),
    ],
)
def test_each_fault_of_a_resource_is_named(facts: dict[str, object], codes: list[str]) -> None:
    draft = ResourceDraft(**{**{name: getattr(HOST, name) for name in HOST.__slots__}, **facts})

    assert [row.code for row in resource_violations(draft, {"chair"})] == codes


@pytest.mark.parametrize(
    ("opens", "closes", "codes"),
    [
        (at(9), at(9, 20), []),
        (at(9), at(9, 15), ["window-too-short"]),
        (at(9), at(9), ["window-too-short"]),
        (at(9, 2), at(12), ["window-off-grid"]),
        (at(13), at(15), ["window-overlaps"]),
        (at(12), at(14), []),
        (at(16), at(18), []),
    ],
)
def test_each_fault_of_hours_is_named(opens: dt.datetime, closes: dt.datetime, codes: list[str]) -> None:
    there = [(at(14), at(16))]

    assert [row.code for row in window_violations(20, opens, closes, there, BAKU)] == codes
