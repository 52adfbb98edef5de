"""What a move of election day means for reports that wait for the end of their embargo."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from missions.admin.pages import local_text
from missions.impact import Change, Impact, Viewer, Weight
from missions.reports.models import Report
from missions.timeline.changes import ElectionMove

_REPORTS = gettext_lazy("Reports")


class EmbargoesOfTheDay:
    """The provider of this app (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Embargoes are instants that people agreed on: they stay, and somebody should look at them. One query."""
        if not isinstance(change, ElectionMove):
            return
        waiting = Report.objects.visible_to(user).embargoed().filter(election=change.election_id)
        has_page = user.has_perm("reports.view_report")
        for report in waiting.select_related("mission", "election").order_by("number"):
            yield Impact(
                code="embargo_stays",
                key=str(report.pk),
                weight=Weight.TELLS,
                group=_REPORTS,
                subject=str(report),
                sentence=_("Its embargo ends on %(instant)s all the same, unless somebody moves it.")
                % {"instant": local_text(report.embargo_until, report.election.zone)},
                facts=(report.version,),
                url=reverse("admin:reports_report_change", args=(report.pk,)) if has_page else "",
            )


embargoes_of_the_day = EmbargoesOfTheDay()
