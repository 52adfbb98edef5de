"""The table of rules in the documents is the one that the profiles hold."""

from pathlib import Path

import pytest

from stations.deployment.rules import load_deployment_profile
from stations.deployment.rules.sentences import RULE_TITLES, SENTENCES

DOCUMENT = Path(__file__).parents[4] / "docs" / "rules.md"
PROFILES = ("odihr-like", "eu-like", "parliamentary-delegation", "host-law")


@pytest.mark.parametrize("code", SENTENCES)
def test_every_code_is_told_with_its_strengths(code: str) -> None:
    rule = code.partition("-")[0].upper()
    strengths = [load_deployment_profile(profile).strengths[code].value for profile in PROFILES]

    row = " | ".join([f"{rule} {RULE_TITLES[rule]}", f"`{code}`", *strengths])

    assert f"| {row} |" in DOCUMENT.read_text().splitlines()
