"""Real connections at the same moment: numbers, the same letter, and two people who replace one. On both databases."""

import datetime as dt
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connections
from django.db.models import Max

from accreditation.letters.errors import LetterReplacedError
from accreditation.letters.models import Letter
from accreditation.letters.services.batches import issue_ordered_letters, order_session_letters
from accreditation.letters.services.issuing import issue_letter, reissue_letter
from accreditation.letters.states import LetterKind
from accreditation.models import Accreditation, CommissionSession
from accreditation.services.decisions import accredit_application
from accreditation.states import ApplicationState
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.models import User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db(transaction=True)

RACERS = 6
VISA = LetterKind.VISA_SUPPORT


def race(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Run the acts at once, each on a connection of its own; what each returned, or the domain error it raised."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> object:
        barrier.wait(timeout=30)
        try:
            return act()
        except DomainError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_racing_letters_get_numbers_without_gaps_or_doubles(
    make_application: MakeApplication, issuer: User, at: dt.datetime
) -> None:
    rows = [make_application(ApplicationState.SUBMITTED, person=draft_number(number)) for number in range(RACERS)]

    results = race([partial(issue_letter, kind=VISA, subject=row, by=issuer, at=at) for row in rows])

    assert sorted(str(result) for result in results) == [f"VS-{number:04d}/2024" for number in range(1, RACERS + 1)]


def test_without_the_lock_racers_read_the_same_next_number(
    make_application: MakeApplication, issuer: User, at: dt.datetime
) -> None:
    """The control: what the lock on the election guards against happens without it."""
    issue_letter(kind=VISA, subject=make_application(ApplicationState.SUBMITTED), by=issuer, at=at)
    everybody_has_read = threading.Barrier(RACERS)

    def next_unguarded() -> int:
        highest: int = Letter.objects.aggregate(highest=Max("sequence"))["highest"]
        everybody_has_read.wait(timeout=30)
        return highest + 1

    assert race([next_unguarded] * RACERS) == [2] * RACERS


def test_the_same_letter_asked_for_at_once_is_issued_once(
    make_application: MakeApplication, issuer: User, at: dt.datetime
) -> None:
    row = make_application(ApplicationState.SUBMITTED)

    results = race([partial(issue_letter, kind=VISA, subject=row, by=issuer, at=at)] * RACERS)

    assert [str(result) for result in results] == ["VS-0001/2024"] * RACERS
    assert (Letter.objects.count(), Event.objects.filter(verb="letter_issued").count()) == (1, 2)


def test_of_people_who_replace_one_letter_at_once_one_does(
    make_application: MakeApplication, issuer: User, at: dt.datetime
) -> None:
    first = issue_letter(kind=VISA, subject=make_application(ApplicationState.SUBMITTED), by=issuer, at=at)

    results = race([partial(reissue_letter, letter=first, reason="Lost.", by=issuer, at=at)] * RACERS)

    assert sorted(type(result).__name__ for result in results) == ["Letter"] + [LetterReplacedError.__name__] * (
        RACERS - 1
    )
    assert sorted(str(letter) for letter in Letter.objects.all()) == ["VS-0001/2024", "VS-0002/2024"]


def test_jobs_that_work_at_once_write_each_letter_once(
    make_application: MakeApplication, session: CommissionSession, approver: User, issuer: User, at: dt.datetime
) -> None:
    for number in range(3):
        row = make_application(ApplicationState.SCHEDULED, person=draft_number(number))
        accredit_application(application=row, by=approver, at=at)
    batch = order_session_letters(session=session, by=issuer, at=at)

    race([partial(issue_ordered_letters, at=at)] * 3)

    batch.refresh_from_db()
    assert (Letter.objects.count(), Accreditation.objects.count()) == (3, 3)
    assert [item.letter is not None for item in batch.items.all()] == [True] * 3
    assert batch.finished_at == at
