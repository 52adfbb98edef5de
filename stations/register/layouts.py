"""The two layouts of a register file, stations at home and overseas, with their headers in three languages."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import pycountry
from django.utils.translation import gettext as _

from missions.country_cells import country
from missions.kernel.spreadsheets.cells import (
    NumberCode,
    boolean,
    choice,
    code_or_number,
    codes_list,
    text,
    zone,
)
from missions.kernel.spreadsheets.limits import MEBIBYTE, Limits
from missions.kernel.spreadsheets.quantities import decimal, integer, time_of_day
from missions.kernel.spreadsheets.schema import Column, Parser, TableSchema
from missions.kernel.spreadsheets.values import Cell, CellContext, CellError
from stations.states import AccessCondition, StationKind

LIMITS = Limits(rows=1_200_000, xlsx_rows=20_000, inflated_bytes=200 * MEBIBYTE, file_bytes=200 * MEBIBYTE, columns=100)
CODE_PATTERN = r"[0-9A-Za-z][0-9A-Za-z./-]{0,19}"
LARGEST_CONSTITUENCY = 32_767

_KIND_ALIASES = {
    "daimi": StationKind.PERMANENT,
    "постоянный": StationKind.PERMANENT,
    "müvəqqəti": StationKind.TEMPORARY,
    "временный": StationKind.TEMPORARY,
    "məcburi köçkün": StationKind.IDP,
    "для переселенцев": StationKind.IDP,
    "xüsusi": StationKind.SPECIAL,
    "особый": StationKind.SPECIAL,
}
_URBAN, _RURAL = "urban", "rural"
_SETTLEMENT_ALIASES = {
    "city": _URBAN,
    "town": _URBAN,
    "şəhər": _URBAN,
    "город": _URBAN,
    "городской": _URBAN,
    "village": _RURAL,
    "kənd": _RURAL,
    "село": _RURAL,
    "сельский": _RURAL,
}
_CONDITION_ALIASES = {
    "icazə": AccessCondition.PERMIT,
    "разрешение": AccessCondition.PERMIT,
    "təlimat": AccessCondition.BRIEFING,
    "инструктаж": AccessCondition.BRIEFING,
    "müşayiət": AccessCondition.ESCORT,
    "сопровождение": AccessCondition.ESCORT,
    "nəqliyyat": AccessCondition.TRANSPORT,
    "транспорт": AccessCondition.TRANSPORT,
}


@dataclass(frozen=True, slots=True)
class Access:
    """One precondition of a special-access station, and who grants it."""

    condition: AccessCondition
    granted_by: str


@dataclass(frozen=True, slots=True)
class HomeRow:
    """One station at home as the file has it; `settlement` is True for urban."""

    code: str | NumberCode
    name: str
    kind: StationKind
    constituency: int
    constituency_name: str
    region: str
    languages: tuple[str, ...]
    address: str
    settlement: bool
    latitude: Decimal | None
    longitude: Decimal | None
    voters: int
    web_camera: bool
    newly_covered: bool
    access: tuple[Access, ...]
    time_zone: str
    opens: dt.time | None
    closes: dt.time | None


@dataclass(frozen=True, slots=True)
class OverseasRow:
    """One station abroad as the file has it."""

    code: str | NumberCode
    name: str
    country: str
    city: str
    time_zone: str
    opens: dt.time
    closes: dt.time
    address: str
    embassy_contact: str
    latitude: Decimal | None
    longitude: Decimal | None
    voters: int
    web_camera: bool
    constituency: int | None


def settlement(cell: Cell, context: CellContext) -> bool:
    """Read urban (True) or rural (False)."""
    return _settlement(cell, context) == _URBAN


def access(cell: Cell, context: CellContext) -> tuple[Access, ...]:
    """Read preconditions as "permit: who grants; escort: who grants"; each condition once."""
    found: dict[AccessCondition, Access] = {}
    for item in str(cell.value).split(";"):
        name, colon, granted_by = item.partition(":")
        if not item.strip():
            continue
        if not colon or not granted_by.strip():
            raise CellError("access_without_grantor", _("Write each condition as in “permit: who grants it”."))
        condition = _condition(Cell(name), context)
        if condition in found:
            raise CellError("access_twice", _("A condition is named twice."))
        found[condition] = Access(condition, _grantor(Cell(granted_by), context))
    return tuple(found.values())


@cache
def home_schema() -> TableSchema[HomeRow]:
    """The layout of stations at home."""
    columns = (
        *_common_columns(),
        Column("kind", _kind, "Kind", ("station kind", "növ", "тип", "вид участка")),
        Column("constituency", _number, "Constituency", _CONSTITUENCY),
        Column("constituency_name", text(200), "Constituency name", ("dairənin adı", "название округа")),
        Column("region", text(100), "Region", ("bölgə", "iqtisadi rayon", "регион")),
        Column("settlement", settlement, "Settlement", ("urban or rural", "yaşayış məntəqəsi", "населенный пункт")),
        _may_lack("languages", _languages, "Languages", ("dillər", "языки"), ()),
        _may_lack("newly_covered", boolean(), "Newly covered", ("yeni ərazi", "новая территория"), False),
        _may_lack("access", access, "Access", ("access conditions", "giriş şərtləri", "условия доступа"), ()),
        _may_lack("time_zone", zone(), "Time zone", _ZONE, ""),
        _may_lack("opens", time_of_day(), "Opens", _OPENS, None),
        _may_lack("closes", time_of_day(), "Closes", _CLOSES, None),
    )
    return TableSchema(columns=columns, row_type=HomeRow, limits=LIMITS, sheet="stations")


@cache
def overseas_schema() -> TableSchema[OverseasRow]:
    """The layout of stations abroad."""
    columns = (
        *_common_columns(),
        Column("country", country, "Country", ("ölkə", "страна")),
        Column("city", text(100), "City", ("şəhər", "город")),
        Column("time_zone", zone(), "Time zone", _ZONE),
        Column("opens", time_of_day(), "Opens", _OPENS),
        Column("closes", time_of_day(), "Closes", _CLOSES),
        _may_lack("embassy_contact", text(200), "Embassy contact", ("səfirlik", "контакт посольства"), ""),
        # Read only to be refused: a station abroad belongs to no constituency.
        _may_lack("constituency", _number, "Constituency", _CONSTITUENCY, None),
    )
    return TableSchema(columns=columns, row_type=OverseasRow, limits=LIMITS, sheet="stations")


_CONSTITUENCY = ("constituency number", "dairə", "dairə nömrəsi", "округ", "номер округа")
_ZONE = ("timezone", "iana zone", "saat qurşağı", "часовой пояс")
_OPENS = ("opens at", "açılış", "открытие")
_CLOSES = ("closes at", "bağlanış", "закрытие")

_number = integer(1, LARGEST_CONSTITUENCY)
_kind = choice([kind for kind in StationKind if kind != StationKind.OVERSEAS], aliases=_KIND_ALIASES)
_settlement = choice([_URBAN, _RURAL], aliases=_SETTLEMENT_ALIASES)
_condition = choice(AccessCondition, aliases=_CONDITION_ALIASES)
_grantor = text(200)
_languages = codes_list(sorted({language.alpha_2 for language in pycountry.languages if "alpha_2" in dict(language)}))


def _may_lack(name: str, parse: Parser, label: str, aliases: tuple[str, ...], value: object) -> Column:
    return Column(name, parse, label, aliases, required=False, blank=True, blank_value=value)


def _common_columns() -> tuple[Column, ...]:
    """The columns that both layouts have."""
    return (
        Column("code", code_or_number(CODE_PATTERN), "Code", ("station code", "station", "kod", "код", "код участка")),
        Column("name", text(200), "Name", ("station name", "ad", "məntəqənin adı", "название", "наименование")),
        Column("voters", integer(), "Voters", ("registered voters", "seçicilər", "seçici sayı", "избиратели")),
        _may_lack("address", text(300), "Address", ("ünvan", "адрес"), ""),
        _may_lack("latitude", _degrees(90), "Latitude", ("lat", "enlik", "en dairəsi", "широта"), None),
        _may_lack("longitude", _degrees(180), "Longitude", ("lon", "lng", "uzunluq", "долгота"), None),
        _may_lack("web_camera", boolean(), "Web camera", ("camera", "veb kamera", "веб-камера", "камера"), False),
    )


def _degrees(limit: int) -> Callable[[Cell, CellContext], Decimal]:
    return decimal(Decimal(-limit), Decimal(limit), comma=True)
