"""Asking, granting, refusing and giving up; and that shared seats are never sold twice."""

import datetime as dt
import threading
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, Organization, User
from missions.states import DeploymentMode, MissionKind, OrganizationKind
from stations.access.errors import (
    AccessNotGrantableError,
    AccessRequestedError,
    AccessRequestRefusedError,
    EscortFullError,
)
from stations.access.models import AccessGrant, EscortRun
from stations.access.services.grants import grant_access, refuse_access, request_access, withdraw_access
from stations.access.states import AccessState
from stations.models import PollingStation
from stations.states import AccessCondition
from tests.racing import errors_of, race
from tests.stations.access.conftest import UNTIL

pytestmark = pytest.mark.django_db

GRANT: dict[str, Any] = {"granted_by": "Mine action agency", "valid_until": UNTIL, "by": None}
RACERS = 20


def seats_of(run: EscortRun) -> tuple[int, list[int]]:
    """What the counter says, and what the grants have."""
    run.refresh_from_db()
    return run.seats_taken, list(AccessGrant.objects.filter(run=run).order_by("pk").values_list("seats", flat=True))


def codes_of(error: "pytest.ExceptionInfo[Any]") -> list[str]:
    return [violation.code for violation in error.value.violations]


def test_a_permit_is_asked_for_and_granted_by_an_authority(permit: AccessGrant, officer: User, at: dt.datetime) -> None:
    assert (permit.state, permit.persons, permit.version) == (AccessState.REQUESTED, 2, 1)

    granted = grant_access(grant=permit, granted_by=" Agency ", valid_until=UNTIL, by=officer, at=at)

    granted.refresh_from_db()
    assert (granted.state, granted.granted_by, granted.valid_until) == (AccessState.GRANTED, "Agency", UNTIL)
    assert (granted.decided_by, granted.decided_at, granted.version, granted.seats) == (officer, at, 2, 0)
    events = Event.objects.of(permit).order_by("pk").values_list("verb", "to_state", "reason", "scope_id")
    assert list(events) == [
        ("access_requested", "requested", "", permit.mission_id),
        ("access_granted", "granted", "Agency", permit.mission_id),
    ]


def test_asked_once_until_it_is_refused_or_given_up(
    permit: AccessGrant, mission: Mission, station: PollingStation, at: dt.datetime
) -> None:
    again = partial(
        request_access, mission=mission, station=station, condition=AccessCondition.PERMIT, persons=1, by=None, at=at
    )
    with pytest.raises(AccessRequestedError):
        again()
    grant_access(grant=permit, **GRANT, at=at)
    with pytest.raises(AccessRequestedError):
        again()

    refused = refuse_access(grant=permit, reason="Mines were found", by=None, at=at)

    assert (refused.state, refused.reason) == (AccessState.REFUSED, "Mines were found")
    second = again()
    withdraw_access(grant=second, by=None, at=at)
    assert again().pk not in {permit.pk, second.pk}


@pytest.mark.parametrize("act", [refuse_access, withdraw_access])
def test_what_has_ended_stays_so(permit: AccessGrant, at: dt.datetime, act: Any) -> None:
    act(grant=permit, reason="Over", by=None, at=at)

    for later in (
        partial(grant_access, **GRANT),
        partial(refuse_access, reason="x", by=None),
        partial(withdraw_access, by=None),
    ):
        with pytest.raises(IllegalTransitionError):
            later(grant=permit, at=at)


def test_what_a_station_does_not_need_is_not_asked_for(
    mission: Mission, open_station: PollingStation, second_station: PollingStation, at: dt.datetime
) -> None:
    wrong = [(open_station, AccessCondition.PERMIT, 2), (second_station, AccessCondition.PERMIT, 0)]

    for station, condition, persons in wrong:
        with pytest.raises(AccessRequestRefusedError) as refused:
            request_access(mission=mission, station=station, condition=condition, persons=persons, by=None, at=at)
        expected = ["access-not-required"] + ["persons-out-of-range"] * (persons == 0)
        assert codes_of(refused) == expected


def test_a_station_of_another_election_is_not_asked_for(
    mission: Mission, station: PollingStation, election: Election, at: dt.datetime
) -> None:
    other = Election.objects.get(pk=election.pk)
    other.pk, other.code = None, "another"
    other.save()
    stranger = Mission.objects.create(
        election=other,
        organization=mission.organization,
        code="S",
        name="S",
        kind=MissionKind.DELEGATION,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
    )

    with pytest.raises(AccessRequestRefusedError) as refused:
        request_access(mission=stranger, station=station, condition=AccessCondition.PERMIT, persons=501, by=None, at=at)

    assert codes_of(refused) == ["other-election", "persons-out-of-range"]


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({"granted_by": " "}, ["authority-missing"]),
        ({"valid_until": dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)}, ["ends-before-now"]),
        ({"granted_by": "", "seats": 3}, ["authority-missing", "seats-out-of-range"]),
        ({"seats": -1}, ["seats-out-of-range"]),
        ({"seats": 0}, ["no-seats-to-share"]),
        ({"run": None}, ["run-missing"]),
    ],
)
def test_a_grant_that_lacks_something_is_refused_with_each_fault(
    escort: AccessGrant, run: EscortRun, at: dt.datetime, values: dict[str, Any], codes: list[str]
) -> None:
    with pytest.raises(AccessNotGrantableError) as refused:
        grant_access(**{"grant": escort, **GRANT, "run": run, "at": at, **values})

    assert codes_of(refused) == codes
    assert seats_of(run) == (0, [])


def test_an_escort_goes_to_the_station_and_a_permit_needs_none(
    permit: AccessGrant, escort: AccessGrant, run: EscortRun, station: PollingStation, at: dt.datetime
) -> None:
    with pytest.raises(AccessNotGrantableError) as needless:
        grant_access(grant=permit, **GRANT, run=run, at=at)
    run.stations.remove(station)
    with pytest.raises(AccessNotGrantableError) as elsewhere:
        grant_access(grant=escort, **GRANT, run=run, at=at)

    assert (codes_of(needless), codes_of(elsewhere)) == (["run-needless"], ["run-elsewhere"])


def test_a_refusal_says_why(permit: AccessGrant, at: dt.datetime) -> None:
    with pytest.raises(AccessNotGrantableError) as refused:
        refuse_access(grant=permit, reason="  ", by=None, at=at)

    assert codes_of(refused) == ["reason-missing"]


def test_seats_are_taken_and_given_back(escort: AccessGrant, run: EscortRun, at: dt.datetime) -> None:
    grant_access(grant=escort, **GRANT, run=run, at=at)
    assert seats_of(run) == (2, [2])

    ended = withdraw_access(grant=escort, reason="Other team", by=None, at=at)

    assert seats_of(run) == (0, [])
    assert (ended.run, ended.seats) == (None, 0)


def test_the_same_people_sit_once_and_keep_their_seats(
    escort: AccessGrant, mission: Mission, second_station: PollingStation, run: EscortRun, at: dt.datetime
) -> None:
    grant_access(grant=escort, **GRANT, run=run, at=at)
    second = request_access(
        mission=mission, station=second_station, condition=AccessCondition.ESCORT, persons=2, by=None, at=at
    )
    grant_access(grant=second, **GRANT, run=run, seats=0, at=at)
    assert seats_of(run) == (2, [2, 0])

    refuse_access(grant=escort, reason="Mines", by=None, at=at)

    assert seats_of(run) == (2, [2])
    withdraw_access(grant=second, by=None, at=at)
    assert seats_of(run) == (0, [])


def test_a_full_escort_takes_nobody_more(escort: AccessGrant, run: EscortRun, at: dt.datetime) -> None:
    EscortRun.objects.filter(pk=run.pk).update(seats=1)

    with pytest.raises(EscortFullError):
        grant_access(grant=escort, **GRANT, run=run, at=at)

    escort.refresh_from_db()
    assert (escort.state, seats_of(run)) == (AccessState.REQUESTED, (0, []))
    assert not Event.objects.filter(verb="access_granted").exists()


def test_the_database_refuses_what_cannot_be(permit: AccessGrant, run: EscortRun) -> None:
    wrong: list[dict[str, Any]] = [
        {"state": AccessState.GRANTED},
        {"state": AccessState.REFUSED},
        {"seats": 1},
        {"run": run},
        {"persons": 0},
    ]

    for values in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            AccessGrant.objects.filter(pk=permit.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        EscortRun.objects.filter(pk=run.pk).update(seats_taken=7)


@pytest.fixture
def crowd(election: Election, station: PollingStation, at: dt.datetime) -> list[AccessGrant]:
    """Requests of twenty missions, a seat each."""
    missions = [
        Mission.objects.create(
            election=election,
            organization=Organization.objects.create(acronym=f"O{number}", name="O", kind=OrganizationKind.INGO),
            code=f"M{number}",
            name=f"M{number}",
            kind=MissionKind.DELEGATION,
            deployment_mode=DeploymentMode.SELF_DIRECTED,
        )
        for number in range(RACERS)
    ]
    return [
        request_access(mission=mission, station=station, condition=AccessCondition.ESCORT, persons=1, by=None, at=at)
        for mission in missions
    ]


@pytest.mark.django_db(transaction=True)
def test_twenty_racers_get_six_seats(crowd: list[AccessGrant], run: EscortRun, at: dt.datetime) -> None:
    results = race([partial(grant_access, grant=grant, **GRANT, run=run, at=at) for grant in crowd])

    assert errors_of(results) == [EscortFullError] * (RACERS - 6)
    assert seats_of(run) == (6, [1] * 6)
    assert AccessGrant.objects.filter(state=AccessState.REQUESTED).count() == RACERS - 6


@pytest.mark.django_db(transaction=True)
def test_reading_before_writing_without_the_counter_oversells(crowd: list[AccessGrant], run: EscortRun) -> None:
    """The control: what the counting update guards against does happen when it is taken away."""
    row = EscortRun.objects.filter(pk=run.pk)
    everybody_has_read = threading.Barrier(RACERS)

    def take_unguarded() -> bool:
        taken = row.values_list("seats_taken", flat=True).get()
        everybody_has_read.wait(timeout=30)
        return taken < 6 and row.update(seats_taken=taken + 1) == 1

    assert race([take_unguarded] * RACERS) == [True] * RACERS  # twenty people for six seats
    run.refresh_from_db()
    assert run.seats_taken == 1
