"""The profiles as data: what each is like, and what the reader refuses."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from missions.states import MissionKind
from stations.deployment.rules import judge, load_deployment_profile
from stations.deployment.rules.profile import (
    POOL,
    PROFILES,
    DeploymentProfileError,
    check_deployment_profiles,
    default_profile_code,
    deployment_profile_codes,
    read_deployment_profile,
)
from stations.deployment.rules.sentences import RULE_TITLES, SENTENCES, title_of
from stations.deployment.states import RuleStrength
from tests.stations.deployment.rules.facts import ANNA, BORIS, PLAN, TEAM


def test_the_profiles_are_sound() -> None:
    assert deployment_profile_codes() == ("eu-like", "host-law", "odihr-like", "parliamentary-delegation")
    assert check_deployment_profiles() == []


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (MissionKind.EOM, "odihr-like"),
        (MissionKind.JOINT, "odihr-like"),
        (MissionKind.DELEGATION, "parliamentary-delegation"),
        (POOL, "host-law"),
    ],
)
def test_every_kind_of_owner_has_a_default(kind: str, code: str) -> None:
    assert default_profile_code(kind) == code


@pytest.mark.parametrize(
    ("code", "strength"),
    [
        ("odihr-like", RuleStrength.BLOCK),
        ("eu-like", RuleStrength.BLOCK),
        ("parliamentary-delegation", RuleStrength.WARN),
        ("host-law", RuleStrength.BLOCK),
    ],
)
def test_the_same_facts_weigh_as_much_as_the_profile_says(code: str, strength: RuleStrength) -> None:
    alone = replace(TEAM, members=(ANNA,))

    found = judge(replace(PLAN, teams=(alone,)), load_deployment_profile(code))

    assert [(f.code, f.strength) for f in found if f.rule == "R01"] == [("r01-two-observers", strength)]


def test_what_is_switched_off_is_not_found() -> None:
    profile = load_deployment_profile("odihr-like")
    off = replace(profile, strengths={**profile.strengths, "r01-two-observers": RuleStrength.OFF})

    alone = replace(TEAM, members=(replace(BORIS, is_experienced=True),))

    assert judge(replace(PLAN, teams=(alone,)), off) == ()


@pytest.mark.parametrize("code", deployment_profile_codes())
def test_safety_law_and_logic_block_in_every_profile(code: str) -> None:
    strengths = load_deployment_profile(code).strengths
    always = ["r03-host-national", "r06-other-status", "r07-not-accredited", "r08-double-booked", "r18-no-go"]

    assert {strengths[one] for one in always} == {RuleStrength.BLOCK}


def test_limits_are_read_as_lengths_and_hours() -> None:
    limits = load_deployment_profile("eu-like").limits

    assert (limits.day.visit, limits.day.longest_leg) == (dt.timedelta(minutes=30), dt.timedelta(minutes=60))
    assert (limits.day.night_from, limits.stay.rest) == (dt.time(21), dt.timedelta(hours=11))
    assert (limits.stay.first_day, limits.stay.last_day, limits.balance.sending_state_percent) == (-5, 3, 15)


def test_every_rule_with_a_sentence_has_a_name() -> None:
    assert sorted({code.partition("-")[0].upper() for code in SENTENCES}) == sorted(RULE_TITLES)
    assert title_of("R02") == "Different nationalities in a team"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('code = "host-law"', 'code = "other"', "host-law.toml: code: must be 'host-law' like the file's name"),
        ('r01-two-observers = "block"\n', "", "host-law.toml: strengths.r01-two-observers: missing"),
        (
            'r01-two-observers = "block"',
            'r01-two-observers = "hard"',
            "host-law.toml: strengths.r01-two-observers: 'hard' is not one of block, warn, score, off",
        ),
        ("[strengths]\n", '[strengths]\nr99-new = "block"\n', "host-law.toml: strengths.r99-new: unknown key"),
        ('["pool"]', '["fleet"]', "host-law.toml: default_for: 'fleet' is not one of eom, delegation, joint, pool"),
        ("visit_minutes = 30", "visit_minutes = 0", "host-law.toml: day.visit_minutes: must be at least 1"),
        ("meal_minutes = 30", "meal_minutes = -1", "host-law.toml: day.meal_minutes: must be at least 0"),
        (
            "first_day = -4",
            "first_day = 1",
            "host-law.toml: stay.first_day: election day must be among the days of work",
        ),
        (
            "fewest_visits = 5",
            "fewest_visits = 13",
            "host-law.toml: day.fewest_visits: must not be more than most_visits",
        ),
    ],
)
def test_a_wrong_profile_is_refused_with_its_place(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = (PROFILES / "host-law.toml").read_text()
    assert old in text
    path = tmp_path / "host-law.toml"
    path.write_text(text.replace(old, new, 1))

    with pytest.raises(DeploymentProfileError) as caught:
        read_deployment_profile(path)

    assert str(caught.value) == problem
    assert check_deployment_profiles(tmp_path) == [problem]


def test_a_kind_without_a_default_is_told(tmp_path: Path) -> None:
    for path in PROFILES.glob("*.toml"):
        (tmp_path / path.name).write_text(path.read_text().replace('["pool"]', '["eom"]'))

    assert check_deployment_profiles(tmp_path) == [
        "eom: not exactly one default profile",
        "pool: not exactly one default profile",
    ]


def test_a_profile_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(DeploymentProfileError):
        load_deployment_profile("../host-law")
