"""What an order for a plan asks."""

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from missions.kernel.web.forms import PlainForm
from stations.deployment.admin.owners import OwnerForm
from stations.deployment.models import DeploymentPlan
from stations.deployment.services.runs import FEWEST_SECONDS, MOST_SECONDS, MOST_SEED, USUAL_SECONDS
from stations.deployment.states import PlanQuality


class HowForm(PlainForm):
    """Asks how much work a plan is worth."""

    quality = forms.ChoiceField(
        label=_("Quality"),
        choices=PlanQuality.choices,
        initial=PlanQuality.FAST,
        widget=UnfoldAdminSelectWidget(),
        help_text=_("Best looks longer for short ways and more stations."),
    )
    seconds = forms.IntegerField(
        label=_("Seconds"),
        min_value=FEWEST_SECONDS,
        max_value=MOST_SECONDS,
        initial=USUAL_SECONDS,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("After so long it ends by quick methods; usually it is done much sooner."),
    )
    seed = forms.IntegerField(
        label=_("Seed"),
        min_value=0,
        max_value=MOST_SEED,
        initial=1,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("The same seed and the same data give the same plan."),
    )


class PlanOrderForm(HowForm, OwnerForm):
    """Asks for a plan: whose, and from which version."""

    base = forms.ModelChoiceField(
        DeploymentPlan.objects.none(),
        label=_("From"),
        required=False,
        empty_label=_("Plan afresh"),
        widget=UnfoldAdminSelectWidget(),
        help_text=_("Of that version what can stay stays, and what is pinned there must."),
    )
    field_order = ("owner", "base")
