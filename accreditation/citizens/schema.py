"""The columns of a file of citizen observers, and the row that they make."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from accreditation.states import Initiative, Sex
from accreditation.words import SEXES
from missions.country_cells import country
from missions.kernel.errors import Text
from missions.kernel.spreadsheets.cells import boolean, choice, name, secret_code, text
from missions.kernel.spreadsheets.limits import MEBIBYTE, Limits
from missions.kernel.spreadsheets.quantities import date as day
from missions.kernel.spreadsheets.quantities import integer
from missions.kernel.spreadsheets.schema import Column, Parser, TableSchema

LIMITS = Limits(rows=100_000, file_bytes=30 * MEBIBYTE, inflated_bytes=150 * MEBIBYTE)

_INITIATIVES = {
    **dict.fromkeys(("own", "own initiative", "öz təşəbbüsü", "öz", "собственная", "сам"), Initiative.SELF),
    **dict.fromkeys(("non-governmental organization", "qht", "нпо"), Initiative.NGO),
    **dict.fromkeys(("political party", "partiya", "siyasi partiya", "партия"), Initiative.PARTY),
    **dict.fromkeys(("contestant", "namizəd", "кандидат"), Initiative.CANDIDATE),
}
#: By which headers a column is known besides its name: English, Azerbaijani, Russian.
_HEADERS = {
    "reference": "ref; reference number; istinad; istinad nömrəsi; номер; № п/п",
    "sender": "organization; nominated by; mission; təşkilat; göndərən; организация; направляющая организация",
    "initiative": "on whose initiative; təşəbbüs; kimin təşəbbüsü ilə; инициатива",
    "surname": "last name; family name; soyad; soyadı; фамилия",
    "given_names": "given name; first name; ad; adı; имя",
    "patronymic": "father's name; middle name; ata adı; atasının adı; отчество",
    "sex": "gender; cins; cinsi; пол",
    "birth_date": "date of birth; doğum tarixi; дата рождения",
    "nationality": "citizenship; vətəndaşlıq; vətəndaşlığı; гражданство",
    "document_issuer": "issued by; sənədi verən ölkə; кем выдан; страна выдачи",
    "document_number": (
        "identity card; identity card number; id number; passport number; şəxsiyyət vəsiqəsi; "
        "şəxsiyyət vəsiqəsinin nömrəsi; номер документа; удостоверение личности"
    ),
    "document_expires_on": "document expires; expiry date; sənədin bitmə tarixi; срок действия",
    "constituency": "constituency number; dairə; dairə nömrəsi; округ; номер округа",
    "precinct": "precinct code; polling station; məntəqə; məntəqə nömrəsi; участок; номер участка",
    "form": "application form; ərizə; müraciət forması; заявление; анкета",
    "photo": "photograph; photos; foto; fotoşəkil; фото; фотография",
}


@dataclass(frozen=True, slots=True)
class CitizenRow:
    """One row as read. `sender` is the code of a mission; without a constituency the whole country is asked for.

    The booleans say which papers the commission holds.
    """

    reference: str
    sender: str
    initiative: Initiative
    surname: str
    given_names: str
    patronymic: str
    sex: Sex
    birth_date: date
    nationality: str
    document_issuer: str
    document_number: str = field(repr=False)
    document_expires_on: date
    constituency: int | None
    precinct: str
    form: bool
    photo: bool


def citizen_schema() -> TableSchema[CitizenRow]:
    """The schema of such a file; labels and messages are in the active language."""
    columns = (
        _needed("reference", text(40), _("reference")),
        _needed("sender", text(40), _("sender")),
        _needed("initiative", choice(Initiative, aliases=_INITIATIVES), _("initiative")),
        _needed("surname", name(), _("surname")),
        _blank("given_names", name(), _("given names"), ""),
        _blank("patronymic", name(), _("patronymic"), ""),
        _needed("sex", choice(Sex, aliases=SEXES), _("sex")),
        _needed("birth_date", day(), _("date of birth")),
        _needed("nationality", country, _("nationality")),
        _needed("document_issuer", country, _("document issued by")),
        Column(
            "document_number",
            secret_code(min_length=4),
            _("document number"),
            _headers("document_number"),
            secret=True,
        ),
        _needed("document_expires_on", day(), _("document expires on")),
        _blank("constituency", integer(1, 9_999), _("constituency"), None),
        _blank("precinct", text(20), _("precinct"), ""),
        _blank("form", boolean(), _("application form"), False),
        _blank("photo", boolean(), _("photo"), False),
    )
    return TableSchema(columns=columns, row_type=CitizenRow, limits=LIMITS, sheet="citizens")


def _needed(column: str, parse: Parser, label: Text) -> Column:
    return Column(column, parse, label, _headers(column))


def _blank(column: str, parse: Parser, label: Text, value: object) -> Column:
    return Column(column, parse, label, _headers(column), required=False, blank=True, blank_value=value)


def _headers(column: str) -> tuple[str, ...]:
    return tuple(_HEADERS[column].split("; "))
