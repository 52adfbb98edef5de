"""Files of people whose status does not go together with observing: their columns, and the entry that a row makes."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accreditation.states import ListKind
from missions.kernel.errors import Text
from missions.kernel.spreadsheets.cells import choice, name, text
from missions.kernel.spreadsheets.limits import MEBIBYTE, Limits
from missions.kernel.spreadsheets.quantities import date as day
from missions.kernel.spreadsheets.schema import Column, Parser, TableSchema
from missions.kernel.spreadsheets.table import ParsedRow, RowFinding

LIMITS = Limits(rows=100_000, file_bytes=20 * MEBIBYTE, inflated_bytes=150 * MEBIBYTE)

_KINDS = {
    **dict.fromkeys(("namizəd", "кандидат"), ListKind.CANDIDATE),
    **dict.fromkeys(("agent", "proxy", "nümayəndə", "səlahiyyətli nümayəndə"), ListKind.CONTESTANT_AGENT),
    **dict.fromkeys(("доверенное лицо", "уполномоченный представитель"), ListKind.CONTESTANT_AGENT),
    **dict.fromkeys(("commission", "komissiya üzvü", "член комиссии"), ListKind.COMMISSION_MEMBER),
    **dict.fromkeys(("official", "seçki orqanının əməkdaşı", "сотрудник комиссии"), ListKind.ELECTION_OFFICIAL),
    **dict.fromkeys(("pollster", "exit-poll", "интервьюер"), ListKind.EXIT_POLLSTER),
    **dict.fromkeys(("media", "jurnalist", "журналист"), ListKind.JOURNALIST),
}
_HEADERS = {
    "surname": ("last name", "family name", "soyad", "soyadı", "фамилия"),
    "given_names": ("given name", "first name", "ad", "adı", "имя"),
    "patronymic": ("father's name", "middle name", "ata adı", "atasının adı", "отчество"),
    "birth_date": ("date of birth", "dob", "doğum tarixi", "дата рождения"),
    "kind": ("status", "vəzifə", "статус", "должность"),
    "source": ("list", "mənbə", "источник"),
}


@dataclass(frozen=True, slots=True)
class ListedRow:
    """One row as read; the kind may be missing where the whole file is of one."""

    surname: str
    given_names: str
    patronymic: str
    birth_date: date | None
    kind: ListKind | None
    source: str


@dataclass(frozen=True, slots=True)
class ListedDraft:
    """One person of a list. The father's name stands with the given names; `birth_date` may be unknown."""

    kind: ListKind
    surname: str
    given_names: str = ""
    birth_date: date | None = None
    source: str = ""


def listed_schema() -> TableSchema[ListedRow]:
    """The schema of a list; labels and messages are in the active language."""
    columns = (
        Column("surname", name(), gettext_lazy("surname"), _HEADERS["surname"]),
        _optional("given_names", name(), gettext_lazy("given names"), ""),
        _optional("patronymic", name(), gettext_lazy("patronymic"), ""),
        _optional("birth_date", day(), gettext_lazy("date of birth"), None),
        _optional("kind", choice(ListKind, aliases=_KINDS), gettext_lazy("status"), None),
        _optional("source", text(200), gettext_lazy("source"), ""),
    )
    return TableSchema(columns=columns, row_type=ListedRow, limits=LIMITS)


def draft_of(row: ParsedRow[ListedRow], *, kind: ListKind | None, source: str) -> ListedDraft | RowFinding:
    """The row as an entry; what it does not say holds for the whole file. A row without any kind is an error."""
    value = row.value
    found = value.kind or kind
    if found is None:
        message = _("The row does not say which status the person has, and none was chosen for the file.")
        return RowFinding(row.number, "kind", "kind_missing", message, "")
    return ListedDraft(
        kind=found,
        surname=value.surname,
        given_names=f"{value.given_names} {value.patronymic}".strip(),
        birth_date=value.birth_date,
        source=value.source or source,
    )


def _optional(column: str, parse: Parser, label: Text, blank_value: object) -> Column:
    return Column(column, parse, label, _HEADERS[column], required=False, blank=True, blank_value=blank_value)
