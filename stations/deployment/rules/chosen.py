"""What an owner of plans chooses besides a profile, as values, and what would be wrong in them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Final

from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from stations.deployment.rules.profile import deployment_profile_codes
from stations.deployment.states import RestrictionLevel

#: More members than any parliament has.
MOST_MEMBERS: Final = 10_000


@dataclass(frozen=True, slots=True)
class ListedState:
    """Nationals of a state are not sent to the constituencies of these numbers; to none at all if there are none."""

    nationality: str
    constituencies: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class RestrictedPlaces:
    """Constituencies by their numbers, what is asked of who goes there, and who approves if that is asked."""

    name: str
    level: RestrictionLevel
    constituencies: tuple[int, ...]
    approver: str = ""


@dataclass(frozen=True, slots=True)
class InterpreterRow:
    """Somebody who can interpret for a team: codes of languages, and how to reach them."""

    name: str
    languages: tuple[str, ...]
    contact: str = ""


@dataclass(frozen=True, slots=True)
class GroupRow:
    """A political group of the parliament, and how many members it has there."""

    name: str
    strength: int


@dataclass(frozen=True, slots=True)
class ChosenRules:
    """All that an owner chooses, as a whole. It goes to the constituencies of `goes_to`; to all if there are none."""

    profile: str
    avoids_other_missions: bool = False
    goes_to: tuple[int, ...] = ()
    listed: tuple[ListedState, ...] = ()
    restricted: tuple[RestrictedPlaces, ...] = ()
    interpreters: tuple[InterpreterRow, ...] = ()
    groups: tuple[GroupRow, ...] = ()

    def in_order(self) -> "ChosenRules":
        """The same, however it was written down: rows by name, numbers rising."""
        listed = (replace(row, constituencies=tuple(sorted(row.constituencies))) for row in self.listed)
        restricted = (replace(row, constituencies=tuple(sorted(row.constituencies))) for row in self.restricted)
        interpreters = (replace(row, languages=tuple(sorted(set(row.languages)))) for row in self.interpreters)
        return replace(
            self,
            goes_to=tuple(sorted(set(self.goes_to))),
            listed=tuple(sorted(listed, key=lambda row: row.nationality)),
            restricted=tuple(sorted(restricted, key=lambda row: row.name)),
            interpreters=tuple(sorted(interpreters, key=lambda row: row.name)),
            groups=tuple(sorted(self.groups, key=lambda row: row.name)),
        )

    def changed_from(self, other: "ChosenRules") -> list[str]:
        """The names of the fields that differ, whatever their order."""
        mine, theirs = self.in_order(), other.in_order()
        names = ("profile", "avoids_other_missions", "goes_to", "listed", "restricted", "interpreters", "groups")
        return [name for name in names if getattr(mine, name) != getattr(theirs, name)]


def violations_of(
    chosen: ChosenRules, *, numbers: Collection[int], nationalities: Collection[str], languages: Collection[str]
) -> list[Violation]:
    """All that is wrong in a choice; `numbers` are those of the election's constituencies, the others codes."""
    return [
        *_profile(chosen),
        *_unknown("goes_to", chosen.goes_to, numbers),
        *_listed(chosen, numbers, nationalities),
        *_restricted(chosen, numbers),
        *_interpreters(chosen, languages),
        *_groups(chosen),
    ]


def _profile(chosen: ChosenRules) -> Iterator[Violation]:
    if chosen.profile not in deployment_profile_codes():
        yield Violation("profile", "profile-unknown", _("There are no rules of deployment with this code."))


def _listed(chosen: ChosenRules, numbers: Collection[int], nationalities: Collection[str]) -> Iterator[Violation]:
    seen = set()
    for row in chosen.listed:
        if row.nationality not in nationalities:
            message = _("%(code)s is no nationality.") % {"code": row.nationality}
            yield Violation("listed", "nationality-unknown", message)
        if row.nationality in seen:
            message = _("%(code)s is listed twice.") % {"code": row.nationality}
            yield Violation("listed", "listed-twice", message)
        seen.add(row.nationality)
        yield from _unknown("listed", row.constituencies, numbers)


def _restricted(chosen: ChosenRules, numbers: Collection[int]) -> Iterator[Violation]:
    seen = set()
    for row in chosen.restricted:
        facts = {"name": row.name}
        if row.name in seen:
            yield Violation("restricted", "restricted-twice", _("%(name)s is restricted twice.") % facts)
        seen.add(row.name)
        if not row.constituencies:
            yield Violation("restricted", "no-constituencies", _("%(name)s has no constituencies.") % facts)
        if row.level is RestrictionLevel.APPROVAL and not row.approver:
            yield Violation("restricted", "approver-missing", _("Say who approves going to %(name)s.") % facts)
        yield from _unknown("restricted", row.constituencies, numbers)


def _interpreters(chosen: ChosenRules, languages: Collection[str]) -> Iterator[Violation]:
    seen = set()
    for row in chosen.interpreters:
        facts = {"name": row.name}
        if row.name in seen:
            yield Violation("interpreters", "interpreter-twice", _("%(name)s is an interpreter twice.") % facts)
        seen.add(row.name)
        if not row.languages:
            yield Violation("interpreters", "languages-missing", _("Say which languages %(name)s speaks.") % facts)
        for code in row.languages:
            if code not in languages:
                message = _("%(code)s is no language.") % {"code": code}
                yield Violation("interpreters", "language-unknown", message)


def _groups(chosen: ChosenRules) -> Iterator[Violation]:
    seen = set()
    for row in chosen.groups:
        facts = {"name": row.name, "most": MOST_MEMBERS}
        if row.name.casefold() in seen:
            yield Violation("groups", "group-twice", _("%(name)s has a strength twice.") % facts)
        seen.add(row.name.casefold())
        if not 0 < row.strength <= MOST_MEMBERS:
            message = _("The strength of %(name)s is a number from 1 to %(most)d.") % facts
            yield Violation("groups", "strength-out-of-range", message)


def _unknown(field: str, chosen: Collection[int], known: Collection[int]) -> Iterator[Violation]:
    for number in chosen:
        if number not in known:
            message = _("There is no constituency %(number)d.") % {"number": number}
            yield Violation(field, "constituency-unknown", message)
