"""Who reads where teams are and who is safe, over owners and degrees of sharing."""

import pytest
from django.contrib.auth.models import AnonymousUser

from missions.models import Election, Membership, Mission, User
from missions.states import DeploymentMode, MembershipRole, PlanSharing
from stations.deployment.presence.models import AskedObserver, PresenceReport, RollCall, RollCallAnswer
from stations.deployment.presence.permissions import (
    can_answer,
    can_call_roll,
    can_try_to_answer,
    can_try_to_report,
)
from stations.deployment.presence.selectors import teams_in_sight
from stations.deployment.presence.services.reports import report_presence
from stations.deployment.presence.services.roll_calls import AnswerDraft, answer_roll_call, call_roll
from stations.deployment.presence.states import PresenceKind, Reply
from stations.models import PollingStation
from tests.conftest import staff
from tests.stations.deployment.builders import pool_mission
from tests.stations.deployment.presence.conftest import OnTheDay, hour, released_day

pytestmark = pytest.mark.django_db

VIEWS = ("presence.view_presencereport", "presence.view_rollcall")
ACTS = ("presence.report_presence", "presence.call_roll")


def _readers(own: Mission, other: Mission) -> dict[str, User | AnonymousUser]:
    people: dict[str, User | AnonymousUser] = {
        "host": staff("host@ministry.example"),
        "auditor": staff("auditor@ministry.example", *VIEWS),
        "planner": staff("planner@ministry.example", *VIEWS, *ACTS),
        "anonymous": AnonymousUser(),
    }
    for name, mission, role in (
        ("lead", own, MembershipRole.LEAD),
        ("focal", own, MembershipRole.FOCAL_POINT),
        ("stranger", other, MembershipRole.LEAD),
        ("inactive", own, MembershipRole.LEAD),
    ):
        user = User.objects.create_user(f"{name}@one.example", is_active=name != "inactive")
        Membership.objects.create(user=user, mission=mission, role=role)
        people[name] = user
    return people


def _fill(day: OnTheDay, by: User, owner: Mission | None) -> RollCall:
    """A report of the first team, and an answer for the first of six who are asked."""
    draft = day.draft(PresenceKind.IN_AREA, hour(4), nonce="n")
    report_presence(draft=draft, device_now=hour(4), by=by, at=hour(4))
    roll_call = call_roll(
        election=day.plan.election, mission=owner, reason="Drill", answer_by=hour(9), by=by, at=hour(8)
    )
    asked = roll_call.asked.order_by("pk")[0]
    answer_roll_call(
        roll_call=roll_call,
        asked=asked,
        draft=AnswerDraft(Reply.SAFE, "n", hour(8)),
        device_now=hour(8),
        by=by,
        at=hour(8),
    )
    return roll_call


def _seen(readers: dict[str, User | AnonymousUser], day: OnTheDay) -> dict[str, tuple[int, ...]]:
    models = (PresenceReport, RollCall, AskedObserver, RollCallAnswer)
    return {
        name: (
            *(model.objects.visible_to(reader).count() for model in models),
            teams_in_sight(day.plan, reader).count(),
        )
        for name, reader in readers.items()
    }


ALL, NOTHING = (1, 1, 6, 1, 3), (0, 0, 0, 0, 0)


@pytest.mark.parametrize("sharing", list(PlanSharing))
def test_a_self_directed_missions_day_is_its_own_whatever_it_shares(
    election: Election, mission: Mission, register: list[PollingStation], sharing: PlanSharing
) -> None:
    Mission.objects.filter(pk=mission.pk).update(plan_sharing=sharing)
    day = released_day(election, mission, mission, register)
    readers = _readers(mission, pool_mission(election, "OTHER", DeploymentMode.SELF_DIRECTED))
    _fill(day, readers["lead"], mission)  # type: ignore[arg-type]  # not the anonymous one

    seen = _seen(readers, day)

    assert {name for name, rows in seen.items() if rows == ALL} == {"lead", "focal"}
    assert {rows for name, rows in seen.items() if name not in ("lead", "focal")} == {NOTHING}


def test_of_the_pool_missions_see_their_people_and_the_host_with_the_right_all(
    election: Election, register: list[PollingStation]
) -> None:
    own, other = pool_mission(election, "OWN"), pool_mission(election, "OTHER")
    day = released_day(election, None, own, register)
    readers = _readers(own, other)
    _fill(day, readers["planner"], None)  # type: ignore[arg-type]  # not the anonymous one

    seen = _seen(readers, day)

    assert {name for name, rows in seen.items() if rows == ALL} == {"lead", "focal", "planner", "auditor"}
    assert {rows for name, rows in seen.items() if name not in ("lead", "focal", "planner", "auditor")} == {NOTHING}


def test_who_calls_and_who_answers(election: Election, mission: Mission, register: list[PollingStation]) -> None:
    own = pool_mission(election, "OWN")
    released_day(election, None, own, register)
    readers = _readers(own, pool_mission(election, "OTHER"))
    director = User.objects.create_user("director@one.example")
    Membership.objects.create(user=director, mission=mission, role=MembershipRole.LEAD)
    readers["director"] = director
    roll_call = call_roll(election=election, mission=None, reason="Drill", answer_by=hour(9), by=None, at=hour(8))
    asked = roll_call.asked.all()[0]

    def who(may: object) -> set[str]:
        return {name for name, reader in readers.items() if may(reader)}  # type: ignore[operator]  # a predicate

    assert who(lambda user: can_call_roll(user, mission=None)) == {"planner"}
    assert who(lambda user: can_call_roll(user, mission=mission)) == {"director"}
    assert who(lambda user: can_answer(user, asked=asked)) == {"planner", "lead"}
    assert who(can_try_to_report) == who(can_try_to_answer) == {"planner", "lead", "focal", "stranger", "director"}
