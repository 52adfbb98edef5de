"""What the pages of figures ask: of which election, for which instant by its clocks, and what was said."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from missions.kernel.web.forms import PlainForm
from missions.models import Election, Organization
from missions.reports.errors import EmbargoHourMissingError
from missions.reports.rules import embargo_instant


class _InstantForm(PlainForm):
    """Asks for an election and a local day and hour; `cleaned_data["as_of"]` is the instant, or None for now."""

    election = forms.ModelChoiceField(
        Election.objects.order_by("-e_day"),
        label=_("Election"),
        widget=UnfoldAdminSelectWidget(),
        initial=lambda: Election.objects.order_by("-e_day").values_list("pk", flat=True).first(),
    )
    day = forms.DateField(label=_("As of the day"), required=False, widget=UnfoldAdminSingleDateWidget())
    hour = forms.TimeField(
        label=_("and hour"),
        required=False,
        widget=UnfoldAdminSingleTimeWidget(),
        help_text=_("By the clocks of the host. Day and hour empty: now."),
    )

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        day, hour = answers.get("day"), answers.get("hour")
        if self.errors:
            return answers
        if (day is None) != (hour is None):
            self.add_error("day" if day is None else "hour", _now("Give both day and hour, or neither."))
            return answers
        answers["as_of"] = None
        if day is not None and hour is not None:
            try:
                answers["as_of"] = embargo_instant(day, hour, answers["election"].zone)
            except EmbargoHourMissingError as error:
                self.add_error("hour", error.detail)
        return answers


class FreezingForm(_InstantForm):
    """Whose figures, and for which instant."""


def _number(label: Any) -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=0, max_value=10_000_000, widget=UnfoldAdminIntegerFieldWidget()
    )


class ClaimForm(_InstantForm):
    """What somebody else said; a number that they do not give stays empty."""

    organization = forms.ModelChoiceField(
        Organization.objects.order_by("acronym"),
        label=_("About the observers of"),
        required=False,
        empty_label=_("all organizations"),
        widget=UnfoldAdminSelectWidget(),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Who said it, and where it can be read."),
    )
    said_on = forms.DateField(label=_("Said on"), widget=UnfoldAdminSingleDateWidget())
    text = forms.CharField(
        label=_("In their words"), max_length=1000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 3})
    )
    observers = _number(_("Observers"))
    organizations = _number(_("Organizations"))
    countries = _number(_("Countries"))

    field_order = ("election", "organization", "source", "said_on", "text", "observers", "organizations", "countries")
