"""How accredited people travel: planned after the accreditation, noted when they have come, briefed before the vote."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zlib import crc32

from django.db import transaction

from accreditation.models import Accreditation, Nomination, Stay
from accreditation.services.stays import StayPlan, note_arrival, note_briefing, plan_stay
from accreditation.states import VisaState
from config.demo.story import Story
from missions.models import Election, User


@dataclass(frozen=True, slots=True)
class Stays:
    """Who keeps the stays of international observers. The acts of one step are one transaction, for speed."""

    story: Story
    election: Election
    by: User

    def on(self, day: date) -> None:
        """Plan for those accredited by now, note who has come, and brief them on the days of briefings."""
        plot = self.story.plot["stays"]
        with transaction.atomic():
            self._plan(self.story.instant(day, plot["planned"]))
        with transaction.atomic():
            self._note_arrivals(self.story.instant(day, plot["noted"]))
        for briefing in plot["briefings"]:
            if self.story.is_on(day, briefing):
                with transaction.atomic():
                    self._brief(self.story.moment(briefing))

    def _plan(self, at: datetime) -> None:
        accredited = Accreditation.objects.counted(self.election).filter(valid_from__lte=at)
        travelling = Nomination.objects.filter(
            applications__accreditation__in=accredited,
            arrives_on__isnull=False,
            departs_on__isnull=False,
            stay=None,
        ).select_related("observer")
        for nomination in travelling.order_by("pk"):
            plan_stay(nomination=nomination, plan=self._plan_of(nomination), by=self.by, at=at)

    def _note_arrivals(self, at: datetime) -> None:
        """Of those who are still accredited; the others do not come."""
        accredited = Accreditation.objects.counted(self.election)
        landed = Stay.objects.filter(
            nomination__applications__accreditation__in=accredited, arrived_at=None, arrives_at__lte=at
        )
        for stay in landed.select_related("nomination").order_by("pk"):
            if stay.arrives_at is not None:
                note_arrival(nomination=stay.nomination, arrived_at=stay.arrives_at, by=self.by, at=at)

    def _brief(self, at: datetime) -> None:
        here = Stay.objects.filter(nomination__mission__election=self.election, briefed_at=None, arrived_at__lte=at)
        for stay in here.select_related("nomination").order_by("pk"):
            note_briefing(nomination=stay.nomination, briefed_at=at, by=self.by, at=at)

    def _plan_of(self, nomination: Nomination) -> StayPlan:
        """Flights and lodging by the person's reference; nobody leaves the mission's days by more than one."""
        plot = self.story.plot["stays"]
        turn = crc32(nomination.reference.encode())
        flight: dict[str, Any] = plot["flights"][turn % len(plot["flights"])]
        arrives_on, departs_on = nomination.arrives_on or self.election.e_day, nomination.departs_on
        if arrives_on >= self.story.day(plot["last_week"]):
            arrives_on += timedelta(days=flight["shift"])
        return StayPlan(
            arrives_at=self.story.instant(arrives_on, flight["lands"]),
            arrival_flight=flight["arrival"],
            departs_at=self.story.instant(departs_on, flight["leaves"]) if departs_on else None,
            departure_flight=flight["departure"],
            visa_state=self._visa_of(nomination.observer.nationality),
            lodging=plot["lodging"][turn // len(plot["flights"]) % len(plot["lodging"])],
        )

    def _visa_of(self, nationality: str) -> VisaState:
        plot = self.story.plot["stays"]
        if nationality in plot["no_visa"]:
            return VisaState.NOT_NEEDED
        return VisaState.ON_ARRIVAL if nationality in plot["on_arrival"] else VisaState.GRANTED
