"""Reading a mission's own plan for a reason: who is told, when it ends, and that it is one look at a time."""

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError, transaction

from missions.kernel.models import Event
from missions.models import Election, Membership, Mission, User
from missions.reminders.models import Message
from missions.states import MembershipRole, PlanSharing
from stations.deployment.errors import (
    BreakGlassOverError,
    BreakGlassWithoutReasonError,
    GlassBrokenAlreadyError,
    GlassNotInTheWayError,
    NothingReleasedError,
)
from stations.deployment.glass_mails import MAILS, glass_broken
from stations.deployment.models import BreakGlass, DeploymentPlan
from stations.deployment.services.break_glass import break_glass, end_break_glass
from stations.deployment.states import PlanState
from tests.racing import errors_of, race
from tests.stations.deployment.builders import plan

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
RACERS = 6


@pytest.fixture
def released(election: Election, mission: Mission) -> DeploymentPlan:
    return plan(election, mission, state=PlanState.RELEASED)


@pytest.fixture
def reader() -> User:
    return User.objects.create_user("duty@ministry.example", is_staff=True, first_name="Ana", last_name="Sample")


@pytest.fixture
def leads(mission: Mission) -> list[User]:
    """Two leads who read different languages, and a focal point who is told nothing."""
    people = []
    for email, language, role in (
        ("az@odihr.example", "az", MembershipRole.LEAD),
        ("en@odihr.example", "en", MembershipRole.LEAD),
        ("focal@odihr.example", "en", MembershipRole.FOCAL_POINT),
    ):
        user = User.objects.create_user(email, language=language)
        Membership.objects.create(user=user, mission=mission, role=role)
        people.append(user)
    return people


def test_the_look_lasts_an_hour_and_the_history_has_it_for_everybody(
    released: DeploymentPlan, mission: Mission, reader: User, at: dt.datetime
) -> None:
    glass = break_glass(mission=mission, reason=" A team is missing. ", by=reader, at=at)

    assert (glass.plan, glass.reader, glass.reason) == (released, reader, "A team is missing.")
    assert (glass.opened_at, glass.closes_at, glass.ended_at) == (at, at + HOUR, None)
    assert [glass.is_open(when) for when in (at, at + HOUR - dt.timedelta(seconds=1), at + HOUR)] == [True, True, False]
    event = Event.objects.get()
    assert (event.verb, event.actor, event.scope_id, event.reason) == ("glass_broken", reader, mission.pk, glass.reason)
    assert (event.is_private, event.object_label) == (False, "ODIHR · Ana Sample")


def test_every_lead_is_written_to_at_once_in_the_own_language(
    released: DeploymentPlan, mission: Mission, reader: User, leads: list[User], at: dt.datetime
) -> None:
    glass = break_glass(mission=mission, reason="A team is missing.", by=reader, at=at)

    mails = list(Message.objects.order_by("to_address"))
    assert [(mail.to_address, mail.language, mail.mission) for mail in mails] == [
        ("az@odihr.example", "az", mission),
        ("en@odihr.example", "en", mission),
    ]
    assert {(mail.rule, mail.subject_id, mail.due_at, mail.carrier_id) for mail in mails} == {
        ("glass_broken", glass.pk, at, None)
    }
    body = mails[1].body
    assert "Ana Sample" in body
    assert "A team is missing." in body
    assert "18 January 2024, 17:00 (Asia/Baku)" in body
    assert glass_broken.still_due(mails[1], at=at + HOUR)
    Membership.objects.filter(user=leads[1]).delete()
    assert not glass_broken.still_due(mails[1], at=at)


@pytest.mark.parametrize("language", ["az", "en", "fr", "ru"])
def test_the_mail_is_whole_in_every_language(language: str) -> None:
    facts = dict.fromkeys(("election", "mission", "reader", "opened", "closes", "reason_given"), "X")

    written = MAILS.write("glass_broken", facts, language=language)

    assert (written.subject != "", written.body.count("X"), written.reason != "") == (True, 6, True)


def test_what_cannot_be_asked_for_is_named(
    election: Election, mission: Mission, other_mission: Mission, reader: User, at: dt.datetime
) -> None:
    ask = partial(break_glass, reason="Why", by=reader, at=at)
    plan(election, mission)  # a draft, which nobody else reads for any reason

    with pytest.raises(NothingReleasedError):
        ask(mission=mission)
    plan(election, mission, state=PlanState.RELEASED, version=2)
    with pytest.raises(BreakGlassWithoutReasonError):
        break_glass(mission=mission, reason="  ", by=reader, at=at)
    with pytest.raises(GlassNotInTheWayError):
        ask(mission=other_mission)
    mission.plan_sharing = PlanSharing.FULL
    with pytest.raises(GlassNotInTheWayError):
        ask(mission=mission)
    assert not BreakGlass.objects.exists()
    assert not Event.objects.exists()


def test_one_look_at_a_time_and_another_when_it_is_over(
    released: DeploymentPlan, mission: Mission, reader: User, at: dt.datetime
) -> None:
    first = break_glass(mission=mission, reason="One", by=reader, at=at)

    with pytest.raises(GlassBrokenAlreadyError):
        break_glass(mission=mission, reason="Two", by=reader, at=at + HOUR / 2)
    second = break_glass(mission=mission, reason="Two", by=reader, at=at + HOUR)

    first.refresh_from_db()
    assert (first.ended_at, first.ended_by) == (at + HOUR, None)
    assert list(BreakGlass.objects.filter(ended_at=None)) == [second]


def test_the_reader_or_a_lead_ends_it_before_its_time_and_once(
    released: DeploymentPlan, mission: Mission, reader: User, leads: list[User], at: dt.datetime
) -> None:
    glass = break_glass(mission=mission, reason="One", by=reader, at=at)

    ended = end_break_glass(glass=glass, by=leads[0], at=at + HOUR / 4)

    assert (ended.ended_at, ended.ended_by) == (at + HOUR / 4, leads[0])
    assert list(Event.objects.order_by("pk").values_list("verb", flat=True)) == ["glass_broken", "glass_closed"]
    with pytest.raises(BreakGlassOverError):
        end_break_glass(glass=glass, by=reader, at=at + HOUR / 2)
    again = break_glass(mission=mission, reason="Two", by=reader, at=at + HOUR / 2)
    with pytest.raises(BreakGlassOverError):
        end_break_glass(glass=again, by=reader, at=at + HOUR * 2)


@pytest.mark.django_db(transaction=True)
def test_of_racing_asks_one_opens_and_is_told_once(
    released: DeploymentPlan, mission: Mission, reader: User, leads: list[User], at: dt.datetime
) -> None:
    results = race([partial(break_glass, mission=mission, reason="Now", by=reader, at=at)] * RACERS)

    assert errors_of(results) == [GlassBrokenAlreadyError] * (RACERS - 1)
    assert (BreakGlass.objects.count(), Event.objects.count(), Message.objects.count()) == (1, 1, 2)


def test_without_the_service_the_database_keeps_it_to_one(
    released: DeploymentPlan, reader: User, at: dt.datetime
) -> None:
    facts = {"plan": released, "reader": reader, "opened_at": at, "closes_at": at + HOUR}
    BreakGlass.objects.create(**facts, reason="One")

    with pytest.raises(IntegrityError, match=r"break_glass_one_open|UNIQUE"), transaction.atomic():
        BreakGlass.objects.create(**facts, reason="Two")
    BreakGlass.objects.create(**facts, reason="Over", ended_at=at)

    assert BreakGlass.objects.count() == 2
