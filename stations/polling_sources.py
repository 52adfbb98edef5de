"""When the last polling station closes, for those below who must not speak before it (missions.polling)."""

from datetime import datetime

from missions.law.calendar import local_instant
from missions.models import Election
from stations.models import PollingStation


class RegisteredStations:
    """The provider of this app (missions.polling.PollingSource): each station by its own clock."""

    def last_closing(self, election: Election) -> datetime | None:
        """The latest closing of the register, over all zones; None while it is empty. One query."""
        hours = PollingStation.objects.filter(election=election).order_by().values_list("time_zone", "closes_at")
        closings = (local_instant(election.e_day, closes_at, zone) for zone, closes_at in hours.distinct())
        return max(closings, default=None)


registered_stations = RegisteredStations()
