"""What the page asks: whose plan, from which version, and the file."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from missions.admin.file_choices import ENCODING_CHOICES
from stations.deployment.admin.owners import OwnerForm
from stations.deployment.models import DeploymentPlan


class PlanFileForm(OwnerForm):
    """Asks for the file."""

    base = forms.ModelChoiceField(
        DeploymentPlan.objects.none(),
        label=_("Written from"),
        required=False,
        empty_label=_("no version"),
        widget=UnfoldAdminSelectWidget(),
        help_text=_("The teams of that version go on under their numbers, and what changed is told in words."),
    )
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader says what is wrong with it
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_("Excel (.xlsx) or text (.csv), a row for each person of a team and for each visit."),
    )
    encoding = forms.ChoiceField(
        label=_("Encoding of a text file"), choices=ENCODING_CHOICES, required=False, widget=UnfoldAdminSelectWidget()
    )
