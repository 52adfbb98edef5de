"""Taking in the file of organizations: look first, then commit the whole of it in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import BinaryIO, TypeVar

from django.db import transaction
from django.utils.translation import ngettext

from missions.errors import RosterRefusedError
from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.spreadsheets.reader import read_table
from missions.kernel.spreadsheets.table import FileNotice, ParsedRow, RowFinding, Severity, Table
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Invitation, Mission, Organization, User
from missions.roster.layouts import (
    LIMITS,
    InvitationRow,
    MissionRow,
    OrganizationRow,
    invitation_schema,
    mission_schema,
    organization_schema,
)
from missions.roster.rules import UNSENT, Known, check_invitations, check_missions, check_organizations
from missions.rules import inviters_under
from missions.services.invitations import (
    Note,
    amend_invitation,
    lapse_invitation,
    plan_invitation,
    record_reply,
    send_invitation,
    strike_invitation,
    withdraw_acceptance,
)
from missions.services.missions import MissionFacts, name_heads, settle_mission
from missions.states import InvitationState
from missions.timeline.plan import template_codes

RowT = TypeVar("RowT")
_S = InvitationState
_SHEET_READ = "sheet_read"


@dataclass(frozen=True, slots=True)
class Roster:
    """The three sheets as read and checked; `findings` name their sheet in the column, as in `missions.code`."""

    organizations: tuple[ParsedRow[OrganizationRow], ...]
    missions: tuple[ParsedRow[MissionRow], ...]
    invitations: tuple[ParsedRow[InvitationRow], ...]
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]
    error_count: int

    @property
    def ok(self) -> bool:
        """Whether the file could be committed."""
        return self.error_count == 0


@dataclass(frozen=True, slots=True)
class RosterReport:
    """What a committed file did. `lead_emails` are the missions' codes and the addresses of their leads."""

    added: int
    changed: int
    unchanged: int
    lead_emails: tuple[tuple[str, str], ...]
    findings: tuple[RowFinding, ...]
    notices: tuple[FileNotice, ...]


@dataclass(frozen=True, slots=True)
class _SheetFindings:
    """The findings of one sheet in the order of its rows, with the sheet's name in the column."""

    findings: tuple[RowFinding, ...]
    error_count: int


def preview_roster(source: BinaryIO | bytes, *, file_name: str, election: Election) -> Roster:
    """Read and check the three sheets, with the errors of all rows; nothing is written.

    Raises SpreadsheetError for a file that cannot be read as a whole.
    """
    data = source if isinstance(source, bytes) else source.read(LIMITS.file_bytes + 1)
    organizations = read_table(data, file_name=file_name, schema=organization_schema())
    missions = read_table(data, file_name=file_name, schema=mission_schema())
    invitations = read_table(data, file_name=file_name, schema=invitation_schema())
    known = Known(
        organizations=set(Organization.objects.values_list("acronym", flat=True)),
        missions=dict(Mission.objects.filter(election=election).values_list("code", "organization__acronym")),
        templates=template_codes(),
        inviters=inviters_under(election.profile_code),
    )
    acronyms = {row.value.acronym for row in organizations.rows} | set(known.organizations)
    per_sheet = (
        _sheet("organizations", organizations, check_organizations(organizations.rows)),
        _sheet("missions", missions, check_missions(missions.rows, organizations=acronyms, known=known)),
        _sheet("invitations", invitations, check_invitations(invitations.rows, organizations=acronyms, known=known)),
    )
    return Roster(
        organizations=organizations.rows,
        missions=missions.rows,
        invitations=invitations.rows,
        findings=tuple(finding for sheet in per_sheet for finding in sheet.findings),
        notices=_notices(organizations, missions, invitations),
        error_count=sum(sheet.error_count for sheet in per_sheet),
    )


def commit_roster(
    source: BinaryIO | bytes, *, file_name: str, election: Election, by: User | None, at: datetime
) -> RosterReport:
    """Take in organizations, invitations and missions, all of them or nothing; what is the same stays untouched.

    An invitation walks to its state edge by edge, and settles the places of a mission that is there already.
    Raises SpreadsheetError, RosterRefusedError and what the services raise.
    """
    roster = preview_roster(source, file_name=file_name, election=election)
    _refuse_errors(roster)
    with transaction.atomic():
        Election.objects.select_for_update().get(pk=election.pk)
        outcomes = [
            *(_store_organization(row.value, by=by, at=at) for row in roster.organizations),
            *(_store_invitation(row.value, election, by=by, at=at) for row in roster.invitations),
            *(_store_mission(row, election, by=by, at=at) for row in _parents_first(roster.missions)),
        ]
    return RosterReport(
        added=outcomes.count("added"),
        changed=outcomes.count("changed"),
        unchanged=outcomes.count("unchanged"),
        lead_emails=tuple((row.value.code, row.value.lead_email) for row in roster.missions if row.value.lead_email),
        findings=roster.findings,
        notices=roster.notices,
    )


def _sheet(name: str, table: Table[RowT], checks: Iterable[RowFinding]) -> _SheetFindings:
    found = tuple(checks)
    in_order = sorted((*table.findings, *found), key=lambda finding: finding.row)
    return _SheetFindings(
        findings=tuple(replace(finding, column=f"{name}.{finding.column}") for finding in in_order),
        error_count=table.error_count + len(found),
    )


def _notices(*tables: Table[OrganizationRow] | Table[MissionRow] | Table[InvitationRow]) -> tuple[FileNotice, ...]:
    """What the sheets say, each thing once; that a table is one sheet of several is no news here."""
    notices = (notice for table in tables for notice in table.notices if notice.code != _SHEET_READ)
    return tuple(dict.fromkeys(notices))


def _refuse_errors(roster: Roster) -> None:
    if roster.ok:
        return
    errors = [finding for finding in roster.findings if finding.severity is Severity.ERROR]
    raise RosterRefusedError(
        ngettext(
            "%(count)d error was found; nothing was stored.",
            "%(count)d errors were found; nothing was stored.",
            roster.error_count,
        )
        % {"count": roster.error_count},
        violations=[Violation(f"{error.row}:{error.column}", error.code, error.message) for error in errors],
    )


def _store_organization(row: OrganizationRow, *, by: User | None, at: datetime) -> str:
    values = {"name": row.name, "kind": row.kind, "country": row.country, "is_synthetic": row.synthetic}
    organization, is_new = Organization.objects.get_or_create(acronym=row.acronym, defaults=values)
    changed = [name for name, value in values.items() if getattr(organization, name) != value]
    if not is_new and not changed:
        return "unchanged"
    for name in changed:
        setattr(organization, name, values[name])
    if changed:
        organization.save(update_fields=changed)
    record_event("organization_registered", organization, by=by, at=at, changed=changed)
    return "added" if is_new else "changed"


def _store_invitation(row: InvitationRow, election: Election, *, by: User | None, at: datetime) -> str:
    organization = Organization.objects.get(acronym=row.organization)
    before = Invitation.objects.filter(election=election, organization=organization, inviter=row.inviter).first()
    if before is not None and before.state == row.state:
        return _amend_invitation(before, row, by=by, at=at)
    invitation = plan_invitation(election=election, organization=organization, inviter=row.inviter, by=by, at=at)
    for act in _acts_towards(row, _S(invitation.state)):
        invitation = act(invitation=invitation, by=by, at=at)
    if invitation.state != row.state:
        raise IllegalTransitionError(_S(invitation.state), row.state)
    return "added" if before is None else "changed"


def _amend_invitation(invitation: Invitation, row: InvitationRow, *, by: User | None, at: datetime) -> str:
    """Take over a corrected note or a new ceiling. What was never sent has no note to correct."""
    if row.note_date is None or row.state in UNSENT:
        return "unchanged"
    note = Note(row.note_number, row.note_date, row.addressee, row.ceiling, row.reply_by or invitation.reply_by)
    _amended, changed = amend_invitation(invitation=invitation, note=note, replied_on=row.replied_on, by=by, at=at)
    return "changed" if changed else "unchanged"


def _acts_towards(row: InvitationRow, state: InvitationState) -> Iterable[partial[Invitation]]:
    """The services that lead from a state to the row's; an edge that the table lacks is refused by the service."""
    if row.state == _S.NOT_INVITED:
        return [partial(strike_invitation)]
    acts: list[partial[Invitation]] = []
    if state == _S.PLANNED and row.state != _S.PLANNED and row.note_date is not None:
        note = Note(row.note_number, row.note_date, row.addressee, row.ceiling, row.reply_by)
        acts.append(partial(send_invitation, note=note))
    if row.state == _S.LAPSED:
        acts.append(partial(lapse_invitation))
    if row.replied_on is not None and row.state in (_S.ACCEPTED, _S.DECLINED, _S.WITHDRAWN) and state != _S.ACCEPTED:
        acts.append(partial(record_reply, accepted=row.state != _S.DECLINED, replied_on=row.replied_on))
    if row.state == _S.WITHDRAWN:
        acts.append(partial(withdraw_acceptance))
    return acts


def _store_mission(row: ParsedRow[MissionRow], election: Election, *, by: User | None, at: datetime) -> str:
    facts = row.value
    organization = Organization.objects.filter(acronym=facts.organization).first()
    is_new = not Mission.objects.filter(election=election, code=facts.code).exists()
    mission, settled = settle_mission(
        election=election,
        facts=MissionFacts(
            code=facts.code,
            name=facts.name,
            kind=facts.kind,
            deployment_mode=facts.deployment_mode,
            organization=organization,
            parent=Mission.objects.filter(election=election, code=facts.parent).first(),
            template_code=facts.template,
        ),
        by=by,
        at=at,
    )
    named = name_heads(mission=mission, heads=facts.heads, delegations=facts.delegations, by=by, at=at)
    if is_new:
        return "added"
    return "changed" if settled or named else "unchanged"


def _parents_first(rows: Sequence[ParsedRow[MissionRow]]) -> list[ParsedRow[MissionRow]]:
    """Rows so that a parent in the file comes before its children."""
    by_code = {row.value.code: row for row in rows}

    def depth(row: ParsedRow[MissionRow]) -> int:
        above = by_code.get(row.value.parent)
        return 0 if above is None else 1 + depth(above)

    return sorted(rows, key=depth)
