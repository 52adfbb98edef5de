"""What the accreditation desk knows of the steps of missions: applications handed in and decided, people here."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q
from django.utils.translation import gettext_lazy as _

from accreditation.models import Application, Decision, Stay
from accreditation.states import ApplicationState, Role
from missions.kernel.errors import Text
from missions.timeline.plan import ProvenBy
from missions.timeline.progress import Fact

_S = ApplicationState
_UNDECIDED = (_S.DRAFT, _S.SUBMITTED, _S.INCOMPLETE, _S.UNDER_REVIEW, _S.RECOMMENDED, _S.SCHEDULED, _S.APPEALED)
_CORE = Q(nomination__role__in=(Role.HEAD_OF_MISSION, Role.CORE_TEAM_MEMBER))
_LONG_TERM = Q(nomination__role=Role.LTO)
_SHORT_TERM = Q(nomination__role=Role.STO)
_ANYBODY = Q()
_ARRIVALS: tuple[tuple[ProvenBy, Q, Text], ...] = (
    (ProvenBy.ARRIVED, _ANYBODY, _("the first has arrived")),
    (ProvenBy.CORE_ARRIVED, _CORE, _("the first of the core team has arrived")),
    (ProvenBy.LONG_TERM_ARRIVED, _LONG_TERM, _("the first long-term observer has arrived")),
    (ProvenBy.SHORT_TERM_ARRIVED, _SHORT_TERM, _("the first short-term observer has arrived")),
)
_DEPARTURES: tuple[tuple[ProvenBy, Q, Text], ...] = (
    (ProvenBy.SHORT_TERM_LEFT, _SHORT_TERM, _("all short-term observers have left")),
    (ProvenBy.LONG_TERM_LEFT, _LONG_TERM, _("all long-term observers have left")),
    (ProvenBy.EVERYBODY_LEFT, _ANYBODY, _("everybody has left")),
)


class ApplicationsProgress:
    """A provider of this app (missions.timeline.progress.ProgressSource)."""

    def facts_of(self, mission_ids: Collection[int], *, at: datetime) -> Iterator[Fact]:
        """Handed in when no draft waits, decided when nothing waits for a decision. Two queries."""
        applications = Application.objects.filter(nomination__mission__in=mission_ids).order_by()
        counted = applications.values_list("nomination__mission").annotate(
            drafts=Count("pk", filter=Q(state=_S.DRAFT)),
            undecided=Count("pk", filter=Q(state__in=_UNDECIDED)),
            submitted=Max("submitted_at"),
        )
        decisions = Decision.objects.filter(application__nomination__mission__in=mission_ids).order_by()
        decided = dict(decisions.values_list("application__nomination__mission").annotate(last=Max("decided_at")))
        for mission_id, drafts, undecided, submitted in counted:
            if submitted is not None and submitted <= at and not drafts:
                words = _("all applications are handed in")
                yield Fact(mission_id, ProvenBy.APPLICATIONS_HANDED_IN, submitted, words)
            last = decided.get(mission_id)
            if last is not None and last <= at and not undecided:
                yield Fact(mission_id, ProvenBy.APPLICATIONS_DECIDED, last, _("all applications are decided"))


class StaysProgress:
    """A provider of this app (missions.timeline.progress.ProgressSource)."""

    def facts_of(self, mission_ids: Collection[int], *, at: datetime) -> Iterator[Fact]:
        """The first arrival and briefing, and the last departure once nobody is left. One query."""
        stays = Stay.objects.filter(nomination__mission__in=mission_ids, arrived_at__lte=at).order_by()
        gone = Q(left_at__lte=at)
        rows: Iterable[Mapping[str, Any]] = stays.values("nomination__mission").annotate(
            briefed=Min("briefed_at", filter=Q(briefed_at__lte=at)),
            **{code.value: Min("arrived_at", filter=who) for code, who, _words in _ARRIVALS},
            **{code.value: Max("left_at", filter=who & gone) for code, who, _words in _DEPARTURES},
            **{_here(code): Count("pk", filter=who & ~gone) for code, who, _words in _DEPARTURES},
        )
        for row in rows:
            mission_id = row["nomination__mission"]
            if row["briefed"] is not None:
                yield Fact(mission_id, ProvenBy.BRIEFED, row["briefed"], _("the first has been at the host's briefing"))
            for code, _who, words in (*_ARRIVALS, *_DEPARTURES):
                if row[code.value] is not None and not row.get(_here(code)):
                    yield Fact(mission_id, code, row[code.value], words)


applications_progress = ApplicationsProgress()
stays_progress = StaysProgress()


def _here(code: ProvenBy) -> str:
    """The name of the count of those who are still here."""
    return f"{code.value}_here"
