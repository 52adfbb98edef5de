"""Heads of missions on the staff's lists and pages: places, accredited now, arrived."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from unfold.views import ChangeList

from missions.figures import HeadCount, head_counts
from missions.models import Mission


class HeadsList(ChangeList):  # type: ignore[misc]  # unfold is untyped
    """A list whose rows each learn the heads of their mission: `mission_key` in, `head_count` out. One query more."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        keys = {row.mission_key for row in self.result_list if row.mission_key}
        counts = head_counts(keys, user=request.user)
        for row in self.result_list:
            row.head_count = counts.get(row.mission_key, HeadCount())


def places_text(mission: Mission) -> str:
    """Places taken, and of how many."""
    if mission.ceiling is None:
        return _("%(taken)d, no ceiling") % {"taken": mission.places_taken}
    return _("%(taken)d of %(ceiling)d") % {"taken": mission.places_taken, "ceiling": mission.ceiling}
