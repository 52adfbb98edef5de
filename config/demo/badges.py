"""Badges: ordered in batches, handed over to whoever has come, and what befalls single cards."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accreditation.badges.models import Badge, PrintBatch
from accreditation.badges.services.batches import order_batch, work_off_batches
from accreditation.badges.services.custody import (
    destroy_badge,
    hand_over_badge,
    report_badge_lost,
    return_badge,
    void_badge,
)
from accreditation.badges.services.desk import print_badge
from accreditation.badges.services.issuing import issue_badge, sign_waiting
from accreditation.badges.services.publishing import publish_due
from accreditation.badges.services.trust import set_up_test_trust
from accreditation.badges.states import BadgeState, CardFormat, CollectionProof, VoidReason
from accreditation.models import Accreditation
from accreditation.services.corrections import Correction, correct_accreditation, preview_correction
from accreditation.states import AccreditationState, Category
from config.demo.story import Story
from missions.models import Election, User

_B = BadgeState


@dataclass(frozen=True, slots=True)
class Badges:
    """Who orders badges and who stands at the badge desk, in which election."""

    story: Story
    election: Election
    registrar: User
    protocol: User

    def on(self, day: date) -> None:
        """The batches of the day, single cards, who collects theirs, and the lists after each act and in the evening.

        The last list is that of the jobs, when the story has been told.
        """
        self._order(day)
        self._hand_over(day)
        self._befall(day)
        self._correct(day)
        self._print_single(day)
        if (evening := self._time(day, "lists")) < self.story.stands_at:
            publish_due(at=evening)

    def _time(self, day: date, step: str) -> datetime:
        return self.story.instant(day, self.story.plot["badges"][step])

    def _order(self, day: date) -> None:
        """A batch is known by its title; a job that was interrupted goes on with what is left."""
        for plot in self.story.plot["badges"]["batches"]:
            if not self.story.is_on(day, plot["ordered"]):
                continue
            at = self.story.moment(plot["ordered"])
            set_up_test_trust(election=self.election, at=at)
            if not PrintBatch.objects.filter(election=self.election, title=plot["title"]).exists():
                self._order_batch(plot, at)
            while work_off_batches(at=at):
                pass

    def _order_batch(self, plot: dict[str, Any], at: datetime) -> None:
        categories = [Category(value) for value in plot["categories"]]
        order_batch(
            election=self.election,
            accreditations=self._without_badge().filter(category__in=categories),
            title=plot["title"],
            card_format=CardFormat(plot["format"]),
            first_stock_serial=plot["first_serial"],
            by=self.registrar,
            at=at,
        )

    def _without_badge(self) -> QuerySet[Accreditation]:
        active = Accreditation.objects.filter(election=self.election, state=AccreditationState.ACTIVE)
        return active.exclude(badges__in=Badge.objects.live()).order_by("pk")

    def _print_single(self, day: date) -> None:
        """Who was accredited after the batch, or whose card is gone, gets one at the desk."""
        plot = self.story.plot["badges"]["single"]
        for moment in (moment for moment in plot["printed"] if self.story.is_on(day, moment)):
            at = self.story.moment(moment)
            for accreditation in list(self._without_badge()):
                issue_badge(accreditation=accreditation, by=self.protocol, at=at)
            for badge in self._badges(_B.SIGNED):
                serial = f"{plot['serial']}{badge.number:06d}"
                print_badge(badge=badge, stock_serial=serial, card_format=CardFormat.ID1, by=self.protocol, at=at)

    def _hand_over(self, day: date) -> None:
        """People who travel collect their card once they are here; whoever lives here, on the day of the residents."""
        plot = self.story.plot["badges"]
        at = self._time(day, "handed_over")
        waiting = self._badges(_B.PRINTED).filter(accreditation__state=AccreditationState.ACTIVE, printed_at__lt=at)
        here = waiting.filter(accreditation__application__nomination__stay__arrived_at__lte=at)
        residents = waiting.filter(accreditation__application__nomination__stay=None)
        is_their_day = day >= self.story.day(plot["residents_from"])
        with transaction.atomic():  # one for all, for speed
            for badge in [*here, *(residents if is_their_day else ())]:
                self._give(badge, at)

    def _give(self, badge: Badge, at: datetime) -> None:
        hand_over_badge(
            badge=badge,
            collected_by=badge.accreditation.observer.full_name,
            proof=CollectionProof.SIGNATURE,
            by=self.protocol,
            at=at,
        )

    def _befall(self, day: date) -> None:
        """What befalls single cards; each act looks at the state first, so that it happens once."""
        for plot in self.story.plot["badges"]["incidents"]:
            if self.story.is_on(day, plot["when"]):
                for badge in self._of(plot["reference"], BadgeState(plot["from"])):
                    self._act(plot, badge)
                publish_due(at=self.story.moment(plot["when"]))

    def _correct(self, day: date) -> None:
        """A name is put right: the card that says the former one is void, and another is intended, in one act."""
        plot = self.story.plot["badges"]["correction"]
        if not self.story.is_on(day, plot["made"]):
            return
        at, correction = self.story.moment(plot["made"]), Correction(given_names=plot["given_names"])
        active = Accreditation.objects.filter(election=self.election, state=AccreditationState.ACTIVE)
        wrong = active.filter(application__nomination__reference=plot["reference"])
        for row in wrong.exclude(observer__given_names=plot["given_names"]).select_related("election", "application"):
            preview = preview_correction(accreditation=row, correction=correction, by=self.registrar, at=at)
            correct_accreditation(
                accreditation=row,
                correction=correction,
                digest=preview.digest,
                reason=plot["reason"],
                by=self.registrar,
                at=at,
            )
        sign_waiting(at=at)
        publish_due(at=at)

    def _act(self, plot: dict[str, Any], badge: Badge) -> None:
        at, note = self.story.moment(plot["when"]), plot["note"]
        match plot["act"]:
            case "lost":
                report_badge_lost(badge=badge, by=self.protocol, at=at, note=note)
            case "found":
                return_badge(badge=badge, by=self.protocol, at=at, note=note)
            case "spoiled":
                void_badge(badge=badge, reason=VoidReason.SPOILED, note=note, by=self.protocol, at=at)
            case "destroyed" if badge.destroyed_at is None:
                destroy_badge(badge=badge, witness=note, by=self.protocol, at=at)

    def _of(self, reference: str, state: BadgeState) -> list[Badge]:
        return list(self._badges(state).filter(accreditation__application__nomination__reference=reference)[:1])

    def _badges(self, state: BadgeState) -> QuerySet[Badge]:
        rows = Badge.objects.filter(election=self.election, state=state).order_by("pk")
        return rows.select_related("election", "accreditation__observer")
