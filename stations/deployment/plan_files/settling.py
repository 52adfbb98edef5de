"""What each row of a file with a plan means: who it names, which station, and at which instants. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from missions.kernel.spreadsheets.cells import NumberCode
from missions.kernel.spreadsheets.table import ParsedRow, RowFinding, Severity
from missions.kernel.text import fold_key
from missions.law.calendar import local_instant
from stations.deployment.plan_files.known import Known, Person, Station
from stations.deployment.plan_files.layout import PlanRow, WallTime
from stations.deployment.states import VisitKind

#: Abroad, election day begins the evening before by the clocks of the host, and ends after it.
_AROUND = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FileVisit:
    """A visit with its instants; `order` is settled with the other visits of the team."""

    station: Station
    kind: VisitKind
    arrives_at: dt.datetime
    leaves_at: dt.datetime
    meal_at: dt.datetime | None
    is_pinned: bool


@dataclass(frozen=True, slots=True)
class SettledRow:
    """A row and what it means. What was not found is None, and a finding says so."""

    number: int
    row: PlanRow
    person: Person | None = None
    visit: FileVisit | None = None


class Settling:
    """Settles rows one by one, and keeps what is found in them."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.findings: list[RowFinding] = []

    def settle(self, parsed: ParsedRow[PlanRow]) -> SettledRow:
        """The codes are observer_unknown, observer_ambiguous, observer_suspended, leader_without_observer,
        name_differs (a warning), constituency_unknown, station_missing, station_unknown, station_ambiguous,
        station_out_of_use, station_elsewhere, kind_missing, hours_missing, hours_wrong and meal_wrong.
        """
        number, row = parsed.number, parsed.value
        person = self._person(number, row) if row.names_somebody else None
        if not row.names_somebody and (row.leader or row.pair_pinned):
            message = _("Name the person, by accreditation number or reference.")
            self._report(number, "leader" if row.leader else "pair_pinned", "leader_without_observer", message)
        if row.constituency is not None and row.constituency not in self._known.places:
            message = _("The election has no such constituency.")
            self._report(number, "constituency", "constituency_unknown", message, str(row.constituency))
        return SettledRow(number, row, person, self._visit(number, row) if row.is_visit else None)

    def _person(self, number: int, row: PlanRow) -> Person | None:
        if row.observer is not None:
            column, value = "observer", str(row.observer)
            one = self._known.numbers.get(row.observer)
            found: Sequence[Person] = () if one is None else (one,)
        else:
            column, value = "reference", row.reference
            found = self._known.references.get(row.reference, ())
        if len(found) > 1:
            message = _("Several missions have this reference; write the number of the accreditation.")
            self._report(number, column, "observer_ambiguous", message, value)
            return None
        if not found:
            message = _("Nobody of this mission or pool is accredited under this for a task in the field.")
            self._report(number, column, "observer_unknown", message, value)
            return None
        [person] = found
        if not person.is_active:
            message = _("The accreditation is suspended.")
            self._report(number, column, "observer_suspended", message, value)
        if row.name and fold_key(row.name) != fold_key(person.name):
            message = _("The register has another name for this number: %(name)s.") % {"name": person.name}
            self._report(number, "name", "name_differs", message, row.name, Severity.WARNING)
        return person

    def _visit(self, number: int, row: PlanRow) -> FileVisit | None:
        station = self._station(number, row)
        if row.kind is None:
            self._report(number, "kind", "kind_missing", _("Say what the team sees: opening, voting or closing_count."))
        missing = [column for column in ("arrives", "leaves") if getattr(row, column) is None]
        for column in missing:
            self._report(number, column, "hours_missing", _("Give both times, by the clocks of the station."))
        if station is None or row.kind is None or row.arrives is None or row.leaves is None:
            return None
        arrives_at, leaves_at = (self._instant(time, station) for time in (row.arrives, row.leaves))
        days = [self._day(time) for time in (row.arrives, row.leaves)]
        e_day = self._known.e_day
        if leaves_at <= arrives_at or min(days) < e_day - _AROUND or max(days) > e_day + _AROUND:
            message = _("The visit does not end after it begins, or is on another day; after midnight, add the date.")
            self._report(number, "leaves", "hours_wrong", message)
            return None
        meal_at = None if row.meal is None else self._instant(row.meal, station)
        if meal_at is not None and not arrives_at - _AROUND <= meal_at < arrives_at:
            message = _("The meal is on the way to this visit: it begins before the team arrives.")
            self._report(number, "meal", "meal_wrong", message)
            return None
        return FileVisit(station, row.kind, arrives_at, leaves_at, meal_at, row.pinned)

    def _station(self, number: int, row: PlanRow) -> Station | None:
        if isinstance(row.station, NumberCode):
            value = str(row.station.number)
            candidates = [self._known.stations[code] for code in self._known.codes.get(value, ())]
        elif row.station:
            value = row.station
            named = self._known.stations.get(row.station)
            candidates = [] if named is None else [named]
        elif row.country:
            value = f"{row.country} {row.city}".strip()
            city = fold_key(row.city)
            in_country = [station for station in self._known.abroad if station.country == row.country]
            candidates = [station for station in in_country if not city or fold_key(station.city) == city]
        else:
            message = _("Write the code of the station, or for one abroad its country and city.")
            self._report(number, "station", "station_missing", message)
            return None
        if len(candidates) > 1:
            message = _("Several stations fit: %(codes)s. Write the code in full, in a column of text.")
            codes = ", ".join(station.code for station in candidates[:5])
            self._report(number, "station", "station_ambiguous", message % {"codes": codes}, value)
            return None
        if not candidates:
            self._report(number, "station", "station_unknown", _("The election has no such station."), value)
            return None
        [station] = candidates
        self._compare(number, row, station)
        return station

    def _compare(self, number: int, row: PlanRow, station: Station) -> None:
        """What else the row says of the station must be true."""
        if station.is_closed:
            message = _("Station %(code)s is out of use.") % {"code": station.code}
            self._report(number, "station", "station_out_of_use", message, station.code)
        is_elsewhere = row.country and row.country != station.country
        if is_elsewhere or (row.city and station.city and fold_key(row.city) != fold_key(station.city)):
            message = _("The station is in another place: %(place)s.")
            place = " ".join(part for part in (station.country, station.city) if part)
            column = "country" if is_elsewhere else "city"
            self._report(number, column, "station_elsewhere", message % {"place": place}, row.country or row.city)

    def _day(self, time: WallTime) -> dt.date:
        return time.date() if isinstance(time, dt.datetime) else self._known.e_day

    def _instant(self, time: WallTime, station: Station) -> dt.datetime:
        clock = time.time() if isinstance(time, dt.datetime) else time
        return local_instant(self._day(time), clock, station.time_zone)

    def _report(
        self, number: int, column: str, code: str, message: str, value: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        self.findings.append(RowFinding(number, column, code, message, value, severity))
