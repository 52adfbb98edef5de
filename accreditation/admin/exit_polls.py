"""Results of exit polls: entered at any time, shown when no station is open any more, at home or abroad."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from accreditation.models import ExitPollResult
from accreditation.permissions import can_record_exit_poll
from accreditation.selectors import visible_exit_polls
from accreditation.services.exit_polls import record_exit_poll
from accreditation.states import Category
from missions.admin.additions import AddingAdmin
from missions.admin.mission_field import MissionField
from missions.admin.pages import column, local_text, moment
from missions.kernel.web.forms import PlainForm
from missions.models import Mission, User


class ExitPollForm(PlainForm):
    """Asks whose result it is, and for the shares, one contestant a line."""

    mission = MissionField(Mission.objects.none(), label=_("Pollster"), widget=UnfoldAdminSelectWidget())
    title = forms.CharField(label=_("Title"), max_length=200, widget=UnfoldAdminTextInputWidget())
    figures = forms.CharField(
        label=_("Shares"),
        max_length=10_000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 8}),
        help_text=_("One contestant a line: the name, a colon, the share in per cent. For example: A. Sample: 61.2"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        pollsters = Mission.objects.filter(nominations__category=Category.EXIT_POLLSTER).distinct().order_by("code")
        self.fields["mission"].queryset = pollsters  # type: ignore[attr-defined]  # a choice of models

    def clean_figures(self) -> dict[str, Decimal]:
        """The shares by contestant; a line that is none is named by its number."""
        shares: dict[str, Decimal] = {}
        lines = [line for line in self.cleaned_data["figures"].splitlines() if line.strip()]
        for number, line in enumerate(lines, start=1):
            name, _colon, share = line.rpartition(":")
            try:
                amount = Decimal(share.strip().rstrip("%").strip())
            except InvalidOperation:
                amount = None
            if not name.strip() or amount is None or name.strip() in shares:
                raise ValidationError(gettext("Line %d is not a contestant with a share.") % number)
            shares[name.strip()] = amount
        return shares


@admin.register(ExitPollResult)
class ExitPollResultAdmin(AddingAdmin):
    page_template = "desk/facts.html"
    page_select_related = ("mission__election", "received_by")
    addition_form = ExitPollForm
    addition_label = _("Enter a result")
    addition_sentence = _("Nobody can read the result, you included, until the last station has closed, also abroad.")
    list_display = ("title", "pollster", "received")
    list_filter = ("mission__election",)
    list_select_related = ("mission__election",)
    search_fields = ("title", "mission__code", "mission__name")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return visible_exit_polls(user=request.user, at=moment(request)).order_by("mission", "title")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_record_exit_poll(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> ExitPollResult:
        return record_exit_poll(
            mission=answers["mission"], title=answers["title"], figures=answers["figures"], by=by, at=at
        )

    def page_url(self, obj: Model) -> str:
        """The list, for nobody may open the page of a result as long as a station is open."""
        return reverse(f"{self.admin_site.name}:accreditation_exitpollresult_changelist")

    def get_page_context(self, request: HttpRequest, obj: ExitPollResult) -> dict[str, Any]:
        zone = obj.mission.election.zone
        return {
            "zone": zone,
            "facts": (
                (_("Pollster"), f"{obj.mission.code}, {obj.mission.name}"),
                *((name, f"{share} %") for name, share in obj.figures.items()),
                (_("Received"), local_text(obj.received_at, zone)),
                (_("Entered by"), str(obj.received_by or "")),
            ),
        }

    @column(_("pollster"), ordering="mission__code")
    def pollster(self, result: ExitPollResult) -> str:
        return result.mission.code

    @column(_("received"), ordering="received_at")
    def received(self, result: ExitPollResult) -> str:
        return local_text(result.received_at, result.mission.election.zone)
