"""The last place of a mission under twenty racers goes to exactly one, whatever the door. On both databases.

`RACE_ROUNDS=50` runs each race fifty times.
"""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count

import pytest
from django.db.models import F

from accreditation.errors import CeilingReachedError
from accreditation.models import Application, Nomination, Observer
from accreditation.services.applications import withdraw_application
from accreditation.services.drafts import NominationDraft
from accreditation.services.nominations import nominate_observers
from accreditation.services.transfers import move_nomination
from missions.errors import CeilingBelowNominationsError
from missions.kernel.errors import DomainError
from missions.models import Election, Invitation, Mission, Organization, User
from missions.services.invitations import (
    Note,
    amend_invitation,
    plan_invitation,
    record_reply,
    send_invitation,
    withdraw_acceptance,
)
from missions.states import Inviter
from tests.accreditation.conftest import draft_number
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 20
Act = Callable[[], object]
NOTE_DAY = dt.date(2023, 12, 11)


@dataclass(frozen=True, slots=True)
class Desk:
    """A mission with a ceiling, another one without, their people, and numbers for new people."""

    mission: Mission
    other: Mission
    lead: User
    at: dt.datetime
    numbers: "count[int]"

    def stranger(self) -> NominationDraft:
        """Somebody new, of an age that can be, in however many rounds."""
        number = next(self.numbers)
        return draft_number(number, birth_date=dt.date(1950, 1, 1) + dt.timedelta(days=number))

    def strangers(self, doors: int) -> list[Act]:
        """New people of the mission, each nominated alone."""
        return [
            partial(
                nominate_observers,
                mission=self.mission,
                drafts=[self.stranger()],
                by=self.lead,
                at=self.at,
            )
            for _ in range(doors)
        ]

    def again(self, doors: int) -> list[Act]:
        """People whom the mission had taken back, nominated once more."""
        drafts = [self.stranger() for _ in range(doors)]
        self.lift_ceiling()
        nominate_observers(mission=self.mission, drafts=drafts, by=self.lead, at=self.at)
        for application in Application.objects.filter(nomination__reference__in=[row.reference for row in drafts]):
            withdraw_application(application=application, by=self.lead, at=self.at)
        return [
            partial(nominate_observers, mission=self.mission, drafts=[draft], by=self.lead, at=self.at)
            for draft in drafts
        ]

    def moved(self, doors: int) -> list[Act]:
        """People of the other mission who go over to this one."""
        drafts = [self.stranger() for _ in range(doors)]
        nominate_observers(mission=self.other, drafts=drafts, by=self.lead, at=self.at)
        rows = Nomination.objects.filter(mission=self.other, reference__in=[row.reference for row in drafts])
        return [
            partial(
                move_nomination,
                nomination=row,
                to_mission=self.mission,
                reason="They come with us.",
                by=self.lead,
                at=self.at,
            )
            for row in rows
        ]

    def every_door(self, doors: int) -> list[Act]:
        """A fair share of each."""
        share = doors // 3
        return [*self.again(share), *self.moved(share), *self.strangers(doors - 2 * share)]

    def lift_ceiling(self) -> None:
        Mission.objects.filter(pk=self.mission.pk).update(ceiling=None)

    def leave_one_place(self) -> None:
        Mission.objects.filter(pk=self.mission.pk).update(ceiling=F("places_taken") + 1)

    def holders(self) -> int:
        return Nomination.objects.filter(mission=self.mission, holds_place=True).count()


@pytest.fixture
def desk(mission: Mission, other_mission: Mission, lead: User, at: dt.datetime) -> Desk:
    return Desk(mission, other_mission, lead, at, count())


@pytest.mark.parametrize("door", [Desk.strangers, Desk.again, Desk.moved, Desk.every_door])
def test_of_twenty_racers_one_gets_the_last_place(desk: Desk, door: Callable[[Desk, int], list[Act]]) -> None:
    for _round in range(ROUNDS):
        acts = door(desk, RACERS)
        desk.leave_one_place()

        results = race(acts)

        desk.mission.refresh_from_db()
        assert errors_of(results) == [CeilingReachedError] * (RACERS - 1)
        assert desk.mission.places_taken == desk.mission.ceiling == desk.holders()


def test_counting_before_writing_without_the_guard_oversells(desk: Desk) -> None:
    """The control: the same race by count() and insert gives the last place to everybody."""
    desk.leave_one_place()
    desk.mission.refresh_from_db()
    people = Observer.objects.bulk_create(_stranger(desk.mission.election, number) for number in range(RACERS))
    everybody_has_counted = threading.Barrier(RACERS)

    def nominate_unguarded(observer: Observer) -> bool:
        is_free = desk.holders() < (desk.mission.ceiling or 0)
        everybody_has_counted.wait(timeout=30)
        if is_free:
            Nomination.objects.create(
                mission=desk.mission,
                observer=observer,
                role="sto",
                reference=f"U-{observer.pk}",
                documents_on=NOTE_DAY,
                created_at=desk.at,
            )
        return is_free

    results = race([partial(nominate_unguarded, person) for person in people])

    assert (results, desk.holders(), desk.mission.ceiling) == ([True] * RACERS, RACERS, 1)


def test_a_withdrawal_frees_one_place_for_one_of_those_who_wait(desk: Desk) -> None:
    """Somebody is withdrawn while nineteen race for the place: nobody or one of them gets it, never two."""
    for _round in range(ROUNDS):
        draft = desk.stranger()
        desk.lift_ceiling()
        nominate_observers(mission=desk.mission, drafts=[draft], by=desk.lead, at=desk.at)
        Mission.objects.filter(pk=desk.mission.pk).update(ceiling=F("places_taken"))
        application = Application.objects.get(nomination__reference=draft.reference)
        before = desk.holders()

        withdraw = partial(withdraw_application, application=application, by=desk.lead, at=desk.at)
        results = race([*desk.strangers(RACERS - 1), withdraw])

        desk.mission.refresh_from_db()
        assert not isinstance(results[-1], DomainError)
        assert set(errors_of(results)) <= {CeilingReachedError}
        taken = RACERS - 1 - len(errors_of(results))
        assert taken in (0, 1)
        assert desk.mission.places_taken == desk.holders() == before - 1 + taken


def test_places_are_never_taken_and_taken_away_at_once(
    desk: Desk, election: Election, organization: Organization
) -> None:
    """Whoever comes first wins: the acceptance is withdrawn and nobody nominated, or people are and it stands."""
    for turn in range(ROUNDS):
        invitation = _accepted(election, organization, list(Inviter)[turn % 3], desk.at, places=desk.holders() + 5)

        withdraw = partial(withdraw_acceptance, invitation=invitation, by=None, at=desk.at)
        results = race([*desk.strangers(4), withdraw, *desk.strangers(4)])

        desk.mission.refresh_from_db()
        kinds = set(errors_of(results))
        assert kinds <= {CeilingReachedError, CeilingBelowNominationsError}
        invitation.refresh_from_db()
        withdrawn = invitation.state == "withdrawn"
        assert isinstance(results[4], CeilingBelowNominationsError) is not withdrawn
        assert desk.mission.places_taken == desk.holders() <= (desk.mission.ceiling or 0)
        Invitation.objects.all().delete()


def test_a_smaller_ceiling_and_a_nomination_never_pass_each_other(
    desk: Desk, election: Election, organization: Organization
) -> None:
    for turn in range(ROUNDS):
        invitation = _accepted(election, organization, Inviter.MFA, desk.at, places=desk.holders() + 1)

        smaller = partial(
            amend_invitation,
            invitation=invitation,
            note=Note("1", NOTE_DAY, ceiling=desk.holders()),
            replied_on=NOTE_DAY,
            by=None,
            at=desk.at,
        )
        results = race([*desk.strangers(3), smaller, *desk.strangers(3)])

        desk.mission.refresh_from_db()
        nominated = 6 - errors_of(results).count(CeilingReachedError)
        assert (nominated, isinstance(results[3], CeilingBelowNominationsError)) in ((1, True), (0, False)), turn
        assert desk.mission.places_taken == desk.mission.ceiling == desk.holders()
        Invitation.objects.all().delete()


def _accepted(
    election: Election, organization: Organization, inviter: Inviter, at: dt.datetime, *, places: int
) -> Invitation:
    planned = plan_invitation(election=election, organization=organization, inviter=inviter, by=None, at=at)
    sent = send_invitation(invitation=planned, note=Note("1", NOTE_DAY, ceiling=places), by=None, at=at)
    return record_reply(invitation=sent, accepted=True, replied_on=NOTE_DAY, by=None, at=at)


def _stranger(election: Election, number: int) -> Observer:
    return Observer(
        election=election,
        surname=f"S{number}",
        folded_name=f"s{number}",
        sex="f",
        birth_date=dt.date(1980, 1, 1),
        nationality="DEU",
        passport_issuer="DEU",
        passport_number=f"X{number}",
        passport_key=f"{number:064d}",
        passport_expires_on=dt.date(2030, 1, 1),
    )
