import datetime as dt
from dataclasses import replace

import pytest

from missions.kernel.models import Event
from missions.models import Election, Mission
from missions.timeline.programme.errors import ResourceChangedError, ResourceRefusedError
from missions.timeline.programme.models import Closure, InterpreterPool, OpenWindow, ProtocolRank, SharedResource
from missions.timeline.programme.services.resources import (
    ResourceDraft,
    add_resource,
    change_resource,
    close_resource,
    open_resource,
    reopen_resource,
    set_interpreters,
    set_rank,
    set_up_standards,
)
from missions.timeline.programme.states import RequestKind, ResourceKind
from tests.missions.timeline.programme.conftest import local

pytestmark = pytest.mark.django_db
Shared = dict[str, SharedResource]
HALL = ResourceDraft("hall", "Hall", "First floor", ResourceKind.HALL, (RequestKind.BRIEFING,), 60, capacity=50)


def codes(error: pytest.ExceptionInfo[ResourceRefusedError]) -> list[tuple[str, str]]:
    return [(row.field, row.code) for row in error.value.violations]


def test_the_usual_resources_lie_around_election_day_and_come_once(election: Election, shared: Shared) -> None:
    minister = shared["minister"]

    assert len(shared) == 7
    assert [(row.opens_at, row.closes_at) for row in minister.windows.order_by("opens_at")] == [
        (local(5, 10), local(5, 12, 5)),
        (local(5, 15), local(5, 17, 5)),
        (local(6, 9, 30), local(6, 12)),
        (local(6, 14, 30), local(6, 16, 35)),
    ]
    assert InterpreterPool.objects.get(election=election, language="tr").count == 2
    assert set_up_standards(election=election, by=None, at=local(1, 9)) == 0
    assert SharedResource.objects.count() == 7


def test_a_resource_is_added_opened_and_its_places_counted(election: Election) -> None:
    row = add_resource(election=election, draft=HALL, by=None, at=local(1, 9))

    window = open_resource(resource=row, opens_at=local(4, 9), closes_at=local(4, 12), by=None, at=local(1, 9))

    assert (row.serves, row.capacity, window.resource_id) == (["briefing"], 50, row.pk)
    assert list(Event.objects.of(row).order_by("pk").values_list("verb", flat=True)) == [
        "resource_added",
        "resource_opened",
    ]


def test_a_code_is_taken_once(election: Election) -> None:
    add_resource(election=election, draft=HALL, by=None, at=local(1, 9))
    other = replace(HALL, kind=ResourceKind.POOL, serves=(RequestKind.BADGES,))

    with pytest.raises(ResourceChangedError):
        add_resource(election=election, draft=other, by=None, at=local(1, 9))


def test_a_second_host_for_one_kind_of_request_is_refused(election: Election) -> None:
    add_resource(election=election, draft=HALL, by=None, at=local(1, 9))

    with pytest.raises(ResourceRefusedError) as error:
        add_resource(election=election, draft=replace(HALL, code="second"), by=None, at=local(1, 9))

    assert codes(error) == [("serves", "kind-served-elsewhere")]


def test_capacity_zero_is_refused(shared: Shared) -> None:
    hall = shared["briefing-hall"]
    draft = replace(HALL, capacity=0)

    with pytest.raises(ResourceRefusedError) as error:
        change_resource(resource=hall, draft=draft, version=1, by=None, at=local(1, 9))

    assert codes(error) == [("capacity", "capacity-invalid")]


def test_the_second_of_two_changes_is_told_that_it_is_late(shared: Shared) -> None:
    hall = shared["briefing-hall"]

    changed = change_resource(resource=hall, draft=HALL, version=1, by=None, at=local(1, 9))

    assert (changed.code, changed.name, changed.capacity, changed.version) == ("briefing-hall", "Hall", 50, 2)
    with pytest.raises(ResourceChangedError):
        change_resource(resource=hall, draft=HALL, version=1, by=None, at=local(1, 9))
    again = change_resource(resource=hall, draft=HALL, version=2, by=None, at=local(1, 9))
    assert again.version == 2
    assert Event.objects.of(hall).filter(verb="resource_changed").count() == 1


def test_hours_that_overlap_are_refused(shared: Shared) -> None:
    with pytest.raises(ResourceRefusedError) as error:
        open_resource(
            resource=shared["minister"], opens_at=local(5, 12), closes_at=local(5, 13), by=None, at=local(1, 9)
        )

    assert codes(error) == [("opens_at", "window-overlaps")]


def test_time_is_taken_away_with_a_reason_and_given_back(shared: Shared) -> None:
    minister = shared["minister"]
    span = {"starts_at": local(5, 15), "ends_at": local(5, 16, 30)}

    closure = close_resource(resource=minister, **span, reason="Called to parliament", by=None, at=local(4, 9))

    event = Event.objects.of(minister).latest("pk")
    assert (event.verb, event.reason) == ("resource_closed", "5 Feb 2024, 15:00–16:30: Called to parliament")
    assert OpenWindow.objects.filter(resource=minister).count() == 4
    with pytest.raises(ResourceChangedError):
        close_resource(resource=minister, **span, reason="Again", by=None, at=local(4, 9))
    reopen_resource(closure=closure, by=None, at=local(4, 10))
    assert not Closure.objects.exists()
    with pytest.raises(ResourceChangedError):
        reopen_resource(closure=closure, by=None, at=local(4, 10))


@pytest.mark.parametrize(
    ("start", "end", "reason", "expected"),
    [
        (local(5, 15), local(5, 16), " ", ("reason", "reason-missing")),
        (local(5, 16), local(5, 15), "x", ("ends_at", "window-empty")),
        (local(5, 12, 5), local(5, 15), "x", ("starts_at", "window-not-open")),
    ],
)
def test_time_that_cannot_be_lost_is_refused(
    shared: Shared, start: dt.datetime, end: dt.datetime, reason: str, expected: tuple[str, str]
) -> None:
    with pytest.raises(ResourceRefusedError) as error:
        close_resource(
            resource=shared["minister"], starts_at=start, ends_at=end, reason=reason, by=None, at=local(4, 9)
        )

    assert codes(error) == [expected]


def test_interpreters_and_ranks_are_set_and_set_again(election: Election, mission: Mission) -> None:
    for count in (2, 0):
        set_interpreters(election=election, language="ka", count=count, by=None, at=local(1, 9))
    for rank in (3, 1, 1):
        set_rank(mission=mission, rank=rank, by=None, at=local(1, 9))

    assert InterpreterPool.objects.get().count == 0
    assert ProtocolRank.objects.get().rank == 1
    assert Event.objects.filter(verb="protocol_rank_set").count() == 2


@pytest.mark.parametrize("language", ["", "EN", "e", "engl", "é", "12"])
def test_a_language_without_a_code_is_refused(election: Election, language: str) -> None:
    with pytest.raises(ResourceRefusedError):
        set_interpreters(election=election, language=language, count=1, by=None, at=local(1, 9))


@pytest.mark.parametrize("rank", [0, 6])
def test_a_rank_outside_protocol_is_refused(mission: Mission, rank: int) -> None:
    with pytest.raises(ResourceRefusedError):
        set_rank(mission=mission, rank=rank, by=None, at=local(1, 9))
