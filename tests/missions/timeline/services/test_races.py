"""Two people at one step, with real connections, and what happens without the guard."""

import datetime as dt
import threading
from functools import partial

import pytest

from missions.kernel.models import Event
from missions.timeline.errors import MilestoneChangedError
from missions.timeline.models import Milestone
from missions.timeline.services.changes import Slot, add_milestone, change_milestone
from tests.racing import errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)
RACERS = 6


def _slot(hour: int) -> Slot:
    return Slot(dt.date(2024, 2, 4), dt.time(hour), "Asia/Baku")


def test_of_racers_who_saw_the_same_version_one_changes_the_step(arrival: Milestone, at: dt.datetime) -> None:
    acts = [
        partial(change_milestone, milestone=arrival, slot=_slot(9 + n), reason=str(n), by=None, at=at, version=1)
        for n in range(RACERS)
    ]

    results = race(acts)

    assert errors_of(results) == [MilestoneChangedError] * (RACERS - 1)
    arrival.refresh_from_db()
    assert (arrival.version, arrival.sequence, Event.objects.of(arrival).count()) == (2, 1, 1)
    assert arrival.local_time == dt.time(9 + int(arrival.reason))


def test_without_the_guard_the_last_one_overwrites_what_nobody_saw(arrival: Milestone, at: dt.datetime) -> None:
    """The control: everybody reads, then everybody writes; all of them believe that theirs stands."""
    row = Milestone.objects.filter(pk=arrival.pk)
    everybody_has_read = threading.Barrier(RACERS)

    def change_unguarded(number: int) -> bool:
        version = row.values_list("version", flat=True).get()
        everybody_has_read.wait(timeout=30)
        return row.update(version=version + 1, reason=str(number)) == 1

    assert race([partial(change_unguarded, n) for n in range(RACERS)]) == [True] * RACERS
    arrival.refresh_from_db()
    assert arrival.version == 2


def test_racing_additions_get_codes_of_their_own(arrival: Milestone, at: dt.datetime) -> None:
    acts = [
        partial(add_milestone, mission=arrival.mission, title=f"Tea {n}", slot=_slot(20), reason="?", by=None, at=at)
        for n in range(RACERS)
    ]

    assert errors_of(race(acts)) == []
    own = Milestone.objects.filter(title__startswith="Tea").values_list("code", flat=True)
    assert sorted(own) == [f"own_{n}" for n in range(1, RACERS + 1)]
