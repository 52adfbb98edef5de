"""From the database to the optimizer's arrays: a few queries whatever the size, and an index that leads back."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from missions.models import Election, Mission
from stations.deployment.columns import bits, flags, floats, ints, language_bits, numbered, widespread
from stations.deployment.loaded_problem import LoadedProblem, OverseasPlace, ProblemIndex, SubProblem
from stations.deployment.models import DeploymentPlan
from stations.deployment.open_places import closed_places
from stations.deployment.optimizer.params import LanguageParams, Params
from stations.deployment.optimizer.problem import (
    NONE,
    Areas,
    Countries,
    Ints,
    Missions,
    Observers,
    OverseasStations,
    Problem,
    Stations,
    Zones,
)
from stations.deployment.parameters import DEFAULTS, PlanParameters, Stratum, long_term_params, short_term_params
from stations.deployment.previous import Rows, TeamBefore, previous_long_term, previous_short_term, teams_of
from stations.deployment.problem_measures import MeasuredWays, in_sample, quietness, travel_matrices
from stations.deployment.problem_rows import (
    ConstituencyRow,
    PersonRow,
    StationRow,
    constituencies_of,
    deployable,
    people_of,
    placeable,
    stations_of,
)
from stations.deployment.states import TeamKind
from stations.deployment.stratum_targets import Frame, WantedStratum, targets_of
from stations.deployment.timetable import PollingDay
from stations.deployment.zoning import Ground, Listed, Zoning

_VOTERS_PER_POINT: Final = 1_000


def load_problem(
    election: Election,
    mission: Mission | None,
    *,
    seed: int = 0,
    parameters: PlanParameters = DEFAULTS,
    base: DeploymentPlan | None = None,
) -> LoadedProblem:
    """Read the problem of one mission, or of the pool of host-coordinated missions (None). A few queries.

    Only active accreditations with a deployed role take part; nobody of the host's nationality does. With `base`, an
    earlier version of the same owner, the problem is to stay close to it; five queries more.
    """
    people, closed = people_of(election, mission), closed_places(election, mission)
    fit, unfit = deployable(people, election, closed)
    reachable, unreachable = placeable(stations_of(election), election, closed)
    # The owner is part of the draw, so that two missions with the same seed do not draw the same stations.
    draw = (seed, *(mission.code.encode() if mission is not None else b""))
    constituencies = constituencies_of(election, for_pool=mission is None)
    before = teams_of(base) if base else ()
    arrays = _Arrays(election, mission, fit, reachable, constituencies, parameters, draw, before, closed.listed)
    short_term = arrays.short_term()
    return LoadedProblem(
        long_term=arrays.long_term(),
        short_term=short_term,
        index=arrays.index(),
        people=len(people),
        staffs_overseas=mission is None or bool((short_term.problem.observers.residence >= 0).any()),
        left_out=(*unfit, *unreachable),
        outdated_travel=arrays.measured.outdated,
    )


class _Arrays:
    """Gives rows their numbers and lays the columns."""

    def __init__(
        self,
        election: Election,
        mission: Mission | None,
        people: Sequence[PersonRow],
        stations: Iterable[StationRow],
        constituencies: Sequence[ConstituencyRow],
        parameters: PlanParameters,
        draw: Sequence[int],
        before: Sequence[TeamBefore],
        listed: Listed,
    ) -> None:
        self.election, self.mission = election, mission
        self.parameters, self.draw, self.before = parameters, draw, before
        stations = list(stations)
        self.home = [station for station in stations if not station.is_overseas]
        self.abroad = [station for station in stations if station.is_overseas]
        in_use = {station.constituency_id for station in self.home}
        self.constituencies = [row for row in constituencies if row.constituency_id in in_use]
        self.long = [person for person in people if person.is_long_term]
        self.short = [person for person in people if not person.is_long_term]
        self.area: dict[int | None, int] = {row.constituency_id: n for n, row in enumerate(self.constituencies)}
        self._quiet = quietness(mission, self.constituencies)
        self.measured = self._measured()
        self.region = numbered(row.region for row in self.constituencies)
        self.region_of = ints(self.region[row.region] for row in self.constituencies)
        self.overseas_countries = {station.country for station in self.abroad}
        nationalities = {code for person in people for code in person.nationalities}
        self.country = numbered(sorted(nationalities | self.overseas_countries))
        self.language = language_bits(people, self.constituencies)
        spoken = [bits(row.languages, self.language) for row in self.constituencies]
        self.ground = Ground(self.constituencies, spoken, listed, self.country)
        self.stations = self._stations()
        self.strata = self._strata()
        self.languages = LanguageParams(
            working=bits((code for person in people for code in person.languages), self.language),
            local=bits(widespread(self.constituencies), self.language),
        )

    def index(self) -> ProblemIndex:
        election = self.election
        return ProblemIndex(
            stations=ints(station.station_id for station in self.home),
            constituencies=ints(row.constituency_id for row in self.constituencies),
            regions=tuple(self.region),
            region_of=self.region_of,
            countries=tuple(self.country),
            languages=tuple(self.language),
            strata=tuple(row.code for row in self.strata),
            overseas=tuple(self._overseas_place(station) for station in self.abroad),
            home_day=PollingDay(election.e_day, election.opens_at, election.closes_at, election.time_zone),
        )

    def short_term(self) -> SubProblem:
        """Stations at home by constituency, and the stations abroad."""
        before = [team for team in self.before if team.kind is not TeamKind.LONG_TERM]
        zoning = self.ground.parts_of_regions()
        problem = Problem(
            observers=self._observers(self.short, lives_abroad=True),
            stations=self.stations,
            areas=self._areas(zoning),
            zones=Zones(zoning.language),
            missions=self._missions(self.short),
            overseas=OverseasStations(ints(self.country[station.country] for station in self.abroad)),
            countries=self._countries(zoning),
            previous=previous_short_term(before, self._rows(self.short)),
            travel=self.measured.matrices,
            targets=targets_of(self.strata, self.parameters.strata.points),
        )
        hours = (self.election.opens_at, self.election.closes_at)
        params = short_term_params(self.parameters, self.languages, *hours)
        return self._sub_problem(problem, params, self.short, before)

    def long_term(self) -> SubProblem:
        """Regions in place of areas, constituencies in place of stations."""
        zoning = self.ground.whole_regions()
        constituencies, regions = self._areas(zoning), len(self.region)
        before = [team for team in self.before if team.kind is TeamKind.LONG_TERM]
        voters = np.bincount(
            self.stations.area,
            ints(station.voters for station in self.home),
            minlength=len(self.constituencies),
        )
        count = np.maximum(np.bincount(zoning.zone, minlength=regions), 1)
        problem = Problem(
            observers=self._observers(self.long, lives_abroad=False),
            stations=Stations(
                lon=constituencies.lon,
                lat=constituencies.lat,
                area=constituencies.zone,
                weight=(voters // _VOTERS_PER_POINT).astype(np.int64),
                new_territory=np.zeros(len(self.constituencies), np.bool_),
            ),
            areas=Areas(
                lon=np.bincount(zoning.zone, constituencies.lon, regions) / count,
                lat=np.bincount(zoning.zone, constituencies.lat, regions) / count,
                urban=np.zeros(regions, np.bool_),
                zone=np.arange(regions),
            ),
            zones=Zones(zoning.language),
            missions=self._missions(self.long),
            overseas=OverseasStations(np.zeros(0, np.int64)),
            countries=self._countries(zoning),
            previous=previous_long_term(before, self._rows(self.long), self.region),
        )
        return self._sub_problem(problem, long_term_params(self.parameters, self.languages), self.long, before)

    def _rows(self, people: Sequence[PersonRow]) -> Rows:
        return Rows(
            observers={person.observer_id: row for row, person in enumerate(people)},
            areas=self.area,
            stations={station.station_id: row for row, station in enumerate(self.home)},
            overseas={station.station_id: row for row, station in enumerate(self.abroad)},
        )

    def _sub_problem(
        self, problem: Problem, params: Params, people: Sequence[PersonRow], before: Sequence[TeamBefore]
    ) -> SubProblem:
        return SubProblem(
            problem=problem,
            params=params,
            observer_ids=ints(person.observer_id for person in people),
            nomination_ids=ints(person.nomination_id for person in people),
            mission_ids=tuple(sorted({person.mission_id for person in people})),
            before=tuple(before),
        )

    def _observers(self, people: Sequence[PersonRow], *, lives_abroad: bool) -> Observers:
        mission = numbered(sorted({person.mission_id for person in people}))
        second = (self.country.get(person.second_nationality, NONE) for person in people)
        first = (self.country[person.nationality] for person in people)
        residence = (self._residence(person) if lives_abroad else NONE for person in people)
        return Observers(
            mission=ints(mission[person.mission_id] for person in people),
            nationality=np.stack([ints(first), ints(second)], axis=1),
            language=ints(bits(person.languages, self.language) for person in people),
            female=flags(person.is_female for person in people),
            experienced=flags(person.is_experienced for person in people),
            residence=ints(residence),
            group=self._groups(people),
        )

    def _groups(self, people: Sequence[PersonRow]) -> Ints:
        """Groups by number, case aside. Where the rules do not ask for mixed teams, nobody has one."""
        if not self.parameters.mixed_groups:
            return np.full(len(people), NONE)
        known = numbered(sorted({person.political_group.casefold() for person in people} - {""}))
        return ints(known.get(person.political_group.casefold(), NONE) for person in people)

    def _residence(self, person: PersonRow) -> int:
        """The country abroad where somebody can serve. Who lives in the own country travels to the host instead."""
        lives_in = person.residence_country
        if lives_in in person.nationalities or lives_in not in self.overseas_countries:
            return NONE
        return self.country[lives_in]

    def _stations(self) -> Stations:
        home, weights = self.home, self.parameters.weights
        area = ints(self.area[station.constituency_id] for station in home)
        new = flags(station.is_newly_covered for station in home)
        known = weights.of(
            ints(station.voters for station in home),
            flags(station.has_web_camera for station in home),
            flags(station.is_urban for station in home),
            new,
        )
        sampled = in_sample(self.election, self.mission, ints(station.station_id for station in home))
        drawn = weights.drawn(area, new, self.draw)
        return Stations(
            lon=floats(station.longitude or 0 for station in home),
            lat=floats(station.latitude or 0 for station in home),
            area=area,
            weight=known + drawn + weights.quiet * self._quiet[area] // 1_000 + weights.sampled * sampled,
            new_territory=new,
        )

    def _measured(self) -> MeasuredWays:
        """The ways between the stations of each constituency, where somebody measured them."""
        stations: dict[int, list[int]] = {row.constituency_id: [] for row in self.constituencies}
        for station in self.home:
            if station.constituency_id is not None:
                stations[station.constituency_id].append(station.station_id)
        area = {place: self.area[place] for place in stations}
        return travel_matrices(self.election, self.mission, stations, area)

    def _strata(self) -> list[WantedStratum]:
        """What each stratum shall have of the visits that all pairs at home could make."""
        urban = flags(station.is_urban for station in self.home)
        kinds = {
            Stratum.RURAL: ~urban,
            Stratum.URBAN: urban,
            Stratum.CAMERA: flags(station.has_web_camera for station in self.home),
            Stratum.NEWLY_COVERED: self.stations.new_territory,
        }
        pairs = sum(self._residence(person) == NONE for person in self.short) // 2
        day = self.parameters.day.most_visits
        frame = Frame(
            kinds=kinds,
            region=self.region_of[self.stations.area],
            regions=tuple(self.region),
            visits=min(len(self.home), pairs * day),
            day=day,
        )
        return frame.strata(self.parameters.strata, self.parameters.balance)

    def _areas(self, zoning: Zoning) -> Areas:
        """The middle of each constituency's stations is the base of its teams; most of them say if it is urban."""
        size, stations = len(self.constituencies), self.stations
        count = np.bincount(stations.area, minlength=size)
        urban = np.bincount(stations.area, flags(station.is_urban for station in self.home), size)
        return Areas(
            lon=np.bincount(stations.area, stations.lon, size) / count,
            lat=np.bincount(stations.area, stations.lat, size) / count,
            urban=urban * 2 > count,
            zone=zoning.zone,
        )

    def _missions(self, people: Sequence[PersonRow]) -> Missions:
        size = len({person.mission_id for person in people})
        return Missions(solo_ok=np.full(size, self.parameters.alone_abroad))

    def _countries(self, zoning: Zoning) -> Countries:
        """The middle of a country's own stations; where there are none, the place is never asked for."""
        size = len(self.country)
        where = ints(self.country[station.country] for station in self.abroad)
        count = np.maximum(np.bincount(where, minlength=size), 1)
        return Countries(
            lon=np.bincount(where, floats(station.longitude or 0 for station in self.abroad), size) / count,
            lat=np.bincount(where, floats(station.latitude or 0 for station in self.abroad), size) / count,
            barred=zoning.barred,
        )

    def _overseas_place(self, station: StationRow) -> OverseasPlace:
        day = PollingDay(self.election.e_day, station.opens_at, station.closes_at, station.time_zone)
        return OverseasPlace(station.station_id, station.country, day)
