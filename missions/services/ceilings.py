"""The places of a mission as its organization's invitations grant them.

A new mission starts with what the accepted invitations of its organization grant together, with none while none is
accepted, and without a ceiling where nobody invites. From then on its ceiling follows what becomes of the accepted
invitations and nothing else. Callers hold the lock of the organization, so that two replies settle one after the other.
"""

from datetime import datetime

from django.utils.translation import ngettext

from missions.errors import CeilingBelowNominationsError
from missions.kernel.events import record_event
from missions.models import Election, Invitation, Mission, Organization, User
from missions.rules import granted_places
from missions.states import InvitationState


def granted_ceiling(election: Election, organization: Organization | None) -> int | None:
    """What the invitations of an organization grant now; None: no ceiling, or nobody invites."""
    invitations = Invitation.objects.filter(election=election, organization=organization)
    rows = list(invitations.values_list("state", "ceiling"))
    if organization is None or not rows:
        return None
    return granted_places(ceiling for state, ceiling in rows if state == InvitationState.ACCEPTED)


def ensure_places_fit(mission: Mission, ceiling: int | None) -> None:
    """Raise CeilingBelowNominationsError if a locked mission has taken more places than that."""
    if ceiling is not None and ceiling < mission.places_taken:
        raise CeilingBelowNominationsError(
            ngettext(
                "%(mission)s has taken %(taken)d place already.",
                "%(mission)s has taken %(taken)d places already.",
                mission.places_taken,
            )
            % {"mission": mission.code, "taken": mission.places_taken}
        )


def settle_ceiling(*, election: Election, organization: Organization, by: User | None, at: datetime) -> None:
    """Give the organization's mission, if it has one, the places that its invitations grant now.

    Records `ceiling_settled` if that changes it. Raises CeilingBelowNominationsError.
    """
    missions = Mission.objects.select_for_update(no_key=True).filter(election=election, organization=organization)
    for mission in missions.order_by():
        ceiling = granted_ceiling(election, organization)
        if mission.ceiling == ceiling:
            continue
        ensure_places_fit(mission, ceiling)
        mission.ceiling = ceiling
        mission.save(update_fields=["ceiling"])
        record_event("ceiling_settled", mission, by=by, at=at, scope_id=mission.pk, changed=["ceiling"])
