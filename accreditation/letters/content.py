"""What a letter says, whole: the layouts show it and decide nothing. Kept with the letter as JSON."""

import json
from dataclasses import asdict, dataclass
from typing import cast

#: One text per language of the letter, in the letter's order; in a fact's value one for all is enough.
Texts = tuple[str, ...]
#: The same as JSON.
Content = dict[str, object]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a letter's table of facts."""

    label: Texts
    value: Texts


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list of people: its label, and its share of the width; 0 is what its texts need."""

    label: Texts
    share: int = 0


@dataclass(frozen=True, slots=True)
class Body:
    """A letter before it has a number. `basis` names what was said, so that it is said once."""

    basis: str
    authority: Texts
    country: Texts
    title: Texts
    opening: tuple[Texts, ...]
    facts: tuple[Fact, ...]
    addressee: tuple[Texts, ...] = ()
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    closing: tuple[Texts, ...] = ()
    signature: tuple[Texts, ...] = ()


def content_of(body: Body, *, languages: tuple[str, ...], number_label: Texts, number: str, issued: Texts) -> Content:
    """The body under its number and date, as the layouts take it."""
    said = asdict(body)
    del said["basis"], said["columns"]
    said |= {
        "columns": [column.label for column in body.columns],
        "widths": [column.share for column in body.columns],
        "languages": languages,
        "number_label": number_label,
        "number": number,
        "issued": issued,
    }
    return cast(Content, json.loads(json.dumps(said)))  # as it comes back from the database
