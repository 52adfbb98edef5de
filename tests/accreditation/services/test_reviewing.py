"""Reviewing everybody who waits: as one by one, resumable, counted, and nobody else's work."""

import datetime as dt

import pytest
from pytest_django import DjangoAssertNumQueries

from accreditation.errors import NobodyWaitsError, ReviewUnderWayError
from accreditation.models import Application, BulkReview, Document, Finding, Observer
from accreditation.services import moves, reviewing, vetting
from accreditation.services.applications import open_review, recommend_application
from accreditation.services.reviewing import LEASE, MAX_ATTEMPTS, order_review, review_lists
from accreditation.states import ApplicationState, Category
from missions.kernel.models import Event
from missions.models import Mission, User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db

_S = ApplicationState
CATEGORY = Category.INTERNATIONAL_OBSERVER


@pytest.fixture
def people(make_application: MakeApplication) -> list[Application]:
    """Four people who wait; the papers of the last one are gone, which blocks."""
    rows = [make_application(_S.SUBMITTED, person=draft_number(number)) for number in range(4)]
    Document.objects.filter(application=rows[3]).delete()
    return rows


def states(people: list[Application]) -> list[str]:
    return [Application.objects.get(pk=row.pk).state for row in people]


def story(application: Application) -> list[tuple[str, str, str, str, int | None]]:
    rows = Event.objects.of(application).exclude(verb__in=["nominated", "submitted"])
    return [(row.verb, row.from_state, row.to_state, ",".join(row.changed), row.scope_id) for row in rows]


def test_whom_nothing_blocks_is_recommended_and_the_others_stay_in_review(
    people: list[Application], mission: Mission, reviewer: User, at: dt.datetime
) -> None:
    order = order_review(mission=mission, category=CATEGORY, by=reviewer, at=at)

    assert review_lists(at=at) == 4

    assert states(people) == [_S.RECOMMENDED] * 3 + [_S.UNDER_REVIEW]
    order.refresh_from_db()
    assert (order.reviewed, order.recommended, order.held_back, order.done_at) == (4, 3, 1, at)
    assert set(Application.objects.values_list("reviewed_by", flat=True)) == {reviewer.pk, None}
    assert Finding.objects.filter(application=people[3], code="documents_missing").exists()
    assert [row.verb for row in Event.objects.of(order)] == ["review_ordered", "review_done"]
    assert review_lists(at=at) == 0


def test_each_person_has_the_findings_and_the_history_of_a_single_review(
    people: list[Application], make_application: MakeApplication, mission: Mission, reviewer: User, at: dt.datetime
) -> None:
    """Two people with the same name: one is reviewed alone, the other with everybody."""
    Observer.objects.filter(applications__in=people[:2]).update(
        surname="Adler", given_names="Anna", folded_name="adler anna", weak_key="adler ana"
    )
    alone = recommend_application(
        application=open_review(application=people[0], by=reviewer, at=at), by=reviewer, at=at
    )
    order_review(mission=mission, category=CATEGORY, by=reviewer, at=at)

    review_lists(at=at)

    facts = [
        list(Finding.objects.filter(application=row).order_by("code").values_list("code", "severity", "evidence"))
        for row in people[:2]
    ]
    assert facts[0] == facts[1] != []
    assert story(alone) == story(people[1])
    versions = dict(Application.objects.values_list("pk", "version"))
    assert versions[alone.pk] == versions[people[1].pk]


def test_an_order_that_was_killed_is_taken_up_again_where_it_was(
    people: list[Application], mission: Mission, reviewer: User, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(moves, "CHUNK", 2)
    order = order_review(mission=mission, category=CATEGORY, by=reviewer, at=at)
    real = vetting.vet_many

    def die_at_the_third(rows: list[Application], **kwargs: object) -> object:
        if rows[0].pk == people[2].pk:
            raise KeyboardInterrupt
        return real(rows, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(reviewing, "vet_many", die_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        review_lists(at=at)
    assert states(people) == [_S.RECOMMENDED] * 2 + [_S.SUBMITTED] * 2

    monkeypatch.setattr(reviewing, "vet_many", vetting.vet_many)
    assert review_lists(at=at) == 0, "the lease of the dead worker still holds"
    assert review_lists(at=at + LEASE) == 2
    order.refresh_from_db()
    assert (order.reviewed, order.recommended, order.held_back) == (4, 3, 1)
    assert Event.objects.filter(verb="review_opened").count() == 4


def test_a_long_list_is_worked_off_in_turns(
    people: list[Application], mission: Mission, reviewer: User, at: dt.datetime
) -> None:
    order = order_review(mission=mission, category=CATEGORY, by=reviewer, at=at)

    assert [review_lists(at=at, limit=3), review_lists(at=at, limit=3), review_lists(at=at, limit=3)] == [3, 1, 0]
    order.refresh_from_db()
    assert (order.reviewed, order.done_at) == (4, at)


def test_an_order_that_breaks_again_and_again_ends_and_says_so(
    people: list[Application],
    mission: Mission,
    reviewer: User,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    order = order_review(mission=mission, category=CATEGORY, by=reviewer, at=at)
    monkeypatch.setattr(reviewing, "vet_many", lambda *args, **kwargs: 1 / 0)

    for _try in range(MAX_ATTEMPTS):
        assert review_lists(at=at) == 0
    order.refresh_from_db()
    assert (order.attempts, order.done_at) == (MAX_ATTEMPTS, None)
    review_lists(at=at)

    order.refresh_from_db()
    assert (order.done_at, bool(order.fault)) == (at, True)
    assert states(people) == [_S.SUBMITTED] * 4
    assert Event.objects.of(order).last().verb == "review_broken_off"  # type: ignore[union-attr]
    assert caplog.text.count(f"Review {order.pk} broke") == MAX_ATTEMPTS


def test_who_comes_later_or_is_of_another_category_waits_for_another_order(
    people: list[Application], mission: Mission, reviewer: User, at: dt.datetime
) -> None:
    Application.objects.filter(pk=people[0].pk).update(complete_since=at + dt.timedelta(minutes=1))
    Application.objects.filter(pk=people[1].pk).update(category=Category.FOREIGN_MEDIA)
    order_review(mission=mission, category=CATEGORY, by=reviewer, at=at)

    assert review_lists(at=at + dt.timedelta(hours=1)) == 2
    assert states(people) == [_S.SUBMITTED, _S.SUBMITTED, _S.RECOMMENDED, _S.UNDER_REVIEW]


def test_nobody_is_reviewed_where_nobody_waits_or_an_order_is_open(
    people: list[Application], mission: Mission, reviewer: User, at: dt.datetime
) -> None:
    with pytest.raises(NobodyWaitsError):
        order_review(mission=mission, category=Category.INTERPRETER, by=reviewer, at=at)
    order_review(mission=mission, category=CATEGORY, by=reviewer, at=at)
    with pytest.raises(ReviewUnderWayError):
        order_review(mission=mission, category=CATEGORY, by=reviewer, at=at)

    assert BulkReview.objects.count() == 1


def test_queries_do_not_grow_with_the_people(
    people: list[Application],
    mission: Mission,
    reviewer: User,
    at: dt.datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    order_review(mission=mission, category=CATEGORY, by=reviewer, at=at)

    with django_assert_max_num_queries(34):
        review_lists(at=at)
