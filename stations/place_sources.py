"""Where a polling station lies, for those below who compare places (missions.places)."""

from collections.abc import Collection, Mapping

from missions.models import Election
from missions.places import Position
from stations.models import PollingStation


class StationPlaces:
    """The provider of this app (missions.places.PlaceSource): the register's own positions."""

    def locate(self, election: Election, codes: Collection[str]) -> Mapping[str, Position]:
        """The positions of the stations of these codes, without those that the register cannot place. One query."""
        known = PollingStation.objects.filter(election=election, code__in=codes).order_by()
        return {
            code: Position(float(latitude), float(longitude))
            for code, latitude, longitude in known.values_list("code", "latitude", "longitude")
            if latitude is not None and longitude is not None
        }


station_places = StationPlaces()
