"""What a change touches is asked of all apps; the digest of the answers says whether they still hold."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import translation
from django.utils.translation import gettext_lazy
from pytest_django.fixtures import Settings

from missions.impact import Change, Impact, Viewer, Weight, digest_of, impacts_of

AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
IMPACT = Impact(
    "visit_moves", "7", Weight.SPOILS, gettext_lazy("Deployment"), "Team 7", "Goes elsewhere.", ("draft", 3)
)


@dataclass(frozen=True, slots=True)
class DayMoves(Change):
    """A kind of change that no app of the product knows."""

    to: dt.date


class Visits:
    """Knows what becomes of visits when the day moves."""

    def of_change(self, change: Change, *, user: Viewer, at: dt.datetime) -> Iterator[Impact]:
        if isinstance(change, DayMoves):
            yield replace(IMPACT, facts=(change.to.isoformat(),))


class Silent:
    """Has nothing to say of any change."""

    def of_change(self, change: Change, *, user: Viewer, at: dt.datetime) -> tuple[Impact, ...]:
        return ()


visits, silent = Visits(), Silent()


def test_every_source_is_asked_in_the_order_of_the_settings(settings: Settings) -> None:
    settings.IMPACT_SOURCES = [f"{__name__}.silent", f"{__name__}.visits", f"{__name__}.visits"]

    found = impacts_of(DayMoves(1, dt.date(2024, 2, 8)), user=AnonymousUser(), at=AT)

    assert [impact.facts for impact in found] == [("2024-02-08",)] * 2


@pytest.mark.django_db
def test_a_kind_of_change_that_nobody_knows_touches_nothing() -> None:
    assert impacts_of(DayMoves(1, dt.date(2024, 2, 8)), user=AnonymousUser(), at=AT) == ()


def test_the_digest_is_the_same_in_every_language() -> None:
    with translation.override("az"):
        in_az = digest_of([IMPACT], "Meyer", 7)

    assert in_az == digest_of([replace(IMPACT, subject="Komanda 7", sentence="…", url="/x")], "Meyer", 7)


@pytest.mark.parametrize(
    "other",
    [
        [replace(IMPACT, code="visit_ends")],
        [replace(IMPACT, key="8")],
        [replace(IMPACT, weight=Weight.TELLS)],
        [replace(IMPACT, facts=("draft", 4))],
        [replace(IMPACT, facts=())],
        [IMPACT, IMPACT],
        [],
    ],
)
def test_the_digest_is_another_if_anything_differs(other: list[Impact]) -> None:
    assert digest_of(other) != digest_of([IMPACT])


def test_counts_that_move_by_themselves_make_no_preview_old() -> None:
    moving = replace(IMPACT, key="figure", facts=None)

    assert digest_of([IMPACT, moving]) == digest_of([IMPACT])


def test_facts_beside_the_impacts_count_and_do_not_run_into_each_other() -> None:
    assert len({digest_of([IMPACT], *facts) for facts in [("a", "b"), ("ab",), ("a", "b", ""), (1,), ("1",)]}) == 5
