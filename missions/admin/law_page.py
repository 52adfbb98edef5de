"""The law of an election in words: each category with its rules, and those that hold for all. Unknown is said."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.law.calendar import offset_label
from missions.law.rules import Category, Decider, RuleProfile, Scope, Unknown, ValidityEvent

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RuleLine:
    """One rule in words; of an unknown one the text says why it is not known."""

    title: str
    text: str
    is_unknown: bool = False


@dataclass(frozen=True, slots=True)
class CategoryRules:
    """A category with its rules, and where they were read."""

    title: str
    source: str
    lines: tuple[RuleLine, ...]


def categories_of(profile: RuleProfile, language: str) -> list[CategoryRules]:
    """Every category of the profile with all its rules."""
    return [
        CategoryRules(
            title=row.title.text(language),
            source=profile.source(row.source).title,
            lines=(
                RuleLine(_("Decided by"), ", ".join(_decided(rule.scope, rule.decided_by) for rule in row.scopes)),
                *(_deadline(profile, row, rule.scope, language) for rule in row.scopes),
                _decision_time(row),
                _yes_or_no(_("Only in session"), row.by_session),
                _yes_or_no(_("Citizens of the host excluded"), row.host_citizens_excluded),
                _one_per_commission(row),
                _documents(profile, row, language),
                *_term(row),
            ),
        )
        for row in profile.categories
    ]


def common_rules_of(profile: RuleProfile, language: str) -> list[RuleLine]:
    """The rules that hold for every category."""
    return [
        _line(
            _("Who may invite"),
            profile.inviters,
            lambda rows: ", ".join(row.title.text(language) for row in rows),
        ),
        _line(_("Accreditation ends"), profile.validity, lambda rule: _EVENTS[rule.ends_with]()),
        _line(
            _("Appeal"),
            profile.appeal,
            lambda rule: (
                _(
                    "a refusal is handed over within %(delivery)d, appealed within %(filing)d, "
                    "and judged within %(ruling)d calendar days"
                )
                % {"delivery": rule.delivery_days, "filing": rule.filing_days, "ruling": rule.ruling_days}
            ),
        ),
        _yes_or_no(_("List of grounds of refusal is complete"), profile.grounds_closed.refusal),
        _yes_or_no(_("List of grounds of revocation is complete"), profile.grounds_closed.revocation),
    ]


def _line(title: str, rule: T | Unknown, words: Callable[[T], str]) -> RuleLine:
    return RuleLine(title, rule.note, is_unknown=True) if isinstance(rule, Unknown) else RuleLine(title, words(rule))


def _yes_or_no(title: str, rule: bool | Unknown) -> RuleLine:
    return _line(title, rule, lambda holds: _("yes") if holds else _("no"))


def _decided(scope: Scope, decider: Decider) -> str:
    return _("%(decider)s (%(scope)s)") % {"decider": _DECIDERS[decider](), "scope": _SCOPES[scope]()}


def _deadline(profile: RuleProfile, category: Category, scope: Scope, language: str) -> RuleLine:
    title = _("Applications close (%s)") % _SCOPES[scope]()
    return _line(
        title,
        profile.application_deadline(category.code, scope),
        lambda rule: f"{rule.title.text(language)}: {rule.fixed_on or offset_label(rule.offset_days)}",
    )


def _decision_time(category: Category) -> RuleLine:
    title, days, latest = _("Time for the decision"), category.decision_days, category.decision_latest_offset
    ends = "" if latest is None else _("not later than %s") % offset_label(latest)
    if isinstance(days, Unknown):
        return RuleLine(title, ends or days.note, is_unknown=not ends)
    within = ngettext("%d calendar day", "%d calendar days", days) % days
    return RuleLine(title, ", ".join(part for part in (within, ends) if part))


def _one_per_commission(category: Category) -> RuleLine:
    rule = category.one_per_commission
    return _yes_or_no(
        _("One person of a sender at a precinct commission"), rule if isinstance(rule, Unknown) else rule.holds
    )


def _documents(profile: RuleProfile, category: Category, language: str) -> RuleLine:
    return _line(
        _("Documents"),
        profile.required_documents(category.code),
        lambda rows: ", ".join(row.title.text(language) for row in rows) or _("none"),
    )


def _term(category: Category) -> Sequence[RuleLine]:
    months = category.valid_months
    if months is None:
        return ()
    return (RuleLine(_("Valid for"), ngettext("%d month", "%d months", months) % months),)


_SCOPES = {Scope.COUNTRY: lambda: _("whole country"), Scope.CONSTITUENCY: lambda: _("one constituency")}
_DECIDERS = {
    Decider.CENTRAL: lambda: _("central commission"),
    Decider.CONSTITUENCY: lambda: _("constituency commission"),
    Decider.MINISTRY: lambda: _("foreign ministry"),
}
_EVENTS = {
    ValidityEvent.RESULTS_PUBLISHED: lambda: _("with the official publication of the results"),
    ValidityEvent.RESULTS_CONFIRMED: lambda: _("with the confirmation of the results"),
}
