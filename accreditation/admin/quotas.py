"""Places that the desk grants in the categories that no invitation speaks of."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget

from accreditation.admin.reviews import REVIEW_SENTENCE
from accreditation.models import CategoryQuota
from accreditation.permissions import can_review_application, can_set_quota
from accreditation.services.quotas import set_quota
from accreditation.services.reviewing import order_review
from accreditation.states import Category
from missions.admin.additions import AddingAdmin
from missions.admin.mission_field import MissionField
from missions.admin.moves import Move, MoveForm
from missions.admin.pages import column, history_of
from missions.kernel.web.forms import PlainForm
from missions.models import Mission, User

_CEILING_HELP = _("Empty: nothing limits the category.")
_CATEGORIES = [choice for choice in Category.choices if choice[0] != Category.INTERNATIONAL_OBSERVER]


def _ceiling() -> forms.IntegerField:
    widget = UnfoldAdminIntegerFieldWidget()
    return forms.IntegerField(label=_("Places"), min_value=0, required=False, widget=widget, help_text=_CEILING_HELP)


class CeilingForm(MoveForm):
    """Asks for the places of a quota; shows those of now."""

    ceiling = _ceiling()

    def __init__(self, *args: Any, subjects: Any, **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        self.fields["ceiling"].initial = subjects[0].ceiling


class QuotaForm(PlainForm):
    """Asks for mission, category and places."""

    mission = MissionField(
        Mission.objects.order_by("election", "code"), label=_("Mission"), widget=UnfoldAdminSelectWidget()
    )
    category = forms.ChoiceField(label=_("Category"), choices=_CATEGORIES, widget=UnfoldAdminSelectWidget())
    ceiling = _ceiling()


def _set(quota: CategoryQuota, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    category = Category(quota.category)
    return set_quota(mission=quota.mission, category=category, ceiling=answers["ceiling"], by=by, at=at)


def _review(quota: CategoryQuota, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return order_review(mission=quota.mission, category=Category(quota.category), by=by, at=at)


@admin.register(CategoryQuota)
class CategoryQuotaAdmin(AddingAdmin):
    page_template = "desk/facts.html"
    page_select_related = ("mission__election",)
    moves = (
        Move(
            name="ceiling",
            label=_("Change the places"),
            sentence=_("So many people of the category may the mission send; fewer than are nominated is refused."),
            may=can_set_quota,
            fits=lambda quota, user: True,
            run=_set,
            form=CeilingForm,
        ),
        Move(
            name="review",
            label=_("Review everybody who waits"),
            sentence=REVIEW_SENTENCE,
            may=can_review_application,
            fits=lambda quota, user: True,
            run=_review,
            back=lambda quota: reverse("admin:accreditation_bulkreview_changelist"),
        ),
    )
    addition_form = QuotaForm
    addition_label = _("Set a quota")
    addition_sentence = _("So many people of the category may the mission send.")
    list_display = ("mission", "category_name", "taken", "places")
    list_filter = ("category", "mission__election")
    list_select_related = ("mission",)
    search_fields = ("mission__code", "mission__name")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_set_quota(request.user)

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> CategoryQuota:
        category = Category(answers["category"])
        return set_quota(mission=answers["mission"], category=category, ceiling=answers["ceiling"], by=by, at=at)

    def get_page_context(self, request: HttpRequest, obj: CategoryQuota) -> dict[str, Any]:
        zone = obj.mission.election.zone
        return {
            "moves": self.moves_for(request, obj),
            "zone": zone,
            "facts": (
                (_("Mission"), f"{obj.mission.code}, {obj.mission.name}"),
                (_("Category"), obj.get_category_display()),
                (_("Places taken"), str(obj.taken)),
                (_("Places"), self.places(obj)),
            ),
            "history": history_of(obj, zone),
        }

    @column(_("category"), ordering="category")
    def category_name(self, quota: CategoryQuota) -> str:
        return quota.get_category_display()

    @column(_("places"), ordering="ceiling")
    def places(self, quota: CategoryQuota) -> str:
        return str(_("no limit")) if quota.ceiling is None else str(quota.ceiling)
