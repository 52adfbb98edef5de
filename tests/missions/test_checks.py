"""The system check of the data files reports what each reader finds."""

import pytest
from django.core.checks.registry import registry

from missions import checks


def test_the_shipped_data_files_are_sound() -> None:
    assert checks.data_files_are_sound() == []


@pytest.mark.parametrize(
    ("reader", "code"),
    [
        ("check_profiles", "missions.E001"),
        ("check_templates", "missions.E002"),
        ("check_country_data", "missions.E003"),
    ],
)
def test_each_problem_is_one_error(monkeypatch: pytest.MonkeyPatch, reader: str, code: str) -> None:
    monkeypatch.setattr(checks, reader, lambda: ["first.toml: wrong", "second.toml: wrong"])

    found = checks.data_files_are_sound()

    assert [(error.id, error.msg) for error in found] == [(code, "first.toml: wrong"), (code, "second.toml: wrong")]


def test_the_check_runs_with_the_others() -> None:
    assert checks.data_files_are_sound in registry.get_checks()
