"""What the register asks: when an embargo ends, by the clocks of the host, and why it is moved."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSingleDateWidget, UnfoldAdminSingleTimeWidget, UnfoldAdminTextareaWidget

from missions.admin.moves import MoveForm, ReasonForm
from missions.reports.errors import EmbargoHourMissingError
from missions.reports.models import Report
from missions.reports.rules import embargo_instant


class EmbargoForm(MoveForm):
    """Asks for a local day and hour, both or neither; `cleaned_data["until"]` is the instant, or None for at once."""

    day = forms.DateField(label=_("Day"), required=False, widget=UnfoldAdminSingleDateWidget())
    hour = forms.TimeField(label=_("Hour"), required=False, widget=UnfoldAdminSingleTimeWidget())

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        report = self._report()
        zone = report.election.zone
        wanted = report.embargo_until or report.embargo_wished
        if wanted is not None:
            local = wanted.astimezone(zone)
            self.initial = {"day": local.date(), "hour": local.time(), **self.initial}
        self.fields["day"].help_text = _now("By the clocks of %(zone)s. Day and hour empty: public at once.") % {
            "zone": zone.key
        }

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        day, hour = answers.get("day"), answers.get("hour")
        if self.errors:
            return answers
        if (day is None) != (hour is None):
            self.add_error("day" if day is None else "hour", _now("Give both day and hour, or neither."))
            return answers
        answers["until"] = None
        if day is not None and hour is not None:
            try:
                answers["until"] = embargo_instant(day, hour, self._report().election.zone)
            except EmbargoHourMissingError as error:
                self.add_error("hour", error.detail)
        return answers

    def _report(self) -> Report:
        return cast(Report, self.subjects[0])


class MoveEmbargoForm(EmbargoForm, ReasonForm):
    """The new end of the embargo, and why."""

    field_order = ("day", "hour", "reason")


class RetractionForm(MoveForm):
    """Asks why a report is taken back; the public reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("If the report has been public, the reason stands on its page."),
    )
