import pytest
from django.utils.translation import gettext_lazy

from missions.kernel.errors import ConflictError, DomainError, MissingError, RefusedError, RuleViolationError, Violation

VIOLATIONS = [Violation("e_day", "past", "The day is over."), Violation("", "empty", "Nothing is there.")]


@pytest.mark.parametrize(
    ("kind", "code", "title"),
    [
        (DomainError, "domain-error", "The request could not be carried out"),
        (RuleViolationError, "rule-violation", "A rule is broken"),
        (ConflictError, "conflict", "The object has changed or the place is taken"),
        (RefusedError, "refused", "You may not do this"),
        (MissingError, "not-found", "Not found"),
    ],
)
def test_error_speaks_of_its_kind_when_nothing_else_is_said(kind: type[DomainError], code: str, title: str) -> None:
    error = kind()

    assert (error.code, str(error.title), error.detail, error.violations, str(error)) == (code, title, title, (), title)
    assert error.retry_after_seconds == 0


def test_error_keeps_detail_as_text_and_violations_as_a_tuple() -> None:
    error = RuleViolationError(gettext_lazy("Two rules are broken."), violations=VIOLATIONS)

    assert (error.detail, type(error.detail)) == ("Two rules are broken.", str)
    assert error.violations == tuple(VIOLATIONS)
