"""What a register file must fulfil beyond its single cells: facts in, findings out, all of them at once."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.cells import NumberCode
from missions.kernel.spreadsheets.table import RowFinding, Severity
from stations.register.facts import ConstituencyFacts, RegisterRow, StationFacts
from stations.states import StationKind


@dataclass(frozen=True, slots=True)
class CheckedRows:
    """Stations with their codes settled, the constituencies that they name, and every finding."""

    stations: tuple[StationFacts, ...]
    constituencies: tuple[ConstituencyFacts, ...]
    findings: tuple[RowFinding, ...]


def check_rows(rows: Sequence[RegisterRow], *, known_codes: Collection[str], host_country: str) -> CheckedRows:
    """Settle the codes and judge every row by itself, against the other rows and against the known codes."""
    settled, findings = _settle_codes(rows, known_codes)
    findings += _repeated_codes(settled)
    constituencies, differing = _constituencies(rows)
    findings += differing
    for row in settled:
        findings += _place_of(row, host_country)
        findings += _coordinates_of(row)
        if row.station.opens_at >= row.station.closes_at:
            findings.append(_error(row, "closes", "closes_before_opening", _("The station closes before it opens.")))
    stations = tuple(row.station for row in settled)
    return CheckedRows(stations, constituencies, tuple(findings))


def _settle_codes(
    rows: Sequence[RegisterRow], known_codes: Collection[str]
) -> tuple[list[RegisterRow], list[RowFinding]]:
    """Find the codes that lost their zeros; a number is matched only where exactly one known station can be meant."""
    by_digits: dict[str, list[str]] = defaultdict(list)
    for code in known_codes:
        by_digits[code.lstrip("0")].append(code)
    texts = {row.raw_code for row in rows if isinstance(row.raw_code, str)}
    padded = {code.lstrip("0") for code in texts.union(known_codes) if code.startswith("0") and code.isdecimal()}
    settled: list[RegisterRow] = []
    findings: list[RowFinding] = []
    for row in rows:
        raw = row.raw_code
        if isinstance(raw, NumberCode):
            meant = by_digits.get(str(raw.number), [])
            if len(meant) != 1:
                findings.append(_error(row, "code", "number_in_code_column", _number_refused(), str(raw.number)))
                continue
            row = replace(row, station=replace(row.station, code=meant[0]))
        elif raw in padded and raw not in known_codes:
            message = _("Another code is the same but for its leading zeros; write the code in full.")
            findings.append(_error(row, "code", "code_lost_zeros", message, raw))
        settled.append(row)
    return settled, findings


def _number_refused() -> str:
    return _("The code was stored as a number and no single known station has it. Format the column as text.")


def _repeated_codes(rows: Iterable[RegisterRow]) -> list[RowFinding]:
    """Mark every row of a code that stands in several."""
    rows = list(rows)
    count = Counter(row.station.code for row in rows)
    where: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if count[row.station.code] > 1:
            where[row.station.code].append(row.number)
    message = _("This code stands in several rows: %(rows)s.")
    return [
        _error(
            row,
            "code",
            "code_repeated",
            message % {"rows": ", ".join(map(str, where[row.station.code][:10]))},
            row.station.code,
        )
        for row in rows
        if row.station.code in where
    ]


def _constituencies(rows: Iterable[RegisterRow]) -> tuple[tuple[ConstituencyFacts, ...], list[RowFinding]]:
    """One record per constituency with all languages named for it; rows must agree on its name and region."""
    found: dict[int, ConstituencyFacts] = {}
    findings: list[RowFinding] = []
    message = _("An earlier row has another %(what)s for this constituency.")
    for row in rows:
        said = row.constituency
        if said is None:
            continue
        first = found.setdefault(said.number, said)
        if first.name != said.name:
            text = message % {"what": _("name")}
            findings.append(_error(row, "constituency_name", "constituency_differs", text, said.name))
        if first.region != said.region:
            text = message % {"what": _("region")}
            findings.append(_error(row, "region", "constituency_differs", text, said.region))
        if not set(said.languages) <= set(first.languages):
            languages = tuple(dict.fromkeys((*first.languages, *said.languages)))
            found[said.number] = replace(first, languages=languages)
    return tuple(found.values()), findings


def _place_of(row: RegisterRow, host_country: str) -> list[RowFinding]:
    if row.station.kind != StationKind.OVERSEAS:
        return []
    findings = []
    if row.constituency_given is not None:
        message = _("A station abroad belongs to no constituency.")
        findings.append(_error(row, "constituency", "overseas_has_constituency", message, str(row.constituency_given)))
    if row.station.country == host_country:
        message = _("A station in the host country is not abroad.")
        findings.append(_error(row, "country", "overseas_in_host_country", message, row.station.country))
    return findings


def _coordinates_of(row: RegisterRow) -> list[RowFinding]:
    given = (row.station.latitude is not None, row.station.longitude is not None)
    if all(given):
        return []
    if any(given):
        missing = "longitude" if given[0] else "latitude"
        return [_error(row, missing, "coordinate_missing", _("One coordinate is there, the other is not."))]
    message = _("The station has no coordinates, so no team can be sent there by the planner.")
    return [RowFinding(row.number, "latitude", "station_without_coordinates", message, "", Severity.WARNING)]


def _error(row: RegisterRow, column: str, code: str, message: str, value: str = "") -> RowFinding:
    return RowFinding(row.number, column, code, message, value)
