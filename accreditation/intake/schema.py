"""The columns of a nomination file, and the row that they make."""

from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

from django.utils.translation import gettext_lazy as _

from accreditation.intake import cells as own
from accreditation.intake.headers import headers_of
from accreditation.services.drafts import NominationDraft
from accreditation.states import Category, DatePrecision, DocumentKind, Initiative, Role, Sex
from accreditation.words import SEXES
from missions.country_cells import country
from missions.kernel.errors import Text
from missions.kernel.spreadsheets.cells import boolean, choice, email, name, secret_code, text
from missions.kernel.spreadsheets.contacts import NationalNumber, phone
from missions.kernel.spreadsheets.limits import MEBIBYTE, Limits
from missions.kernel.spreadsheets.quantities import PartialDate, integer, partial_date
from missions.kernel.spreadsheets.quantities import date as day
from missions.kernel.spreadsheets.schema import Column, Parser, TableSchema

LIMITS = Limits(rows=5_000, file_bytes=10 * MEBIBYTE, inflated_bytes=20 * MEBIBYTE, findings=50_000)
#: Where a category knows one role only, files need not name it.
SOLE_ROLES = {
    Category.DOMESTIC_OBSERVER: Role.CITIZEN_OBSERVER,
    Category.FOREIGN_MEDIA: Role.JOURNALIST,
    Category.EXIT_POLLSTER: Role.POLLSTER,
    Category.INTERPRETER: Role.INTERPRETER,
    Category.SUPPORT_STAFF: Role.SUPPORT_STAFF,
}

_ROLES = {
    **dict.fromkeys(
        ("head", "hom", "head of delegation", "missiya rəhbəri", "nümayəndə heyətinin rəhbəri"), Role.HEAD_OF_MISSION
    ),
    **dict.fromkeys(("глава миссии", "руководитель миссии", "глава делегации"), Role.HEAD_OF_MISSION),
    **dict.fromkeys(("core team", "əsas qrup", "əsas qrupun üzvü"), Role.CORE_TEAM_MEMBER),
    **dict.fromkeys(("основная группа", "член основной группы", "основной состав"), Role.CORE_TEAM_MEMBER),
    **dict.fromkeys(("long-term observer", "uzunmüddətli müşahidəçi", "долгосрочный наблюдатель"), Role.LTO),
    **dict.fromkeys(("short-term observer", "observer", "qısamüddətli müşahidəçi", "müşahidəçi"), Role.STO),
    **dict.fromkeys(("краткосрочный наблюдатель", "наблюдатель"), Role.STO),
    **dict.fromkeys(("support", "staff", "texniki heyət", "köməkçi heyət"), Role.SUPPORT_STAFF),
    **dict.fromkeys(("технический персонал", "вспомогательный персонал", "персонал"), Role.SUPPORT_STAFF),
    **dict.fromkeys(("tərcüməçi", "переводчик"), Role.INTERPRETER),
    **dict.fromkeys(("jurnalist", "журналист", "correspondent", "корреспондент"), Role.JOURNALIST),
    **dict.fromkeys(("yerli müşahidəçi", "гражданский наблюдатель", "domestic observer"), Role.CITIZEN_OBSERVER),
}
_INITIATIVES = {
    **dict.fromkeys(("own", "own initiative", "öz təşəbbüsü", "собственная", "самовыдвижение"), Initiative.SELF),
    **dict.fromkeys(("qht", "qeyri-hökumət təşkilatı", "нпо", "общественное объединение"), Initiative.NGO),
    **dict.fromkeys(("siyasi partiya", "partiya", "партия", "политическая партия"), Initiative.PARTY),
    **dict.fromkeys(("namizəd", "кандидат"), Initiative.CANDIDATE),
}


@dataclass(frozen=True, slots=True)
class NominationRow:
    """One row as read. Countries are codes, empty where the file has none; booleans say what is enclosed."""

    reference: str
    surname: str
    given_names: str
    patronymic: str
    sex: Sex
    birth_date: PartialDate
    nationality: str
    second_nationality: str
    passport_issuer: str
    passport_number: str = field(repr=False)
    passport_expires_on: date
    role: Role
    delegation: str
    political_group: str = field(repr=False)
    sending_state: str
    languages: tuple[str, ...]
    residence_country: str
    experienced: bool
    documents_on: date
    arrives_on: date | None
    departs_on: date | None
    form: bool
    photo: bool
    passport_copy: bool
    pledge: bool
    conflict_statement: bool
    passport_issued_on: date | None
    mrz: str = field(repr=False)
    email: str
    phone: str | NationalNumber
    initiative: str
    constituency: int | None
    precinct_code: str
    synthetic: bool


@cache
def nomination_schema(category: Category = Category.INTERNATIONAL_OBSERVER) -> TableSchema[NominationRow]:
    """The schema of a nomination file of the category; labels and messages are in the language active when read.

    Made once, for whoever nominates one person would wait longer for it than for the cells.
    """
    role = Column("role", choice(Role, aliases=_ROLES), _("role"), headers_of("role"))
    if category in SOLE_ROLES:
        role = replace(role, required=False, blank=True, blank_value=SOLE_ROLES[category])
    columns = (
        _needed("reference", text(40), _("reference")),
        _needed("surname", name(), _("surname")),
        Column("given_names", name(), _("given names"), headers_of("given_names"), blank=True, blank_value=""),
        _optional("patronymic", name(), _("patronymic"), ""),
        _needed("sex", choice(Sex, aliases=SEXES), _("sex")),
        _needed("birth_date", partial_date(), _("date of birth")),
        _needed("nationality", own.nationality, _("nationality")),
        _optional("second_nationality", own.nationality, _("second nationality"), ""),
        _needed("passport_issuer", country, _("passport issued by")),
        replace(_needed("passport_number", secret_code(min_length=4), _("passport number")), secret=True),
        _needed("passport_expires_on", day(), _("passport expires on")),
        role,
        _optional("delegation", text(200), _("delegation"), ""),
        _optional("political_group", text(60), _("political group"), ""),
        _optional("sending_state", country, _("sending state"), ""),
        _optional("languages", own.languages, _("languages"), ()),
        _optional("residence_country", country, _("country of residence"), ""),
        _optional("experienced", boolean(), _("has observed before"), False),
        _needed("documents_on", day(), _("documents handed in on")),
        _optional("arrives_on", day(), _("arrives on"), None),
        _optional("departs_on", day(), _("departs on"), None),
        _optional("form", boolean(), _("application form"), False),
        _optional("photo", boolean(), _("photo"), False),
        _optional("passport_copy", boolean(), _("passport copy"), False),
        _optional("pledge", boolean(), _("signed pledge"), False),
        _optional("conflict_statement", boolean(), _("conflict-of-interest statement"), False),
        _optional("passport_issued_on", day(), _("passport issued on"), None),
        replace(_optional("mrz", text(200, multiline=True), _("machine-readable zone"), ""), secret=True),
        _optional("email", email(), _("e-mail address"), ""),
        _optional("phone", phone(), _("telephone"), ""),
        _optional("initiative", choice(Initiative, aliases=_INITIATIVES), _("initiative"), ""),
        _optional("constituency", integer(1, 9_999), _("constituency"), None),
        _optional("precinct_code", text(20), _("precinct"), ""),
        _optional("synthetic", boolean(), _("synthetic"), False),
    )
    return TableSchema(columns=columns, row_type=NominationRow, limits=LIMITS, sheet="nominations")


def draft_of(row: NominationRow) -> NominationDraft:
    """The row as what the desk takes; a telephone number without its country is left out."""
    enclosed = {
        DocumentKind.FORM: row.form,
        DocumentKind.PHOTO: row.photo,
        DocumentKind.PASSPORT_COPY: row.passport_copy,
        DocumentKind.PLEDGE: row.pledge,
        DocumentKind.CONFLICT_STATEMENT: row.conflict_statement,
    }
    return NominationDraft(
        reference=row.reference,
        surname=row.surname,
        given_names=row.given_names,
        patronymic=row.patronymic,
        sex=row.sex,
        birth_date=row.birth_date.first,
        birth_precision=_precision(row.birth_date),
        nationality=row.nationality,
        second_nationality=row.second_nationality,
        passport_issuer=row.passport_issuer,
        passport_number=row.passport_number,
        passport_expires_on=row.passport_expires_on,
        role=row.role,
        delegation=row.delegation,
        sending_state=row.sending_state,
        languages=row.languages,
        residence_country=row.residence_country,
        is_experienced=row.experienced,
        documents_on=row.documents_on,
        arrives_on=row.arrives_on,
        departs_on=row.departs_on,
        documents=frozenset(kind for kind, is_there in enclosed.items() if is_there),
        is_synthetic=row.synthetic,
        passport_issued_on=row.passport_issued_on,
        mrz=row.mrz,
        email=row.email,
        phone=row.phone if isinstance(row.phone, str) else "",
        initiative=row.initiative,
        constituency=row.constituency,
        precinct_code=row.precinct_code,
        political_group=row.political_group,
    )


def _precision(day: PartialDate) -> DatePrecision:
    if day.has_day:
        return DatePrecision.DAY
    return DatePrecision.MONTH if day.has_month else DatePrecision.YEAR


def _needed(column: str, parse: Parser, label: Text) -> Column:
    return Column(column, parse, label, headers_of(column))


def _optional(column: str, parse: Parser, label: Text, blank_value: object) -> Column:
    """A column that may be absent, or present with blank cells."""
    return Column(column, parse, label, headers_of(column), required=False, blank=True, blank_value=blank_value)
