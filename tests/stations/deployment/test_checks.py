"""The system check reports what the reader of deployment profiles finds."""

import pytest
from django.core.checks.registry import registry

from stations.deployment import checks


def test_the_check_runs_with_the_others_and_finds_nothing() -> None:
    assert checks.deployment_profiles_are_sound in registry.get_checks()
    assert checks.deployment_profiles_are_sound() == []


def test_each_problem_is_one_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "check_deployment_profiles", lambda: ["first.toml: wrong", "second.toml: wrong"])

    found = [(error.id, error.msg) for error in checks.deployment_profiles_are_sound()]

    assert found == [("deployment.E001", "first.toml: wrong"), ("deployment.E001", "second.toml: wrong")]
