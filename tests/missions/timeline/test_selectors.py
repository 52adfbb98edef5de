import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from missions.models import Membership, Mission, User
from missions.states import MembershipRole
from missions.timeline.models import Milestone
from missions.timeline.selectors import lead_addresses, local_day_of, open_milestones_between, timeline_of

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2024, 2, 1, 12, tzinfo=dt.UTC)


def _milestone(mission: Mission, code: str, planned_at: dt.datetime, actual_at: dt.datetime | None = None) -> Milestone:
    return Milestone.objects.create(
        mission=mission,
        code=code,
        title=code,
        anchor="e_day",
        offset_days=0,
        local_time=dt.time(12),
        time_zone="Asia/Baku",
        planned_at=planned_at,
        actual_at=actual_at,
    )


def test_timeline_of_is_ordered_and_holds_one_mission(mission: Mission, other_mission: Mission) -> None:
    late = _milestone(mission, "late", NOON + dt.timedelta(hours=1))
    early = _milestone(mission, "early", NOON)
    _milestone(other_mission, "early", NOON)

    assert list(timeline_of(mission)) == [early, late]


def test_open_milestones_between_excludes_the_start_the_past_and_the_reached(mission: Mission) -> None:
    _milestone(mission, "at-start", NOON)
    inside = _milestone(mission, "inside", NOON + dt.timedelta(minutes=1))
    at_end = _milestone(mission, "at-end", NOON + dt.timedelta(hours=1))
    _milestone(mission, "reached", NOON + dt.timedelta(minutes=2), actual_at=NOON)
    _milestone(mission, "later", NOON + dt.timedelta(hours=2))

    assert list(open_milestones_between(NOON, NOON + dt.timedelta(hours=1))) == [inside, at_end]


@pytest.mark.parametrize(
    ("zone", "day"),
    [("Asia/Baku", dt.date(2024, 2, 2)), ("UTC", dt.date(2024, 2, 1)), ("Pacific/Apia", dt.date(2024, 2, 2))],
)
def test_local_day_of_counts_by_the_milestones_own_clock(zone: str, day: dt.date) -> None:
    planned_at = dt.datetime(2024, 2, 1, 20, 30, tzinfo=dt.UTC)

    assert local_day_of(Milestone(planned_at=planned_at, time_zone=zone)) == day


def test_lead_addresses_has_active_leads_only_in_one_query(
    mission: Mission, other_mission: Mission, lead: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    second = User.objects.create_user("a@odihr.example")
    focal = User.objects.create_user("focal@odihr.example")
    gone = User.objects.create_user("gone@odihr.example", is_active=False)
    for user, role in [
        (second, MembershipRole.LEAD),
        (focal, MembershipRole.FOCAL_POINT),
        (gone, MembershipRole.LEAD),
    ]:
        Membership.objects.create(user=user, mission=mission, role=role)

    with django_assert_num_queries(1):
        found = lead_addresses({mission.pk, other_mission.pk})

    assert found == {mission.pk: ("a@odihr.example", "lead@odihr.example")}
