"""Choosing the rules by which a mission or the pool deploys, and recording that somebody may go where."""

import datetime as dt
from collections.abc import Mapping, Sequence

from babel import Locale
from django.db import transaction

from missions.countries import nationality_choices
from missions.kernel.events import record_event
from missions.models import Constituency, Election, Mission, User
from stations.deployment.errors import (
    ApprovalNotAskedForError,
    ApprovalWithoutNoteError,
    MissionPlannedInPoolError,
    RulesChangedError,
    RulesNotChosenError,
)
from stations.deployment.models import DeploymentSettings, GroupStrength, Interpreter, ListedNationality, RestrictedArea
from stations.deployment.profile_choice import chosen_rules
from stations.deployment.rules.chosen import (
    ChosenRules,
    GroupRow,
    InterpreterRow,
    ListedState,
    RestrictedPlaces,
    violations_of,
)
from stations.deployment.states import RestrictionLevel


def choose_rules(
    *, election: Election, mission: Mission | None, chosen: ChosenRules, seen: int, by: User | None, at: dt.datetime
) -> DeploymentSettings:
    """Put a choice in the place of the one before, for a self-directed mission or the pool (None).

    `seen` is the version that the choice was made upon (0: none yet). An approval stays where the area, its level, its
    approver and its places stay. Records `deployment_rules_chosen` with what has changed; a choice equal to the one
    before does nothing. Released plans keep their profile. Raises MissionPlannedInPoolError, RulesChangedError, or
    RulesNotChosenError with all that is wrong.
    """
    if mission is not None and not mission.is_self_directed:
        raise MissionPlannedInPoolError
    places = dict(Constituency.objects.filter(election=election).values_list("number", "pk"))
    nationalities = {code for code, _name in nationality_choices()}
    languages = Locale("en").languages.keys()
    violations = violations_of(chosen, numbers=places.keys(), nationalities=nationalities, languages=languages)
    if violations:
        raise RulesNotChosenError(violations=violations)
    with transaction.atomic():
        settings = _locked(election, mission, chosen.profile)
        if settings.version != seen:
            raise RulesChangedError
        changed = chosen.changed_from(chosen_rules(settings))
        if not settings.version:
            changed.insert(0, "profile")  # the first choice, whatever profile it names
        if not changed:
            return settings
        settings.profile, settings.avoids_other_missions = chosen.profile, chosen.avoids_other_missions
        settings.version += 1
        settings.save(update_fields=["profile", "avoids_other_missions", "version"])
        settings.goes_to.set([places[number] for number in chosen.goes_to])
        _write_listed(settings, chosen.listed, places)
        _write_restricted(settings, chosen.restricted, places)
        _write_interpreters(settings, chosen.interpreters)
        _write_groups(settings, chosen.groups)
        _record("deployment_rules_chosen", settings, changed, by=by, at=at)
    return settings


def approve_area(*, area: RestrictedArea, note: str, by: User, at: dt.datetime) -> RestrictedArea:
    """Record that who answers for a restricted area has approved going there; the note says how.

    A later note takes the place of the one before. Records `restricted_area_approved`. Raises
    ApprovalWithoutNoteError, ApprovalNotAskedForError.
    """
    note = note.strip()
    if not note:
        raise ApprovalWithoutNoteError
    with transaction.atomic():
        rows = DeploymentSettings.objects.select_for_update(of=("self",)).select_related("mission")
        settings = rows.get(pk=area.settings_id)
        row = RestrictedArea.objects.get(pk=area.pk)
        if row.level != RestrictionLevel.APPROVAL:
            raise ApprovalNotAskedForError
        row.approval_note, row.approved_at, row.approved_by = note, at, by
        row.save(update_fields=["approval_note", "approved_at", "approved_by"])
        settings.version += 1
        settings.save(update_fields=["version"])
        _record("restricted_area_approved", settings, [row.name], by=by, at=at, reason=note)
    return row


def _locked(election: Election, mission: Mission | None, profile: str) -> DeploymentSettings:
    """The owner's row, made if there was none; then its version is 0."""
    DeploymentSettings.objects.get_or_create(
        election=election, mission=mission, defaults={"profile": profile, "version": 0}
    )
    rows = DeploymentSettings.objects.select_for_update(of=("self",)).select_related("mission")
    return rows.get(election=election, mission=mission)


def _write_listed(settings: DeploymentSettings, listed: Sequence[ListedState], places: Mapping[int, int]) -> None:
    settings.listed.all().delete()
    for state in listed:
        row = ListedNationality.objects.create(settings=settings, nationality=state.nationality)
        row.constituencies.set([places[number] for number in state.constituencies])


def _write_restricted(
    settings: DeploymentSettings, restricted: Sequence[RestrictedPlaces], places: Mapping[int, int]
) -> None:
    """Rows that stay as they were stay, with their approval; all others are made anew."""
    wanted = {row.name: row for row in ChosenRules("", restricted=tuple(restricted)).in_order().restricted}
    stored = {row.name: row for row in chosen_rules(settings).restricted}
    kept = {name for name, row in wanted.items() if stored.get(name) == row}
    settings.restricted.exclude(name__in=kept).delete()
    for name, row in wanted.items():
        if name not in kept:
            made = RestrictedArea.objects.create(settings=settings, name=name, level=row.level, approver=row.approver)
            made.constituencies.set([places[number] for number in row.constituencies])


def _write_interpreters(settings: DeploymentSettings, interpreters: Sequence[InterpreterRow]) -> None:
    """Whoever keeps the name stays with the team; whoever is no longer named leaves it."""
    settings.interpreters.exclude(name__in=[row.name for row in interpreters]).delete()
    for row in interpreters:
        known = {"languages": sorted(set(row.languages)), "contact": row.contact}
        Interpreter.objects.update_or_create(settings=settings, name=row.name, defaults=known)


def _write_groups(settings: DeploymentSettings, groups: Sequence[GroupRow]) -> None:
    settings.group_strengths.all().delete()
    GroupStrength.objects.bulk_create(
        [GroupStrength(settings=settings, name=row.name, strength=row.strength) for row in groups]
    )


def _record(
    verb: str, settings: DeploymentSettings, changed: list[str], *, by: User | None, at: dt.datetime, reason: str = ""
) -> None:
    record_event(
        verb,
        settings,
        by=by,
        at=at,
        scope_id=settings.mission_id,
        changed=changed,
        reason=reason,
        is_private=settings.is_private,
    )
