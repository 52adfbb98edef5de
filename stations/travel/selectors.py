"""The travel times that a planning run uses: for each constituency the owner's own, or else the ministry's."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from missions.models import Election, Mission
from stations.models import PollingStation
from stations.travel.matrices import Matrix, unpack
from stations.travel.models import TravelMatrix


@dataclass(frozen=True, slots=True)
class MeasuredTravel:
    """The matrix of each constituency that has one, over its base and the stations asked for, in their order.

    `outdated` are constituencies whose matrix lacks some of these stations: it cannot be used until a new file comes.
    """

    matrices: Mapping[int, Matrix]
    outdated: tuple[int, ...]


def measured_travel(
    election: Election, mission: Mission | None, stations: Mapping[int, Sequence[int]]
) -> MeasuredTravel:
    """The travel times of one mission, or of the pool (None), for these stations by constituency; all are keys.

    Two queries, one where nothing was measured.
    """
    chosen = _chosen(election, mission)
    wanted = {key: chosen[key] for key in stations if key in chosen}
    if not wanted:
        return MeasuredTravel({}, ())
    codes = dict(PollingStation.objects.filter(constituency__in=wanted).order_by().values_list("pk", "code"))
    matrices: dict[int, Matrix] = {}
    outdated = []
    for key, row in wanted.items():
        place = {code: number for number, code in enumerate(row.codes, start=1)}
        asked = [place.get(codes.get(station, ""), 0) for station in stations[key]]
        if 0 in asked:
            outdated.append(key)
        else:
            matrices[key] = unpack(row.cells, len(row.codes) + 1).of_places([0, *asked])
    return MeasuredTravel(matrices, tuple(outdated))


def stations_since(matrix: TravelMatrix) -> list[str]:
    """The codes of stations in use that came after the file: with one of these it cannot be used. One query."""
    stations = PollingStation.objects.in_use().filter(constituency=matrix.constituency_id)
    return list(stations.exclude(code__in=matrix.codes).order_by("code").values_list("code", flat=True))


def outdated_among(matrices: Iterable[TravelMatrix]) -> frozenset[int]:
    """The keys of those in use that lack a station in use by now: they are not used. One query."""
    used = {matrix.pk: matrix for matrix in matrices if matrix.removed_at is None}
    places = {matrix.constituency_id for matrix in used.values()}
    stations: dict[int | None, set[str]] = defaultdict(set)
    rows = PollingStation.objects.in_use().filter(constituency__in=places).order_by()
    for place, code in rows.values_list("constituency", "code"):
        stations[place].add(code)
    return frozenset(key for key, matrix in used.items() if not stations[matrix.constituency_id] <= set(matrix.codes))


def _chosen(election: Election, mission: Mission | None) -> dict[int, TravelMatrix]:
    """By constituency; the mission's own comes after the ministry's and takes its place."""
    owners = Q(mission=None) if mission is None else Q(mission=None) | Q(mission=mission)
    rows = TravelMatrix.objects.in_use().filter(owners, constituency__election=election)
    return {row.constituency_id: row for row in sorted(rows, key=lambda row: row.mission_id is not None)}
