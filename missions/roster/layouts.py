"""The three sheets of the file, with their headers in three languages."""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from django.utils.translation import gettext as _

from missions.country_cells import country
from missions.kernel.spreadsheets.cells import boolean, choice, code, email, text
from missions.kernel.spreadsheets.limits import MEBIBYTE, Limits
from missions.kernel.spreadsheets.quantities import date, integer
from missions.kernel.spreadsheets.schema import Column, TableSchema
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError
from missions.services.missions import NamedPerson
from missions.states import DeploymentMode, InvitationState, Inviter, MissionKind, OrganizationKind

LIMITS = Limits(rows=5_000, inflated_bytes=20 * MEBIBYTE, file_bytes=8 * MEBIBYTE, columns=40)
CODE_PATTERN = r"[0-9A-Za-z][0-9A-Za-z ./_-]{0,39}"
LARGEST_CEILING = 100_000
_HEAD = re.compile(r"(?P<name>[^()]+)\((?P<title>[^()]+)\)")


@dataclass(frozen=True, slots=True)
class OrganizationRow:
    """One sender."""

    acronym: str
    name: str
    kind: OrganizationKind
    country: str
    synthetic: bool


@dataclass(frozen=True, slots=True)
class MissionRow:
    """One mission; a joint one has no organization."""

    code: str
    organization: str
    name: str
    kind: MissionKind
    parent: str
    deployment_mode: DeploymentMode
    template: str
    heads: tuple[NamedPerson, ...]
    delegations: tuple[NamedPerson, ...]
    lead_email: str


@dataclass(frozen=True, slots=True)
class InvitationRow:
    """One invitation by one authority, and how far it got."""

    organization: str
    inviter: Inviter
    state: InvitationState
    note_number: str
    note_date: dt.date | None
    addressee: str
    ceiling: int | None
    replied_on: dt.date | None
    reply_by: dt.date | None


def heads(cell: Cell, _context: CellContext) -> tuple[NamedPerson, ...]:
    """Read "Name (title); Name (title)"."""
    people = []
    for item in _items(cell):
        match = _HEAD.fullmatch(item)
        if match is None:
            raise CellError("head_without_title", _("Write each head as in “Name (title)”."))
        people.append(NamedPerson(match["name"].strip(), match["title"].strip()))
    return tuple(people)


def delegations(cell: Cell, _context: CellContext) -> tuple[NamedPerson, ...]:
    """Read "Delegation: Head; Delegation"; the title is the delegation, the name its head or empty."""
    parted = [item.partition(":") for item in _items(cell)]
    if len({name.strip() for name, _colon, _head in parted}) < len(parted):
        raise CellError("delegation_twice", _("A delegation is named twice."))
    return tuple(NamedPerson(head.strip(), name.strip()) for name, _colon, head in parted)


def _items(cell: Cell) -> list[str]:
    return [item.strip() for item in str(cell.value).split(";") if item.strip()]


def _optional(name: str, parse: Callable[[Cell, CellContext], object], *aliases: str, empty: object = "") -> Column:
    return Column(name, parse, aliases=aliases, required=False, blank=True, blank_value=empty)


@cache
def organization_schema() -> TableSchema[OrganizationRow]:
    """Sheet "organizations"."""
    return TableSchema(
        columns=(
            Column("acronym", code(CODE_PATTERN), aliases=("abbreviation", "qısaltma", "аббревиатура")),
            Column("name", text(200), aliases=("organization name", "ad", "название")),
            Column("kind", choice(OrganizationKind), aliases=("type", "növ", "тип")),
            _optional("country", country, "ölkə", "страна"),
            _optional("synthetic", boolean(), "demo", empty=False),
        ),
        row_type=OrganizationRow,
        limits=LIMITS,
        sheet="organizations",
    )


@cache
def mission_schema() -> TableSchema[MissionRow]:
    """Sheet "missions"."""
    return TableSchema(
        columns=(
            Column("code", code(CODE_PATTERN), aliases=("mission code", "kod", "код")),
            _optional("organization", code(CODE_PATTERN), "acronym", "təşkilat", "организация"),
            Column("name", text(200), aliases=("mission", "ad", "название")),
            Column("kind", choice(MissionKind), aliases=("type", "növ", "тип")),
            _optional("parent", code(CODE_PATTERN), "parent mission", "ana missiya", "головная миссия"),
            Column("deployment_mode", choice(DeploymentMode), aliases=("mode", "yerləşdirmə", "размещение")),
            _optional("template", code(r"[a-z0-9-]{1,40}"), "timeline", "şablon", "шаблон"),
            _optional("heads", heads, "head", "rəhbərlər", "главы", empty=()),
            _optional("delegations", delegations, "delegation", "nümayəndə heyətləri", "делегации", empty=()),
            _optional("lead_email", email(), "e-mail", "e-poçt", "почта"),
        ),
        row_type=MissionRow,
        limits=LIMITS,
        sheet="missions",
    )


@cache
def invitation_schema() -> TableSchema[InvitationRow]:
    """Sheet "invitations"."""
    return TableSchema(
        columns=(
            Column("organization", code(CODE_PATTERN), aliases=("acronym", "təşkilat", "организация")),
            Column("inviter", choice(Inviter), aliases=("invited by", "dəvət edən", "приглашает")),
            Column("state", choice(InvitationState), aliases=("reply", "vəziyyət", "состояние")),
            _optional("note_number", text(60), "note", "nota", "номер ноты"),
            _optional("note_date", date(), "date of note", "nota tarixi", "дата ноты", empty=None),
            _optional("addressee", text(200), "to", "ünvan", "адресат"),
            _optional("ceiling", integer(0, LARGEST_CEILING), "places", "yerlər", "мест", empty=None),
            _optional("replied_on", date(), "date of reply", "cavab tarixi", "дата ответа", empty=None),
            _optional("reply_by", date(), "reply until", "cavab müddəti", "ответ до", empty=None),
        ),
        row_type=InvitationRow,
        limits=LIMITS,
        sheet="invitations",
    )
