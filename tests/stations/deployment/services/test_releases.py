"""Releasing plans: rules, the plan before, slots, and races for one observer."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from accreditation.models import Accreditation, Observer
from accreditation.states import AccreditationState
from missions.kernel.errors import ConflictError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, User
from missions.states import DeploymentMode
from stations.deployment.errors import ObserverDoubleBookedError, PlanBreaksRulesError, PlanChangedError
from stations.deployment.findings import findings_of
from stations.deployment.models import DeploymentPlan, ObserverSlot, Team
from stations.deployment.services.releases import release_plan
from stations.deployment.states import DayHalf, PlanState, TeamKind
from stations.models import PollingStation
from tests.stations.deployment.builders import area, deployed, plan, pool_mission, team

E_DAY = dt.date(2024, 2, 7)


@pytest.fixture
def pair(mission: Mission) -> list[Observer]:
    return [deployed(mission, "FRA"), deployed(mission, "DEU")]


def _plan(
    election: Election,
    mission: Mission | None,
    people: list[Observer],
    stations: list[PollingStation],
    version: int = 1,
) -> DeploymentPlan:
    made = plan(election, mission, version=version)
    team(made, 1, people, stations[:3], within=area(made, "North"))
    return made


@pytest.mark.django_db
def test_a_released_plan_books_its_people(
    election: Election,
    mission: Mission,
    lead: User,
    pair: list[Observer],
    register: list[PollingStation],
    later: dt.datetime,
) -> None:
    released = release_plan(plan=_plan(election, mission, pair, register), by=lead, at=later)

    assert (released.state, released.released_at) == (PlanState.RELEASED, later)
    assert sorted(ObserverSlot.objects.values_list("observer", "day", "half")) == [
        (person.pk, E_DAY, half.value) for person in pair for half in (DayHalf.MORNING, DayHalf.AFTERNOON)
    ]
    event = Event.objects.get()
    assert (event.verb, event.from_state, event.to_state, event.scope_id, event.is_private, event.actor) == (
        "plan_released",
        "draft",
        "released",
        mission.pk,
        True,
        lead,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("station", "days"),
    [
        (-3, [(E_DAY, "am"), (E_DAY, "pm")]),
        (-2, [(E_DAY, "am"), (E_DAY, "pm"), (dt.date(2024, 2, 8), "am")]),
    ],
    ids=["Seoul", "Los Angeles"],
)
def test_visits_abroad_book_the_half_days_of_the_hosts_calendar(
    election: Election,
    mission: Mission,
    pair: list[Observer],
    register: list[PollingStation],
    later: dt.datetime,
    station: int,
    days: list[tuple[dt.date, str]],
) -> None:
    made = plan(election, mission)
    team(made, 1, pair, [register[station]], kind=TeamKind.OVERSEAS)

    release_plan(plan=made, by=None, at=later)

    assert sorted(ObserverSlot.objects.filter(observer=pair[0]).values_list("day", "half")) == days


@pytest.mark.django_db
def test_long_term_teams_are_booked_on_election_day_without_visits(
    election: Election, mission: Mission, pair: list[Observer], register: list[PollingStation], later: dt.datetime
) -> None:
    made = plan(election, mission)
    team(made, 1, pair, [], within=area(made, "North"), kind=TeamKind.LONG_TERM)

    release_plan(plan=made, by=None, at=later)

    assert sorted(ObserverSlot.objects.filter(observer=pair[0]).values_list("day", "half")) == [
        (E_DAY, "am"),
        (E_DAY, "pm"),
    ]


@pytest.mark.django_db
def test_a_new_release_supersedes_the_one_before_and_frees_its_people(
    election: Election, mission: Mission, pair: list[Observer], register: list[PollingStation], later: dt.datetime
) -> None:
    first = release_plan(plan=_plan(election, mission, pair, register), by=None, at=later)
    second = _plan(election, mission, pair, register, version=2)

    release_plan(plan=second, by=None, at=later)

    first.refresh_from_db()
    assert first.state == PlanState.SUPERSEDED
    assert set(ObserverSlot.objects.values_list("team__plan", flat=True)) == {second.pk}
    assert list(Event.objects.order_by("pk").values_list("verb", "object_id")) == [
        ("plan_released", first.pk),
        ("plan_superseded", first.pk),
        ("plan_released", second.pk),
    ]


@pytest.mark.django_db
def test_a_plan_that_breaks_rules_stays_a_draft(
    election: Election, mission: Mission, pair: list[Observer], register: list[PollingStation], later: dt.datetime
) -> None:
    made = _plan(election, mission, pair, register)
    Accreditation.objects.filter(observer=pair[0]).update(
        state=AccreditationState.REVOKED, reason="Appeal lost", ended_at=later
    )
    pair[1].second_nationality = "FRA"
    pair[1].save()

    with pytest.raises(PlanBreaksRulesError) as caught:
        release_plan(plan=made, by=None, at=later)

    assert [(violation.field, violation.code) for violation in caught.value.violations] == [
        ("team-1", "r02-common-nationality"),
        ("team-1", "r07-not-accredited"),
    ]
    made.refresh_from_db()
    assert (made.state, ObserverSlot.objects.count(), Event.objects.count()) == (PlanState.DRAFT, 0, 0)


@pytest.mark.django_db
def test_a_team_whose_area_nobody_supervises_is_refused_where_there_are_long_term_teams(
    election: Election, mission: Mission, pair: list[Observer], register: list[PollingStation], later: dt.datetime
) -> None:
    made = _plan(election, mission, pair, register)
    others = [deployed(mission, "ITA"), deployed(mission, "ESP")]
    team(made, 2, others, [], within=area(made, "South"), kind=TeamKind.LONG_TERM)

    with pytest.raises(PlanBreaksRulesError) as caught:
        release_plan(plan=made, by=None, at=later)

    assert [(v.field, v.code) for v in caught.value.violations] == [("team-1", "r13-area-not-supervised")]


@pytest.mark.django_db
@pytest.mark.parametrize("state", [state for state in PlanState if state is not PlanState.DRAFT])
def test_only_a_draft_is_released(election: Election, mission: Mission, later: dt.datetime, state: PlanState) -> None:
    with pytest.raises(IllegalTransitionError):
        release_plan(plan=plan(election, mission, state=state), by=None, at=later)


@pytest.mark.django_db
def test_somebody_in_another_released_plan_is_named(
    election: Election, mission: Mission, pair: list[Observer], register: list[PollingStation], later: dt.datetime
) -> None:
    """Two missions may have nominated one person; the other mission is not named."""
    release_plan(plan=_plan(election, mission, pair, register), by=None, at=later)
    other = pool_mission(election, "OTHER", DeploymentMode.SELF_DIRECTED)
    clashing = _plan(election, other, [pair[0], deployed(other, "ITA")], register)

    with pytest.raises(ObserverDoubleBookedError) as caught:
        release_plan(plan=clashing, by=None, at=later)

    assert [(v.field, v.code, v.detail) for v in caught.value.violations] == [
        (
            f"observer-{pair[0].pk}",
            "r08-double-booked",
            f"{pair[0].full_name} is already in a released plan on that day.",
        )
    ]
    clashing.refresh_from_db()
    assert (clashing.state, ObserverSlot.objects.count()) == (PlanState.DRAFT, 4)


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_slot(
    election: Election, mission: Mission, pair: list[Observer], register: list[PollingStation]
) -> None:
    made = _plan(election, mission, pair, register)
    slot = {"observer": pair[0], "day": E_DAY, "half": DayHalf.MORNING}
    ObserverSlot.objects.create(team=made.teams.get(), **slot)
    elsewhere = Team.objects.create(plan=made, number=2, kind=TeamKind.SHORT_TERM)

    with pytest.raises(IntegrityError), transaction.atomic():
        ObserverSlot.objects.create(team=elsewhere, **slot)

    assert ObserverSlot.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_many_racing_releases_for_one_observer_exactly_one_wins(
    election: Election, mission: Mission, pair: list[Observer], register: list[PollingStation], later: dt.datetime
) -> None:
    other = pool_mission(election, "OTHER", DeploymentMode.SELF_DIRECTED)
    plans = [
        _plan(election, mission, pair, register),
        _plan(election, other, [pair[0], deployed(other, "ITA")], register),
    ]
    racers = 8
    barrier = Barrier(racers)

    def race(number: int) -> str:
        barrier.wait()
        try:
            release_plan(plan=plans[number % 2], by=None, at=later)
        except ConflictError as error:
            return error.code
        finally:
            connection.close()
        return "released"

    with ThreadPoolExecutor(racers) as pool:
        outcomes = sorted(pool.map(race, range(racers)))

    # Twins of the winner find their plan released already; those of the other plan find the observer booked.
    assert outcomes == ["illegal-transition"] * 3 + ["observer-double-booked"] * 4 + ["released"]
    (winner,) = DeploymentPlan.objects.filter(state=PlanState.RELEASED)
    assert sorted(ObserverSlot.objects.values_list("day", "half", "team__plan")) == [
        (E_DAY, half, winner.pk) for half in ("am", "am", "pm", "pm")
    ]
    assert ObserverSlot.objects.filter(observer=pair[0]).count() == 2
    assert Event.objects.filter(verb="plan_released").count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_accreditation_is_taken_away_between_the_rules_and_the_release(
    election: Election,
    mission: Mission,
    pair: list[Observer],
    register: list[PollingStation],
    later: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Somebody tries while the rules look; the same attempt before the release began is the control."""
    attempts: list[str] = []

    def revoke() -> str:
        with connection.cursor() as cursor:
            postgres = connection.vendor == "postgresql"
            cursor.execute("SET lock_timeout = '100ms'" if postgres else "PRAGMA busy_timeout = 100")
        try:
            with transaction.atomic():
                Accreditation.objects.filter(observer=pair[0]).update(
                    state=AccreditationState.SUSPENDED, reason="Asked"
                )
        except OperationalError as error:
            return type(error).__name__
        finally:
            connection.close()
        return "revoked"

    def judge_while_somebody_revokes(*args: Any, **kwargs: Any) -> Any:
        with ThreadPoolExecutor(1) as pool:
            attempts.append(pool.submit(revoke).result())
        return findings_of(*args, **kwargs)

    monkeypatch.setattr("stations.deployment.services.releases.findings_of", judge_while_somebody_revokes)
    made = _plan(election, mission, pair, register)
    with ThreadPoolExecutor(1) as pool:
        control = pool.submit(revoke).result()
    Accreditation.objects.update(state=AccreditationState.ACTIVE, reason="")

    released = release_plan(plan=made, by=None, at=later)

    assert (control, attempts, released.state) == ("revoked", ["OperationalError"], PlanState.RELEASED)


@pytest.mark.django_db
def test_a_plan_whose_people_change_under_the_release_is_not_released(
    election: Election,
    mission: Mission,
    pair: list[Observer],
    register: list[PollingStation],
    later: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = _plan(election, mission, pair, register)
    monkeypatch.setattr("stations.deployment.services.releases._lock_accreditations", lambda plan: {pair[0].pk})

    with pytest.raises(PlanChangedError):
        release_plan(plan=made, by=None, at=later)

    made.refresh_from_db()
    assert (made.state, ObserverSlot.objects.count()) == (PlanState.DRAFT, 0)
