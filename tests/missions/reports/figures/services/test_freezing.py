"""Freezing and publishing: what is kept, what never changes, and when the public pages speak of it."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from missions.kernel.models import Event
from missions.models import Election, User
from missions.reports.figures.errors import FiguresAheadError, FiguresFrozenError, FiguresPublishedError
from missions.reports.figures.models import FrozenFigures
from missions.reports.figures.services.freezing import freeze_figures, publish_figures
from missions.reports.services.publishing import write_pages
from missions.reports.snapshot import store
from tests.missions.reports.figures.conftest import AS_OF, AT, DAY, Say

pytestmark = pytest.mark.django_db
PAGE = "/reports/az-2024/"


@pytest.fixture
def officer() -> User:
    return User.objects.create_user("officer@figures.example", "a long enough password", is_staff=True)


def test_what_was_counted_is_kept_with_its_rule(election: Election, say: Say, officer: User) -> None:
    say(AS_OF, {"ODIHR": 500, "SCO": 290}, {"DEU": 789, "KAZ": 1}, who="these")

    row = freeze_figures(election=election, as_of=AS_OF, by=officer, at=AT)

    row.refresh_from_db()
    assert (row.observers, row.organizations, row.countries) == (790, 2, 2)
    assert (row.by_organization, row.by_country) == ({"ODIHR": 500, "SCO": 290}, {"DEU": 789, "KAZ": 1})
    assert (row.rule_code, row.rule_version, row.rule_words) == ("by-hand", 1, "People whom the test names.")
    assert (row.digest, row.as_of, row.frozen_at, row.frozen_by) == ("these", AS_OF, AT, officer)
    assert list(Event.objects.values_list("verb", "object_label", "actor")) == [
        ("figures_frozen", "790 / 2 / 2", officer.pk)
    ]


def test_nobody_counts_what_has_not_happened(election: Election, say: Say) -> None:
    with pytest.raises(FiguresAheadError):
        freeze_figures(election=election, as_of=AT + dt.timedelta(microseconds=1), by=None, at=AT)

    assert freeze_figures(election=election, as_of=AT, by=None, at=AT).observers == 0


def test_an_instant_is_frozen_once(election: Election, say: Say) -> None:
    freeze_figures(election=election, as_of=AS_OF, by=None, at=AT)

    with pytest.raises(FiguresFrozenError):
        freeze_figures(election=election, as_of=AS_OF, by=None, at=AT)

    assert FrozenFigures.objects.count() == 1
    assert Event.objects.count() == 1


def test_the_database_keeps_no_figure_of_the_future(election: Election, say: Say) -> None:
    row = freeze_figures(election=election, as_of=AS_OF, by=None, at=AT)

    with pytest.raises(IntegrityError), transaction.atomic():
        FrozenFigures.objects.filter(pk=row.pk).update(as_of=AT + DAY)


def test_only_published_figures_stand_on_the_public_page(election: Election, say: Say, officer: User) -> None:
    say(AS_OF, {"SCO": 12}, {"KAZ": 11}, who="these")
    row = freeze_figures(election=election, as_of=AS_OF, by=None, at=AT)
    assert (Client().get(PAGE).status_code, Client().get("/reports/").content.count(b"az-2024")) == (404, 0)

    publish_figures(figures=row, by=officer, at=AT)

    page = Client().get(PAGE).content.decode()
    assert "<strong>12 observers of 1 organizations from 1 countries</strong>" in page
    assert "6 February 2024, 23:00" in page
    assert "People whom the test names." in page
    assert "No report has been published yet." in page
    assert 'href="/reports/az-2024/"' in Client().get("/reports/").content.decode()
    assert "Müşahidəçilər: 12; təşkilatlar: 1; ölkələr: 1" in Client().get("/az/reports/az-2024/").content.decode()
    with pytest.raises(FiguresPublishedError):
        publish_figures(figures=row, by=officer, at=AT)


def test_the_series_stands_latest_first_with_each_instant(election: Election, say: Say) -> None:
    say(AS_OF - DAY, {"SCO": 72}, {"KAZ": 1}, who="first")
    say(AS_OF, {"SCO": 790}, {"KAZ": 1}, who="then")
    for as_of in (AS_OF - DAY, AS_OF):
        publish_figures(figures=freeze_figures(election=election, as_of=as_of, by=None, at=AT), by=None, at=AT)

    page = Client().get(PAGE).content.decode()

    assert "<strong>790 observers" in page
    assert 0 < page.index("<td>790</td>") < page.index("<td>72</td>")


@pytest.mark.django_db(transaction=True)
def test_publishing_makes_the_snapshot_void_and_the_next_one_says_it(election: Election, say: Say) -> None:
    say(AS_OF, {"SCO": 12}, {"KAZ": 12}, who="these")
    first = freeze_figures(election=election, as_of=AS_OF - DAY, by=None, at=AT)
    second = freeze_figures(election=election, as_of=AS_OF, by=None, at=AT)
    publish_figures(figures=first, by=None, at=AT)
    write_pages()
    epoch, before = store.current_epoch(), store.read_manifest()

    publish_figures(figures=second, by=None, at=AT)
    assert store.current_epoch() != epoch
    write_pages()

    after = store.read_manifest()
    assert before is not None
    assert after is not None
    assert before.entries[PAGE].etag != after.entries[PAGE].etag
