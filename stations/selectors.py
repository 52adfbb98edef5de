"""Totals of the station register."""

from dataclasses import dataclass

from django.db.models import Count, Q, Sum

from missions.models import Election
from stations.models import PollingStation
from stations.states import StationKind


@dataclass(frozen=True, slots=True)
class RegisterTotals:
    """How large the register of an election is, and its parts."""

    stations: int
    overseas: int
    overseas_countries: int
    constituencies: int
    newly_covered: int
    web_cameras: int
    voters: int
    without_coordinates: int


def register_totals(election: Election) -> RegisterTotals:
    """Count the register of an election. One query."""
    overseas = Q(kind=StationKind.OVERSEAS)
    totals = PollingStation.objects.filter(election=election).aggregate(
        stations=Count("pk"),
        overseas=Count("pk", filter=overseas),
        overseas_countries=Count("country", filter=overseas, distinct=True),
        constituencies=Count("constituency", distinct=True),
        newly_covered=Count("pk", filter=Q(is_newly_covered=True)),
        web_cameras=Count("pk", filter=Q(has_web_camera=True)),
        voters=Sum("voters", default=0),
        without_coordinates=Count("pk", filter=Q(latitude=None)),
    )
    return RegisterTotals(**totals)
