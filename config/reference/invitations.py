"""The rows of organizations.xlsx: organizations, missions, and the notes that invite them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

from config.reference.people import delegation_names
from config.reference.senders import Calendar, Sender, Senders
from missions.kernel.spreadsheets.writer import OutputValue, SheetContent

LEAD = "lead@{code}.example"
NOTE = "{inviter}/{number:03d}-23"


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One row of the first sheet; the fields are its columns."""

    acronym: str
    name: str
    kind: str
    country: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class MissionRow:
    """One row of the second sheet; the fields are its columns."""

    code: str
    organization: str
    name: str
    kind: str
    parent: str
    deployment_mode: str
    template: str
    heads: str
    delegations: str
    lead_email: str


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One row of the third sheet; the fields are its columns."""

    organization: str
    inviter: str
    state: str
    note_number: str
    note_date: dt.date | None
    addressee: str
    ceiling: int | None
    replied_on: dt.date | None


def organization_sheets(data: Senders, others: Sequence[Sender]) -> tuple[SheetContent, ...]:
    """The three sheets of organizations.xlsx; the `others` come without an invitation."""
    return _sheets(data, others, list(_invitations(data)))


def planned_sheets(data: Senders, others: Sequence[Sender]) -> tuple[SheetContent, ...]:
    """The same sheets as they were before the first note went out: every invitation is planned."""
    rows = [
        InvitationRow(row.organization, row.inviter, "planned", "", None, "", None, None) for row in _invitations(data)
    ]
    return _sheets(data, others, rows)


def _sheets(data: Senders, others: Sequence[Sender], rows: Sequence[InvitationRow]) -> tuple[SheetContent, ...]:
    return (
        _sheet("organizations", OrganizationRow, list(_organizations(data, others))),
        _sheet("missions", MissionRow, list(_missions(data, others))),
        _sheet("invitations", InvitationRow, rows),
    )


def _sheet(name: str, row_type: type, rows: Sequence[OrganizationRow | MissionRow | InvitationRow]) -> SheetContent:
    columns = [field.name for field in fields(row_type)]
    return SheetContent(name, columns, [[_cell(getattr(row, column)) for column in columns] for row in rows])


def _cell(value: OutputValue) -> OutputValue:
    return ("yes" if value else "no") if isinstance(value, bool) else value


def _organizations(data: Senders, others: Iterable[Sender]) -> Iterator[OrganizationRow]:
    for sender in (*data.senders, *others):
        yield OrganizationRow(sender.acronym, sender.name, sender.kind, sender.country, sender.is_synthetic)
    for other in data.bystanders:
        yield OrganizationRow(other.acronym, other.name, other.kind, "", other.is_synthetic)


def _missions(data: Senders, others: Iterable[Sender]) -> Iterator[MissionRow]:
    for joint in data.joint:
        heads = "; ".join(f"{name} ({title})" for name, title in joint.heads)
        yield MissionRow(
            code=joint.code,
            organization="",
            name=joint.name,
            kind="joint",
            parent="",
            deployment_mode="self_directed",
            template=joint.template,
            heads=heads,
            delegations="",
            lead_email=LEAD.format(code=joint.code.lower()),
        )
    for sender in (*data.senders, *others):
        yield MissionRow(
            code=sender.code,
            organization=sender.acronym,
            name=sender.name,
            kind=sender.mission_kind,
            parent=sender.parent,
            deployment_mode=sender.mode,
            template=sender.template,
            heads="; ".join(f"{head.latin} ({head.title})" for head in sender.reported),
            delegations="; ".join(name for name in delegation_names(sender)),
            lead_email=LEAD.format(code=sender.code.lower()),
        )


def _invitations(data: Senders) -> Iterator[InvitationRow]:
    for number, sender in enumerate(data.senders, start=1):
        yield _accepted(sender, number, data.calendar)
    for number, other in enumerate(data.bystanders, start=len(data.senders) + 1):
        is_sent = other.state != "not_invited"
        yield InvitationRow(
            organization=other.acronym,
            inviter=other.inviter,
            state=other.state,
            note_number=NOTE.format(inviter=other.inviter.upper(), number=number) if is_sent else "",
            note_date=data.calendar.notes_from if is_sent else None,
            addressee=other.name if is_sent else "",
            ceiling=None,
            replied_on=data.calendar.replies_by if is_sent else None,
        )


def _accepted(sender: Sender, number: int, calendar: Calendar) -> InvitationRow:
    """Notes go out over ten days; replies follow within ten."""
    note_date = calendar.notes_from + dt.timedelta(days=number % 10)
    replied_on = min(note_date + dt.timedelta(days=4 + number % 7), calendar.replies_by)
    return InvitationRow(
        organization=sender.acronym,
        inviter=sender.inviter,
        state="accepted",
        note_number=NOTE.format(inviter=sender.inviter.upper(), number=number),
        note_date=note_date,
        addressee=sender.name,
        ceiling=sender.ceiling,
        replied_on=replied_on,
    )
