"""By hand: which team works where."""

from django.utils.translation import gettext as _

from missions.countries import nationality_choices
from missions.kernel.errors import Violation
from stations.deployment.errors import NotInPlanError, PlaceMissingError
from stations.deployment.hand_acts import MoveTeam, Place
from stations.deployment.models import Team
from stations.deployment.services.hand.changing import Done, carry_out
from stations.deployment.services.hand.draft import Draft
from stations.deployment.services.hand.route import clear_days
from stations.deployment.states import ChangeKind, TeamKind


@carry_out.register
def _move(act: MoveTeam, draft: Draft) -> Done:
    team = draft.team(act.team)
    move_team(team, act.place, draft)
    return Done(ChangeKind.MOVE_TEAM, {"teams": str(team.number)})


def move_team(team: Team, place: Place, draft: Draft) -> None:
    """Send a team elsewhere; its visits go. A pin of its place then holds at the new one."""
    clear_days([team], draft)
    settle(team, place, draft, is_long_term=team.kind == TeamKind.LONG_TERM)
    team.save(update_fields=["kind", "area", "constituency", "country"])


def settle(team: Team, place: Place, draft: Draft, *, is_long_term: bool) -> None:
    """Set where a team works, unsaved. Long-term teams have an area, the others a constituency or a country.

    A team at home belongs to the area of its constituency. Raises PlaceMissingError, NotInPlanError.
    """
    team.area = team.constituency = None
    team.country = ""
    if is_long_term:
        if place.area is None:
            raise PlaceMissingError(violations=[_missing("area", _("A long-term team works in an area."))])
        team.kind, team.area = TeamKind.LONG_TERM, draft.area(place.area)
    elif place.constituency is not None:
        team.kind, team.constituency = TeamKind.SHORT_TERM, draft.constituency(place.constituency)
        team.area = draft.area_of(team.constituency)
    elif place.country:
        if place.country not in dict(nationality_choices()):
            message = _("There is no country with this code.")
            raise NotInPlanError(violations=[Violation("country", "country-unknown", message)])
        team.kind, team.country = TeamKind.OVERSEAS, place.country
    else:
        message = _("A short-term team works in a constituency, or in a country abroad.")
        raise PlaceMissingError(violations=[_missing("constituency", message)])


def _missing(field: str, message: str) -> Violation:
    return Violation(field, "place-missing", message)
