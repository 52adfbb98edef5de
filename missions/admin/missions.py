"""Organizations, and missions with their heads, delegations and places."""

from typing import Any

from django.contrib import admin
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.views import ChangeList

from missions.admin.heads import HeadsList, places_text
from missions.admin.mission_page import (
    facts_of,
    figures_of,
    invitations_of,
    parts_of,
    people_of,
)
from missions.admin.pages import PageAdmin, column, history_of, local_text, moment
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.models import Delegation, Mission, MissionHead, Organization


@admin.register(Organization)
class OrganizationAdmin(ViewOnlyAdmin):
    list_display = ("acronym", "name", "kind", "country", "is_synthetic")
    list_filter = ("kind", "is_synthetic")
    search_fields = ("acronym", "name")


@admin.register(Mission)
class MissionAdmin(PageAdmin):
    """A mission as the host knows it: who sends it, its places, and how far its people have come."""

    page_template = "desk/mission.html"
    page_select_related = ("election", "organization", "parent")
    list_display = ("code", "name", "organization", "kind", "mode", "places", "accredited", "arrived", "parent")
    list_filter = ("kind", "deployment_mode", "election")
    list_select_related = ("organization", "parent")
    search_fields = ("code", "name", "organization__acronym", "organization__name")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        missions: QuerySet[Any] = super().get_queryset(request)
        keyed: QuerySet[Any] = missions.annotate(mission_key=F("pk"))
        return keyed

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return HeadsList

    @column(_("deployment"), ordering="deployment_mode")
    def mode(self, mission: Mission) -> str:
        return mission.get_deployment_mode_display()

    @column(_("places taken"), ordering="places_taken")
    def places(self, mission: Mission) -> str:
        return places_text(mission)

    @column(_("accredited"))
    def accredited(self, mission: Any) -> int:
        count: int = mission.head_count.accredited
        return count

    @column(_("arrived"))
    def arrived(self, mission: Any) -> int:
        count: int = mission.head_count.arrived
        return count

    def get_page_context(self, request: HttpRequest, obj: Mission) -> dict[str, Any]:
        at = moment(request)
        figures = figures_of(obj, request, at)
        return {
            "mission": obj,
            "facts": facts_of(obj),
            "people": people_of(obj, request),
            "invitations": invitations_of(obj, request),
            "groups": figures,
            "parts": parts_of(obj, request),
            "history": history_of(obj, obj.election.zone),
            "as_of": local_text(at, obj.election.zone),
            "zone": obj.election.time_zone,
        }


@admin.register(MissionHead)
class MissionHeadAdmin(ViewOnlyAdmin):
    list_display = ("name", "title", "mission")
    list_select_related = ("mission",)
    search_fields = ("name", "title", "mission__code")


@admin.register(Delegation)
class DelegationAdmin(ViewOnlyAdmin):
    list_display = ("name", "head_name", "mission")
    list_select_related = ("mission",)
    search_fields = ("name", "head_name", "mission__code")
