import pytest

from missions.timeline.programme.rooms import units_of, units_text


@pytest.mark.parametrize(("units", "text"), [((), ""), ((2,), "2"), ((1, 2, 3), "1–3"), ((1, 3, 4, 7), "1, 3–4, 7")])
def test_units_are_written_in_runs_and_read_back(units: tuple[int, ...], text: str) -> None:
    assert units_text(units) == text
    assert units_of(text) == units


def test_a_room_with_a_name_has_no_units() -> None:
    assert units_of("Hall A") == ()
