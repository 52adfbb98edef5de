"""People who send in, or take in, the same file at the same moment, each on a real connection."""

import datetime as dt
from functools import partial

import pytest

from missions.kernel.models import Event
from missions.models import User
from stations.deployment.models import DeploymentPlan
from stations.deployment.plan_files.models import PlanFile, PlanFileRow
from stations.deployment.plan_files.services.staging import StagedFile
from stations.deployment.plan_files.services.taking import take_plan_file
from tests.racing import race
from tests.stations.deployment.plan_files.conftest import Desk, Send, rows_of

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 5


def test_of_the_same_file_sent_by_many_there_is_one(desk: Desk, send: Send) -> None:
    rows = rows_of(desk.plan)

    results = race([partial(send, rows)] * RACERS)

    staged = [result for result in results if isinstance(result, StagedFile)]
    file = PlanFile.objects.get()
    assert {result.plan_file.pk for result in staged} == {file.pk}
    assert sorted(result.is_known for result in staged) == [False] + [True] * (RACERS - 1)
    assert PlanFileRow.objects.count() == len(rows)
    assert Event.objects.filter(verb="plan_file_uploaded").count() == 1


def test_files_that_differ_are_all_there(desk: Desk, send: Send) -> None:
    """The control: nothing else than the digest keeps them apart."""
    rows = rows_of(desk.plan)

    race([partial(send, rows[: len(rows) - number]) for number in range(RACERS)])

    assert PlanFile.objects.count() == RACERS


def test_a_file_that_many_take_in_becomes_one_plan(desk: Desk, send: Send, lead: User, at: dt.datetime) -> None:
    file = send(rows_of(desk.plan)).plan_file

    results = race([partial(take_plan_file, plan_file=file, by=lead, at=at)] * RACERS)

    plan = DeploymentPlan.objects.get(version=2)
    assert [result.plan_id for result in results if isinstance(result, PlanFile)] == [plan.pk] * RACERS
    assert DeploymentPlan.objects.count() == 2
    assert Event.objects.filter(verb="plan_file_taken").count() == 1
