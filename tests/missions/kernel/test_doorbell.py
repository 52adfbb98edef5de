from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from missions.kernel.doorbell import ring_after_commit, silent
from missions.models import Organization
from missions.states import OrganizationKind

RUNG: list[str] = []


def listen(bell: str) -> None:
    RUNG.append(bell)


def broken(bell: str) -> None:
    raise ConnectionError(f"nobody hears {bell}")


@pytest.fixture(autouse=True)
def _doorbell(settings: Settings) -> Iterator[None]:
    settings.DOORBELL = f"{__name__}.listen"
    yield
    RUNG.clear()


def _add(acronym: str) -> None:
    Organization.objects.create(acronym=acronym, name=acronym, kind=OrganizationKind.IGO)


@pytest.mark.django_db(transaction=True)
def test_ring_after_commit_waits_for_the_outermost_commit() -> None:
    with transaction.atomic():
        with transaction.atomic():
            ring_after_commit("reminders.deliver_due")
        inside = list(RUNG)

    assert (inside, RUNG) == ([], ["reminders.deliver_due"])


@pytest.mark.django_db(transaction=True)
def test_ring_after_commit_is_silent_after_a_rollback() -> None:
    with transaction.atomic():
        ring_after_commit("reminders.deliver_due")
        transaction.set_rollback(True)

    assert RUNG == []


@pytest.mark.django_db(transaction=True)
def test_ring_after_commit_rings_at_once_outside_a_transaction() -> None:
    ring_after_commit("reminders.deliver_due")

    assert RUNG == ["reminders.deliver_due"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("doorbell", [f"{__name__}.broken", "nowhere.nothing"])
def test_a_broken_bell_is_logged_and_breaks_neither_the_commit_nor_later_hooks(
    settings: Settings, caplog: pytest.LogCaptureFixture, doorbell: str
) -> None:
    settings.DOORBELL = doorbell
    later: list[str] = []

    with transaction.atomic():
        _add("KEPT")
        ring_after_commit("reminders.deliver_due")
        transaction.on_commit(lambda: later.append("ran"))
    ring_after_commit("outside")

    assert Organization.objects.filter(acronym="KEPT").exists()
    assert later == ["ran"]
    assert [(record.levelname, record.exc_info is not None) for record in caplog.records] == [("ERROR", True)] * 2


def test_silent_hears_every_bell_and_does_nothing() -> None:
    assert silent("reminders.deliver_due") is None  # type: ignore[func-returns-value]  # that it returns nothing
