"""Answers and assessments as lists of their own, to search in; what is done is done on the recommendation's page."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from missions.admin.pages import PageAdmin, column, local_text
from missions.reports.recommendations.models import Assessment, HostAnswer


@admin.register(HostAnswer)
class HostAnswerAdmin(PageAdmin):
    """Every answer of the host, also those that a later one replaced."""

    page_template = "desk/facts.html"
    page_select_related = ("recommendation__report__mission", "recommendation__report__election", "answered_by")
    list_display = ("recommendation", "answer", "responsible", "due_on", "answered")
    list_filter = ("answer",)
    list_select_related = ("recommendation__report__mission", "recommendation__report__election")
    search_fields = ("text", "responsible", "recommendation__report__mission__code")

    @column(_("answered"), ordering="answered_at")
    def answered(self, row: HostAnswer) -> str:
        return local_text(row.answered_at, row.recommendation.report.election.zone)

    def get_page_context(self, request: HttpRequest, obj: HostAnswer) -> dict[str, Any]:
        return {
            "facts": (
                (_("Recommendation"), obj.recommendation),
                (_("Answer"), obj.get_answer_display()),
                (_("In words"), obj.text),
                (_("Responsible"), obj.responsible),
                (_("Due on"), obj.due_on),
                (_("Answered"), self.answered(obj)),
                (_("Answered by"), obj.answered_by),
            ),
            "zone": obj.recommendation.report.election.time_zone,
        }


@admin.register(Assessment)
class AssessmentAdmin(PageAdmin):
    """What became of recommendations."""

    page_template = "desk/facts.html"
    page_select_related = (
        "recommendation__report__mission",
        "recommendation__report__election",
        "later__report__mission",
        "organization",
        "recorded_by",
    )
    list_display = ("recommendation", "outcome", "organization", "assessed")
    list_filter = ("outcome",)
    list_select_related = ("recommendation__report__mission", "recommendation__report__election", "organization")
    search_fields = ("evidence", "recommendation__report__mission__code")

    @column(_("assessed"), ordering="assessed_at")
    def assessed(self, row: Assessment) -> str:
        return local_text(row.assessed_at, row.recommendation.report.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Assessment) -> dict[str, Any]:
        return {
            "facts": (
                (_("Recommendation"), obj.recommendation),
                (_("Outcome"), obj.get_outcome_display()),
                (_("Evidence"), obj.evidence),
                (_("Assessed by"), obj.organization or _("the host")),
                (_("Repeated as"), obj.later),
                (_("Assessed"), self.assessed(obj)),
                (_("Recorded by"), obj.recorded_by),
            ),
            "zone": obj.recommendation.report.election.time_zone,
        }
