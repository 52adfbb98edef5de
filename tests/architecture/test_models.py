"""What the database itself refuses, and that every scoped model can be scoped."""

import re
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

from missions.kernel.errors import ConflictError, DomainError, MissingError, RefusedError, RuleViolationError

OURS = [
    model for model in apps.get_models() if model.__module__.split(".")[0] in {"missions", "accreditation", "stations"}
]


def _constraints() -> list[tuple[str, models.BaseConstraint]]:
    return [(model._meta.label, constraint) for model in OURS for constraint in model._meta.constraints]


def test_constraint_names_are_snake_case_and_unique() -> None:
    names = [constraint.name for _, constraint in _constraints()]

    assert len(names) == len(set(names))
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", name)] == []


def test_every_state_is_checked_by_the_database() -> None:
    unchecked = [
        model._meta.label
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.CharField) and field.name == "state"
        if not any(
            isinstance(constraint, models.CheckConstraint) and constraint.name.endswith("_state_known")
            for constraint in model._meta.constraints
        )
    ]

    assert unchecked == []


def test_parts_cascade_and_everything_else_is_protected() -> None:
    """But for heads of missions and interpreters, whose lists a mission replaces as a whole.

    What was asked for outlives the name, and so does the team.
    """
    loose = [
        f"{model._meta.label}.{field.name}"
        for model in OURS
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        if field.remote_field.on_delete not in (models.PROTECT, models.CASCADE)
    ]

    assert loose == ["deployment.Team.interpreter", "programme.MeetingRequest.head"]


def test_whatever_leads_to_a_mission_can_be_scoped() -> None:
    """A model with a key to a mission decides in `visible_to` who reads it, or is reached through one that does."""
    unscoped = {
        model._meta.label
        for model in OURS
        if any(
            isinstance(field, models.ForeignKey) and field.related_model._meta.label == "missions.Mission"
            for field in model._meta.get_fields()
        )
        if not hasattr(model._default_manager.all(), "visible_to")
    }

    assert unscoped == {
        "missions.Delegation",  # part of a mission, reached through it
        "missions.MissionHead",  # part of a mission, reached through it
    }


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    out = StringIO()

    call_command("makemigrations", "--check", "--dry-run", stdout=out)

    assert "No changes detected" in out.getvalue()


def _subclasses(kind: type[DomainError]) -> set[type[DomainError]]:
    return {kind, *(deeper for direct in kind.__subclasses__() for deeper in _subclasses(direct))}


def test_every_domain_error_has_a_kind_and_a_stable_code() -> None:
    kinds = {RuleViolationError, ConflictError, RefusedError, MissingError}
    errors = [error for error in _subclasses(DomainError) - {DomainError} if not error.__module__.startswith("tests")]
    codes = [error.code for error in errors]

    assert [error for error in errors if not any(issubclass(error, kind) for kind in kinds)] == []
    assert [code for code in codes if not re.fullmatch(r"[a-z]+(-[a-z]+)*", code)] == []
    assert sorted(code for code in set(codes) if codes.count(code) > 1) == []
