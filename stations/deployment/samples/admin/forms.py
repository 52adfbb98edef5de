"""What the pages of samples ask: whose sample, from what, how large; and which station is replaced."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
)

from missions.admin.moves import ReasonForm
from missions.figures import Viewer
from missions.kernel.web.forms import PlainForm
from missions.models import Election, Mission
from missions.states import MembershipRole
from stations.deployment.samples.services.draws import SampleWish
from stations.deployment.samples.states import FramePart, Stratifier

Owner = tuple[Election, Mission | None]


def owners_of(user: Viewer) -> dict[str, Owner]:
    """For whom this person may draw: the pool of each election, or the own self-directed missions. One query."""
    if not user.is_authenticated:
        return {}
    if user.is_host:
        elections = Election.objects.order_by("-e_day") if user.has_perm("samples.draw_sample") else ()
        return {f"election-{election.pk}": (election, None) for election in elections}
    return {
        f"mission-{mission.pk}": (mission.election, mission)
        for mission in _led_by(user).select_related("election").order_by("-election__e_day", "code")
    }


def has_owners(user: Viewer) -> bool:
    """Whether this person draws for anybody. Who draws for the ministry does: no query; for leads one."""
    if not user.is_authenticated:
        return False
    return user.has_perm("samples.draw_sample") if user.is_host else _led_by(user).exists()


def _led_by(user: Viewer) -> "QuerySet[Mission]":
    return Mission.objects.self_directed().filter(memberships__user=user.pk, memberships__role=MembershipRole.LEAD)


class SampleForm(PlainForm):
    """Asks for all that a draw needs; `cleaned_data["wish"]` is it, as the service takes it."""

    owner = forms.ChoiceField(label=_("For"), widget=UnfoldAdminSelectWidget())
    part = forms.ChoiceField(
        label=_("Drawn from"), choices=FramePart.choices, initial=FramePart.HOME, widget=UnfoldAdminSelectWidget()
    )
    stratifiers = forms.MultipleChoiceField(
        label=_("Divided by"),
        choices=Stratifier.choices,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
        help_text=_("Each combination that occurs is a stratum of its own."),
    )
    margin = forms.DecimalField(
        label=_("Margin of error"),
        required=False,
        min_value=Decimal("0.1"),
        max_value=Decimal(50),
        decimal_places=1,
        widget=UnfoldAdminDecimalFieldWidget(),
        help_text=_("In points, with 95 % confidence: 3 means that a share of 50 % is known to lie between 47 and 53."),
    )
    size = forms.IntegerField(
        label=_("Or so many stations"), required=False, min_value=1, widget=UnfoldAdminIntegerFieldWidget()
    )
    minimum = forms.IntegerField(
        label=_("Least of each stratum"), min_value=0, initial=2, widget=UnfoldAdminIntegerFieldWidget()
    )
    reserve_percent = forms.IntegerField(
        label=_("Reserve in per cent"),
        min_value=0,
        max_value=1_000,
        initial=50,
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    seed = forms.CharField(
        label=_("Seed"),
        max_length=64,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("The same seed draws the same stations. Empty: one is taken that nobody could foresee."),
    )

    def __init__(self, *args: Any, user: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._owners = owners_of(user)
        self.fields["owner"].choices = [  # type: ignore[attr-defined]  # a choice field
            (key, mission.name if mission else _now("The pool: %(election)s") % {"election": election})
            for key, (election, mission) in self._owners.items()
        ]

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if self.errors:
            return answers
        answers["owner"] = self._owners[answers["owner"]]
        answers["wish"] = SampleWish(
            part=FramePart(answers["part"]),
            stratifiers=tuple(Stratifier(each) for each in answers["stratifiers"]),
            margin_permille=None if answers["margin"] is None else int(answers["margin"] * 10),
            size=answers["size"],
            minimum=answers["minimum"],
            reserve_percent=answers["reserve_percent"],
            seed=answers["seed"],
        )
        return answers


class ReplacementForm(ReasonForm):
    """Asks which station cannot be visited, and why."""

    code = forms.CharField(
        label=_("Code of the station"),
        max_length=20,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("The next station of its stratum's reserve takes its place."),
    )
    field_order = ("code", "reason")
