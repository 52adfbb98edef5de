"""What the register knows of the steps of missions: which of their reports are public."""

from collections.abc import Collection, Iterator
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from missions.models import Mission
from missions.reports.models import Report
from missions.reports.states import ReportKind
from missions.states import MissionKind
from missions.timeline.plan import ProvenBy
from missions.timeline.progress import Fact

_PROVES = {
    ReportKind.INTERIM: (ProvenBy.INTERIM_REPORT_PUBLIC, _("the interim report is public")),
    ReportKind.PRELIMINARY: (ProvenBy.STATEMENT_PUBLIC, _("the statement is public")),
    ReportKind.FINAL: (ProvenBy.FINAL_REPORT_PUBLIC, _("the final report is public")),
}


class ReportsProgress:
    """The provider of this app (missions.timeline.progress.ProgressSource)."""

    def facts_of(self, mission_ids: Collection[int], *, at: datetime) -> Iterator[Fact]:
        """When the first report of each kind became public; a joint one counts for all its missions. Two queries."""
        shared = Mission.objects.filter(pk__in=mission_ids, parent__kind=MissionKind.JOINT)
        behind: dict[int, list[int]] = {key: [key] for key in mission_ids}
        for key, parent in shared.values_list("pk", "parent_id"):
            behind.setdefault(parent, []).append(key)
        public = Report.objects.published_by(at).filter(mission__in=behind, kind__in=_PROVES).order_by("embargo_until")
        told = set()
        for mission_id, kind, published_at in public.values_list("mission", "kind", "embargo_until"):
            code, words = _PROVES[ReportKind(kind)]
            for key in behind[mission_id]:
                if published_at is not None and (key, code) not in told:
                    told.add((key, code))
                    yield Fact(key, code, published_at, words)


reports_progress = ReportsProgress()
