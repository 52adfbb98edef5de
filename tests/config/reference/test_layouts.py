import datetime as dt
from dataclasses import fields

import pytest

from config.reference.chance import Chance
from config.reference.layouts import Layout, layouts
from config.reference.people import Inventor, Nomination
from config.reference.places import Place
from config.reference.senders import read_senders
from missions.countries import parse_country


@pytest.fixture
def nomination() -> Nomination:
    """The first short-term observer of the first demonstration organization."""
    sender = next(sender for sender in read_senders().senders if sender.is_synthetic)
    inventor = Inventor(Chance(1, "people"), {sender.layout: "latin"})
    return inventor.nomination(Place(sender, sender.seats[1], 2, dt.date(2024, 1, 9)))


@pytest.mark.parametrize("layout", layouts().values(), ids=layouts().keys())
def test_a_layout_has_a_header_and_a_cell_for_every_column(layout: Layout, nomination: Nomination) -> None:
    assert len(layout.headers()) == len(set(layout.headers())) == len(fields(Nomination)) == 27
    assert len(layout.cells(nomination)) == 27


@pytest.mark.parametrize("layout", layouts().values(), ids=layouts().keys())
def test_countries_can_be_read_back(layout: Layout, nomination: Nomination) -> None:
    cells = dict(zip([column for column, _header in layout.language.headers], layout.cells(nomination), strict=True))

    assert parse_country(str(cells["nationality"])) == nomination.nationality


@pytest.mark.parametrize(
    ("code", "cell"),
    [
        pytest.param("en-cells", dt.date(2024, 1, 9), id="date cell"),
        pytest.param("en-iso", "2024-01-09", id="ISO"),
        pytest.param("ru-dotted", "09.01.2024", id="dotted"),
    ],
)
def test_dates_are_written_in_the_style_of_the_office(code: str, cell: object, nomination: Nomination) -> None:
    layout = layouts()[code]
    columns = [column for column, _header in layout.language.headers]

    assert layout.cells(nomination)[columns.index("documents_on")] == cell


def test_stray_headers_have_odd_case_and_spaces() -> None:
    assert layouts()["en-stray"].headers()[:4] == ["REFERENCE", "Surname", "  Given names ", "Patronymic"]


def test_files_use_several_languages_and_every_layout() -> None:
    used = {sender.layout for sender in read_senders().senders}

    assert used == layouts().keys()
    assert {layouts()[code].language.code for code in used} == {"en", "ru", "az"}
