"""What the register of recommendations asks."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from missions.admin.moves import MoveForm
from missions.kernel.web.forms import PlainForm
from missions.models import Organization
from missions.reports.models import LANGUAGE_CODE, Report
from missions.reports.recommendations.models import Recommendation
from missions.reports.recommendations.states import Addressee, Answer, Outcome


def _words(label: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=4000, widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}))


def _language() -> forms.CharField:
    return forms.CharField(
        label=_("Language"),
        max_length=2,
        validators=[LANGUAGE_CODE],
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Its two letters in ISO 639-1, such as en or az."),
    )


class AdviceForm(PlainForm):
    """One recommendation of a report that is public."""

    report = forms.ModelChoiceField(Report.objects.none(), label=_("Report"), widget=UnfoldAdminSelectWidget())
    number = forms.IntegerField(
        label=_("Number in the report"), min_value=1, max_value=9999, widget=UnfoldAdminIntegerFieldWidget()
    )
    language = _language()
    text = _words(_("Text"))
    addressee = forms.ChoiceField(label=_("Addressed to"), choices=Addressee.choices, widget=UnfoldAdminSelectWidget())
    is_priority = forms.BooleanField(label=_("Priority"), required=False, widget=UnfoldBooleanSwitchWidget())
    legal_reference = forms.CharField(
        label=_("Legal reference"), max_length=300, required=False, widget=UnfoldAdminTextInputWidget()
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        public = Report.objects.public().select_related("mission").order_by("-embargo_until", "-pk")
        self.fields["report"].queryset = public  # type: ignore[attr-defined]  # a choice of models


class TextForm(MoveForm):
    """What it says in a further language."""

    language = _language()
    text = _words(_("Text"))


class AnswerForm(MoveForm):
    """What the host answers."""

    answer = forms.ChoiceField(label=_("Answer"), choices=Answer.choices, widget=UnfoldAdminSelectWidget())
    text = _words(_("In words"))
    responsible = forms.CharField(
        label=_("Responsible"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget()
    )
    due_on = forms.DateField(label=_("Due on"), required=False, widget=UnfoldAdminSingleDateWidget())


class AssessmentForm(MoveForm):
    """What became of it, and in which recommendation of a later election it came back."""

    outcome = forms.ChoiceField(label=_("Outcome"), choices=Outcome.choices, widget=UnfoldAdminSelectWidget())
    evidence = _words(_("Evidence"))
    organization = forms.ModelChoiceField(
        Organization.objects.order_by("acronym"),
        label=_("Assessed by"),
        required=False,
        empty_label=_("the host"),
        widget=UnfoldAdminSelectWidget(),
    )
    later = forms.ModelChoiceField(
        Recommendation.objects.none(), label=_("Repeated as"), required=False, widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        election = cast(Recommendation, subjects[0]).report.election
        later = Recommendation.objects.public().filter(
            report__election__host_country=election.host_country, report__election__e_day__gt=election.e_day
        )
        self.fields["later"].queryset = later.select_related("report__mission")  # type: ignore[attr-defined]  # a choice
