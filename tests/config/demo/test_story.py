"""The plot over the facts of the manifest: who is decided on when, and what happens on which day."""

import datetime as dt

import pytest

from accreditation.letters.states import LetterKind
from accreditation.states import AgendaOutcome, Category
from config.demo.story import Story, read_story
from config.reference.geography import DATA


@pytest.fixture(scope="module")
def story() -> Story:
    return read_story(DATA)


@pytest.mark.parametrize(
    ("day", "categories"),
    [
        pytest.param(dt.date(2024, 1, 6), {Category.INTERNATIONAL_OBSERVER, Category.DOMESTIC_OBSERVER}, id="both"),
        pytest.param(dt.date(2024, 1, 12), {Category.INTERNATIONAL_OBSERVER}, id="international"),
        pytest.param(dt.date(2024, 1, 26), {Category.EXIT_POLLSTER}, id="pollsters"),
        pytest.param(dt.date(2024, 1, 13), set(), id="no session"),
    ],
)
def test_the_commission_decides_on_the_categories_of_the_day(
    story: Story, day: dt.date, categories: set[Category]
) -> None:
    assert story.decided_on(day) == categories


def test_moments_are_local_to_the_host(story: Story) -> None:
    assert story.moment({"day": -1, "time": dt.time(12)}) == dt.datetime(2024, 2, 6, 8, tzinfo=dt.UTC)
    assert story.is_on(dt.date(2024, 2, 6), {"day": -1})
    assert not story.is_on(dt.date(2024, 2, 5), {"day": -1})


def test_two_people_share_a_role_under_names_of_their_own(story: Story) -> None:
    names = {member.name: member.role for member in story.staff}

    assert (names["approver"], names["deputy"]) == ("approver", "approver")
    assert len(names) == len(story.staff)
    assert story.address_of("deputy") == "deputy@ministry.example"


def test_the_plot_knows_only_words_of_the_desk(story: Story) -> None:
    assert {AgendaOutcome(row["outcome"]) for row in story.plot["verdicts"]} == {
        AgendaOutcome.DEFERRED,
        AgendaOutcome.REFUSED,
    }
    assert {LetterKind(row["kind"]) for row in story.plot["letters"]} == {
        LetterKind.REFUSAL,
        LetterKind.VISA_SUPPORT,
        LetterKind.NOTE_ACCREDITED,
        LetterKind.ACCREDITATION_LIST,
    }


def test_whatever_happens_falls_on_a_day_that_is_walked(story: Story) -> None:
    plot = story.plot
    moments = [
        *plot["arrivals"].values(),
        *(plot["appeal"][name] for name in ("lodged", "upheld")),
        *(plot["suspension"][name] for name in ("begins", "ends")),
        *(plot["revocation"][name] for name in ("proposed", "decided")),
        plot["replacement"]["noted"],
        plot["session_letters"]["ordered"],
        *(row["issued"] for row in plot["letters"]),
        *plot["stays"]["briefings"],
    ]

    assert {story.day(moment["day"]) for moment in moments} <= set(story.days)
    assert max(story.moment(moment) for moment in moments) <= story.stands_at
