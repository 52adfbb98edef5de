"""The hours of the polling stations, for those below who show them, or must not speak before the last one closes."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, F

from missions.law.calendar import local_instant
from missions.models import Election
from missions.polling import PollingHours
from stations.models import PollingStation


class RegisteredStations:
    """The provider of this app (missions.polling.PollingSource): each station by its own clock."""

    def last_closing(self, election: Election) -> datetime | None:
        """The latest closing of the register, over all zones; None while it is empty. One query."""
        hours = PollingStation.objects.filter(election=election).order_by().values_list("time_zone", "closes_at")
        closings = (local_instant(election.e_day, closes_at, zone) for zone, closes_at in hours.distinct())
        return max(closings, default=None)

    def hours(self, election: Election) -> Iterator[PollingHours]:
        """By country and zone. One query."""
        rows = PollingStation.objects.filter(election=election).order_by().values("country", "time_zone")
        for row in rows.annotate(opens=F("opens_at"), closes=F("closes_at"), stations=Count("pk")).order_by(
            "country", "time_zone", "opens"
        ):
            yield PollingHours(
                country=row["country"],
                zone=row["time_zone"],
                opens=row["opens"],
                closes=row["closes"],
                stations=row["stations"],
                is_abroad=row["country"] != election.host_country,
            )


registered_stations = RegisteredStations()
