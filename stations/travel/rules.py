"""What a file of travel times must fulfil beyond its single cells: every pair of known places, once. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.kernel.errors import Violation
from missions.kernel.spreadsheets.table import ParsedRow
from stations.travel.layout import BASE, LegRow
from stations.travel.matrices import Ints, Matrix

#: So many faults of each kind are named.
_NAMED = 20
_UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class CheckedMatrix:
    """The matrix over the base and the codes given, and what is wrong with the file: then it means nothing."""

    matrix: Matrix
    faults: tuple[Violation, ...]


def matrix_of(rows: Sequence[ParsedRow[LegRow]], codes: Sequence[str]) -> CheckedMatrix:
    """Put the legs of a file into a square over the base and these stations.

    The faults have the codes station-unknown, pair-twice, leg-to-itself, station-missing and pair-missing; the field
    is the row of the file, or "file".
    """
    position = {BASE: 0} | {code: place for place, code in enumerate(codes, start=1)}
    places = len(position)
    seconds = np.full((places, places), _UNKNOWN, np.int64)
    metres = np.zeros((places, places), np.int64)
    np.fill_diagonal(seconds, 0)
    faults: list[Violation] = []
    for row in rows:
        leg = row.value
        start, end = (position.get(_place(text), _UNKNOWN) for text in (leg.origin, leg.destination))
        if fault := _fault_of(row, start, end, seconds):
            faults.append(fault)
            continue
        seconds[start, end], metres[start, end] = leg.seconds, leg.metres
    faults = _first_of_each(faults)
    if not any(fault.code == "station-unknown" for fault in faults):
        faults += _holes(seconds, codes)
    return CheckedMatrix(Matrix(seconds, metres), tuple(faults))


def _place(text: str) -> str:
    return BASE if text.lower() == BASE else text


def _fault_of(row: ParsedRow[LegRow], start: int, end: int, seconds: Ints) -> Violation | None:
    leg, field = row.value, str(row.number)
    unknown = [text for text, place in ((leg.origin, start), (leg.destination, end)) if place == _UNKNOWN]
    if unknown:
        message = _("%(code)s is no station in use of this constituency.") % {"code": ", ".join(unknown)}
        return Violation(field, "station-unknown", message)
    if start == end:
        if leg.seconds or leg.metres:
            return Violation(field, "leg-to-itself", _("The way from a place to itself takes no time."))
        return None
    if seconds[start, end] != _UNKNOWN:
        message = _("The way from %(origin)s to %(destination)s stands twice.")
        places = {"origin": leg.origin, "destination": leg.destination}
        return Violation(field, "pair-twice", message % places)
    return None


def _first_of_each(faults: Sequence[Violation]) -> list[Violation]:
    """The first faults of each kind, and how many more there are."""
    kept: list[Violation] = []
    for kind in dict.fromkeys(fault.code for fault in faults):
        of_kind = [fault for fault in faults if fault.code == kind]
        kept += of_kind[:_NAMED]
        if len(of_kind) > _NAMED:
            message = _("and %(count)d more of this kind.") % {"count": len(of_kind) - _NAMED}
            kept.append(Violation("file", kind, message))
    return kept


def _holes(seconds: Ints, codes: Sequence[str]) -> list[Violation]:
    """Stations without a single leg, and pairs without a way between places that the file knows."""
    names = (BASE, *codes)
    hole = seconds == _UNKNOWN
    others = len(names) - 1
    absent = [place for place in range(len(names)) if others and hole[place].sum() + hole[:, place].sum() == 2 * others]
    faults = []
    if absent:
        message = _("The file has no way from or to %(places)s.")
        shown = ", ".join(names[place] for place in absent[:_NAMED]) + ("…" if len(absent) > _NAMED else "")
        faults.append(Violation("file", "station-missing", message % {"places": shown}))
    hole[absent, :] = False
    hole[:, absent] = False
    pairs = np.argwhere(hole)
    if len(pairs):
        message = ngettext("%(count)d way is missing: %(pairs)s.", "%(count)d ways are missing: %(pairs)s.", len(pairs))
        shown = ", ".join(f"{names[start]} → {names[end]}" for start, end in pairs[:_NAMED])
        shown += "…" if len(pairs) > _NAMED else ""
        faults.append(Violation("file", "pair-missing", message % {"count": len(pairs), "pairs": shown}))
    return faults
