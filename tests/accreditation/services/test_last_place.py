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
from django.core.cache import cache
from django.db.models import F
from rest_framework.test import APIClient

from accreditation.errors import CeilingReachedError
from accreditation.intake.models import NominationImport
from accreditation.intake.selectors import lines_of, rows_of
from accreditation.intake.services.commits import commit_import
from accreditation.intake.services.staging import stage_nominations
from accreditation.models import Application, Nomination, Observer
from accreditation.services.applications import withdraw_application
from accreditation.services.drafts import NominationDraft
from accreditation.services.nominations import nominate_observers
from accreditation.services.transfers import move_nomination
from missions.errors import CeilingBelowNominationsError
from missions.kernel import clock
from missions.kernel.errors import DomainError
from missions.models import Election, Invitation, Mission, Organization, TokenScope, User
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
from tests.accreditation.intake.conftest import csv
from tests.accreditation.intake.conftest import row as row_of_file
from tests.missions.api.world import as_user
from tests.racing import ROUNDS, errors_of, race

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 20
Act = Callable[[], object]
NOTE_DAY = dt.date(2023, 12, 11)
BIRTH = dt.date(1980, 5, 17)


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

    def files(self, doors: int) -> list[Act]:
        """Files of one row each, staged while there was room, and all taken in now."""
        self.lift_ceiling()
        staged = [
            stage_nominations(
                data=csv(row_of_file(number, birth_date=BIRTH)),
                file_name="nominations.csv",
                mission=self.mission,
                by=self.lead,
                at=self.at,
            ).nomination_import
            for number in self.take(doors)
        ]
        return [partial(_commit, each, by=self.lead, at=self.at) for each in staged]

    def requests(self, doors: int) -> list[Act]:
        """Requests to the API, of one person each."""
        clock.set_to(self.at)
        cache.clear()
        return [partial(_post, as_user(self.lead, TokenScope.WRITE), self.mission, n) for n in self.take(doors)]

    def every_door(self, doors: int) -> list[Act]:
        """A fair share of each."""
        share = doors // 5
        return [
            *self.again(share),
            *self.files(share),
            *self.moved(share),
            *self.requests(share),
            *self.strangers(doors - 4 * share),
        ]

    def take(self, many: int) -> list[int]:
        return [next(self.numbers) for _ in range(many)]

    def lift_ceiling(self) -> None:
        Mission.objects.filter(pk=self.mission.pk).update(ceiling=None)

    def leave_one_place(self) -> None:
        Mission.objects.filter(pk=self.mission.pk).update(ceiling=F("places_taken") + 1)

    def holders(self) -> int:
        return Nomination.objects.filter(mission=self.mission, holds_place=True).count()


@pytest.fixture
def desk(mission: Mission, other_mission: Mission, lead: User, at: dt.datetime) -> Desk:
    return Desk(mission, other_mission, lead, at, count())


@pytest.mark.parametrize("door", [Desk.strangers, Desk.again, Desk.moved, Desk.files, Desk.requests, Desk.every_door])
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


def _commit(staged: NominationImport, *, by: User, at: dt.datetime) -> object:
    """Take the file in. One that had to stay out keeps its row, which says why."""
    report = commit_import(nomination_import=staged, by=by, at=at)
    if report.added:
        return report
    (left,) = lines_of(rows_of(staged))
    return CeilingReachedError() if [found.code for found in left.findings] == ["ceiling_reached"] else left


def _post(client: APIClient, mission: Mission, number: int) -> object:
    person = {
        name: str(value) for name, value in row_of_file(number, birth_date=BIRTH).items() if value not in ("", False)
    }
    answer = client.post(
        "/api/v1/nominations/",
        {"mission": mission.pk, "nominations": [person]},
        headers={"Idempotency-Key": f"n-{number}"},
    )
    codes = [error["code"] for error in answer.json().get("errors", ())]
    return CeilingReachedError() if (answer.status_code, codes) == (422, ["ceiling_reached"]) else answer.status_code


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
