"""Drives with seats: set up whole or refused, and never fewer seats than are taken."""

import datetime as dt
from dataclasses import replace

import pytest

from missions.kernel.models import Event
from missions.models import Election
from stations.access.errors import EscortFullError, EscortRunRefusedError, EscortRunThereError
from stations.access.models import AccessGrant, EscortRun
from stations.access.services.grants import grant_access
from stations.access.services.runs import RunDraft, add_escort_run, change_seats
from stations.models import PollingStation
from stations.states import AccessCondition
from tests.stations.access.conftest import DEPARTS, RETURNS, UNTIL

pytestmark = pytest.mark.django_db

DRAFT = RunDraft(AccessCondition.TRANSPORT, " Bus ", DEPARTS, RETURNS, ("122001",), 12)


def test_a_drive_is_set_up(election: Election, station: PollingStation, at: dt.datetime) -> None:
    run = add_escort_run(election=election, draft=DRAFT, by=None, at=at)

    assert (run.name, run.seats, run.seats_taken, list(run.stations.all())) == ("Bus", 12, 0, [station])
    assert Event.objects.of(run).get().verb == "escort_run_added"
    with pytest.raises(EscortRunThereError):
        add_escort_run(election=election, draft=DRAFT, by=None, at=at)


@pytest.mark.parametrize(
    ("draft", "codes"),
    [
        (replace(DRAFT, condition=AccessCondition.PERMIT), ["condition-not-seated"]),
        (replace(DRAFT, name=" "), ["name-missing"]),
        (replace(DRAFT, returns_at=DEPARTS), ["returns-first"]),
        (replace(DRAFT, station_codes=("122001", "999")), ["stations-unknown"]),
        (replace(DRAFT, station_codes=()), ["stations-missing"]),
        (replace(DRAFT, seats=0, name=""), ["name-missing", "seats-out-of-range"]),
    ],
)
@pytest.mark.usefixtures("station")
def test_a_drive_that_cannot_be_is_refused_with_each_fault(
    election: Election, at: dt.datetime, draft: RunDraft, codes: list[str]
) -> None:
    with pytest.raises(EscortRunRefusedError) as refused:
        add_escort_run(election=election, draft=draft, by=None, at=at)

    assert [violation.code for violation in refused.value.violations] == codes
    assert not EscortRun.objects.exists()


def test_seats_never_fall_below_those_taken(escort: AccessGrant, run: EscortRun, at: dt.datetime) -> None:
    grant_access(grant=escort, granted_by="Agency", valid_until=UNTIL, run=run, by=None, at=at)

    with pytest.raises(EscortFullError):
        change_seats(run=run, seats=1, by=None, at=at)
    with pytest.raises(EscortRunRefusedError):
        change_seats(run=run, seats=-1, by=None, at=at)

    assert change_seats(run=run, seats=2, reason="Smaller bus", by=None, at=at).seats == 2
    event = Event.objects.get(verb="escort_seats_changed")
    assert (event.changed, event.reason) == (["6 → 2"], "Smaller bus")
