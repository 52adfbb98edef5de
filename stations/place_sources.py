"""Where a polling station lies, for those below who compare places (missions.places)."""

from collections.abc import Collection, Mapping

from missions.models import Election
from missions.places import Position, area_code
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

    def known_as(self, election: Election, code: str) -> tuple[str, ...]:
        """The codes of the station and of its constituency's commission; a station abroad has only its own.

        The code may be written as in the register, or as codes are compared. One query.
        """
        stations = PollingStation.objects.filter(election=election, code__in={code, area_code(code)}).order_by()
        commissions = dict(stations.values_list("code", "constituency__commission__code"))
        own = code if code in commissions else area_code(code)
        return (own, *filter(None, [commissions[own]])) if own in commissions else ()


station_places = StationPlaces()
