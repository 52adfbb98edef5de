"""Who may say where teams are, call the roll and answer it. The host never does for a self-directed mission.

Observers have no accounts: their leads speak for them.
"""

from django.db.models import Q

from missions.figures import Viewer
from missions.models import Mission
from missions.states import MembershipRole
from stations.deployment.presence.models import AskedObserver
from stations.deployment.querysets import own_or_made_by_host

REPORT = "presence.report_presence"
CALL = "presence.call_roll"


def teams_spoken_for(user: Viewer) -> Q:
    """The teams that this person may report of: of own missions as a lead, of the pool if own people are in the team.

    For the host's people with the permission those of the pool.
    """
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.is_host:
        return own_or_made_by_host(user, "plan__") if user.has_perm(REPORT) else Q(pk__in=[])
    led = user.memberships.filter(role=MembershipRole.LEAD).values("mission")
    return Q(plan__mission__in=led) | Q(plan__mission=None, members__nomination__mission__in=led)


def can_try_to_report(user: Viewer) -> bool:
    """Whether somebody may report at all; of which teams is asked of each."""
    return bool(user.is_authenticated and user.is_active and (not user.is_host or user.has_perm(REPORT)))


def can_call_roll(user: Viewer, *, mission: Mission | None) -> bool:
    """Holders of the permission for the pool (None); for a mission its own leads only. The same people close it."""
    if not user.is_authenticated or not user.is_active:
        return False
    if mission is not None:
        return not user.is_host and user.memberships.filter(mission=mission, role=MembershipRole.LEAD).exists()
    return user.is_host and user.has_perm(CALL)


def people_spoken_for(user: Viewer) -> Q:
    """The asked observers for whom this person may answer: leads for their own people, who calls the pool's roll."""
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.is_host:
        return Q(roll_call__mission=None) if user.has_perm(CALL) else Q(pk__in=[])
    return Q(nomination__mission__in=user.memberships.filter(role=MembershipRole.LEAD).values("mission"))


def can_answer(user: Viewer, *, asked: AskedObserver) -> bool:
    """Whether this person may answer for somebody."""
    return AskedObserver.objects.filter(people_spoken_for(user), pk=asked.pk).exists()


def can_try_to_answer(user: Viewer) -> bool:
    """Whether somebody may answer for anybody at all."""
    return bool(user.is_authenticated and user.is_active and (not user.is_host or user.has_perm(CALL)))
