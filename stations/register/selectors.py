"""What the register holds now, in the form in which files are compared with it."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from missions.models import Constituency, Election
from stations.models import AccessRequirement, PollingStation
from stations.register.facts import ConstituencyFacts, StationFacts
from stations.register.layouts import Access
from stations.register.models import RegisterVersion
from stations.states import AccessCondition, StationKind


@dataclass(frozen=True, slots=True)
class KnownRegister:
    """Every station by code and every constituency by number."""

    stations: Mapping[str, StationFacts]
    constituencies: Mapping[int, ConstituencyFacts]


def known_register(election: Election) -> KnownRegister:
    """The whole register of an election. Three queries, whatever its size."""
    access: dict[int, list[Access]] = defaultdict(list)
    granted = AccessRequirement.objects.filter(station__election=election).order_by("condition")
    for station_id, condition, granted_by in granted.values_list("station_id", "condition", "granted_by"):
        access[station_id].append(Access(AccessCondition(condition), granted_by))
    stations = {
        row[1]: StationFacts(row[1], row[2], StationKind(row[3]), *row[4:], tuple(access.get(row[0], ())))
        for row in PollingStation.objects.filter(election=election)
        .order_by()
        .values_list(
            "pk",
            "code",
            "name",
            "kind",
            "constituency__number",
            "address",
            "latitude",
            "longitude",
            "voters",
            "is_urban",
            "has_web_camera",
            "is_newly_covered",
            "country",
            "city",
            "time_zone",
            "opens_at",
            "closes_at",
            "embassy_contact",
        )
        .iterator(chunk_size=5_000)
    }
    constituencies = {
        number: ConstituencyFacts(number, name, region, tuple(languages))
        for number, name, region, languages in Constituency.objects.filter(election=election).values_list(
            "number", "name", "region", "languages"
        )
    }
    return KnownRegister(stations, constituencies)


def current_version(election: Election) -> int:
    """The number of the register's latest version; 0 before the first file."""
    return RegisterVersion.objects.filter(election=election).values_list("number", flat=True).first() or 0


def version_of_file(election: Election, sha256: str) -> RegisterVersion | None:
    """The version that this very file made, if it was taken in before."""
    return RegisterVersion.objects.filter(election=election, sha256=sha256).first()
