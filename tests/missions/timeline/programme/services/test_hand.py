import pytest

from missions.kernel.models import Event
from missions.models import Mission
from missions.timeline.programme.choices import possible_starts
from missions.timeline.programme.errors import (
    PlaceTakenError,
    ProgrammeNotMovableError,
    RequestNotPlacedError,
    RequestRefusedError,
)
from missions.timeline.programme.models import HeldSlot
from missions.timeline.programme.records import left_out_from_json, solution_from_json
from missions.timeline.programme.services.hand import place_by_hand, remove_by_hand
from missions.timeline.programme.services.requests import pin_request, withdraw_request
from missions.timeline.programme.states import ProgrammeState, RequestKind
from tests.missions.timeline.programme.conftest import Ask, MakeMission, MakeProgramme, local

pytestmark = pytest.mark.django_db
AT = local(1, 9)
SOLUTION = {
    "asked": 50,
    "granted": {"value": 20, "bound": 50},
    "delay": {"value": 9, "bound": 0},
    "idle": {"value": 0, "bound": 0},
    "idle_before": 0,
    "seconds": 1.0,
    "first_come": None,
    "repair": None,
}


def test_a_booking_is_put_elsewhere_holds_its_slots_and_stays_fixed(
    ask: Ask, make_programme: MakeProgramme, mission: Mission
) -> None:
    row = ask(mission)
    draft = make_programme((row, "minister", local(5, 10), 20))

    booking = place_by_hand(programme=draft, request=row, starts_at=local(5, 15), by=None, at=AT)

    row.refresh_from_db()
    draft.refresh_from_db()
    assert (booking.starts_at, booking.ends_at, row.pinned_at) == (local(5, 15), local(5, 15, 20), local(5, 15))
    held = HeldSlot.objects.order_by("slot_at").values_list("slot_at", flat=True)
    assert list(held) == [local(5, 15, minute) for minute in (0, 5, 10, 15)]
    assert draft.changed_by_hand == 1
    event = Event.objects.of(row).latest("pk")
    assert (event.verb, event.reason) == ("booking_moved", "Programme 1: 5 Feb 2024, 15:00")


def test_nobody_is_put_where_the_time_has_passed(ask: Ask, make_programme: MakeProgramme, mission: Mission) -> None:
    row = ask(mission)
    draft = make_programme((row, "minister", local(5, 10), 20))

    with pytest.raises(PlaceTakenError) as error:
        place_by_hand(programme=draft, request=row, starts_at=local(5, 15), by=None, at=local(5, 15, 1))

    assert [violation.code for violation in error.value.violations] == ["place-in-past"]
    assert draft.bookings.get().starts_at == local(5, 10)


def test_a_refused_wish_gets_a_place_and_the_count_follows(
    ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission
) -> None:
    placed, refused = ask(make_mission("A")), ask(make_mission("B"))
    draft = make_programme((placed, "minister", local(5, 10), 20))
    draft.solution, draft.left_out = SOLUTION, [{"request_id": refused.pk, "code": "no-room"}]
    draft.save()

    place_by_hand(programme=draft, request=refused, starts_at=local(5, 10, 25), by=None, at=AT)

    draft.refresh_from_db()
    solution = solution_from_json(draft.solution)
    assert solution is not None
    assert (solution.granted.value, solution.granted.bound) == (40, 50)
    assert solution.delay.value == 5  # five slots after the first place, at the lowest rank
    assert draft.left_out == []
    remove_by_hand(programme=draft, request=refused, by=None, at=AT)
    draft.refresh_from_db()
    refused.refresh_from_db()
    assert [row.request_id for row in left_out_from_json(draft.left_out)] == [refused.pk]
    assert (draft.bookings.count(), HeldSlot.objects.count(), refused.pinned_at) == (1, 4, None)
    with pytest.raises(RequestNotPlacedError):
        remove_by_hand(programme=draft, request=refused, by=None, at=AT)


@pytest.mark.parametrize(
    ("starts_at", "codes"),
    [
        (local(5, 10), ["programme-capacity"]),
        (local(5, 10, 5), ["programme-capacity", "programme-place"]),
        (local(5, 12, 30), ["programme-hours", "programme-place"]),
        (local(6, 18), ["programme-hours", "programme-place", "programme-window"]),
    ],
)
def test_a_move_that_breaks_a_rule_is_refused_and_nothing_changes(
    ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission, starts_at: object, codes: list[str]
) -> None:
    first, second = ask(make_mission("A")), ask(make_mission("B"))
    draft = make_programme((first, "minister", local(5, 10), 20), (second, "minister", local(5, 15), 20))

    with pytest.raises(PlaceTakenError) as error:
        place_by_hand(programme=draft, request=second, starts_at=starts_at, by=None, at=AT)  # type: ignore[arg-type]

    second.refresh_from_db()
    assert sorted({row.code for row in error.value.violations}) == codes
    assert (draft.bookings.get(request=second).starts_at, second.pinned_at) == (local(5, 15), None)


def test_what_was_broken_before_does_not_stop_a_move(
    ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission
) -> None:
    broken, row = ask(make_mission("A")), ask(make_mission("B"))
    draft = make_programme((broken, "minister", local(5, 8), 20), (row, "minister", local(5, 15), 20))

    assert place_by_hand(programme=draft, request=row, starts_at=local(5, 10), by=None, at=AT).starts_at == local(5, 10)


def test_a_fixed_time_is_fixed_anew_by_the_move(ask: Ask, make_programme: MakeProgramme, mission: Mission) -> None:
    row = pin_request(request=ask(mission), starts_at=local(5, 10), by=None, at=AT)
    draft = make_programme((row, "minister", local(5, 10), 20))

    place_by_hand(programme=draft, request=row, starts_at=local(5, 15), by=None, at=AT)

    row.refresh_from_db()
    assert row.pinned_at == local(5, 15)


def test_only_drafts_and_asked_requests_are_moved(ask: Ask, make_programme: MakeProgramme, mission: Mission) -> None:
    row = ask(mission)
    released = make_programme((row, "minister", local(5, 10), 20), state=ProgrammeState.RELEASED)
    with pytest.raises(ProgrammeNotMovableError):
        place_by_hand(programme=released, request=row, starts_at=local(5, 15), by=None, at=AT)
    with pytest.raises(ProgrammeNotMovableError):
        remove_by_hand(programme=released, request=row, by=None, at=AT)
    draft = make_programme(base=released)
    withdraw_request(request=row, by=None, at=AT)

    with pytest.raises(RequestRefusedError):
        place_by_hand(programme=draft, request=row, starts_at=local(5, 15), by=None, at=AT)


def test_the_form_offers_every_place_in_the_window_and_says_who_is_there(
    ask: Ask, make_programme: MakeProgramme, make_mission: MakeMission
) -> None:
    there = ask(make_mission("A"))
    row = ask(make_mission("B"), earliest_at=local(5, 10), latest_at=local(5, 11, 10))
    draft = make_programme((there, "minister", local(5, 10, 25), 20), (row, "minister", local(5, 10), 20))

    offered = possible_starts(row, draft, at=AT)

    assert [(start.at, start.taken_by) for start in offered] == [
        (local(5, 10), ()),
        (local(5, 10, 25), ("A",)),
        (local(5, 10, 50), ()),
    ]
    badges = ask(row.mission, RequestKind.BADGES, earliest_at=local(5, 9), latest_at=local(5, 10))
    assert [start.at for start in possible_starts(badges, draft, at=AT)] == [local(5, 9, 15 * n) for n in range(3)]
    withdraw_request(request=row, by=None, at=AT)
    assert possible_starts(row, draft, at=AT) == ()
