"""Making a plan through the real solver in a process of its own."""

import datetime as dt

import pytest

from missions.models import Election, Mission
from stations.deployment.errors import PlanNotSolvedError
from stations.deployment.models import DeploymentPlan, Visit
from stations.deployment.optimizer.progress import Progress
from stations.deployment.parameters import PlanParameters
from stations.deployment.services.plans import make_plan
from stations.deployment.services.releases import release_plan
from stations.deployment.solver import Limits
from stations.deployment.states import PlanState

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register", "crew")]


def test_a_plan_is_made_stored_and_released(election: Election, mission: Mission, at: dt.datetime) -> None:
    heard: list[tuple[str, Progress]] = []
    limits = Limits(seconds=60, on_progress=lambda term, progress: heard.append((term, progress)))

    plan = make_plan(election=election, mission=mission, seed=3, by=None, at=at, limits=limits)
    released = release_plan(plan=plan, by=None, at=at)

    assert released.state == PlanState.RELEASED
    assert Visit.objects.filter(visit_plan__team__plan=plan).values("station").distinct().count() == 16
    assert [(stage["term"], stage["stage"], stage["gap"] >= 0) for stage in plan.stages] == [
        ("long_term", "teams", True),
        ("long_term", "areas", True),
        ("short_term", "overseas", True),
        ("short_term", "teams", True),
        ("short_term", "areas", True),
        ("short_term", "routes", True),
    ]
    assert ("short_term", Progress("routes", 3, 3)) in heard
    assert ("long_term", Progress("areas", 1, 1)) in heard


def test_a_failing_solver_is_named_and_leaves_nothing(election: Election, mission: Mission, at: dt.datetime) -> None:
    too_little = PlanParameters(memory_mb=150)

    with pytest.raises(PlanNotSolvedError) as caught:
        make_plan(election=election, mission=mission, seed=3, by=None, at=at, parameters=too_little)

    assert [violation.field for violation in caught.value.violations] == ["solver"]
    assert not DeploymentPlan.objects.exists()
