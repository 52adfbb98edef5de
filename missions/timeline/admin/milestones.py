"""Milestones: a list of all, a page of each with its acts, a page per mission, and the election calendar."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from missions.admin.moves import Move, MoveForm, MovesAdmin
from missions.admin.pages import column, history_of, local_text, moment, words
from missions.kernel.errors import DomainError
from missions.kernel.web.admin import require
from missions.kernel.web.forms import show_on_form
from missions.law.calendar import offset_label
from missions.law.rules import Unknown
from missions.models import Election, Mission
from missions.timeline.admin.calendar_page import (
    broadcaster_days,
    legal_days,
    silence_text,
    slot_lines,
    voting_lines,
)
from missions.timeline.admin.moves import STEP_MOVES, AdditionForm
from missions.timeline.admin.timeline_page import gantt_of, step_lines, timeline_history, violations_in
from missions.timeline.election_calendar import AirtimeGrid, calendar_of, minutes_text
from missions.timeline.models import Milestone
from missions.timeline.permissions import can_change_timeline, can_change_timelines
from missions.timeline.plan import MilestoneAnchor
from missions.timeline.selectors import timeline_rows
from missions.timeline.services.changes import add_milestone
from missions.timeline.services.laying import lay_timeline
from missions.timeline.zones import zone_or_utc


@admin.register(Milestone)
class MilestoneAdmin(MovesAdmin):
    """Steps of timelines. Those of one mission have a page together, and elections their calendar."""

    page_template = "desk/milestone.html"
    page_select_related = ("mission__election", "shared_from__mission")
    moves: ClassVar[tuple[Move[Milestone], ...]] = STEP_MOVES
    list_display = ("title", "mission", "planned", "time_zone", "offset", "actual")
    list_filter = ("code",)
    list_select_related = ("mission",)
    search_fields = ("title", "mission__code")

    @column(_("planned (local)"), ordering="planned_at")
    def planned(self, milestone: Milestone) -> str:
        return local_text(milestone.planned_at, zone_or_utc(milestone.time_zone))

    @column(_("noted as made (local)"), ordering="actual_at")
    def actual(self, milestone: Milestone) -> str:
        return local_text(milestone.actual_at, zone_or_utc(milestone.time_zone))

    @column(_("rule"), ordering="offset_days")
    def offset(self, milestone: Milestone) -> str:
        return rule_text(milestone)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("mission/<int:mission_id>/", view(self.timeline_view), name="timeline_milestone_timeline"),
            path("mission/<int:mission_id>/lay/", view(self.lay_view), name="timeline_milestone_lay"),
            path("mission/<int:mission_id>/add/", view(self.add_step_view), name="timeline_milestone_add_step"),
            path("calendar/", view(self.calendar_view), name="timeline_milestone_calendar"),
            path("calendar/<int:election_id>/", view(self.calendar_view), name="timeline_milestone_calendar_of"),
            *super().get_urls(),
        ]

    def get_page_context(self, request: HttpRequest, obj: Milestone) -> dict[str, Any]:
        at = moment(request)
        line = next(line for line in step_lines(obj.mission, timeline_rows(obj.mission, at=at)) if line.pk == obj.pk)
        return {
            "step": line,
            "mission": obj.mission,
            "rule": rule_text(obj),
            "zone": obj.time_zone,
            "timeline_url": self._timeline_url(obj.mission),
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone_or_utc(obj.time_zone)),
        }

    def timeline_view(self, request: HttpRequest, mission_id: int) -> HttpResponse:
        """All steps of a mission."""
        mission = self._mission_or_404(request, mission_id)
        zone = zone_or_utc(mission.election.time_zone)
        at = moment(request)
        rows = timeline_rows(mission, at=at)
        lines = step_lines(mission, rows)
        return self.render_page(
            request,
            "desk/timeline.html",
            title=gettext("Timeline of %(mission)s") % {"mission": mission},
            mission=mission,
            steps=lines,
            gantt=gantt_of(mission, rows, at=at),
            violations=violations_in(lines),
            may_change=can_change_timeline(request.user, mission),
            may_lay=can_change_timelines(request.user),
            zone=mission.election.time_zone,
            history=timeline_history(mission, zone),
        )

    def add_step_view(self, request: HttpRequest, mission_id: int) -> HttpResponse:
        """Ask for a step that the template does not have, and add it."""
        mission = self._mission_or_404(request, mission_id)
        require(can_change_timeline(request.user, mission))
        form = AdditionForm(request.POST if request.method == "POST" else None, mission=mission)
        if form.is_valid():
            answers = form.cleaned_data
            try:
                add_milestone(
                    mission=mission,
                    title=answers["title"],
                    slot=form.slot,
                    after=answers["after"],
                    reason=answers["reason"],
                    by=self.actor(request),
                    at=moment(request),
                    despite=answers["despite"],
                )
            except DomainError as error:
                show_on_form(form, error)
            else:
                messages.success(request, gettext("The step is added."))
                return HttpResponseRedirect(self._timeline_url(mission))
        sentence = _("It counts from election day and moves with it.")
        return self._ask(request, mission, form, label=_("Add a step"), sentence=sentence)

    def lay_view(self, request: HttpRequest, mission_id: int) -> HttpResponse:
        """Ask, then lay the timeline from the template of the mission."""
        require(can_change_timelines(request.user))
        mission = self._mission_or_404(request, mission_id)
        form = MoveForm(request.POST if request.method == "POST" else None, subjects=[mission])
        if form.is_valid():
            try:
                changed = lay_timeline(mission=mission, by=self.actor(request), at=moment(request))
            except DomainError as error:
                show_on_form(form, error)
            else:
                messages.success(request, gettext("The timeline is laid; steps that changed: %d.") % changed)
                return HttpResponseRedirect(self._timeline_url(mission))
        sentence = _("Steps follow the template, election day and the law. What was changed by hand stays as it is.")
        return self._ask(request, mission, form, label=_("Lay the timeline"), sentence=sentence)

    def calendar_view(self, request: HttpRequest, election_id: int | None = None) -> HttpResponse:
        """The calendar of an election; of the one that comes next, or came last, if none is named."""
        require(self.has_view_permission(request))
        at = moment(request)
        elections = list(Election.objects.visible_to(request.user).order_by("e_day", "pk"))
        election = _chosen(elections, election_id, at.date())
        language = get_language() or "en"
        calendar = calendar_of(election, at=at, language=language)
        silence, silence_note = silence_text(calendar)
        return self.render_page(
            request,
            "desk/election_calendar.html",
            title=gettext("Election calendar"),
            election=election,
            others=[row for row in elections if row != election],
            calendar=calendar,
            days=legal_days(calendar),
            silence=silence,
            silence_note=silence_note,
            **_airtime(calendar.airtime, language),
            voting=voting_lines(calendar, language),
            as_of=local_text(at, zone_or_utc(election.time_zone)),
        )

    def _ask(self, request: HttpRequest, mission: Mission, form: Any, *, label: Any, sentence: Any) -> HttpResponse:
        return self.render_page(
            request,
            self.confirmation_template,
            title=label,
            move={"label": label, "sentence": sentence, "tone": "primary"},
            form=form,
            subjects=[mission],
            back=self._timeline_url(mission),
            status=422 if form.errors else 200,
        )

    def _mission_or_404(self, request: HttpRequest, mission_id: int) -> Mission:
        require(self.has_view_permission(request))
        missions = Mission.objects.visible_to(request.user).select_related("election")
        mission = missions.filter(pk=mission_id).first() if mission_id < 2**63 else None
        if mission is None:
            raise Http404
        return mission

    def _timeline_url(self, mission: Mission) -> str:
        return reverse(f"{self.admin_site.name}:timeline_milestone_timeline", args=(mission.pk,))


def rule_text(milestone: Milestone) -> str:
    """From what a step counts, and how far it is from there."""
    if milestone.anchor == MilestoneAnchor.E_DAY:
        return offset_label(milestone.offset_days)
    days = f" {milestone.offset_days:+d}" if milestone.offset_days else ""
    return f"{words(milestone.anchor)}{days}"


def _chosen(elections: list[Election], election_id: int | None, today: Any) -> Election:
    """The named election; else the next one, or the last that was. Raises Http404 if there is none."""
    if election_id is not None:
        found = [row for row in elections if row.pk == election_id]
    else:
        found = [row for row in elections if row.e_day >= today][:1] or elections[-1:]
    if not found:
        raise Http404
    return found[0]


def _airtime(grid: AirtimeGrid | Unknown, language: str) -> dict[str, Any]:
    if isinstance(grid, Unknown):
        return {"airtime_note": grid.note}
    return {
        "broadcasters": broadcaster_days(grid, language),
        "slots": slot_lines(grid),
        "slot": minutes_text(grid.slot),
        "airtime_source": grid.source,
    }
