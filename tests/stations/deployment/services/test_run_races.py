"""Workers and people who want the same order at the same moment, each on a real connection."""

import datetime as dt
import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.db import transaction
from django.db.models import F

from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission
from stations.deployment.drafts import PlanDraft
from stations.deployment.errors import RunInProgressError
from stations.deployment.models import DeploymentPlan, PlanRun
from stations.deployment.services import solving
from stations.deployment.services.runs import cancel_run, order_plan
from stations.deployment.services.solving import LEASE, work_off_runs
from stations.deployment.services.storing import new_version
from stations.deployment.states import RunState
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 6
NOTHING = PlanDraft((), (), (), (), (), {}, "p", "s")
Settle = Callable[[DeploymentPlan, PlanDraft], None]


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver, replaced by an empty plan that is stored as make_plan stores it."""

    def make(*, election: Election, mission: Mission | None, at: dt.datetime, with_it: Settle, **_more: object) -> None:
        with transaction.atomic(durable=True):
            made = new_version(election, mission, made_from=None, at=at)
            made.save()
            with_it(made, NOTHING)

    monkeypatch.setattr(solving, "make_plan", make)


def test_one_of_many_workers_makes_the_plan(election: Election, mission: Mission, at: dt.datetime) -> None:
    for number in range(1, ROUNDS + 1):
        run = order_plan(election=election, mission=mission, by=None, at=at)

        ends = race([partial(work_off_runs, at=at)] * RACERS)

        run.refresh_from_db()
        assert sorted(ends) == [0] * (RACERS - 1) + [1]  # type: ignore[type-var]  # numbers, as nothing was refused
        assert (run.state, run.attempts, run.plan) == (RunState.DONE, 1, DeploymentPlan.objects.get(version=number))


def test_without_the_lease_every_worker_would_begin(election: Election, mission: Mission, at: dt.datetime) -> None:
    """The control: workers that look first and take the order afterwards all get it."""
    run = order_plan(election=election, mission=mission, by=None, at=at)
    everybody_has_looked = threading.Barrier(RACERS)

    def claim_unguarded() -> bool:
        free = PlanRun.objects.filter(pk=run.pk, lease_until=None).exists()
        everybody_has_looked.wait(timeout=30)
        return free and bool(
            PlanRun.objects.filter(pk=run.pk).update(lease_until=at + LEASE, attempts=F("attempts") + 1)
        )

    assert race([claim_unguarded] * RACERS) == [True] * RACERS
    run.refresh_from_db()
    assert run.attempts == RACERS


def test_a_cancel_and_the_end_of_a_solve_leave_one_of_both(
    election: Election, mission: Mission, at: dt.datetime
) -> None:
    for _ in range(ROUNDS * 2):
        DeploymentPlan.objects.filter(run=None).delete()
        before = DeploymentPlan.objects.count()
        run = order_plan(election=election, mission=mission, by=None, at=at)

        results = race([partial(work_off_runs, at=at), partial(cancel_run, run=run, by=None, at=at)])

        run.refresh_from_db()
        made = DeploymentPlan.objects.count() - before
        done = run.state == RunState.DONE
        assert (made, run.plan is not None, results[0]) == ((1, True, 1) if done else (0, False, 0))
        assert errors_of(results) == ([IllegalTransitionError] if done else [])
        assert Event.objects.of(run).filter(verb__in=("plan_run_done", "plan_run_cancelled")).count() == 1


def test_one_of_many_orders_of_an_owner_stands(election: Election, mission: Mission, at: dt.datetime) -> None:
    orders = [partial(order_plan, election=election, mission=mission, by=None, at=at)] * RACERS

    results = race(orders)

    assert errors_of(results) == [RunInProgressError] * (RACERS - 1)
    assert PlanRun.objects.waiting_for_job().count() == 1
