"""Who may read where teams are and who is safe: their own missions, and of the pool the host's planners.

The host reads nothing of a self-directed mission here, whatever the mission shares of its plans: a plan tells where
somebody was to go, a report where somebody is. Only who has broken the glass reads what the teams of that plan report.
"""

from typing import TYPE_CHECKING, Union

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from missions.states import DeploymentMode
from stations.deployment.querysets import looked_into

if TYPE_CHECKING:
    from missions.models import User
    from stations.deployment.presence.models import (
        AskedObserver,  # noqa: F401 - named as a type argument below
        PresenceReport,  # noqa: F401 - named as a type argument below
        RollCall,  # noqa: F401 - named as a type argument below
        RollCallAnswer,  # noqa: F401 - named as a type argument below
    )

Viewer = Union["User", AnonymousUser]


def scope_of(user: Viewer, *, owner: str, view: str, own_people: str) -> Q:
    """The rows that this person may read.

    `owner` is the lookup prefix to what has a mission, or none for the pool; `own_people` the lookup to the missions
    whose people are concerned; `view` the permission that the host's people need.
    """
    if not user.is_authenticated or not user.is_active:
        return Q(pk__in=[])
    if user.is_host:
        by_ministry = Q(**{f"{owner}mission": None}) | Q(
            **{f"{owner}mission__deployment_mode": DeploymentMode.HOST_COORDINATED}
        )
        return by_ministry if user.has_perm(view) else Q(pk__in=[])
    in_pool = Q(**{f"{owner}mission": None, f"{own_people}__memberships__user": user})
    return Q(**{f"{owner}mission__memberships__user": user}) | in_pool


def whereabouts_of(user: Viewer, *, plan: str, own_people: str) -> Q:
    """The teams, `plan` being the lookup prefix to their plan, of which this person may read where they are."""
    scope = scope_of(user, owner=plan, view="presence.view_presencereport", own_people=own_people)
    return scope | looked_into(user, plan) if user.is_authenticated and user.is_active else scope


class PresenceReportQuerySet(QuerySet["PresenceReport"]):
    def visible_to(self, user: Viewer) -> "PresenceReportQuerySet":
        own = "team__members__nomination__mission"
        return self.filter(whereabouts_of(user, plan="team__plan__", own_people=own)).distinct()


class RollCallQuerySet(QuerySet["RollCall"]):
    def visible_to(self, user: Viewer) -> "RollCallQuerySet":
        own = "asked__nomination__mission"
        return self.filter(scope_of(user, owner="", view="presence.view_rollcall", own_people=own)).distinct()

    def open(self) -> "RollCallQuerySet":
        return self.filter(closed_at=None)


class AskedObserverQuerySet(QuerySet["AskedObserver"]):
    def visible_to(self, user: Viewer) -> "AskedObserverQuerySet":
        """Of the pool's roll calls a mission reads its own people only."""
        own = "nomination__mission"
        return self.filter(
            scope_of(user, owner="roll_call__", view="presence.view_rollcall", own_people=own)
        ).distinct()

    def without_answer(self) -> "AskedObserverQuerySet":
        return self.filter(answers=None)


class RollCallAnswerQuerySet(QuerySet["RollCallAnswer"]):
    def visible_to(self, user: Viewer) -> "RollCallAnswerQuerySet":
        own = "asked__nomination__mission"
        scope = scope_of(user, owner="asked__roll_call__", view="presence.view_rollcall", own_people=own)
        return self.filter(scope).distinct()
