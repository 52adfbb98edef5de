"""For whom somebody plans: what the forms that order plans, or send them in, let choose from."""

from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from missions.figures import Viewer
from missions.kernel.web.forms import PlainForm
from missions.models import Election, Mission
from missions.states import MembershipRole
from stations.deployment.models import DeploymentPlan
from stations.deployment.permissions import can_try_to_make_plans
from stations.deployment.states import PlanState

Owner = tuple[Election, Mission | None]

#: An empty list of a lead whose missions all leave planning to the host.
HOST_PLANS = _("Only a mission that plans for itself has its own here. For the others the host plans, and keeps these.")


def owners_of(user: Viewer) -> dict[str, Owner]:
    """The pool of each election for planners, the own self-directed missions for leads. One query, two for leads."""
    if not user.is_authenticated or not can_try_to_make_plans(user):
        return {}
    if user.is_host:
        return {f"election-{election.pk}": (election, None) for election in Election.objects.order_by("-e_day")}
    return {
        f"mission-{mission.pk}": (mission.election, mission)
        for mission in _led_by(user).select_related("election").order_by("-election__e_day", "code")
    }


def has_owners(user: Viewer) -> bool:
    """Whether this person plans for anybody. Planners of the ministry do: no query; for leads one."""
    if not user.is_authenticated or not can_try_to_make_plans(user):
        return False
    return user.is_host or _led_by(user).exists()


def _led_by(user: Viewer) -> "QuerySet[Mission]":
    return Mission.objects.self_directed().filter(memberships__user=user.pk, memberships__role=MembershipRole.LEAD)


class OwnerForm(PlainForm):
    """Asks whose plan it is, and from which version; `cleaned_data["owner"]` is the election with the mission.

    The mission is None for the pool. Whether the version is one of that owner, the service says.
    """

    owner = forms.ChoiceField(label=_("For"), widget=UnfoldAdminSelectWidget())
    base = forms.ModelChoiceField(DeploymentPlan.objects.none(), required=False, widget=UnfoldAdminSelectWidget())

    def __init__(self, *args: Any, user: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners = owners_of(user)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]  # a choice field
            (key, mission.name if mission else _now("The pool: %(election)s") % {"election": election})
            for key, (election, mission) in self._owners.items()
        ]
        missions = [mission.pk for _election, mission in self._owners.values() if mission is not None]
        elections = [election.pk for election, mission in self._owners.values() if mission is None]
        own = Q(mission__in=missions) | Q(mission=None, election__in=elections)
        plans = DeploymentPlan.objects.filter(own).exclude(state=PlanState.DISCARDED).select_related("mission")
        cast("forms.ModelChoiceField[Any]", self.fields["base"]).queryset = plans.order_by("-pk")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if "owner" in answers:
            answers["owner"] = self._owners[answers["owner"]]
        return answers
