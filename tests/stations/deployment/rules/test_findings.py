"""Findings: what can be lifted, and what a fingerprint stands for."""

from dataclasses import replace

import pytest

from stations.deployment.rules.findings import Finding
from stations.deployment.states import RuleStrength

FINDING = Finding("r02-common-nationality", RuleStrength.BLOCK, 4, (("countries", "DEU"),), (1, 2), ("0412",))


@pytest.mark.parametrize(
    ("finding", "liftable"),
    [
        (FINDING, True),
        (replace(FINDING, strength=RuleStrength.WARN), False),
        (replace(FINDING, code="r08-double-booked"), False),
    ],
)
def test_only_what_blocks_can_be_lifted_and_nobody_is_in_two_places(finding: Finding, liftable: bool) -> None:
    assert finding.can_be_lifted is liftable


@pytest.mark.parametrize(
    "other",
    [
        replace(FINDING, team=5),
        replace(FINDING, people=(1, 3)),
        replace(FINDING, evidence=(("countries", "FRA"),)),
        replace(FINDING, stations=("0413",)),
        replace(FINDING, code="r03-host-national"),
    ],
)
def test_another_team_person_place_or_fact_is_another_finding(other: Finding) -> None:
    assert other.fingerprint != FINDING.fingerprint


def test_strength_and_order_of_people_leave_the_fingerprint_as_it_is() -> None:
    assert replace(FINDING, strength=RuleStrength.WARN, people=(2, 1)).fingerprint == FINDING.fingerprint
