"""Milestones of missions, to look at."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from missions.admin.pages import column, local_text, words
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.law.calendar import offset_label
from missions.timeline.models import Milestone
from missions.timeline.plan import MilestoneAnchor


@admin.register(Milestone)
class MilestoneAdmin(ViewOnlyAdmin):
    list_display = ("title", "mission", "planned", "time_zone", "offset", "actual")
    list_filter = ("code",)
    list_select_related = ("mission",)
    search_fields = ("title", "mission__code")

    @column(_("planned (local)"), ordering="planned_at")
    def planned(self, milestone: Milestone) -> str:
        return local_text(milestone.planned_at, milestone.time_zone)

    @column(_("actual (local)"), ordering="actual_at")
    def actual(self, milestone: Milestone) -> str:
        return local_text(milestone.actual_at, milestone.time_zone)

    @column(_("rule"), ordering="offset_days")
    def offset(self, milestone: Milestone) -> str:
        if milestone.anchor == MilestoneAnchor.E_DAY:
            return offset_label(milestone.offset_days)
        return (
            f"{words(milestone.anchor)} {milestone.offset_days:+d}"
            if milestone.offset_days
            else words(milestone.anchor)
        )
