"""Setting up missions: who observes, who leads, who may act for whom."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from missions.errors import CeilingBelowNominationsError, MissionParentError
from missions.kernel.events import record_event
from missions.models import Delegation, Election, Membership, Mission, MissionHead, Organization, User
from missions.states import DeploymentMode, MembershipRole, MissionKind


@dataclass(frozen=True, slots=True)
class MissionFacts:
    """What a mission is. `ceiling`: the places that its accepted invitations grant; None: no ceiling."""

    code: str
    name: str
    kind: MissionKind
    deployment_mode: DeploymentMode
    organization: Organization | None
    parent: Mission | None
    template_code: str
    ceiling: int | None


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person who speaks for a mission or heads a delegation; `title` is the office or the delegation."""

    name: str
    title: str


def settle_mission(*, election: Election, facts: MissionFacts, by: User | None, at: datetime) -> tuple[Mission, bool]:
    """Create the mission of that code or bring it in line with the facts; returns it and whether anything changed.

    Raises MissionParentError for a parent of another election or a circle, CeilingBelowNominationsError.
    """
    with transaction.atomic():
        mission = Mission.objects.select_for_update().filter(election=election, code=facts.code).first()
        _ensure_parent(election, mission, facts.parent)
        if mission is None:
            mission = Mission.objects.create(election=election, **_values(facts))
            record_event("mission_settled", mission, by=by, at=at, scope_id=mission.pk)
            return mission, True
        if facts.ceiling is not None and facts.ceiling < mission.places_taken:
            raise CeilingBelowNominationsError(
                _("%(mission)s has taken %(taken)d places already.")
                % {"mission": mission.code, "taken": mission.places_taken}
            )
        changed = [name for name, value in _values(facts).items() if getattr(mission, name) != value]
        for name in changed:
            setattr(mission, name, getattr(facts, name))
        if changed:
            mission.save(update_fields=changed)
            record_event("mission_settled", mission, by=by, at=at, scope_id=mission.pk, changed=changed)
    return mission, bool(changed)


def name_heads(
    *, mission: Mission, heads: Sequence[NamedPerson], delegations: Sequence[NamedPerson], by: User | None, at: datetime
) -> bool:
    """Make these the heads and delegations of the mission, and say whether that changed it.

    Delegations are added or kept, never removed: people belong to them.
    """
    with transaction.atomic():
        locked = Mission.objects.select_for_update().get(pk=mission.pk)
        wanted = [(head.name, head.title) for head in heads]
        changed = list(locked.heads.values_list("name", "title")) != wanted
        if changed:
            locked.heads.all().delete()
            MissionHead.objects.bulk_create(
                MissionHead(mission=locked, name=name, title=title) for name, title in wanted
            )
        for delegation in delegations:
            changed = _name_delegation(locked, delegation) or changed
        if changed:
            record_event("mission_heads_named", locked, by=by, at=at, scope_id=locked.pk)
    return changed


def appoint_lead(*, mission: Mission, email: str, by: User | None, at: datetime) -> User:
    """Let the person of that address act for the mission; an account without a password is made if there is none.

    Doing so twice changes nothing. Records `lead_appointed`.
    """
    with transaction.atomic():
        user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, None)
        _membership, is_new = Membership.objects.get_or_create(
            user=user, mission=mission, defaults={"role": MembershipRole.LEAD}
        )
        if is_new:
            record_event("lead_appointed", mission, by=by, at=at, scope_id=mission.pk)
    return user


def _name_delegation(mission: Mission, named: NamedPerson) -> bool:
    """Add the delegation or name its new head; a head that is not given stays."""
    delegation, is_new = Delegation.objects.get_or_create(
        mission=mission, name=named.title, defaults={"head_name": named.name}
    )
    if is_new or not named.name or delegation.head_name == named.name:
        return is_new
    delegation.head_name = named.name
    delegation.save(update_fields=["head_name"])
    return True


def _values(facts: MissionFacts) -> dict[str, object]:
    return {field.name: getattr(facts, field.name) for field in fields(facts)}


def _ensure_parent(election: Election, mission: Mission | None, parent: Mission | None) -> None:
    ancestor = parent
    while ancestor is not None:
        if ancestor.election_id != election.pk or ancestor == mission:
            raise MissionParentError
        ancestor = ancestor.parent
