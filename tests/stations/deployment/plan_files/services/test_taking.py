"""From a file to a draft: what was exported comes back as the same plan, and a file is taken in whole or not at all."""

import datetime as dt
import io

import openpyxl
import pytest

from accreditation.models import Accreditation
from accreditation.states import AccreditationState
from missions.kernel.models import Event
from missions.models import Mission, User
from stations.deployment.findings import judgement_of
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, TeamMember, Visit
from stations.deployment.plan_files.errors import PlanFileRefusedError, PlanOfFileStandsError
from stations.deployment.plan_files.models import PlanFile
from stations.deployment.plan_files.services.taking import discard_plan_file, take_plan_file
from stations.deployment.plan_files.writing import FileType, plan_as_file
from stations.deployment.records import LeftOut, left_out_from_json
from stations.deployment.services.plans import discard_plan
from stations.deployment.states import LeftOutReason
from tests.stations.deployment.plan_files.conftest import Desk, Send, codes_of, rows_of

pytestmark = pytest.mark.django_db


def whole(plan: DeploymentPlan) -> dict[str, list[tuple[object, ...]]]:
    """All that a plan consists of, without the keys of its rows."""
    areas = AreaOfResponsibility.objects.filter(plan=plan).order_by("name")
    return {
        "areas": [(area.name, *area.constituencies.order_by("number")) for area in areas],
        "teams": list(
            Team.objects.filter(plan=plan)
            .order_by("number")
            .values_list("number", "kind", "area__name", "constituency", "country", "is_pair_pinned", "is_place_pinned")
        ),
        "members": list(
            TeamMember.objects.filter(plan=plan)
            .order_by("team__number", "observer")
            .values_list("team__number", "observer", "nomination", "is_leader")
        ),
        "visits": list(
            Visit.objects.filter(visit_plan__team__plan=plan)
            .order_by("visit_plan__team__number", "order")
            .values_list(
                "visit_plan__team__number", "visit_plan__day", "order", "station", "kind", "arrives_at", "leaves_at",
                "meal_at", "is_pinned",
            )
        ),
    }  # fmt: skip


@pytest.mark.parametrize("file_type", FileType)
def test_an_exported_plan_comes_back_as_it_was(
    desk: Desk, send: Send, lead: User, at: dt.datetime, file_type: FileType
) -> None:
    AreaOfResponsibility.objects.filter(plan=desk.plan, name="South").update(name="=South")
    lunch = Visit.objects.get(visit_plan__team__plan=desk.plan, visit_plan__team__number=1, order=3)
    Visit.objects.filter(pk=lunch.pk).update(meal_at=lunch.arrives_at - dt.timedelta(minutes=30))
    data = plan_as_file(desk.plan, file_type)

    staged = send(data, file_name=f"plan.{file_type}", base=desk.plan)
    taken = take_plan_file(plan_file=staged.plan_file, by=lead, at=at)

    plan = taken.plan
    assert plan is not None
    assert whole(plan) == whole(desk.plan)
    assert (plan.version, plan.state, plan.made_from) == (2, "draft", desk.plan)
    keys = [set(Team.objects.filter(plan=one).values_list("number", "key")) for one in (plan, desk.plan)]
    assert keys[0] == keys[1]
    assert codes_of(taken) == []
    assert left_out_from_json(plan.left_out) == (LeftOut("observer", LeftOutReason.BY_HAND, (desk.idle.pk,)),)
    verbs = Event.objects.filter(scope_id=desk.plan.mission_id).order_by("pk").values_list("verb", "is_private")
    assert list(verbs) == [("plan_file_uploaded", True), ("plan_made", True), ("plan_file_taken", True)]


def test_without_the_version_before_areas_are_those_of_the_file(
    desk: Desk, send: Send, lead: User, at: dt.datetime
) -> None:
    """Of the constituencies where nobody works the file says nothing."""
    taken = take_plan_file(plan_file=send(rows_of(desk.plan)).plan_file, by=lead, at=at)

    areas = AreaOfResponsibility.objects.filter(plan=taken.plan).order_by("name")
    numbers = [(area.name, [place.number for place in area.constituencies.order_by("number")]) for area in areas]
    assert numbers == [("North", [1]), ("South", [3])]
    assert taken.plan is not None
    assert taken.plan.made_from is None
    known = Team.objects.filter(plan=desk.plan).values("key")
    assert not Team.objects.filter(plan=taken.plan, key__in=known).exists()


def test_a_plan_that_was_changed_in_a_spreadsheet_is_judged_by_the_same_rules(
    desk: Desk, send: Send, lead: User, at: dt.datetime
) -> None:
    workbook = openpyxl.load_workbook(io.BytesIO(plan_as_file(desk.plan, FileType.XLSX)))
    sheet = workbook["plan"]
    place = {cell.value: number for number, cell in enumerate(sheet[1])}
    first = next(row for row in sheet.iter_rows(min_row=2) if row[place["kind"]].value == "voting")
    assert (first[place["arrives"]].value, first[place["leaves"]].value) == ("13:15", "18:00")
    first[place["leaves"]].value = dt.time(13, 25)  # as a spreadsheet stores what somebody types
    first[place["station"]].value = 102  # the zeros are lost
    buffer = io.BytesIO()
    workbook.save(buffer)

    taken = take_plan_file(plan_file=send(buffer.getvalue(), file_name="p.xlsx").plan_file, by=lead, at=at)

    visit = Visit.objects.get(visit_plan__team__plan=taken.plan, visit_plan__team__number=1, kind="voting")
    assert visit.station == desk.stations[1]
    assert visit.leaves_at == dt.datetime(2024, 2, 7, 9, 25, tzinfo=dt.UTC)
    assert taken.plan is not None
    found = {one.finding.code for one in judgement_of(taken.plan, at=at).findings if one.finding.team == 1}
    before = {one.finding.code for one in judgement_of(desk.plan, at=at).findings if one.finding.team == 1}
    assert found - before == {"r16-short-visit"}
    assert codes_of(taken) == [(5, "station", "number_in_code_column")]


def test_the_same_file_twice_changes_nothing(desk: Desk, send: Send, lead: User, at: dt.datetime) -> None:
    rows = rows_of(desk.plan)
    first = send(rows)
    taken = take_plan_file(plan_file=first.plan_file, by=lead, at=at)
    events = Event.objects.count()

    again = send(rows)
    taken_again = take_plan_file(plan_file=again.plan_file, by=lead, at=at)

    assert (first.is_known, again.is_known, again.plan_file, taken_again.plan) == (False, True, taken, taken.plan)
    assert (PlanFile.objects.count(), DeploymentPlan.objects.count(), Event.objects.count()) == (1, 2, events)


def test_a_file_is_sent_again_once_its_plan_was_discarded(desk: Desk, send: Send, lead: User, at: dt.datetime) -> None:
    file = take_plan_file(plan_file=send(rows_of(desk.plan)).plan_file, by=lead, at=at)
    assert file.plan is not None
    with pytest.raises(PlanOfFileStandsError):
        discard_plan_file(plan_file=file, by=lead, at=at)

    discard_plan(plan=file.plan, by=lead, at=at)
    discard_plan_file(plan_file=file, reason="Wrong day", by=lead, at=at)

    assert send(rows_of(desk.plan)).is_known is False


def test_what_has_changed_since_the_file_was_looked_at_keeps_it_out(
    desk: Desk, send: Send, lead: User, at: dt.datetime
) -> None:
    file = send(rows_of(desk.plan)).plan_file
    Accreditation.objects.filter(observer=desk.people[0]).update(state=AccreditationState.SUSPENDED, reason="Asked")

    with pytest.raises(PlanFileRefusedError) as refused:
        take_plan_file(plan_file=file, by=lead, at=at)

    assert [(v.field, v.code) for v in refused.value.violations] == [("2:observer", "observer_suspended")]
    file.refresh_from_db()
    assert (file.state, file.error_count, codes_of(file)) == ("staged", 1, [(2, "observer", "observer_suspended")])
    assert DeploymentPlan.objects.count() == 1
    Accreditation.objects.filter(observer=desk.people[0]).update(state=AccreditationState.ACTIVE, reason="")
    assert take_plan_file(plan_file=file, by=lead, at=at).plan is not None


def test_a_file_with_unreadable_cells_is_never_taken(desk: Desk, send: Send, lead: User, at: dt.datetime) -> None:
    rows = rows_of(desk.plan)
    rows[2]["arrives"] = "eight"
    file = send(rows).plan_file

    with pytest.raises(PlanFileRefusedError) as refused:
        take_plan_file(plan_file=file, by=lead, at=at)

    assert [(v.field, v.code) for v in refused.value.violations] == [("4:arrives", "invalid_time")]
    assert file.rows.get(number=4).cells["arrives"] == "eight"


def test_the_pool_tells_which_stations_abroad_the_file_leaves_out(
    desk: Desk, other_mission: Mission, send: Send, at: dt.datetime
) -> None:
    from_pool = [{"team": "1", "reference": "R1", "country": "KOR"}]
    file = send(from_pool, mission=None).plan_file

    assert codes_of(file) == [(2, "reference", "observer_unknown")]
