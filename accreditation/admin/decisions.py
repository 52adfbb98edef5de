"""Decisions, to look at: who reviewed and who decided, when, by what votes and on what ground."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accreditation.admin.agenda_page import ground_titles, votes_text
from accreditation.models import Decision
from missions.admin.pages import PageAdmin, column, linked, local_text


@admin.register(Decision)
class DecisionAdmin(PageAdmin):
    page_template = "desk/facts.html"
    page_select_related = (
        "application__observer",
        "application__election",
        "application__nomination__mission",
        "session",
        "agenda_item",
        "reviewed_by",
        "decided_by",
    )
    list_display = ("application", "outcome", "ground_named", "session", "reviewed_by", "decided_by", "decided")
    list_filter = ("outcome", "session")
    list_select_related = ("application__observer", "application__election", "session", "reviewed_by", "decided_by")
    search_fields = ("application__observer__surname", "ground")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        rows: QuerySet[Any] = super().get_queryset(request)
        return rows.defer("application__observer__passport_number", "application__observer__mrz")

    @column(_("ground"), ordering="ground")
    def ground_named(self, decision: Decision) -> str:
        return ground_titles(decision.application.election).get(decision.ground, decision.ground)

    @column(_("decided"), ordering="decided_at")
    def decided(self, decision: Decision) -> str:
        return local_text(decision.decided_at, decision.application.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Decision) -> dict[str, Any]:
        application, item = obj.application, obj.agenda_item
        facts = (
            (_("Application"), linked(request, application)),
            (_("Mission"), linked(request, application.nomination.mission)),
            (_("Category"), application.get_category_display()),
            (_("Outcome"), obj.get_outcome_display()),
            (_("Legal ground"), self.ground_named(obj)),
            (_("Reasons"), obj.text),
            (_("Session"), linked(request, obj.session)),
            (_("Agenda item"), linked(request, item)),
            (_("Votes for, against, abstained"), votes_text(item) if item else ""),
            (_("Reviewed by"), obj.reviewed_by),
            (_("Decided by"), obj.decided_by),
            (_("Decided"), self.decided(obj)),
        )
        return {"facts": facts, "zone": application.election.time_zone}
