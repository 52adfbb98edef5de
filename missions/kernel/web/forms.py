"""Refusals of services on the form whose answers they refuse."""

from collections.abc import Iterable

from django import forms

from missions.kernel.errors import DomainError


def show_on_form(form: forms.BaseForm, error: DomainError) -> None:
    """Put each violation beside its field, and the rest above the form."""
    lines: Iterable[tuple[str | None, str]] = [
        (violation.field if violation.field in form.fields else None, violation.detail)
        for violation in error.violations
    ]
    if not error.violations or any(name is None for name, _line in lines):
        form.add_error(None, error.detail)
    for name, line in lines:
        form.add_error(name, line)
