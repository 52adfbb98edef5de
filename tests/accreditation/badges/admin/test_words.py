"""What differs between a card and now, in words."""

import pytest

from accreditation.badges.admin.words import difference_lines
from accreditation.badges.rules import FACTS, Difference


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (Difference("name", "MEYER ANNA", "MEIER ANNA"), "name: the card says “MEYER ANNA”, now it is “MEIER ANNA”"),
        (
            Difference("role", "sto", "lto"),
            "role: the card says “short-term observer”, now it is “long-term observer”",
        ),
        (Difference("areas", "", "12"), "where valid: the card says “everywhere”, now it is “12”"),
        (Difference("photo", "", ""), "the photo was replaced"),
        (
            Difference("local_name", "Мария", ""),
            "name in its own script: the card says “Мария”, now it is “–”",
        ),
    ],
)
def test_a_difference_is_told_in_words(told: Difference, line: str) -> None:
    assert difference_lines([told]) == [line]


def test_every_fact_of_a_card_has_its_words() -> None:
    assert len(difference_lines(Difference(fact, "1", "2") for fact in FACTS)) == len(FACTS)
