"""Reports of teams: stored once by nonce, by our clock, for a released plan, by those who speak for the team."""

import datetime as dt
from dataclasses import replace

import pytest

from missions.kernel.errors import DomainError, MissingError, RefusedError
from missions.models import Election, Membership, Mission, User
from missions.states import DeploymentMode, MembershipRole, PlanSharing
from stations.deployment.errors import PlanNotReleasedError
from stations.deployment.models import DeploymentPlan, Team
from stations.deployment.presence.errors import (
    NonceReusedError,
    OtherTeamsVisitError,
    PresencePlaceError,
    StationElsewhereError,
    StationOtherSideError,
    TooManyReportsError,
)
from stations.deployment.presence.models import PresenceReport
from stations.deployment.presence.services.clocks import corrected, is_far_off
from stations.deployment.presence.services.reports import BATCH_LIMIT, ReportDraft, report_presence, take_reports
from stations.deployment.presence.states import PresenceKind
from stations.deployment.services.copying import copy_plan
from stations.deployment.states import PlanState
from stations.models import PollingStation
from tests.conftest import staff
from tests.stations.deployment.builders import overseas_station
from tests.stations.deployment.presence.conftest import OnTheDay, hour, released_day

pytestmark = pytest.mark.django_db

ARRIVED, LEFT, IN_AREA = PresenceKind.ARRIVED, PresenceKind.LEFT, PresenceKind.IN_AREA
NOW = hour(6)


def _refused(by: User, *drafts: ReportDraft) -> list[type[DomainError] | None]:
    taken = take_reports(drafts=drafts, device_now=NOW, by=by, at=NOW)
    return [None if row.error is None else type(row.error) for row in taken]


@pytest.mark.parametrize(
    ("client_time", "device_now", "happened_at", "skew"),
    [
        (hour(5, 30), NOW, hour(5, 30), 0),
        (hour(5, 30), hour(5, 59, 56), hour(5, 30), 0),
        (hour(6, 0, 4), hour(6, 0, 4), NOW, 0),
        (hour(5, 30), hour(5, 59, 55), hour(5, 30, 5), -5),
        (hour(6, 30), hour(7), hour(5, 30), 3600),
        (hour(4, 30), hour(5), hour(5, 30), -3600),
        # taken while the clock was ahead, sent after it was put right
        (hour(6, 40), NOW, hour(6), 2400),
        (hour(6, 40), hour(6, 10), hour(6), 2400),
    ],
)
def test_what_a_clock_is_ahead_is_taken_off_and_noted(
    day: OnTheDay,
    lead: User,
    client_time: dt.datetime,
    device_now: dt.datetime,
    happened_at: dt.datetime,
    skew: int,
) -> None:
    draft = day.draft(ARRIVED, client_time, nonce="n", station=0)

    report = report_presence(draft=draft, device_now=device_now, by=lead, at=NOW).report

    assert report is not None
    row = PresenceReport.objects.get()
    assert (row.client_time, row.happened_at, row.skew_seconds) == (client_time, happened_at, skew)
    assert (row.received_at, row.by, row.team, row.team_key) == (NOW, lead, day.first, day.first.key)


def test_a_clock_is_far_off_from_two_minutes_on() -> None:
    assert [is_far_off(seconds) for seconds in (0, 119, 120, -119, -120)] == [False, False, True, False, True]
    assert corrected(hour(5), device_now=NOW, at=NOW).skew_seconds == 0


def test_the_same_nonce_again_is_the_same_report_and_with_other_content_a_conflict(day: OnTheDay, lead: User) -> None:
    draft = day.draft(ARRIVED, hour(5), nonce="n", station=0)
    first = report_presence(draft=draft, device_now=NOW, by=lead, at=NOW)
    again = report_presence(draft=draft, device_now=hour(8), by=lead, at=hour(8))

    assert (first.is_new, again.is_new, again.report) == (True, False, first.report)
    for other in (replace(draft, kind=LEFT), replace(draft, client_time=hour(5, 1))):
        with pytest.raises(NonceReusedError):
            report_presence(draft=other, device_now=NOW, by=lead, at=NOW)
    elsewhere = ReportDraft(day.second.pk, ARRIVED, "n", hour(5), station_id=day.register[0].pk)
    assert report_presence(draft=elsewhere, device_now=NOW, by=lead, at=NOW).is_new  # another team's nonce
    assert PresenceReport.objects.count() == 2


def test_a_batch_tells_of_each_row_and_sinks_none(day: OnTheDay, lead: User) -> None:
    late, early = day.draft(LEFT, hour(5), nonce="b", station=0), day.draft(ARRIVED, hour(4), nonce="a", station=0)
    wrong = day.draft(ARRIVED, hour(5), nonce="c")
    drafts = [late, early, wrong, early, replace(early, kind=LEFT)]

    taken = take_reports(drafts=drafts, device_now=NOW, by=lead, at=NOW)

    assert [type(row.error) for row in taken if row.error] == [PresencePlaceError, NonceReusedError]
    assert [row.error is None for row in taken] == [True, True, False, True, False]
    assert [row.nonce for row in PresenceReport.objects.order_by("happened_at")] == ["a", "b"]
    again = take_reports(drafts=drafts[:2], device_now=NOW, by=lead, at=NOW)
    assert [(row.error, row.is_new) for row in again] == [(None, False), (None, False)]


def test_a_batch_has_a_limit(day: OnTheDay, lead: User) -> None:
    drafts = [day.draft(IN_AREA, hour(4), nonce=str(row)) for row in range(BATCH_LIMIT + 1)]
    with pytest.raises(TooManyReportsError):
        take_reports(drafts=drafts, device_now=NOW, by=lead, at=NOW)


def test_the_number_of_queries_does_not_grow_with_the_batch(
    day: OnTheDay,
    lead: User,
    django_assert_max_num_queries: object,
) -> None:
    drafts = [day.draft(ARRIVED, hour(4), nonce=str(row), station=row % 4) for row in range(120)]
    with django_assert_max_num_queries(10):  # type: ignore[operator]  # a fixture of pytest-django
        take_reports(drafts=drafts, device_now=NOW, by=lead, at=NOW)
    assert PresenceReport.objects.count() == 120


def test_a_place_belongs_to_arrival_and_departure_and_to_the_teams_side(
    day: OnTheDay, lead: User, register: list[PollingStation]
) -> None:
    stranger = PollingStation.objects.get(pk=register[1].pk)
    election = Election.objects.get()
    election.pk, election.code = None, "other"
    election.save()
    stranger.pk, stranger.election = None, election
    stranger.save()
    korea, america = register[15], register[16]
    second_in_korea = overseas_station(day.first.plan.election, "90009", "KOR", "Asia/Seoul")

    def at_home(kind: PresenceKind, station: int | None) -> ReportDraft:
        return ReportDraft(day.first.pk, kind, f"{kind}{station}", hour(5), station_id=station)

    def abroad(station: int) -> ReportDraft:
        return ReportDraft(day.abroad.pk, ARRIVED, f"abroad{station}", hour(5), station_id=station)

    assert _refused(
        lead,
        at_home(IN_AREA, None),
        at_home(IN_AREA, register[0].pk),
        at_home(LEFT, None),
        at_home(ARRIVED, register[14].pk),  # not planned
        at_home(ARRIVED, stranger.pk),
        at_home(ARRIVED, 10**9),
        at_home(ARRIVED, korea.pk),
        abroad(korea.pk),
        abroad(second_in_korea.pk),
        abroad(america.pk),
        abroad(register[0].pk),
    ) == [
        None,
        PresencePlaceError,
        PresencePlaceError,
        None,
        StationElsewhereError,
        StationElsewhereError,
        StationOtherSideError,
        None,
        None,
        StationOtherSideError,
        StationOtherSideError,
    ]


def test_a_visit_is_the_teams_own_and_brings_its_station(day: OnTheDay, lead: User) -> None:
    own, others = day.visits()[1], day.visits(day.second)[0]

    def named(nonce: str, visit: int, station: int | None = None) -> ReportDraft:
        return ReportDraft(day.first.pk, ARRIVED, nonce, hour(5), station_id=station, visit_id=visit)

    assert _refused(
        lead,
        named("a", own.pk),
        named("b", own.pk, own.station_id),
        named("c", own.pk, others.station_id),
        named("d", others.pk),
        named("e", 10**9),
    ) == [None, None, OtherTeamsVisitError, OtherTeamsVisitError, OtherTeamsVisitError]
    assert list(PresenceReport.objects.values_list("station", "visit")) == [(own.station_id, own.pk)] * 2


def test_only_a_released_plan_is_reported_on_and_an_old_team_goes_on_in_the_new_plan(day: OnTheDay, lead: User) -> None:
    draft = copy_plan(plan=day.plan, by=lead, at=hour(3))
    same = Team.objects.get(plan=draft, key=day.first.key)
    in_draft = ReportDraft(same.pk, IN_AREA, "d", hour(4))
    assert _refused(lead, in_draft) == [PlanNotReleasedError]

    DeploymentPlan.objects.filter(pk=day.plan.pk).update(state=PlanState.SUPERSEDED)
    DeploymentPlan.objects.filter(pk=draft.pk).update(state=PlanState.RELEASED, released_at=hour(4))
    Team.objects.get(plan=draft, key=day.second.key).delete()
    old_visit = day.visits()[0]
    old = ReportDraft(day.first.pk, ARRIVED, "o", hour(5), visit_id=old_visit.pk)
    assert _refused(lead, old, replace(old, team_id=same.pk), ReportDraft(day.second.pk, IN_AREA, "x", hour(5))) == [
        None,
        None,
        PlanNotReleasedError,
    ]
    assert PresenceReport.objects.get().team == same


def test_leads_report_for_their_mission_and_nobody_of_the_host_does(
    day: OnTheDay, mission: Mission, lead: User, other_lead: User
) -> None:
    focal = User.objects.create_user("focal@odihr.example", "a long enough password")
    Membership.objects.create(user=focal, mission=mission, role=MembershipRole.FOCAL_POINT)
    planner = staff("planner@ministry.example", "presence.report_presence", "presence.view_presencereport")
    draft = day.draft(IN_AREA, hour(4), nonce="n")

    assert [_refused(user, draft) for user in (focal, other_lead, planner)] == [
        [RefusedError],
        [MissingError],
        [MissingError],
    ]
    Mission.objects.update(plan_sharing=PlanSharing.FULL)
    assert _refused(planner, draft) == [RefusedError]
    assert _refused(lead, draft) == [None]


def test_of_the_pool_the_ministry_reports_and_the_leads_of_those_in_the_team(
    other_mission: Mission, other_lead: User, lead: User, register: list[PollingStation]
) -> None:
    day = released_day(other_mission.election, None, other_mission, register)
    planner = staff("planner@ministry.example", "presence.report_presence")
    looker = staff("looker@ministry.example", "presence.view_presencereport")
    assert other_mission.deployment_mode == DeploymentMode.HOST_COORDINATED

    def tries(user: User) -> list[type[DomainError] | None]:
        return _refused(user, day.draft(IN_AREA, hour(4), nonce=user.email[:30]))

    assert [tries(user) for user in (planner, looker, other_lead, lead)] == [
        [None],
        [RefusedError],
        [None],
        [MissingError],
    ]
