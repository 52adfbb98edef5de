"""Setting up missions: who observes, who leads, who may act for whom."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction

from missions.errors import LastLeadError, MissionParentError
from missions.kernel.errors import MissingError
from missions.kernel.events import record_event
from missions.models import Delegation, Election, Membership, Mission, MissionHead, Organization, User
from missions.services.ceilings import ensure_places_fit, granted_ceiling
from missions.states import DeploymentMode, MembershipRole, MissionKind


@dataclass(frozen=True, slots=True)
class MissionFacts:
    """What a mission is. Its places are no fact of its own: invitations grant them (missions.services.ceilings)."""

    code: str
    name: str
    kind: MissionKind
    deployment_mode: DeploymentMode
    organization: Organization | None
    parent: Mission | None
    template_code: str


@dataclass(frozen=True, slots=True)
class NamedPerson:
    """A person who speaks for a mission or heads a delegation; `title` is the office or the delegation."""

    name: str
    title: str


def settle_mission(*, election: Election, facts: MissionFacts, by: User | None, at: datetime) -> tuple[Mission, bool]:
    """Create the mission of that code or bring it in line with the facts; returns it and whether anything changed.

    A new mission, and one that changes its organization, gets the places that the organization's invitations grant.
    Raises MissionParentError for a parent of another election or a circle, CeilingBelowNominationsError.
    """
    with transaction.atomic():
        if facts.organization is not None:  # before the mission: no reply settles its ceiling meanwhile
            Organization.objects.select_for_update(no_key=True).get(pk=facts.organization.pk)
        mission = Mission.objects.select_for_update().filter(election=election, code=facts.code).first()
        _ensure_parent(election, mission, facts.parent)
        values = {field.name: getattr(facts, field.name) for field in fields(facts)}
        if mission is None:
            values["ceiling"] = granted_ceiling(election, facts.organization)
            mission = Mission.objects.create(election=election, **values)
            record_event("mission_settled", mission, by=by, at=at, scope_id=mission.pk)
            return mission, True
        if mission.organization != facts.organization:
            values["ceiling"] = granted_ceiling(election, facts.organization)
            ensure_places_fit(mission, values["ceiling"])
        changed = [name for name, value in values.items() if getattr(mission, name) != value]
        for name in changed:
            setattr(mission, name, values[name])
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


def appoint_member(
    *, mission: Mission, email: str, role: MembershipRole, by: User | None, at: datetime
) -> tuple[Membership, bool]:
    """Let the person of that address act for the mission; an account without a password is made if there is none.

    Returns the membership and whether it is new; doing so twice changes nothing. Records `lead_appointed` or
    `focal_point_appointed`.
    """
    with transaction.atomic():
        user = User.objects.filter(email=email.lower()).first() or User.objects.create_user(email, None)
        membership, is_new = Membership.objects.get_or_create(user=user, mission=mission, defaults={"role": role})
        if is_new:
            record_event(f"{role}_appointed", mission, by=by, at=at, scope_id=mission.pk, reason=user.email)
    return membership, is_new


def dismiss_member(*, membership: Membership, by: User | None, at: datetime) -> None:
    """Let the person act for the mission no longer. Records `lead_dismissed` or `focal_point_dismissed`.

    Raises MissingError if the membership has ended already, LastLeadError if nobody would be left who leads.
    """
    with transaction.atomic():
        mission = Mission.objects.select_for_update().get(pk=membership.mission_id)
        own = mission.memberships.select_related("user")
        locked = own.filter(pk=membership.pk).first()
        if locked is None:
            raise MissingError
        others = own.filter(role=MembershipRole.LEAD).exclude(pk=locked.pk)
        if locked.role == MembershipRole.LEAD and not others.filter(user__is_active=True).exists():
            raise LastLeadError
        locked.delete()
        record_event(f"{locked.role}_dismissed", mission, by=by, at=at, scope_id=mission.pk, reason=locked.user.email)


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


def _ensure_parent(election: Election, mission: Mission | None, parent: Mission | None) -> None:
    ancestor = parent
    while ancestor is not None:
        if ancestor.election_id != election.pk or ancestor == mission:
            raise MissionParentError
        ancestor = ancestor.parent
