"""Reviews of everybody who waits: ordered for a mission and category, and how far they are."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget

from accreditation.models import BulkReview
from accreditation.permissions import can_review_application
from accreditation.services.reviewing import order_review
from accreditation.states import ApplicationState, Category
from missions.admin.additions import AddingAdmin
from missions.admin.mission_field import MissionField
from missions.admin.pages import column, history_of, local_text
from missions.kernel.web.forms import PlainForm
from missions.models import Mission, User

REVIEW_SENTENCE = _(
    "Everybody of the mission who waits in this category is vetted. Whom nothing blocks is recommended in your name, "
    "so somebody else decides; the others stay in review with their findings."
)
_TONES = {"done": "success", "working": "info", "broken": "danger"}


class ReviewForm(PlainForm):
    """Asks for mission and category."""

    mission = MissionField(
        Mission.objects.order_by("election", "code"), label=_("Mission"), widget=UnfoldAdminSelectWidget()
    )
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, widget=UnfoldAdminSelectWidget())


@admin.register(BulkReview)
class BulkReviewAdmin(AddingAdmin):
    page_template = "desk/facts.html"
    page_select_related = ("mission__election", "ordered_by")
    addition_form = ReviewForm
    addition_label = _("Review everybody who waits")
    addition_sentence = REVIEW_SENTENCE
    list_display = ("mission", "category_name", "state_label", "reviewed", "recommended", "held_back", "ordered")
    list_filter = ("category", "mission__election")
    list_select_related = ("mission__election",)
    search_fields = ("mission__code", "mission__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_review_application(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> BulkReview:
        return order_review(mission=answers["mission"], category=Category(answers["category"]), by=by, at=at)

    @column(_("category"), ordering="category")
    def category_name(self, review: BulkReview) -> str:
        return review.get_category_display()

    @column(_("state"), tones=_TONES)
    def state_label(self, review: BulkReview) -> tuple[str, str]:
        if review.fault:
            return "broken", str(_("broken off"))
        return ("done", str(_("done"))) if review.done_at else ("working", str(_("under way")))

    @column(_("ordered"), ordering="ordered_at")
    def ordered(self, review: BulkReview) -> str:
        return local_text(review.ordered_at, review.mission.election.zone)

    def get_page_context(self, request: HttpRequest, obj: BulkReview) -> dict[str, Any]:
        zone = obj.mission.election.zone
        return {
            "moves": self.moves_for(request, obj),
            "zone": obj.mission.election.time_zone,
            "facts": (
                (_("Mission"), f"{obj.mission.code}, {obj.mission.name}"),
                (_("Category"), obj.get_category_display()),
                (_("State"), obj.fault or self.state_label(obj)[1]),
                (_("Reviewed"), str(obj.reviewed)),
                (_("Recommended"), str(obj.recommended)),
                (_("Held back by findings"), _held_back(obj)),
                (_("Ordered by"), obj.ordered_by),
                (_("Ordered"), self.ordered(obj)),
                (_("Done"), local_text(obj.done_at, zone)),
            ),
            "history": history_of(obj, zone),
        }


def _held_back(review: BulkReview) -> SafeString | str:
    """How many stay in review, and the way to them."""
    if not review.held_back:
        return "0"
    query = urlencode({"nomination__mission__id__exact": review.mission_id, "state": ApplicationState.UNDER_REVIEW})
    url = f"{reverse('admin:accreditation_application_changelist')}?{query}"
    return format_html('<a href="{}">{}</a>', url, review.held_back)
