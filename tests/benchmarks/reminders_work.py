"""The steps of the bench of planning, and what it measures."""

import datetime as dt
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

from missions.models import Election, Membership, Mission, Organization, User
from missions.reminders.models import Message
from missions.reminders.services.planning import plan_reminders
from missions.states import DeploymentMode, MembershipRole, MissionKind, OrganizationKind
from missions.timeline.models import Milestone

STEPS = 20
#: Nine in the morning in Baku; the steps are at noon on the next day.
MORNING = dt.datetime(2024, 2, 3, 5, tzinfo=dt.UTC)
TOMORROW = dt.datetime(2024, 2, 4, 8, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Measured:
    """How many messages were new, and what that took."""

    new: int
    seconds: float
    cpu: float
    queries: int


def lay_steps(reminders: int) -> None:
    """Missions with a lead and twenty steps each, so that so many reminders are due at MORNING."""
    election = Election.objects.create(
        code="bench",
        name="Presidential election",
        host_country="AZE",
        e_day=dt.date(2024, 2, 7),
        time_zone="Asia/Baku",
        opens_at=dt.time(8),
        closes_at=dt.time(19),
    )
    numbers = range(reminders // STEPS)
    organizations = Organization.objects.bulk_create(
        Organization(acronym=f"ORG{number}", name=f"Organization {number}", kind=OrganizationKind.IGO)
        for number in numbers
    )
    missions = Mission.objects.bulk_create(
        Mission(
            election=election,
            organization=organization,
            code=organization.acronym,
            name=f"Mission of {organization.name}",
            kind=MissionKind.DELEGATION,
            deployment_mode=DeploymentMode.HOST_COORDINATED,
            template_code="short-delegation",
        )
        for organization in organizations
    )
    people = User.objects.bulk_create(User(email=f"lead{number}@org{number}.example") for number in numbers)
    Membership.objects.bulk_create(
        Membership(user=user, mission=mission, role=MembershipRole.LEAD)
        for user, mission in zip(people, missions, strict=True)
    )
    Milestone.objects.bulk_create(
        (
            Milestone(
                mission=mission,
                code=f"step-{number}",
                title=f"Meeting {number}",
                anchor="e_day",
                offset_days=-3,
                local_time=dt.time(12),
                time_zone="Asia/Baku",
                planned_at=TOMORROW,
            )
            for mission in missions
            for number in range(STEPS)
        ),
        batch_size=2_000,
    )


def plan_all() -> Measured:
    """Plan everything that is due."""
    return _measured(lambda: plan_reminders(at=MORNING))


def plain_insert() -> Measured:
    """Insert copies of the planned rows as Django does it, in the same thousands."""
    rows = list(Message.objects.all())
    for row in rows:
        row.pk, row.uid, row.rule = None, uuid.uuid4(), "yardstick"
    return _measured(lambda: len(Message.objects.bulk_create(rows, batch_size=1_000)))


def _measured(work: Callable[[], int]) -> Measured:
    with CaptureQueriesContext(connection) as queries:
        begun, cpu = time.perf_counter(), time.process_time()
        new = work()
        ended = Measured(new, time.perf_counter() - begun, time.process_time() - cpu, 0)
    return Measured(ended.new, ended.seconds, ended.cpu, len(queries))
