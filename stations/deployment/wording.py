"""What stands in the way of a plan, in words: pins that cannot be held, and why the solver gave up."""

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stations.deployment.previous import TeamBefore, visits_at_home

_PINS: dict[str, Promise] = {
    "pin-observer-gone": gettext_lazy("one of the two is not there any more"),
    "pin-same-nationality": gettext_lazy("the two have a nationality in common"),
    "pin-no-shared-language": gettext_lazy("the two share no language"),
    "pin-alone": gettext_lazy("there is only one of the two"),
    "pin-own-nationality": gettext_lazy("one of them is a national of the country"),
    "pin-station-twice": gettext_lazy("another team is pinned to the same station"),
    "pin-barred-zone": gettext_lazy("nationals of the country of one of them are not sent there"),
    "pin-area-full": gettext_lazy("more teams are pinned there than there are stations"),
    "pin-station-closed": gettext_lazy("the station is closed"),
    "pin-other-area": gettext_lazy("the station is not in the constituency of the team"),
    "pin-too-many-hours": gettext_lazy("the pinned visits do not fit into one day"),
    "pin-unreachable": gettext_lazy("the station cannot be reached in time"),
}
_FAULTS: dict[str, Promise] = {
    "deadline-exceeded": gettext_lazy("It did not end in the time allowed."),
    "cancelled": gettext_lazy("It was called off."),
    "memory-exceeded": gettext_lazy("It needed more memory than it may have."),
    "params-window": gettext_lazy("The polls are open for less time than one visit takes."),
    "params-meal": gettext_lazy("The hours for the meal are shorter than the meal."),
}


def pin_text(before: Sequence[TeamBefore], code: str, index: int, *, is_visit: bool) -> str:
    """Which pin cannot be held, and why. `index` is the row of the team, or of the visit."""
    reason = _PINS.get(code, code)
    if is_visit:
        visits = list(visits_at_home(before))
        if 0 <= index < len(visits):
            row, _place, station = visits[index]
            facts = {"number": before[row].number, "station": station.code, "reason": reason}
            return _("Team %(number)d, pinned to station %(station)s: %(reason)s.") % facts
    elif 0 <= index < len(before):
        return _("Team %(number)d is pinned: %(reason)s.") % {"number": before[index].number, "reason": reason}
    return _("A pin cannot be held: %(reason)s.") % {"reason": reason}


def solver_fault(code: str) -> str:
    """Why there is no plan; what nobody can do anything about is named by its code."""
    return str(_FAULTS.get(code) or _("It failed (%(code)s).") % {"code": code})
