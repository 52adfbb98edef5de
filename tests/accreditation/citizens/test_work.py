"""The job of citizen files: what waits is worked off, once; what breaks is put aside."""

import datetime as dt

import pytest

from accreditation.citizens import work
from accreditation.citizens.models import CitizenFile
from accreditation.citizens.services import check_citizens, order_citizens, receive_citizens
from accreditation.citizens.states import FILE_TRANSITIONS, FileState
from accreditation.citizens.work import LEASE, work_off_citizens
from accreditation.models import Application
from missions.models import Election, User
from tests.accreditation.citizens.conftest import Stage, file_of, row

pytestmark = pytest.mark.django_db
_F = FileState


def receive(election: Election, at: dt.datetime, data: bytes, name: str = "citizens.csv") -> CitizenFile:
    return receive_citizens(data, file_name=name, election=election, by=None, at=at)


def test_a_file_is_checked_and_then_taken_in_when_ordered(
    stage: Stage, election: Election, reviewer: User, at: dt.datetime
) -> None:
    file = receive(election, at, file_of(row(1), row(2, sender="XX")))

    assert work_off_citizens(at=at) == 1
    file.refresh_from_db()
    assert (file.state, file.added, file.refused, Application.objects.count()) == ("staged", 1, 1, 0)
    assert work_off_citizens(at=at) == 0

    order_citizens(file=file, by=reviewer, at=at)
    assert work_off_citizens(at=at) == 1
    file.refresh_from_db()
    assert (file.state, file.closed_by, Application.objects.count()) == ("committed", reviewer, 1)


def test_a_file_that_cannot_be_read_ends_with_its_fault_and_may_come_again(
    stage: Stage, election: Election, at: dt.datetime
) -> None:
    file = receive(election, at, "surname\nƏliyev\n".encode())

    work_off_citizens(at=at)

    file.refresh_from_db()
    assert (file.state, file.closed_at, "missing" in file.fault) == ("unreadable", at, True)
    assert receive(election, at, "surname\nƏliyev\n".encode()).pk != file.pk


def test_a_file_in_another_workers_hands_is_left_alone_until_its_lease_ends(
    stage: Stage, election: Election, at: dt.datetime
) -> None:
    receive(election, at, file_of(row(1)))
    CitizenFile.objects.update(lease_until=at + LEASE)

    assert work_off_citizens(at=at) == 0
    assert work_off_citizens(at=at + LEASE) == 1


def test_a_file_that_breaks_is_put_aside_and_the_others_go_on(
    stage: Stage, election: Election, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    poison, sound = receive(election, at, file_of(row(1))), receive(election, at, file_of(row(2)))
    check = check_citizens

    def breaks(*, file: CitizenFile, at: dt.datetime) -> CitizenFile:
        if file.pk == poison.pk:
            raise RuntimeError("poison")
        return check(file=file, at=at)

    monkeypatch.setattr(work, "check_citizens", breaks)
    for turn in range(work.MAX_ATTEMPTS + 1):
        work_off_citizens(at=at + turn * LEASE)

    poison.refresh_from_db()
    sound.refresh_from_db()
    assert (poison.state, sound.state) == ("unreadable", "staged")
    assert poison.fault


def test_every_state_that_is_worked_on_can_be_left() -> None:
    assert {source: set(targets) for source, targets in FILE_TRANSITIONS.items()} == {
        _F.RECEIVED: {_F.STAGED, _F.UNREADABLE, _F.DISCARDED},
        _F.UNREADABLE: set(),
        _F.STAGED: {_F.ORDERED, _F.DISCARDED},
        _F.ORDERED: {_F.COMMITTED, _F.STAGED},
        _F.COMMITTED: set(),
        _F.DISCARDED: set(),
    }
