"""R01-R06, R10-R12, R32: who may be together in a team. Each rule with facts that break it and facts that do not."""

from dataclasses import replace

import pytest

from stations.deployment.rules.facts import PlanFacts, TeamFacts
from tests.stations.deployment.rules.facts import (
    ABROAD,
    ANNA,
    BORIS,
    LONG_TERM,
    PLAN,
    TEAM,
    codes,
    found,
    told,
    with_anna,
)

ANYWHERE = replace(PLAN, listed={"FRA": frozenset()})
IN_HILLS = replace(PLAN, listed={"FRA": frozenset({8})})
IN_LAKES = replace(PLAN, listed={"FRA": frozenset({7, 8})})


@pytest.mark.parametrize("team", [TEAM, ABROAD, LONG_TERM], ids=["short-term", "overseas", "long-term"])
def test_a_sound_team_breaks_nothing(team: TeamFacts) -> None:
    assert codes(team) == []


@pytest.mark.parametrize(
    ("team", "plan", "sentences"),
    [
        (
            replace(TEAM, members=(BORIS,)),
            PLAN,
            [
                "r01-two-observers: A team is two observers; this one has 1.",
                "r11-no-experience: None of Boris has observed before.",
            ],
        ),
        (replace(TEAM, members=()), PLAN, ["r01-two-observers: A team is two observers; this one has 0."]),
        (
            with_anna(nationalities=frozenset({"FRA", "DEU"})),
            PLAN,
            ["r02-common-nationality: Anna, Boris are both nationals of Germany."],
        ),
        (
            with_anna(nationalities=frozenset({"AZE"})),
            PLAN,
            ["r03-host-national: Anna is a national of the host country."],
        ),
        (
            with_anna(nationalities=frozenset({"AZE"})),
            replace(PLAN, host_citizens_excluded=None),
            [
                "r03-law-unknown: Anna is a national of the host country; whether the law of the host lets its "
                "nationals observe is unknown."
            ],
        ),
        (
            TEAM,
            IN_LAKES,
            ["r04-listed-nationality: Anna is a national of France, and the team is sent to 7. Lakes."],
        ),
        (
            TEAM,
            ANYWHERE,
            ["r04-listed-nationality: Anna is a national of France, and the team is sent to 7. Lakes."],
        ),
        (
            LONG_TERM,
            IN_LAKES,
            ["r04-listed-nationality: Anna is a national of France, and the team is sent to 7. Lakes, 8. Hills."],
        ),
        (
            with_anna(unsigned=("pledge", "conflict_statement")),
            PLAN,
            ["r05-papers-missing: Anna has not signed: signed pledge, conflict-of-interest statement."],
        ),
        (
            with_anna(has_other_status=True),
            PLAN,
            [
                "r06-other-status: Anna may have a status that does not go together with observing; the ministry must "
                "look at it."
            ],
        ),
        (with_anna(sex="m"), PLAN, ["r10-same-sex: Anna, Boris are of one sex."]),
        (with_anna(is_experienced=False), PLAN, ["r11-no-experience: None of Anna, Boris has observed before."]),
        (
            with_anna(languages=frozenset({"fr"})),
            PLAN,
            ["r12-no-shared-language: Anna, Boris share no language."],
        ),
        (
            replace(TEAM, languages=frozenset({"ka", "hy"})),
            PLAN,
            [
                "r12-no-local-language: Nobody of the team speaks a language of 7. Lakes (Armenian, Georgian); it "
                "needs an interpreter."
            ],
        ),
        (
            replace(TEAM, languages=frozenset({"ka"}), interpreter=frozenset({"ka", "hy"})),
            PLAN,
            [
                "r12-no-local-language: Nobody of the team speaks a language of 7. Lakes (Georgian); it needs an "
                "interpreter."
            ],
        ),
        (
            with_anna(delegation="South"),
            PLAN,
            ["r32-same-delegation: Anna, Boris are of the same delegation (South)."],
        ),
        (
            replace(
                TEAM,
                members=(replace(ANNA, political_group="Greens"), replace(BORIS, political_group="GREENS")),
            ),
            PLAN,
            ["r32-same-group: Anna, Boris are of the same political group (Greens)."],
        ),
    ],
)
def test_a_broken_rule_is_told_with_its_evidence(team: TeamFacts, plan: PlanFacts, sentences: list[str]) -> None:
    assert told(team, plan) == sentences


@pytest.mark.parametrize(
    ("team", "plan"),
    [
        (with_anna(nationalities=frozenset({"AZE"})), replace(PLAN, host_citizens_excluded=False)),
        (TEAM, IN_HILLS),
        (LONG_TERM, IN_HILLS),
        (ABROAD, ANYWHERE),
        (with_anna(sex="x"), PLAN),
        (with_anna(languages=frozenset({"az"})), PLAN),
        (replace(TEAM, languages=frozenset({"az", "ka"})), PLAN),
        (with_anna(delegation=""), PLAN),
        (replace(TEAM, languages=frozenset({"ka"}), interpreter=frozenset({"ka", "az"})), PLAN),
    ],
    ids=[
        "law-allows",
        "other-place",
        "part-of-area",
        "abroad",
        "sex-unspecified",
        "local-only",
        "one-of-two",
        "no-delegation",
        "interpreted",
    ],
)
def test_the_edge_of_a_rule_is_kept(team: TeamFacts, plan: PlanFacts) -> None:
    assert codes(team, plan) == []


def test_two_of_no_delegation_are_not_of_the_same() -> None:
    team = replace(TEAM, members=(replace(ANNA, delegation=""), replace(BORIS, delegation="")))

    assert codes(team) == []


def test_delegations_stand_for_groups_only_where_one_of_the_two_names_none() -> None:
    north = replace(BORIS, delegation="North")
    of_groups = replace(TEAM, members=(replace(ANNA, political_group="Greens"), replace(north, political_group="Left")))
    of_one = replace(of_groups, members=(of_groups.members[0], north))

    assert (codes(of_groups), codes(of_one)) == ([], ["r32-same-delegation"])


def test_whoever_has_no_accreditation_is_not_asked_for_papers_too() -> None:
    assert codes(with_anna(accredited_from=None, unsigned=("pledge",), has_card=False)) == ["r07-not-accredited"]


def test_a_finding_names_the_team_the_people_and_the_facts() -> None:
    (finding,) = found(with_anna(nationalities=frozenset({"FRA", "DEU"})))

    assert (finding.rule, finding.team, finding.people, finding.stations) == ("R02", 4, (1, 2), ())
    assert finding.evidence == (("countries", "DEU"), ("names", "Anna, Boris"))
