"""The piles of the badge desk: who has no badge yet, what is to be printed and given out, and which alerts are open."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accreditation.badges.models import Badge, ScanAlert
from accreditation.badges.permissions import can_issue_badge
from accreditation.badges.states import BadgeState
from accreditation.models import Accreditation
from accreditation.states import AccreditationState
from missions.kernel.errors import Text
from missions.models import Election

_B = BadgeState
_WAITING = (_B.INTENDED, _B.SIGNED, _B.PRINTED)


@dataclass(frozen=True, slots=True)
class WorkPile:
    """What waits at the desk: how much, and the list of it."""

    title: Text
    count: int
    url: str
    is_urgent: bool = False


def work_piles(request: HttpRequest, election: Election) -> list[WorkPile]:
    """The piles of the election for who may see badges, and the alerts for who may see those. Three queries."""
    user = request.user
    piles: list[WorkPile] = []
    if user.has_perm("badges.view_badge"):
        badges = Badge.objects.visible_to(user).filter(accreditation__election=election)
        counts = badges.aggregate(**{state: Count("pk", filter=Q(state=state)) for state in _WAITING})
        if can_issue_badge(user):
            order = f"{reverse('admin:badges_printbatch_add')}?{urlencode({'election': election.pk})}"
            piles.append(WorkPile(_("Without a badge"), _without_badge(election), order))
        if counts[_B.INTENDED]:
            piles.append(WorkPile(_("Wait for the signer"), counts[_B.INTENDED], _list(election, _B.INTENDED), True))
        piles.append(WorkPile(_("To print"), counts[_B.SIGNED], _list(election, _B.SIGNED)))
        piles.append(WorkPile(_("To hand over"), counts[_B.PRINTED], _list(election, _B.PRINTED)))
    if user.has_perm("badges.view_scanalert"):
        alerts = ScanAlert.objects.visible_to(user).filter(scan__device__election=election, closed_at=None)
        address = f"{reverse('admin:badges_scanalert_changelist')}?{urlencode({'closed_at__isempty': 1})}"
        piles.append(WorkPile(_("Alerts from the doors"), alerts.count(), address, True))
    return piles


def _without_badge(election: Election) -> int:
    active = Accreditation.objects.filter(election=election, state=AccreditationState.ACTIVE)
    return active.exclude(Exists(Badge.objects.live().filter(accreditation=OuterRef("pk")))).count()


def _list(election: Election, state: BadgeState) -> str:
    chosen = urlencode({"state": state, "accreditation__election__id__exact": election.pk})
    return f"{reverse('admin:badges_badge_changelist')}?{chosen}"
