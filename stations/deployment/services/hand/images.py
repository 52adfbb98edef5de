"""Teams and areas of a draft as they are now, as JSON, and putting them back. No names of people are in it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from stations.deployment.models import (
    AreaOfResponsibility,
    DeploymentPlan,
    RuleOverride,
    Team,
    TeamMember,
    Visit,
    VisitPlan,
)
from stations.deployment.services.storing import BATCH

Image = dict[str, Any]

_TEAM: Final = (
    "pk", "number", "key", "kind", "area_id", "constituency_id", "country", "is_pair_pinned", "is_place_pinned",
    "interpreter_id",
)  # fmt: skip
_MEMBER: Final = ("observer_id", "nomination_id", "is_leader")
_VISIT: Final = ("order", "station_id", "kind", "arrives_at", "leaves_at", "meal_at", "is_pinned")
_INSTANTS: Final = ("arrives_at", "leaves_at", "meal_at")
_OVERRIDE: Final = ("rule", "code", "fingerprint", "reason", "overridden_at", "overridden_by_id")


def images_of_teams(keys: Collection[int]) -> list[Image]:
    """The teams with members, visits and what was lifted for them. Four queries, whatever their number."""
    members = _grouped("team_id", TeamMember.objects.filter(team__in=keys).order_by("pk"), _MEMBER)
    lifted = _grouped("team_id", RuleOverride.objects.filter(team__in=keys).order_by("pk"), _OVERRIDE)
    days: dict[int, dict[str, list[Image]]] = defaultdict(dict)
    for team, day in VisitPlan.objects.filter(team__in=keys).order_by("day").values_list("team_id", "day"):
        days[team][day.isoformat()] = []
    visits = Visit.objects.filter(visit_plan__team__in=keys).order_by("order")
    for team, day, *row in visits.values_list("visit_plan__team_id", "visit_plan__day", *_VISIT):
        days[team][day.isoformat()].append(_plain(dict(zip(_VISIT, row, strict=True))))
    return [
        {**_plain(team), "members": members[team["pk"]], "days": days[team["pk"]], "lifted": lifted[team["pk"]]}
        for team in Team.objects.filter(pk__in=keys).order_by("number").values(*_TEAM)
    ]


def images_of_areas(keys: Collection[int]) -> list[Image]:
    """The areas with their constituencies. Two queries."""
    through = AreaOfResponsibility.constituencies.through.objects.filter(areaofresponsibility__in=keys)
    places: dict[int, list[int]] = defaultdict(list)
    for area, place in through.order_by("pk").values_list("areaofresponsibility_id", "constituency_id"):
        places[area].append(place)
    areas = AreaOfResponsibility.objects.filter(pk__in=keys).order_by("pk").values_list("pk", "name")
    return [{"pk": key, "name": name, "places": places[key]} for key, name in areas]


def put_back(
    plan: DeploymentPlan,
    *,
    teams: Iterable[Image],
    areas: Iterable[Image],
    made: Collection[int],
    made_areas: Collection[int],
) -> None:
    """Make these teams and areas what their images say; the teams and areas that were made since then go."""
    teams, areas = list(teams), list(areas)
    keys = [team["pk"] for team in teams]
    VisitPlan.objects.filter(team__in=keys).delete()
    TeamMember.objects.filter(team__in=keys).delete()
    RuleOverride.objects.filter(team__in=keys).delete()
    Team.objects.filter(plan=plan, pk__in=made).delete()
    for area in areas:
        row = AreaOfResponsibility(pk=area["pk"], plan=plan, name=area["name"])
        row.save()
        row.constituencies.set(area["places"])
    for team in teams:
        Team(plan=plan, **{name: team[name] for name in _TEAM if name in team}).save()
    AreaOfResponsibility.objects.filter(plan=plan, pk__in=made_areas).delete()
    _put_back_parts(plan, teams)


def _put_back_parts(plan: DeploymentPlan, teams: Collection[Image]) -> None:
    TeamMember.objects.bulk_create(
        (TeamMember(plan=plan, team_id=team["pk"], **row) for team in teams for row in team["members"]),
        batch_size=BATCH,
    )
    RuleOverride.objects.bulk_create(
        (
            RuleOverride(plan=plan, team_id=team["pk"], **{**row, "overridden_at": _instant(row["overridden_at"])})
            for team in teams
            for row in team["lifted"]
        ),
        batch_size=BATCH,
    )
    days = [(team["pk"], day, visits) for team in teams for day, visits in team["days"].items()]
    made = VisitPlan.objects.bulk_create(
        (VisitPlan(team_id=team, day=dt.date.fromisoformat(day)) for team, day, _visits in days), batch_size=BATCH
    )
    Visit.objects.bulk_create(
        (
            Visit(
                visit_plan=visit_plan,
                **{**row, **{name: _instant(row[name]) for name in _INSTANTS if row.get(name)}},
            )
            for visit_plan, (_team, _day, visits) in zip(made, days, strict=True)
            for row in visits
        ),
        batch_size=BATCH,
    )


def _grouped(by: str, rows: Any, names: tuple[str, ...]) -> Mapping[int, list[Image]]:
    found: dict[int, list[Image]] = defaultdict(list)
    for key, *row in rows.values_list(by, *names):
        found[key].append(_plain(dict(zip(names, row, strict=True))))
    return found


def _plain(row: Mapping[str, Any]) -> Image:
    """The row with instants and keys as text."""
    return {
        name: value if value is None or isinstance(value, (bool, int)) else _text(value) for name, value in row.items()
    }


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)


def _instant(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
