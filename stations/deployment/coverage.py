"""What plans cover of the register, stratum by stratum: stations and visits as planned, and as they took place.

For one plan, as far as somebody may read it; and for all released plans together, as counts of which no mission's
plan can be read: nothing here is finer than a constituency.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, TextChoices
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from missions.countries import country_name
from missions.models import Election, User
from missions.states import DeploymentMode
from stations.deployment.models import DeploymentPlan, Team, Visit
from stations.deployment.open_places import constituencies_without_teams
from stations.deployment.presence.selectors import actual_visits, teams_in_sight
from stations.deployment.profile_choice import profile_by, profile_of_owner, settings_of
from stations.deployment.rules.balance import expected_of, is_missed
from stations.deployment.rules.limits import BalanceLimits, Limits
from stations.models import AccessRequirement, PollingStation
from stations.states import StationKind


class StratumGroup(TextChoices):
    """By what stations are told apart."""

    WHOLE = "whole", _("All")
    PLACE = "place", _("Town and country")
    TRAIT = "trait", _("Kinds of stations")
    REGION = "region", _("Regions")
    CONSTITUENCY = "constituency", _("Constituencies")
    COUNTRY = "country", _("Countries abroad")


_WORDS = {
    "home": _("at home"),
    "overseas": _("abroad"),
    "urban": _("in towns"),
    "rural": _("in the country"),
    "newly_covered": _("in newly covered territory"),
    "web_camera": _("with a camera"),
    "special": _("special"),
    "idp": _("for displaced persons"),
    "temporary": _("temporary"),
    "special_access": _("with special access"),
}
_KINDS: Mapping[str, str] = {
    StationKind.SPECIAL.value: "special",
    StationKind.IDP.value: "idp",
    StationKind.TEMPORARY.value: "temporary",
}
#: What is judged by its share of the stations at home; of a constituency a fair plan may well have nothing.
_JUDGED = (StratumGroup.PLACE, StratumGroup.TRAIT, StratumGroup.REGION)


@dataclass(frozen=True, slots=True)
class Reached:
    """So many different stations, and visits to them."""

    stations: int
    visits: int


@dataclass(frozen=True, slots=True)
class StratumCoverage:
    """One stratum: its stations in the register, and what of them is reached.

    `actual` is None where the reader may not know where teams are. `expected` is how many of its stations a plan of
    this size would visit by chance where its owner goes at all; `is_missed` (R20) if it visits far fewer.
    """

    group: StratumGroup
    code: str
    name: str
    stations: int
    planned: Reached
    actual: Reached | None
    expected: int
    is_missed: bool

    @property
    def permille(self) -> int:
        """The share of its stations that the plan visits, in thousandths."""
        return 1_000 * self.planned.stations // max(self.stations, 1)

    @property
    def actual_permille(self) -> int:
        """Likewise of those where somebody has been."""
        return 1_000 * self.actual.stations // max(self.stations, 1) if self.actual else 0


@dataclass(frozen=True, slots=True)
class CoverageReport:
    """All strata that the register has, the wide ones first, by whose limits they were judged."""

    strata: tuple[StratumCoverage, ...]
    limits: BalanceLimits

    @property
    def missed(self) -> tuple[StratumCoverage, ...]:
        """Those that are far under their share."""
        return tuple(row for row in self.strata if row.is_missed)

    @property
    def permille(self) -> int:
        """The share of all stations at home that is visited, in thousandths."""
        return next((row.permille for row in self.of_group(StratumGroup.WHOLE) if row.code == "home"), 0)

    @property
    def knows_actual(self) -> bool:
        """Whether anything was read of where teams have been."""
        return any(row.actual is not None for row in self.strata)

    def of_group(self, *groups: StratumGroup) -> tuple[StratumCoverage, ...]:
        """The strata of these groups."""
        return tuple(row for row in self.strata if row.group in groups)


def plan_coverage(plan: DeploymentPlan, reader: User, *, at: datetime) -> CoverageReport:
    """What the teams of a plan that the reader may see cover, and have covered by then. Ten queries at most.

    The caller has fetched the plan in scope.
    """
    teams = Team.objects.visible_to(reader).filter(plan=plan).order_by().values("pk")
    planned = _planned(Visit.objects.filter(visit_plan__team__in=teams))
    settings = settings_of(plan.election, plan.mission)
    in_sight = set(teams_in_sight(plan, reader).order_by().values_list("pk", flat=True))
    actual = _actual(DeploymentPlan.objects.filter(pk=plan.pk), in_sight, at) if in_sight else None
    limits = profile_by(settings, plan).limits
    return _report(plan.election, planned, actual, limits, constituencies_without_teams(settings))


def joint_coverage(election: Election, *, at: datetime) -> CoverageReport:
    """What all released plans cover together, for the host. Ten queries at most.

    Where teams have been is counted for the plans that the ministry makes: of the others it learns nothing.
    """
    released = DeploymentPlan.objects.released().filter(election=election)
    by_ministry = released.filter(Q(mission=None) | Q(mission__deployment_mode=DeploymentMode.HOST_COORDINATED))
    planned = _planned(Visit.objects.filter(visit_plan__team__plan__in=released))
    actual = _actual(by_ministry, None, at)
    return _report(election, planned, actual, profile_of_owner(election, None).limits, frozenset())


class _Traits(NamedTuple):
    """What stations are told apart by."""

    kind: str
    number: int | None
    name: str | None
    region: str | None
    country: str
    is_urban: bool
    has_web_camera: bool
    is_newly_covered: bool
    has_access: bool
    is_open: bool


_TRAITS: Final = (
    "kind",
    "constituency__number",
    "constituency__name",
    "constituency__region",
    "country",
    "is_urban",
    "has_web_camera",
    "is_newly_covered",
    "has_access",
    "is_open",
)
_Counts = Mapping[int, int]
_Stratum = tuple[StratumGroup, str]


@dataclass(slots=True)
class _Tally:
    """What was counted of one stratum so far; `open` are those of its stations to which the owner may go."""

    stations: int = 0
    open: int = 0
    open_planned: int = 0
    planned: int = 0
    planned_visits: int = 0
    actual: int = 0
    actual_visits: int = 0

    def add(self, planned: int, actual: int, *, is_open: bool) -> None:
        """One of its stations has so many visits."""
        self.open_planned += is_open and planned > 0
        self.planned += planned > 0
        self.planned_visits += planned
        self.actual += actual > 0
        self.actual_visits += actual


def _planned(visits: "QuerySet[Visit]") -> _Counts:
    """The visits to each station. One query."""
    return dict(visits.order_by().values_list("station_id").annotate(count=Count("pk")))


def _actual(plans: "QuerySet[DeploymentPlan]", teams: Collection[int] | None, at: datetime) -> _Counts:
    """The visits that took place by then, of these teams or of all (None), by station."""
    made = actual_visits(plans, at=at)
    return Counter(visit.station_id for visit in made if teams is None or visit.team_id in teams)


def _report(
    election: Election, planned: _Counts, actual: _Counts | None, limits: Limits, closed: Collection[int]
) -> CoverageReport:
    """`closed` are the constituencies to which the owner does not go: they are counted, and nothing is expected."""
    tallies: dict[_Stratum, _Tally] = defaultdict(_Tally)
    names: dict[_Stratum, str] = {}
    stations = _with_traits(PollingStation.objects.filter(election=election), closed)
    for traits, count in _counted(stations):
        for stratum, name in _strata_of(traits):
            tallies[stratum].stations += count
            tallies[stratum].open += count if traits.is_open else 0
            names[stratum] = name
    for traits, key in _each(stations.filter(pk__in={*planned, *(actual or ())})):
        for stratum, _name in _strata_of(traits):
            there = actual.get(key, 0) if actual else 0
            tallies[stratum].add(planned.get(key, 0), there, is_open=traits.is_open)
    home = tallies.get((StratumGroup.WHOLE, "home"), _Tally())
    rows = (
        _row(stratum, names[stratum], tallies[stratum], home, limits, knows_actual=actual is not None)
        for stratum in sorted(tallies, key=_place_in_list)
    )
    return CoverageReport(tuple(rows), limits.balance)


def _row(
    stratum: _Stratum, name: str, tally: _Tally, home: _Tally, limits: Limits, *, knows_actual: bool
) -> StratumCoverage:
    group, code = stratum
    day = limits.day.most_visits if group is StratumGroup.REGION else 1
    expected = 0
    if group in _JUDGED:
        expected = expected_of(tally.open, visited=home.open_planned, stations=home.open, day=day)
    return StratumCoverage(
        group=group,
        code=code,
        name=_name_of(group, code, name),
        stations=tally.stations,
        planned=Reached(tally.planned, tally.planned_visits),
        actual=Reached(tally.actual, tally.actual_visits) if knows_actual else None,
        expected=expected,
        is_missed=is_missed(tally.open_planned, expected, limits.balance),
    )


def _name_of(group: StratumGroup, code: str, name: str) -> str:
    """In the language of the reader; regions and constituencies have names of their own."""
    if group is StratumGroup.COUNTRY:
        return country_name(code, get_language() or "en")
    return name or str(_WORDS.get(code, code))


def _place_in_list(stratum: _Stratum) -> tuple[int, int, str]:
    group, code = stratum
    number = int(code) if group is StratumGroup.CONSTITUENCY else 0
    return list(StratumGroup).index(group), number, code


def _counted(stations: "QuerySet[PollingStation]") -> Iterator[tuple[_Traits, int]]:
    """How many of these stations have the same traits. One query."""
    rows = stations.values_list(*_TRAITS).annotate(count=Count("pk"))
    return ((_Traits._make(traits), count) for *traits, count in rows)


def _each(stations: "QuerySet[PollingStation]") -> Iterator[tuple[_Traits, int]]:
    """The traits and the key of each of these stations. One query."""
    return ((_Traits._make(traits), key) for *traits, key in stations.values_list(*_TRAITS, "pk"))


def _with_traits(stations: "QuerySet[PollingStation]", closed: Collection[int]) -> "QuerySet[PollingStation]":
    """The stations with what no column has."""
    return stations.order_by().annotate(
        has_access=Exists(AccessRequirement.objects.filter(station=OuterRef("pk"))),
        is_open=Q(closed_at=None) & ~Q(constituency__in=closed),
    )


def _strata_of(station: _Traits) -> Iterator[tuple[_Stratum, str]]:
    """Every stratum that the station belongs to, with its name where it has one of its own."""
    if station.kind == StationKind.OVERSEAS:
        yield (StratumGroup.WHOLE, "overseas"), ""
        yield (StratumGroup.COUNTRY, station.country), ""
        return
    yield (StratumGroup.WHOLE, "home"), ""
    yield (StratumGroup.PLACE, "urban" if station.is_urban else "rural"), ""
    if station.is_newly_covered:
        yield (StratumGroup.TRAIT, "newly_covered"), ""
    if station.has_web_camera:
        yield (StratumGroup.TRAIT, "web_camera"), ""
    if station.has_access:
        yield (StratumGroup.TRAIT, "special_access"), ""
    if code := _KINDS.get(station.kind):
        yield (StratumGroup.TRAIT, code), ""
    yield (StratumGroup.REGION, station.region or ""), station.region or ""
    yield (StratumGroup.CONSTITUENCY, str(station.number)), f"{station.number} {station.name}"
