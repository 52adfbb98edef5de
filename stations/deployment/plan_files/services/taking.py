"""Taking files with plans in, each whole or not at all, and discarding them."""

import datetime as dt
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from django.db import transaction

from missions.kernel.events import record_event
from missions.kernel.spreadsheets.reader import read_records
from missions.kernel.spreadsheets.table import ParsedRow
from missions.kernel.transitions import ensure_transition
from missions.models import Constituency, User
from stations.deployment.models import AreaOfResponsibility, DeploymentPlan, Team, TeamMember, Visit, VisitPlan
from stations.deployment.open_places import closed_places
from stations.deployment.plan_files.checks import CheckedFile, FileTeam, check_rows
from stations.deployment.plan_files.errors import PlanFileRefusedError, PlanOfFileStandsError
from stations.deployment.plan_files.known import known_for
from stations.deployment.plan_files.layout import plan_schema
from stations.deployment.plan_files.models import PlanFile, PlanFileRow
from stations.deployment.plan_files.selectors import errors_of
from stations.deployment.plan_files.services.staging import errors_in, findings_by_row, has_error, record
from stations.deployment.plan_files.states import FILE_TRANSITIONS, FileState
from stations.deployment.problem_rows import deployable, people_of
from stations.deployment.records import OBSERVER, OVERSEAS_STATION, LeftOut, left_out_to_json
from stations.deployment.services.storing import BATCH, new_version
from stations.deployment.states import LeftOutReason, PlanState
from stations.models import PollingStation
from stations.states import StationKind


def take_plan_file(*, plan_file: PlanFile, by: User | None, at: dt.datetime) -> PlanFile:
    """Make a draft of a file: the next version of its owner, to be judged, changed and released as every other.

    All rows are held against the accreditations and the register of this moment once more; if one has an error, no
    plan is made, and the rows keep what was found. Teams with the numbers of teams in the version before go on under
    their keys. Taken in before, nothing changes. Records `plan_made` and `plan_file_taken`. Raises
    PlanFileRefusedError, or IllegalTransitionError for a discarded file.
    """
    with transaction.atomic():
        file = _locked(plan_file)
        if file.state == FileState.TAKEN:
            return file
        source = FileState(file.state)
        ensure_transition(FILE_TRANSITIONS, source, FileState.TAKEN)
        checked = _check_again(file)
        if checked is not None:
            file.plan = _store(file, checked, by=by, at=at)
            file.state, file.closed_at, file.closed_by = FileState.TAKEN, at, by
            file.save(update_fields=["plan", "state", "closed_at", "closed_by"])
            record("plan_file_taken", file, from_state=source, by=by, at=at)
    if checked is None:
        raise PlanFileRefusedError(errors_of(file))
    return file


def discard_plan_file(*, plan_file: PlanFile, reason: str = "", by: User | None, at: dt.datetime) -> PlanFile:
    """Put a file away; the same one may be sent again. Records `plan_file_discarded`.

    Raises PlanOfFileStandsError while the plan that was made of it was not discarded, IllegalTransitionError.
    """
    with transaction.atomic():
        file = _locked(plan_file)
        source = FileState(file.state)
        ensure_transition(FILE_TRANSITIONS, source, FileState.DISCARDED)
        if file.plan is not None and file.plan.state != PlanState.DISCARDED:
            raise PlanOfFileStandsError
        file.state, file.closed_at, file.closed_by = FileState.DISCARDED, at, by
        file.save(update_fields=["state", "closed_at", "closed_by"])
        record("plan_file_discarded", file, from_state=source, reason=reason, by=by, at=at)
    return file


def _locked(plan_file: PlanFile) -> PlanFile:
    rows = PlanFile.objects.select_for_update(of=("self",)).select_related("election", "mission", "base", "plan")
    return rows.get(pk=plan_file.pk)


def _check_again(file: PlanFile) -> CheckedFile | None:
    """Judge the rows by what is known now, and keep what is found. None if the file has errors."""
    stored = list(file.rows.order_by("number"))
    if not all(row.is_readable for row in stored):
        return None
    numbers = [row.number for row in stored]
    table = read_records([row.cells for row in stored], schema=plan_schema())
    rows = [ParsedRow(numbers[row.number - 1], row.value) for row in table.rows]
    known = known_for(file.election, file.mission, file.base, (row.value for row in rows))
    checked = check_rows(rows, known)
    read = (replace(finding, row=numbers[finding.row - 1]) for finding in table.findings)
    findings = findings_by_row((*read, *checked.findings))
    for row in stored:
        row.findings = findings.get(row.number, [])
        row.has_errors = has_error(row.findings)
    PlanFileRow.objects.bulk_update(stored, ["findings", "has_errors"], batch_size=BATCH)
    file.error_count = table.error_count + errors_in(checked)
    file.warning_count = table.warning_count + len(checked.findings) - errors_in(checked)
    file.save(update_fields=["error_count", "warning_count"])
    return None if file.error_count else checked


def _store(file: PlanFile, checked: CheckedFile, *, by: User | None, at: dt.datetime) -> DeploymentPlan:
    plan = new_version(file.election, file.mission, made_from=file.base, at=at)
    plan.left_out = left_out_to_json(_left_out(file, checked))
    plan.save()
    areas = _store_areas(plan, checked)
    _store_visits(plan, _store_teams(plan, checked, areas), checked.teams)
    record_event("plan_made", plan, by=by, at=at, scope_id=plan.mission_id, is_private=plan.is_private)
    return plan


def _store_areas(plan: DeploymentPlan, checked: CheckedFile) -> Mapping[str, AreaOfResponsibility]:
    areas = AreaOfResponsibility.objects.bulk_create(
        (AreaOfResponsibility(plan=plan, name=name) for name in checked.areas), batch_size=BATCH
    )
    keys = _places(plan)
    through = AreaOfResponsibility.constituencies.through
    through.objects.bulk_create(
        (
            through(areaofresponsibility_id=area.pk, constituency_id=keys[number])
            for area in areas
            for number in checked.areas[area.name]
        ),
        batch_size=BATCH,
    )
    return {area.name: area for area in areas}


def _store_teams(
    plan: DeploymentPlan, checked: CheckedFile, areas: Mapping[str, AreaOfResponsibility]
) -> Sequence[Team]:
    keys, places = dict(Team.objects.filter(plan=plan.made_from_id).values_list("number", "key")), _places(plan)
    teams = Team.objects.bulk_create(
        (
            Team(
                plan=plan,
                number=team.number,
                key=keys.get(team.number) or uuid.uuid4(),
                kind=team.kind,
                area=areas.get(team.area),
                constituency_id=None if team.constituency is None else places[team.constituency],
                country=team.country,
                is_pair_pinned=team.is_pair_pinned,
                is_place_pinned=team.is_place_pinned,
            )
            for team in checked.teams
        ),
        batch_size=BATCH,
    )
    TeamMember.objects.bulk_create(
        (
            TeamMember(
                plan=plan,
                team=team,
                observer_id=member.observer_id,
                nomination_id=member.nomination_id,
                is_leader=member.is_leader,
            )
            for team, drafted in zip(teams, checked.teams, strict=True)
            for member in drafted.members
        ),
        batch_size=BATCH,
    )
    return teams


def _store_visits(plan: DeploymentPlan, teams: Sequence[Team], drafted: Sequence[FileTeam]) -> None:
    going = [(team, one) for team, one in zip(teams, drafted, strict=True) if one.visits]
    day = plan.election.e_day
    days = VisitPlan.objects.bulk_create((VisitPlan(team=team, day=day) for team, _ in going), batch_size=BATCH)
    Visit.objects.bulk_create(
        (
            Visit(
                visit_plan=visit_plan,
                order=order,
                station_id=visit.station.key,
                kind=visit.kind,
                arrives_at=visit.arrives_at,
                leaves_at=visit.leaves_at,
                meal_at=visit.meal_at,
                is_pinned=visit.is_pinned,
            )
            for visit_plan, (_team, one) in zip(days, going, strict=True)
            for order, visit in enumerate(one.visits, start=1)
        ),
        batch_size=BATCH,
    )


def _places(plan: DeploymentPlan) -> Mapping[int, int]:
    return dict(Constituency.objects.filter(election=plan.election_id).values_list("number", "pk"))


def _left_out(file: PlanFile, checked: CheckedFile) -> Iterator[LeftOut]:
    """Whom the file gives no task; and for the pool, whose task they are, the stations abroad that it does not name."""
    members = {member.observer_id for team in checked.teams for member in team.members}
    owner = (file.election, file.mission)
    fit, unfit = deployable(people_of(*owner), file.election, closed_places(*owner))
    for row in unfit:
        if idle := tuple(key for key in row.ids if key not in members):
            yield LeftOut(OBSERVER, row.reason, idle)
    if people := tuple(person.observer_id for person in fit if person.observer_id not in members):
        yield LeftOut(OBSERVER, LeftOutReason.BY_HAND, people)
    if file.mission is not None:
        return
    visited = {visit.station.key for team in checked.teams for visit in team.visits}
    abroad = PollingStation.objects.filter(election=file.election, kind=StationKind.OVERSEAS).in_use()
    keys = abroad.order_by("code").values_list("pk", flat=True)
    if empty := tuple(key for key in keys if key not in visited):
        yield LeftOut(OVERSEAS_STATION, LeftOutReason.BY_HAND, empty)
