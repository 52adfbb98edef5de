"""What a move of election day means for the ministry's programme: what was promised ends, what was asked moves."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from missions.impact import Change, Impact, Viewer, Weight
from missions.timeline.changes import ElectionMove
from missions.timeline.programme.models import MeetingRequest, Programme
from missions.timeline.programme.states import ProgrammeState, RequestState

_PROGRAMME = gettext_lazy("The ministry's programme")
_MADE = (ProgrammeState.ORDERED, ProgrammeState.DRAFT, ProgrammeState.FAILED)


class MovedProgramme:
    """The provider of this room (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a move of election day; silent about every other change. Five queries, as far as the person may see."""
        if not isinstance(change, ElectionMove):
            return
        versions = Programme.objects.visible_to(user).filter(election=change.election_id)
        has_page = user.has_perm("programme.view_programme")
        for row in versions.filter(state=ProgrammeState.RELEASED):
            yield from _of_released(row, has_page=has_page)
        for row in versions.filter(state__in=_MADE).order_by("version"):
            yield _impact("draft_discarded", row, Weight.SPOILS, _("Is put away; a new one is ordered."), has_page)
        asked = MeetingRequest.objects.visible_to(user).asked().filter(mission__election=change.election_id)
        if count := asked.count():
            yield Impact(
                code="requests_move",
                key=str(change.election_id),
                weight=Weight.ALTERS,
                group=_PROGRAMME,
                subject=ngettext("%(count)d request of missions", "%(count)d requests of missions", count)
                % {"count": count},
                sentence=_("Keep their hours and their distance from election day, and so do the hours of the hosts."),
                facts=None,
            )


moved_programme = MovedProgramme()


def _of_released(row: Programme, *, has_page: bool) -> Iterator[Impact]:
    kept = row.bookings.filter(request__state=RequestState.ASKED)
    count, missions = kept.count(), kept.order_by().values("request__mission").distinct().count()
    sentence = ngettext(
        "Ends, and its %(count)d place is cancelled. A new programme is ordered; an officer releases it.",
        "Ends, and its %(count)d places are cancelled. A new programme is ordered; an officer releases it.",
        count,
    )
    yield _impact("programme_ends", row, Weight.SPOILS, sentence % {"count": count}, has_page, count)
    if missions:
        told = ngettext(
            "The leads of %(count)d mission are told that their times are cancelled.",
            "The leads of %(count)d missions are told that their times are cancelled.",
            missions,
        )
        yield _impact("missions_told", row, Weight.TELLS, told % {"count": missions}, has_page, missions)


def _impact(code: str, row: Programme, weight: Weight, sentence: str, has_page: bool, *facts: int) -> Impact:
    return Impact(
        code=code,
        key=str(row.pk),
        weight=weight,
        group=_PROGRAMME,
        subject=f"{row} ({row.get_state_display()})",
        sentence=sentence,
        facts=(row.state, *facts),
        url=reverse("admin:programme_programme_change", args=(row.pk,)) if has_page else "",
    )
