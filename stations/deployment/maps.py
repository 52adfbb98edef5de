"""The maps of deployment: what all released plans together cover, and one plan or one of its teams.

Whoever asks has fetched the plan in scope; its teams are looked up in the scope of the reader once more, because of
the pool's plan a mission sees the teams with its own people only.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.models import Election, Mission, User
from stations.deployment.crowd_selectors import Crowding
from stations.deployment.models import DeploymentPlan, Team, Visit
from stations.deployment.selectors import ConstituencyCounts, host_counts
from stations.deployment.states import CrowdBand
from stations.maps.drawing import map_of, place_words, shade_of
from stations.maps.picture import Layer, MapPicture, Mark, Points, Position, Route, Routes, Shape, Shapes
from stations.maps.places import Place, places_of, shapes_of
from stations.models import PollingStation
from stations.states import StationKind

#: Areas side by side are shaded in turn.
_SHADES = 4


def coverage_map(election: Election) -> MapPicture:
    """The constituencies, shaded by visits to a station that all released plans make together: counts only."""
    places = places_of(PollingStation.objects.filter(election=election).domestic())
    stations = Counter(place.constituency_id for place in places)
    shapes = shapes_of(places)
    shaded = tuple(
        Shape(
            shapes[row.constituency_id],
            _coverage_words(row, stations[row.constituency_id]),
            shade_of(row.visits, stations[row.constituency_id]),
        )
        for row in host_counts(election)
        if row.constituency_id in shapes
    )
    scale = (_("none"), *(_("up to %(share)d %%") % {"share": share} for share in (25, 50, 75)), _("more"))
    layer = Shapes(_("Visits for each 100 stations, all missions together"), shaded, tuple(scale))
    return map_of(election, [layer], [place.position for place in places])


def crowding_map(mission: Mission, crowding: Crowding) -> MapPicture:
    """The constituencies, shaded by how crowded they are by others, in bands and no finer."""
    places = places_of(PollingStation.objects.filter(election=mission.election_id).domestic())
    shapes = shapes_of(places)
    order = list(CrowdBand)
    shaded = tuple(
        Shape(shapes[line.key], f"{line.number} {line.name}: {line.band.label}", order.index(line.band))
        for line in crowding.lines
        if line.key in shapes
    )
    layer = Shapes(_("Visits of other missions"), shaded, tuple(str(band.label) for band in order) if shaded else ())
    return map_of(mission.election, [layer], [place.position for place in places])


def plan_map(plan: DeploymentPlan, user: User, *, team: int | None = None) -> MapPicture:
    """The areas and routes of a plan, or the route of the team with that number among the stations around it.

    A team that the reader may not see, or that there is not, gives a map without routes. Abroad nobody drives: the
    stations there are told of, and shown where a team or a plan has no others.
    """
    teams = Team.objects.visible_to(user).filter(plan=plan)
    if team is not None:
        teams = teams.filter(number=team)
    home, abroad = _stops(teams)
    there = teams.values_list("constituency", flat=True)
    below = _areas(plan, teams) if team is None else _neighbours(places_around(plan, there))
    layers: list[Layer] = [below, _routes(home)]
    shown = [mark for marks in (home or abroad).values() for mark in marks]
    if not home:
        layers.append(Points(_("Stations abroad"), "overseas", tuple(shown), size=6))
    notes = _left_away(abroad) if home else ()
    return map_of(plan.election, layers, [mark.position for mark in shown], notes)


def team_picture(
    plan: DeploymentPlan, team: Team, visits: Sequence[Visit], around: Sequence[Place]
) -> MapPicture | None:
    """The way of one team's day among the stations around, for paper. None where nothing has a place. No query."""
    marks = tuple(_stop(visit) for visit in visits if visit.station.latitude is not None)
    if not marks:
        return None
    layers = [_neighbours(around), Routes(str(team), (Route(str(team), marks),))]
    return map_of(plan.election, layers, [mark.position for mark in marks])


_Stops = dict[int, list[Mark]]


def _stops(teams: "QuerySet[Team]") -> tuple[_Stops, _Stops]:
    """The stops of every team by its number: those at home, and those abroad. One query."""
    visits = (
        Visit.objects.filter(visit_plan__team__in=teams)
        .exclude(station__latitude=None)
        .select_related("visit_plan__team", "station")
        .order_by("visit_plan__team__number", "visit_plan__day", "order")
    )
    home: _Stops = defaultdict(list)
    abroad: _Stops = defaultdict(list)
    for visit in visits:
        where = abroad if visit.station.kind == StationKind.OVERSEAS else home
        where[visit.visit_plan.team.number].append(_stop(visit))
    return home, abroad


def _routes(stops: _Stops) -> Layer:
    title = _("Team %(number)d")
    return Routes(
        _("Routes"), tuple(Route(title % {"number": number}, tuple(marks)) for number, marks in stops.items())
    )


def places_around(plan: DeploymentPlan, constituencies: Iterable[int | None]) -> list[Place]:
    """The stations of these constituencies: where a team may go instead. One query."""
    register = PollingStation.objects.filter(election=plan.election_id).domestic()
    return places_of(register.filter(constituency__in=constituencies))


def _neighbours(places: Sequence[Place]) -> Layer:
    marks = tuple(Mark(place.position, place_words(place)) for place in places)
    return Points(_("All stations of the constituency"), "other", marks)


def _areas(plan: DeploymentPlan, teams: "QuerySet[Team]") -> Layer:
    """The constituencies of the areas that the reader's teams belong to, area by area in another shade."""
    areas = plan.areas.filter(teams__in=teams).distinct().prefetch_related("constituencies").order_by("name")
    area_of = {
        constituency.pk: (number, f"{area.name} · {constituency}")
        for number, area in enumerate(areas)
        for constituency in area.constituencies.all()
    }
    register = PollingStation.objects.filter(election=plan.election_id, constituency__in=area_of)
    shapes = shapes_of(places_of(register.domestic()))
    return Shapes(
        _("Areas of responsibility"),
        tuple(Shape(corners, area_of[key][1], area_of[key][0] % _SHADES + 1) for key, corners in shapes.items()),
    )


def _stop(visit: Visit) -> Mark:
    station = visit.station
    arrives, leaves = (
        date_format(instant.astimezone(station.zone), "H:i") for instant in (visit.arrives_at, visit.leaves_at)
    )
    text = f"{visit.order}. {station.code} {station.name}, {arrives}–{leaves}, {visit.get_kind_display()}"
    return Mark(_position(station), text)


def _position(station: PollingStation) -> Position:
    return float(station.latitude or 0), float(station.longitude or 0)


def _coverage_words(row: ConstituencyCounts, stations: int) -> str:
    facts = {"place": f"{row.number} {row.name}", "visits": row.visits, "teams": row.teams, "stations": stations}
    return _("%(place)s: %(visits)d visits by %(teams)d teams to %(stations)d stations") % facts


def _left_away(abroad: _Stops) -> Sequence[str]:
    count = len({mark.position for marks in abroad.values() for mark in marks})
    if not count:
        return ()
    return (ngettext("%d station abroad is not shown.", "%d stations abroad are not shown.", count) % count,)
