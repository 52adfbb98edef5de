"""Facts asked of all apps, and what a timeline makes of them."""

import datetime as dt
from collections.abc import Collection, Iterator

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from missions.models import Election, Mission, Organization
from missions.states import DeploymentMode, MissionKind, OrganizationKind
from missions.timeline.models import Milestone
from missions.timeline.plan import ProvenBy
from missions.timeline.progress import Fact, facts_of
from missions.timeline.selectors import Standing, TimelineRow, timeline_rows, timelines_of
from missions.timeline.services.laying import lay_timeline

pytestmark = pytest.mark.django_db
ARRIVED = dt.datetime(2024, 2, 4, 15, tzinfo=dt.UTC)
EVENING = dt.datetime(2024, 2, 4, 20, tzinfo=dt.UTC)


class Says:
    """A provider that knows one fact of every mission it is asked about, or of a single one."""

    def __init__(self, code: ProvenBy, words: str, only: int | None = None) -> None:
        self.code, self.words, self.only = code, words, only

    def facts_of(self, mission_ids: Collection[int], *, at: dt.datetime) -> Iterator[Fact]:
        for mission_id in mission_ids:
            if self.only in (None, mission_id):
                yield Fact(mission_id, self.code, ARRIVED, self.words)


first = Says(ProvenBy.ARRIVED, "seen at the airport")
second = Says(ProvenBy.ARRIVED, "seen at the hotel")
public = Says(ProvenBy.STATEMENT_PUBLIC, "the statement is public")


@pytest.fixture
def facts(settings: Settings) -> None:
    settings.PROGRESS_SOURCES = [f"{__name__}.first", f"{__name__}.second"]


def _row(rows: tuple[TimelineRow, ...], code: str) -> TimelineRow:
    return next(row for row in rows if row.code == code)


@pytest.mark.usefixtures("facts")
def test_the_earlier_source_is_believed_and_nobody_is_asked_about_nothing(mission: Mission) -> None:
    found = facts_of([mission.pk], at=EVENING)

    assert [(key, fact.words) for key, fact in found.items()] == [((mission.pk, "arrived"), "seen at the airport")]
    assert facts_of([], at=EVENING) == {}


@pytest.mark.usefixtures("facts")
def test_a_step_is_made_when_its_fact_is_true_and_a_mark_counts_more(other_mission: Mission, at: dt.datetime) -> None:
    lay_timeline(mission=other_mission, by=None, at=at)

    proven = _row(timeline_rows(other_mission, at=EVENING), "arrival")
    assert (proven.actual, proven.proof, proven.standing) == (ARRIVED, "seen at the airport", Standing.DONE)

    Milestone.objects.filter(code="arrival").update(actual_at=EVENING)
    marked = _row(timeline_rows(other_mission, at=EVENING), "arrival")
    assert (marked.actual, str(marked.proof)) == (EVENING, "noted by hand")


def test_how_each_step_stands(other_mission: Mission, settings: Settings, at: dt.datetime) -> None:
    settings.PROGRESS_SOURCES = []
    lay_timeline(mission=other_mission, by=None, at=at)
    Milestone.objects.filter(code="count").update(cancelled_at=at)
    after_the_meeting = dt.datetime(2024, 2, 5, 8, tzinfo=dt.UTC)

    rows = timeline_rows(other_mission, at=after_the_meeting)

    assert [(row.code, row.standing.value) for row in rows] == [
        ("applications_in", "late"),
        ("accreditation", "late"),
        ("arrival", "late"),
        ("ministry_meeting", "passed"),
        ("badges_collected", "coming"),
        ("commission_meeting", "coming"),
        ("plan_released", "coming"),
        ("opening", "coming"),
        ("count", "cancelled"),
        ("statement", "coming"),
        ("departure", "coming"),
    ]


def test_a_shared_step_is_proven_by_the_fact_of_the_mission_above(
    mission: Mission, settings: Settings, at: dt.datetime
) -> None:
    whole = Mission.objects.create(
        election=mission.election,
        code="IEOM",
        name="Joint",
        kind=MissionKind.JOINT,
        deployment_mode=DeploymentMode.SELF_DIRECTED,
        template_code="joint",
    )
    Mission.objects.filter(pk=mission.pk).update(parent=whole)
    for one in (whole, mission):
        lay_timeline(mission=one, by=None, at=at)
    public.only = whole.pk
    settings.PROGRESS_SOURCES = [f"{__name__}.public"]

    row = _row(timeline_rows(mission, at=EVENING), "statement")

    assert (row.actual, row.follows) == (ARRIVED, "IEOM")


def test_rows_tell_what_is_amiss_and_speak_the_language_asked_for(
    other_mission: Mission, settings: Settings, at: dt.datetime
) -> None:
    settings.PROGRESS_SOURCES = []
    lay_timeline(mission=other_mission, by=None, at=at)
    Milestone.objects.filter(code="ministry_meeting").update(planned_at=at)
    Milestone.objects.filter(code="departure").update(title="Flight home")

    rows = timeline_rows(other_mission, at=at, language="fr")

    meeting = rows[0]
    assert [(row.code, row.other) for row in meeting.violations] == [("out_of_order", "arrival")]
    assert (meeting.title, meeting.predecessors) == ("Rencontre au ministère", ("arrival",))
    assert _row(rows, "departure").title == "Flight home"
    russian = timeline_rows(other_mission, at=at, language="ru")
    assert _row(russian, "arrival").title == "Делегация прибывает"


def test_a_timeline_is_readable_without_template_profile_or_zone(other_mission: Mission, at: dt.datetime) -> None:
    lay_timeline(mission=other_mission, by=None, at=at)
    Mission.objects.update(template_code="gone")
    Election.objects.update(profile_code="gone")
    Milestone.objects.filter(code="arrival").update(time_zone="US/Pacific-New")

    rows = timeline_rows(other_mission, at=at, language="fr")

    assert [violation.code for row in rows for violation in row.violations] == ["zone_unknown"]
    assert _row(rows, "arrival").title == "Delegation arrives"


def test_72_timelines_take_as_many_queries_as_one(
    election: Election, at: dt.datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    organizations = Organization.objects.bulk_create(
        Organization(acronym=f"O-{n}", name=f"O-{n}", kind=OrganizationKind.IGO) for n in range(72)
    )
    missions = Mission.objects.bulk_create(
        Mission(
            election=election,
            organization=organization,
            code=organization.acronym,
            name=organization.name,
            kind=MissionKind.DELEGATION,
            deployment_mode=DeploymentMode.HOST_COORDINATED,
            template_code="short-delegation",
        )
        for organization in organizations
    )
    lay_timeline(mission=missions[0], by=None, at=at)
    laid = list(Milestone.objects.all())
    for row in laid:
        row.pk = None
    for mission in missions[1:]:
        for row in laid:
            row.mission = mission
        Milestone.objects.bulk_create(laid)
        for row in laid:
            row.pk = None
    with CaptureQueriesContext(connection) as captured:
        timeline_rows(missions[0], at=at)
    with django_assert_num_queries(len(captured)):
        found = timelines_of([mission.pk for mission in missions], at=at)

    assert (len(found), sum(len(rows) for rows in found.values())) == (72, 72 * 11)


def test_no_missions_have_no_timelines(at: dt.datetime) -> None:
    assert timelines_of([], at=at) == {}
