import datetime as dt

import pytest

from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, MissionHead, User
from missions.states import MissionKind
from missions.timeline.programme.errors import RequestRefusedError, RequestThereError
from missions.timeline.programme.models import MeetingRequest, ProtocolRank, SharedResource
from missions.timeline.programme.services.requests import (
    RequestDraft,
    ask_for,
    ask_standards,
    pin_request,
    unpin_request,
    withdraw_request,
)
from missions.timeline.programme.states import RequestKind, RequestState
from tests.missions.timeline.programme.conftest import Ask, MakeMission, local

pytestmark = pytest.mark.django_db
Shared = dict[str, SharedResource]


def codes(error: pytest.ExceptionInfo[RequestRefusedError]) -> list[tuple[str, str]]:
    return [(row.field, row.code) for row in error.value.violations]


def test_a_request_is_taken_with_its_weight_of_duty_and_recorded(ask: Ask, mission: Mission, at: dt.datetime) -> None:
    wish = ask(mission, RequestKind.MINISTER)
    must = ask(mission, RequestKind.BADGES, earliest_at=local(3, 9), latest_at=local(3, 20))

    assert (wish.is_must, must.is_must) == (False, True)
    assert (wish.state, wish.asked_at, wish.version) == (RequestState.ASKED, at, 1)
    event = Event.objects.of(wish).get()
    assert (event.verb, event.scope_id, event.to_state) == ("meeting_asked", mission.pk, "asked")


def test_a_kind_is_asked_once_and_its_parts_apart(ask: Ask, mission: Mission) -> None:
    first = ask(mission)
    ask(mission, part=2)

    with pytest.raises(RequestThereError):
        ask(mission)
    withdraw_request(request=first, by=None, at=first.asked_at)
    assert ask(mission).part == 1


@pytest.mark.parametrize(
    ("kind", "facts", "expected"),
    [
        (RequestKind.MINISTER, {"latest_at": local(5, 9, 15)}, ("latest_at", "window-too-short")),
        (RequestKind.MINISTER, {"language": "ka"}, ("language", "language-unknown")),
        (RequestKind.BRIEFING, {"size": 201}, ("size", "too-many-persons")),
        # 500 people at four counters of ten: thirteen turns of half an hour, which do not fit into six hours.
        (RequestKind.BADGES, {"size": 500, "latest_at": local(5, 15)}, ("latest_at", "window-too-short")),
    ],
)
def test_a_request_that_fits_nowhere_is_refused_by_name(
    ask: Ask, mission: Mission, kind: RequestKind, facts: dict[str, object], expected: tuple[str, str]
) -> None:
    with pytest.raises(RequestRefusedError) as error:
        ask(mission, kind, **facts)

    assert codes(error) == [expected]
    assert not MeetingRequest.objects.exists()


def test_a_head_of_another_mission_is_no_head(ask: Ask, mission: Mission, other_mission: Mission) -> None:
    own = MissionHead.objects.create(mission=mission, name="Own", title="Head")
    foreign = MissionHead.objects.create(mission=other_mission, name="Foreign", title="Head")

    with pytest.raises(RequestRefusedError) as error:
        ask(mission, head_id=foreign.pk)

    assert codes(error) == [("head", "head-unknown")]
    assert ask(mission, head_id=own.pk).head == own


def test_withdrawing_is_for_good_and_lets_the_fixed_time_go(ask: Ask, mission: Mission, lead: User) -> None:
    row = pin_request(request=ask(mission), starts_at=local(5, 10), by=None, at=local(1, 9))

    done = withdraw_request(request=row, reason="No time", by=lead, at=local(1, 10))

    assert (done.state, done.pinned_at, done.version) == (RequestState.WITHDRAWN, None, 3)
    event = Event.objects.of(row).latest("pk")
    assert (event.verb, event.from_state, event.to_state, event.reason) == (
        "meeting_withdrawn",
        "asked",
        "withdrawn",
        "No time",
    )
    with pytest.raises(IllegalTransitionError):
        withdraw_request(request=row, by=lead, at=local(1, 11))
    with pytest.raises(RequestRefusedError):
        pin_request(request=row, starts_at=local(5, 10), by=None, at=local(1, 11))


@pytest.mark.parametrize("starts_at", [local(5, 8, 55), local(6, 18), local(5, 10, 2)])
def test_a_time_is_fixed_inside_the_window_on_the_grid_only(ask: Ask, mission: Mission, starts_at: dt.datetime) -> None:
    row = ask(mission)

    with pytest.raises(RequestRefusedError) as error:
        pin_request(request=row, starts_at=starts_at, by=None, at=local(1, 9))

    assert codes(error) == [("starts_at", "pin-outside-window")]
    row.refresh_from_db()
    assert row.pinned_at is None


def test_no_time_is_fixed_that_has_passed(ask: Ask, mission: Mission) -> None:
    row = ask(mission)

    with pytest.raises(RequestRefusedError) as error:
        pin_request(request=row, starts_at=local(5, 10), by=None, at=local(5, 10) + dt.timedelta(seconds=1))

    assert codes(error) == [("starts_at", "pin-in-past")]
    row.refresh_from_db()
    assert row.pinned_at is None


def test_letting_the_time_go_twice_is_recorded_once(ask: Ask, mission: Mission) -> None:
    row = pin_request(request=ask(mission), starts_at=local(5, 10), by=None, at=local(1, 9))

    for _ in range(2):
        row = unpin_request(request=row, by=None, at=local(1, 10))

    assert row.pinned_at is None
    assert Event.objects.of(row).filter(verb="meeting_unpinned").count() == 1


def test_the_usual_requests_go_by_kind_and_size_of_the_mission(
    election: Election, shared: Shared, make_mission: MakeMission, at: dt.datetime
) -> None:
    large = make_mission("LARGE", size=95)
    eom = make_mission("EOM", size=300, kind=MissionKind.EOM)
    joint = make_mission("IEOM", size=None, organization=None, kind=MissionKind.JOINT)
    Mission.objects.filter(pk=eom.pk).update(parent=joint)
    make_mission("UNKNOWN", size=None)
    own = ask_for(
        mission=large,
        draft=RequestDraft(RequestKind.CHAIR, 3, local(5, 9), local(5, 12), language="ru"),
        by=None,
        at=at,
    )

    done = ask_standards(election=election, by=None, at=at)

    rows = MeetingRequest.objects.order_by("kind", "part").values_list("mission__code", "kind", "part", "size")
    assert done.without_size == ("UNKNOWN",)
    assert done.requests == MeetingRequest.objects.count() - 1
    assert [row[1:] for row in rows if row[0] == "LARGE"] == [
        ("arrival", 1, 95),
        ("badges", 1, 32),
        ("badges", 2, 32),
        ("badges", 3, 31),
        ("briefing", 1, 95),
        ("chair", 1, 3),
        ("departure", 1, 95),
        ("minister", 1, 6),
        ("press", 1, 6),
    ]
    assert [row[1] for row in rows if row[0] == "EOM"] == ["chair", "minister", "press"]
    assert [row[1:] for row in rows if row[0] == "IEOM"] == [("press", 1, 6)]
    own.refresh_from_db()
    assert own.language == "ru"
    assert dict(ProtocolRank.objects.values_list("mission__code", "rank")) == {
        "LARGE": 2,
        "EOM": 2,
        "IEOM": 1,
        "UNKNOWN": 2,
    }
    assert ask_standards(election=election, by=None, at=at).requests == 0
    assert Event.objects.filter(verb="meetings_asked").count() == 3
