"""What the page asks: whose travel times, of which constituency, and the file."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from missions.admin.file_choices import ENCODING_CHOICES
from missions.figures import Viewer
from missions.kernel.web.forms import PlainForm
from missions.models import Constituency, Mission
from missions.states import MembershipRole
from stations.travel.permissions import can_measure_travel

_MINISTRY = "ministry"


def owners_of(user: Viewer) -> dict[str, Mission | None]:
    """For whom this person may upload: the ministry, or the own self-directed missions. At most one query."""
    if not user.is_authenticated:
        return {}
    if user.is_host:
        return {_MINISTRY: None} if can_measure_travel(user, mission=None) else {}
    missions = Mission.objects.self_directed().filter(memberships__user=user.pk, memberships__role=MembershipRole.LEAD)
    return {str(mission.pk): mission for mission in missions.order_by("-election__e_day", "code")}


class MatrixForm(PlainForm):
    """Asks for the file; `cleaned_data["mission"]` is the mission, None for the ministry."""

    owner = forms.ChoiceField(label=_("For"), widget=UnfoldAdminSelectWidget())
    constituency = forms.ModelChoiceField(
        Constituency.objects.none(), label=_("Constituency"), empty_label=None, widget=UnfoldAdminSelectWidget()
    )
    file = forms.FileField(
        label=_("File"),
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_(
            "Text (.csv) or Excel (.xlsx) with the columns from, to, seconds and metres: a row for each way between "
            "the base (base) and the stations, in each direction. 86400 seconds: there is no road."
        ),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of a text file"), choices=ENCODING_CHOICES, required=False, widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, *args: Any, user: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners = owners_of(user)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]  # a choice field
            (key, mission.name if mission else _now("The ministry")) for key, mission in self._owners.items()
        ]
        missions = [mission for mission in self._owners.values() if mission is not None]
        places = Constituency.objects.order_by("-election__e_day", "number")
        if missions:
            places = places.filter(election__in={mission.election_id for mission in missions})
        cast("forms.ModelChoiceField[Any]", self.fields["constituency"]).queryset = places

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if "owner" in answers:
            mission = answers["mission"] = self._owners[answers["owner"]]
            place = answers.get("constituency")
            if mission is not None and place is not None and place.election_id != mission.election_id:
                self.add_error("constituency", _("The constituency belongs to another election."))
        return answers
