"""What the rows of the three sheets must say to each other. Pure: rows and known codes in, findings out."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.table import ParsedRow, RowFinding
from missions.roster.layouts import InvitationRow, MissionRow, OrganizationRow
from missions.rules import date_violations
from missions.states import InvitationState, Inviter, MissionKind

UNSENT = (InvitationState.PLANNED, InvitationState.NOT_INVITED)
_ANSWERED = (InvitationState.ACCEPTED, InvitationState.DECLINED, InvitationState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Known:
    """What there is already (missions with the acronym of their sender), which templates, and who may invite."""

    organizations: Collection[str]
    missions: Mapping[str, str | None]
    templates: Collection[str]
    inviters: Collection[Inviter]


def check_organizations(rows: Iterable[ParsedRow[OrganizationRow]]) -> Iterator[RowFinding]:
    """An acronym stands once."""
    yield from _twice([(row.number, row.value.acronym) for row in rows], "acronym")


def check_missions(
    rows: tuple[ParsedRow[MissionRow], ...], *, organizations: Collection[str], known: Known
) -> Iterator[RowFinding]:
    """Codes and senders stand once; sender, parent and template exist; no mission is above itself."""
    yield from _twice([(row.number, row.value.code) for row in rows], "code")
    senders = [(row.number, row.value.organization) for row in rows if row.value.organization]
    yield from _twice(senders, "organization")
    parents = {row.value.code: row.value.parent for row in rows}
    codes = {sender: code for code, sender in known.missions.items() if sender}
    for row in rows:
        mission = row.value
        if codes.get(mission.organization, mission.code) != mission.code:
            message = _("The organization has a mission under another code.")
            yield _error(row.number, "code", "organization_has_mission", message, codes[mission.organization])
        if mission.kind != MissionKind.JOINT and not mission.organization:
            yield _error(row.number, "organization", "organization_missing", _("Only a joint mission has no sender."))
        if mission.organization and mission.organization not in organizations:
            yield _unknown(row.number, "organization", mission.organization)
        if mission.parent and mission.parent not in parents and mission.parent not in known.missions:
            yield _unknown(row.number, "parent", mission.parent)
        if _is_own_ancestor(mission.code, parents):
            yield _error(row.number, "parent", "parent_circle", _("A mission cannot be above itself."))
        if mission.template and mission.template not in known.templates:
            yield _unknown(row.number, "template", mission.template)


def check_invitations(
    rows: tuple[ParsedRow[InvitationRow], ...], *, organizations: Collection[str], known: Known
) -> Iterator[RowFinding]:
    """One invitation per organization and lawful inviter; what was sent has a note, what was answered a later day."""
    pairs = [(row.number, f"{row.value.organization} · {row.value.inviter}") for row in rows]
    yield from _twice(pairs, "organization")
    for row in rows:
        invitation = row.value
        if invitation.organization not in organizations:
            yield _unknown(row.number, "organization", invitation.organization)
        if invitation.state not in UNSENT and not (invitation.note_number and invitation.note_date):
            yield _error(row.number, "note_number", "note_missing", _("What was sent has a note with number and date."))
        if invitation.state in _ANSWERED and invitation.replied_on is None:
            yield _error(row.number, "replied_on", "reply_date_missing", _("Say on which day they answered."))
        if invitation.inviter not in known.inviters:
            message = _("The law of this election does not let this authority invite.")
            yield _error(row.number, "inviter", "inviter_not_allowed", message, invitation.inviter)
        if invitation.note_date is not None:
            faults = date_violations(
                noted_on=invitation.note_date, reply_by=invitation.reply_by, replied_on=invitation.replied_on
            )
            yield from (_error(row.number, fault.field, _code(fault.code), fault.detail) for fault in faults)


def _code(code: str) -> str:
    """A code of the domain as files write it."""
    return code.replace("-", "_")


def _is_own_ancestor(code: str, parents: dict[str, str]) -> bool:
    seen, above = set(), parents.get(code, "")
    while above and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = parents.get(above, "")
    return False


def _twice(values: list[tuple[int, str]], column: str) -> Iterator[RowFinding]:
    counts = Counter(value.casefold() for _row, value in values)
    for row, value in values:
        if counts[value.casefold()] > 1:
            yield _error(row, column, "stands_twice", _("This stands in more than one row."), value)


def _unknown(row: int, column: str, value: str) -> RowFinding:
    return _error(row, column, "not_known", _("Neither the file nor the database has this."), value)


def _error(row: int, column: str, code: str, message: str, value: str = "") -> RowFinding:
    return RowFinding(row=row, column=column, code=code, message=message, value=value)
