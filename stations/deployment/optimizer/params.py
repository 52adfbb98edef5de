"""Every constant of the objective and of a day's work: the caller passes them in."""

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

_INT64_BITS: Final = 63
QUALITIES: Final = ("fast", "best")


class ParamsError(ValueError):
    """A parameter makes no sense. `code` is stable, `field` names the parameter."""

    def __init__(self, *, code: str, field: str) -> None:
        super().__init__(f"{code}: {field}")
        self.code = code
        self.field = field


@dataclass(frozen=True, slots=True)
class LanguageParams:
    """Language bit sets: those a team may work in, and those that count as local to the host."""

    working: int
    local: int


@dataclass(frozen=True, slots=True)
class TeamParams:
    """Points of a pair at home, and the size above which one matching is cut into chunks.

    `mixed_group`: for two who are both of a political group, and of different ones.
    """

    in_mission: int = 1000
    pooled: int = 600
    local_language: int = 40
    experienced: int = 25
    mixed_gender: int = 20
    mixed_group: int = 0
    chunk_above: int = 1000
    chunk: int = 160


@dataclass(frozen=True, slots=True)
class OverseasParams:
    """Points of staffing abroad.

    `resident`: once for a team with a member who lives in that country. `near`: how many of the other
    overseas countries count as neighbours of one.
    """

    first_team: int = 1000
    pair: int = 600
    same_mission: int = 200
    resident: int = 50
    solo: int = 350
    near: int = 4
    max_seconds: int = 60


@dataclass(frozen=True, slots=True)
class AreaParams:
    """Points of placing a team in an area (constituency).

    `revisit_permille`: value of the first, second, ... visit of one station, in thousandths of its weight.
    `fair_share_permille`: a mission may have this many thousandths of its proportional share of a zone
    before `concentration` is taken off for each further team.
    `fair_value_permille`: a mission counts as badly placed when its teams' places are worth less than these many
    thousandths of what all teams' are on average. It is reported; who is dealt which place of a zone evens it out.
    `abroad_pairs`: whether a pair that both live abroad is placed at home (else it is reported).
    `keep`: for a team that stays in the area of the previous plan; it moves only where that gains more. A team of
    which one member was replaced gets half of it. 0 places as if there had been no plan; pins hold all the same.
    """

    language: int = 60
    concentration: int = 40
    fair_share_permille: int = 1500
    first_team: int = 2000
    deploy: int = 50
    revisit_permille: tuple[int, ...] = (1000, 250, 50)
    abroad_pairs: bool = False
    keep: int = 300
    fair_value_permille: int = 900


@dataclass(frozen=True, slots=True)
class RouteParams:
    """One day's work. Times in seconds after local midnight, lengths in metres, speeds in metres an hour.

    The way from the base to the first stop and back from the last costs metres, not time, and the limits do not
    concern it. `meal`: seconds of a meal between two visits, begun and ended within [`meal_earliest`, `meal_latest`];
    0 for none. `max_leg` and `max_drive`: seconds of driving (parking included) from one visit to the next, and of all
    of them; 0 for no limit. A road is longer than the straight line by `urban_road_permille` or
    `rural_road_permille`, unless its area has a matrix.
    `spread`: metres that it costs when an opening (or a closing) is at the place where another team's is, or in a
    stratum that has more than its share of them. `keep`: what visits have to gain, in metres, before a route of the
    previous plan is changed.
    `quality`: `fast`, or `best` for what longer search still finds.
    `weight_metres`: how many metres one unit of station weight is worth. `coverage_permille`: how much more
    the search (not the score) values weight than metres, so that coverage is not given up for a short way.
    """

    window_start: int = 7 * 3600 + 45 * 60
    window_end: int = 19 * 3600
    service: int = 1800
    max_stops: int = 12
    urban_road_permille: int = 1300
    rural_road_permille: int = 1400
    urban_speed: int = 24_000
    rural_speed: int = 45_000
    park: int = 60
    meal: int = 0
    meal_earliest: int = 12 * 3600
    meal_latest: int = 15 * 3600
    max_leg: int = 0
    max_drive: int = 0
    weight_metres: int = 1000
    coverage_permille: int = 3000
    spread: int = 0
    keep: int = 100_000
    quality: str = "fast"

    @property
    def fee_of_change(self) -> int:
        """Metres as the search counts them, which values visits more, that changing a route of before costs."""
        return self.keep * self.coverage_permille // 1000

    @property
    def horizon(self) -> int:
        """Seconds between the start of the first visit and the end of the last."""
        return self.window_end - self.window_start


@dataclass(frozen=True, slots=True)
class Params:
    """All parameters of one solve. Only the language masks have no default: they belong to a country."""

    languages: LanguageParams
    teams: TeamParams = TeamParams()
    overseas: OverseasParams = OverseasParams()
    areas: AreaParams = AreaParams()
    routes: RouteParams = RouteParams()

    def validate(self) -> None:
        """Raise `ParamsError`: `params-range`, `params-revisit`, `params-window`, `params-meal` or `params-quality`."""
        for group in (self.languages, self.teams, self.overseas, self.areas, self.routes):
            _refuse_negative(group)
        for name in ("service", "max_stops", "urban_speed", "rural_speed", "weight_metres"):
            if getattr(self.routes, name) < 1:
                raise ParamsError(code="params-range", field=f"routes.{name}")
        if self.teams.chunk < 2:
            raise ParamsError(code="params-range", field="teams.chunk")
        if self.teams.pooled < 1 or self.teams.in_mission < self.teams.pooled:
            raise ParamsError(code="params-range", field="teams.in_mission")
        revisit = self.areas.revisit_permille
        if not revisit or list(revisit) != sorted(revisit, reverse=True):
            raise ParamsError(code="params-revisit", field="areas.revisit_permille")
        if self.routes.horizon < self.routes.service:
            raise ParamsError(code="params-window", field="routes.window_end")
        if self.routes.meal and self.routes.meal_earliest + self.routes.meal > self.routes.meal_latest:
            raise ParamsError(code="params-meal", field="routes.meal")
        if self.routes.quality not in QUALITIES:
            raise ParamsError(code="params-quality", field="routes.quality")


def params_to_json(params: Params) -> str:
    """Return the parameters as JSON text with sorted keys: the same parameters give the same text."""
    return json.dumps(asdict(params), sort_keys=True)


def params_from_json(text: str) -> Params:
    """Return the parameters written by `params_to_json`. Raises `ParamsError` (`params-unreadable`)."""
    try:
        raw: dict[str, dict[str, Any]] = json.loads(text)
        areas = {**raw["areas"], "revisit_permille": tuple(raw["areas"]["revisit_permille"])}
        return Params(
            languages=LanguageParams(**raw["languages"]),
            teams=TeamParams(**raw["teams"]),
            overseas=OverseasParams(**raw["overseas"]),
            areas=AreaParams(**areas),
            routes=RouteParams(**raw["routes"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ParamsError(code="params-unreadable", field=type(error).__name__) from error


_Group = LanguageParams | TeamParams | OverseasParams | AreaParams | RouteParams


def _refuse_negative(group: _Group) -> None:
    for field in fields(group):
        value = getattr(group, field.name)
        values = value if isinstance(value, tuple) else (value,)
        if isinstance(value, str):
            continue
        if any(not isinstance(v, int) or v < 0 or v >= 1 << _INT64_BITS for v in values):
            raise ParamsError(code="params-range", field=f"{type(group).__name__}.{field.name}")
