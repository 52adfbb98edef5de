"""The ministry's programme: asked for, made, released, and repaired when the minister loses an afternoon."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from config.demo.story import Story
from config.demo.wishes import wishes_of
from missions.models import Election, Mission, User
from missions.states import OrganizationKind
from missions.timeline.programme.models import MeetingRequest, Programme, SharedResource
from missions.timeline.programme.services.orders import discard_programme, order_programme, order_repairs
from missions.timeline.programme.services.releases import release_programme
from missions.timeline.programme.services.requests import ask_for
from missions.timeline.programme.services.resources import close_resource, set_rank, set_up_standards
from missions.timeline.programme.services.solving import work_off_programmes
from missions.timeline.programme.standards import load_standards
from missions.timeline.programme.states import Method, ProgrammeState


@dataclass(frozen=True, slots=True)
class MinistryProgramme:
    """Who makes the programme, and when. Each act looks first at what is there, so that it happens once."""

    story: Story
    election: Election
    protocol: User

    def on(self, day: date) -> None:
        """What protocol does about the programme on this day."""
        for name, act in (
            ("prepared", self._prepare),
            ("made", self._make),
            ("released", self._release),
            ("closed", self._close),
            ("repaired", self._repair),
        ):
            if self.story.is_on(day, self._plot[name]):
                act(self.story.moment(self._plot[name]))

    @property
    def _plot(self) -> dict[str, Any]:
        plot: dict[str, Any] = self.story.plot["programme"]
        return plot

    def _prepare(self, at: datetime) -> None:
        """The usual resources, the order of protocol, and what each mission asks for."""
        set_up_standards(election=self.election, by=self.protocol, at=at)
        missions = Mission.objects.filter(election=self.election, template_code__gt="").order_by("code")
        asked = set(MeetingRequest.objects.filter(mission__in=missions).values_list("mission", "kind", "part"))
        ranks = load_standards().ranks
        for mission in missions.select_related("organization").prefetch_related("heads"):
            rank = ranks.get(OrganizationKind(mission.organization.kind), 5) if mission.organization else 1
            set_rank(mission=mission, rank=rank, by=self.protocol, at=at)
            for draft in wishes_of(mission, self.story, persons=mission.places_taken):
                if (mission.pk, draft.kind, draft.part) not in asked:
                    ask_for(mission=mission, draft=draft, by=self.protocol, at=at)

    def _make(self, at: datetime) -> None:
        if not self._programmes().exclude(state=ProgrammeState.FAILED).exists():
            order_programme(election=self.election, seed=1, seconds=self._plot["seconds"], by=self.protocol, at=at)
        work_off_programmes(at=at)

    def _release(self, at: datetime) -> None:
        first = self._programmes().filter(method=Method.FRESH, state=ProgrammeState.DRAFT).first()
        if first is not None:
            release_programme(programme=first, by=self.protocol, at=at)

    def _close(self, at: datetime) -> None:
        """The minister is away for some time: both repairs are made, for the officer to choose from."""
        away = self._plot["away"]
        resource = SharedResource.objects.get(election=self.election, code=away["resource"])
        starts_at, ends_at = self.story.moment(away["from"]), self.story.moment(away["until"])
        if not resource.closures.exists():
            close_resource(
                resource=resource,
                starts_at=starts_at,
                ends_at=ends_at,
                reason=away["reason"],
                by=self.protocol,
                at=at,
            )
        if not self._programmes().exclude(method=Method.FRESH).exists():
            order_repairs(election=self.election, seed=1, seconds=self._plot["seconds"], by=self.protocol, at=at)
        work_off_programmes(at=at)

    def _repair(self, at: datetime) -> None:
        """The officer takes the repair that grants the most, and puts the other one away."""
        drafts = self._programmes().filter(state=ProgrammeState.DRAFT)
        chosen = drafts.filter(method=Method.FULL_WEIGHT).first()
        if chosen is not None:
            release_programme(programme=chosen, by=self.protocol, at=at)
        for other in drafts.filter(method=Method.LEAST_CHANGE):
            discard_programme(programme=other, reason=self._plot["not_chosen"], by=self.protocol, at=at)

    def _programmes(self) -> "QuerySet[Programme]":
        return Programme.objects.filter(election=self.election).order_by("version")
