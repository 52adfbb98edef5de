"""The profiles of deployment rules that ship with the product: strengths and limits as data, checked whole."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from missions.data.reading import DataFileError, Table, read_toml
from missions.data.values import Wording, read_whole, read_wording
from missions.states import MissionKind
from stations.deployment.rules.limits import BalanceLimits, DayRules, Limits, StayRules
from stations.deployment.rules.sentences import SENTENCES
from stations.deployment.states import RuleStrength

PROFILES: Final = Path(__file__).parent / "profiles"
#: Stands for the pool of the host-coordinated missions among the kinds of missions.
POOL: Final = "pool"


class DeploymentProfileError(DataFileError):
    """A profile is wrong, or there is none. The text names the file and the key."""


@dataclass(frozen=True, slots=True)
class DeploymentProfile:
    """One way of deploying: how serious each code is, and the limits.

    `default_for` names the kinds of missions, or the pool, that use it until something else is chosen.
    """

    code: str
    title: Wording
    default_for: tuple[str, ...]
    limits: Limits
    strengths: Mapping[str, RuleStrength]


@cache
def load_deployment_profile(code: str) -> DeploymentProfile:
    """The profile with this code. Raises DeploymentProfileError if there is none or its file is wrong."""
    if code not in deployment_profile_codes():
        raise DeploymentProfileError(f"{code}.toml", "", "no such profile")
    return read_deployment_profile(PROFILES / f"{code}.toml")


@cache
def deployment_profile_codes() -> tuple[str, ...]:
    """The codes of all profiles, sorted."""
    return tuple(sorted(path.stem for path in PROFILES.glob("*.toml")))


@cache
def default_profile_code(kind: str) -> str:
    """The profile for a kind of mission, or for the pool, that nobody has chosen one for."""
    (code,) = [code for code in deployment_profile_codes() if kind in load_deployment_profile(code).default_for]
    return code


def check_deployment_profiles(folder: Path = PROFILES) -> list[str]:
    """One sentence for each thing wrong in the folder: a file, or a kind that has not exactly one default."""
    problems: list[str] = []
    defaults: list[str] = []
    for path in sorted(folder.glob("*.toml")):
        try:
            defaults += read_deployment_profile(path).default_for
        except DeploymentProfileError as error:
            problems.append(str(error))
    if problems:
        return problems
    return [f"{kind}: not exactly one default profile" for kind in _KINDS if defaults.count(kind) != 1]


def read_deployment_profile(path: Path) -> DeploymentProfile:
    """The profile of the file, whose name is its code. Raises DeploymentProfileError for anything amiss."""
    table = read_toml(path, error=DeploymentProfileError)
    code = table.text("code")
    if code != path.stem:
        raise table.fail("code", f"must be {path.stem!r} like the file's name")
    default_for = table.texts("default_for")
    for kind in default_for:
        if kind not in _KINDS:
            raise table.fail("default_for", f"{kind!r} is not one of {', '.join(_KINDS)}")
    profile = DeploymentProfile(
        code=code,
        title=read_wording(table, "title"),
        default_for=default_for,
        limits=Limits(
            day=read_whole(table.table("day"), _day),
            stay=read_whole(table.table("stay"), _stay),
            balance=read_whole(table.table("balance"), _balance),
        ),
        strengths=read_whole(table.table("strengths"), _strengths),
    )
    table.finish()
    return profile


_KINDS: Final = (*MissionKind.values, POOL)


def _strengths(table: Table) -> dict[str, RuleStrength]:
    """One for each code that there is: what a profile does not name would be judged by nobody's wish."""
    return {code: table.choice(code, RuleStrength) for code in SENTENCES}


def _day(table: Table) -> DayRules:
    fewest, most = table.count("fewest_visits"), table.count("most_visits")
    if fewest > most:
        raise table.fail("fewest_visits", "must not be more than most_visits")
    return DayRules(
        early=_minutes(table, "early_minutes"),
        visit=_minutes(table, "visit_minutes"),
        before_closing=_minutes(table, "before_closing_minutes"),
        count=_minutes(table, "count_minutes"),
        fewest_visits=fewest,
        most_visits=most,
        meal=_minutes(table, "meal_minutes", least=0),
        meal_from=table.clock("meal_from"),
        meal_until=table.clock("meal_until"),
        longest_leg=_minutes(table, "longest_leg_minutes"),
        longest_drive=_minutes(table, "longest_drive_minutes"),
        night_from=table.clock("night_from"),
        night_until=table.clock("night_until"),
    )


def _stay(table: Table) -> StayRules:
    first, last = table.integer("first_day"), table.integer("last_day")
    if not first <= 0 <= last:
        raise table.fail("first_day", "election day must be among the days of work")
    return StayRules(
        first_day=first,
        last_day=last,
        rest=dt.timedelta(hours=table.count("rest_hours")),
        fixed=dt.timedelta(hours=table.count("fixed_hours")),
    )


def _balance(table: Table) -> BalanceLimits:
    return BalanceLimits(
        sending_state_percent=table.count("sending_state_percent"),
        stratum_percent=table.count("stratum_percent"),
        stratum_expected=table.count("stratum_expected"),
    )


def _minutes(table: Table, key: str, *, least: int = 1) -> dt.timedelta:
    minutes = table.integer(key)
    if minutes < least:
        raise table.fail(key, f"must be at least {least}")
    return dt.timedelta(minutes=minutes)
