"""Handing a nomination over to another mission, as a move of its page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accreditation.models import Nomination
from accreditation.permissions import can_move_nomination
from accreditation.services.transfers import move_nomination
from accreditation.states import UNDECIDED_STATES
from missions.admin.mission_field import MissionField
from missions.admin.moves import Move, ReasonForm, Viewer
from missions.models import Mission, User


class HandOverForm(ReasonForm):
    """Asks which other mission of the election the nomination goes over to, and why."""

    to_mission = MissionField(Mission.objects.none(), label=_("Mission"), widget=UnfoldAdminSelectWidget())
    reference = forms.CharField(
        label=_("New reference"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Only if the mission has another nomination of the present reference."),
    )
    field_order = ("to_mission", "reference", "reason")

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        [nomination] = cast("Sequence[Nomination]", subjects)
        others = Mission.objects.filter(election=nomination.mission.election_id).exclude(pk=nomination.mission_id)
        cast("forms.ModelChoiceField[Mission]", self.fields["to_mission"]).queryset = others.order_by("code")


def _is_undecided(nomination: Nomination, user: Viewer) -> bool:
    return not nomination.applications.exclude(state__in=UNDECIDED_STATES).exists()


def _hand_over(nomination: Nomination, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return move_nomination(nomination=nomination, by=by, at=at, **answers)


HAND_OVER: Move[Nomination] = Move(
    name="hand_over",
    label=_("Hand over to another mission"),
    sentence=_("The other mission gets the nomination with its place and its application; this one loses both."),
    may=can_move_nomination,
    fits=_is_undecided,
    run=_hand_over,
    form=HandOverForm,
)
