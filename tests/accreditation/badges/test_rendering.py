"""What typst makes of cards: two sides, every script, nothing beside its place, and no code out of names."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import pytest
from PIL import Image, ImageChops

from accreditation.badges.errors import BadgeNotPrintableError
from accreditation.badges.portraits import print_photo
from accreditation.badges.rendering import Card, left_out
from accreditation.badges.states import CardFormat
from accreditation.letters.wording import phrases_of
from accreditation.states import Category, Role
from tests.accreditation.badges.cards import AT, card, drawn, front_text, pages_of, pdf_of, text_of
from tests.corpus.files import papers

ID1, A6 = CardFormat.ID1, CardFormat.A6
ARABIC = "محمد عبد الرحمن پژمان گچسارانی"
#: Where a card has no text whatever it says, in millimetres: left, top, right, bottom.
GUTTERS = {
    ID1: (
        [(0, 9.5, 2.5, 54), (25.4, 9.5, 27.7, 54), (83.6, 9.5, 85.6, 54), (28, 41.7, 83, 42.3), (0, 52.7, 85, 54)],
        [(51.4, 8, 53.2, 54), (84, 8, 85.6, 54), (53.5, 14.6, 83, 15), (53.5, 30.2, 83, 30.9), (52, 52.7, 85, 54)],
    ),
    A6: (
        [(0, 21, 4.5, 148), (100.5, 21, 105, 148), (5, 73.4, 100, 74.8), (5, 137.2, 100, 137.8), (0, 146.3, 105, 148)],
        [(0, 15, 4.5, 148), (100.5, 15, 105, 148), (5, 95.5, 100, 96.8), (5, 116.5, 100, 117.7), (0, 145.5, 105, 148)],
    ),
}


@pytest.mark.parametrize(("card_format", "size"), [(ID1, (85.6, 54)), (A6, (105, 148))])
def test_a_card_is_two_pages_of_its_size(card_format: CardFormat, size: tuple[float, float]) -> None:
    pages = pages_of(pdf_of(card(), card(), card_format=card_format))

    measured = [(float(page.mediabox.width) / 72 * 25.4, float(page.mediabox.height) / 72 * 25.4) for page in pages]
    assert measured == [pytest.approx(size, abs=0.01)] * 4


@pytest.mark.parametrize("card_format", CardFormat)
def test_a_card_says_what_it_should_in_both_languages_and_nothing_else(card_format: CardFormat) -> None:
    text = text_of(pdf_of(card(areas=("C-001", "C-002")), card_format=card_format))

    for said in (
        *("Beynəlxalq müşahidəçi", "International observer", "Qısamüddətli müşahidəçi", "Short-term observer"),
        *("ƏLİYEVA LƏMAN", "Əliyeva Ləman", "Office for Democratic Institutions and Human Rights"),
        *("Vəsiqə · Badge B-000412", "Akkreditasiya · Accreditation 00417", "Presidential election"),
        *("Etibarlıdır · Valid 20.01.2024 – 12.02.2024", "Səsvermə günü · Day of voting 07.02.2024"),
        *("Etibarlı olduğu yer · Valid at C-001, C-002", "fotoşəkil yoxdur no photo"),
        *("compare the photo with the person", "Valid only with a document of identity", "If found"),
    ):
        assert said in text
        text = text.replace(said, "", 1)
    assert [word for word in ("TEST", "odihr-eom", "az-2024", "bütün", "2023") if word in text] == []


def test_one_language_alone_makes_a_card() -> None:
    text = text_of(pdf_of(card(languages=("en",), areas=())))

    assert "Badge B-000412" in text
    assert "Valid at all polling stations" in text
    assert "Vəsiqə" not in text


def test_each_category_has_a_colour_and_a_mark_of_its_own() -> None:
    fronts = [drawn(card(category=category), ID1)[0] for category in Category]

    marks = [front.crop((0, 0, 62, 70)).convert("L").point(lambda light: 255 * (light > 200)) for front in fronts]
    assert len({front.getpixel((3, 3)) for front in fronts}) == len({mark.tobytes() for mark in marks}) == 6


@pytest.mark.parametrize(
    "name",
    [
        "Əliyev Şəhriyar Oğuz oğlu İsgəndərzadə Çingiz",
        "Иванова Наталья Ёжикова",
        "Ґалаґан Їжакевич Өмірбек Қасымұлы Ңұр",
        "D'Arsøns-O’Neil ʻOkina ßæðþŁĄŽ",
        "Ə",
    ],
)
def test_a_name_stands_on_the_card_in_its_own_letters(name: str) -> None:
    assert name in front_text(pdf_of(card(local_name=name)))


def test_an_arabic_name_is_shaped_and_complete() -> None:
    shown = front_text(pdf_of(card(latin_name="MUHAMMAD", local_name=ARABIC)))

    assert set(ARABIC) - set(shown) == set()
    assert left_out(card(local_name=ARABIC).content) == ()


@pytest.mark.parametrize("name", ["ბერიძე", "Հակոբյան", "כהן", "王小明", "Əliyev 王"])
def test_a_name_without_a_font_is_left_out_and_told_of(name: str) -> None:
    without = card(local_name=name)

    assert left_out(without.content) == (name,)
    assert pdf_of(without) == pdf_of(card(local_name=""))


def test_an_organization_without_a_font_gives_way_to_its_code() -> None:
    text = text_of(pdf_of(card(organization_name="საქართველო", election_name="არჩევნები")))

    assert "ODIHR" in text
    assert text.count("az-2024") == 2


def test_a_latin_name_without_a_font_is_refused() -> None:
    for attempt in (pdf_of, lambda refused: drawn(refused, ID1)):
        with pytest.raises(BadgeNotPrintableError) as refusal:
            attempt(card(latin_name="ბერიძე"))
        assert refusal.value.detail == "The badge cannot be printed as it is: ბერიძ"


LONGEST: dict[str, dict[str, Any]] = {
    "no place to break": {"latin_name": "W" * 200, "local_name": "Ж" * 200, "organization_name": "Ə" * 200},
    "many words": {"latin_name": "ABDULLAH " * 22 + "XY", "local_name": "Ab-Cd " * 33, "organization_name": "x " * 100},
    "Arabic": {"latin_name": "AL-" * 66 + "XY", "local_name": "محمد " * 40, "organization_name": "جامعة الدول " * 16},
    "elections and areas": {
        "election_name": "Выборы депутатов " * 11,
        "areas": tuple(f"NORTH-EAST-{area:03}" for area in range(12)),
        "languages": ("ru", "az"),
    },
    "Russian words": {"languages": ("ru", "en"), "category": "domestic_observer", "role": "core_team_member"},
    "one wide word": {"latin_name": "W" * 24, "local_name": "Ж" * 24, "election_name": "Щ" * 24},
    "three lines almost": {"latin_name": "MOHAMMAD ABDULRAHMAN AL-FARSI", "local_name": ARABIC},
}


@pytest.mark.parametrize("card_format", CardFormat)
@pytest.mark.parametrize("words", LONGEST.values(), ids=LONGEST)
def test_whatever_a_card_says_stays_in_its_place(words: dict[str, Any], card_format: CardFormat) -> None:
    sides = drawn(card(number="B-999999", **words), card_format)

    ink = [
        (side, gutter)
        for side, (picture, gutters) in enumerate(zip(sides, GUTTERS[card_format], strict=True))
        for gutter in gutters
        if _has_ink(picture, gutter)
    ]
    assert ink == []


@pytest.mark.parametrize("name", ["W" * 200, "ABDULLAH " * 22 + "XY", "Ə" * 199 + "x"])
def test_the_longest_name_is_printed_to_its_last_letter(name: str) -> None:
    assert name.replace(" ", "") in front_text(pdf_of(card(latin_name=name))).replace(" ", "")


@pytest.mark.parametrize("languages", [("az", "en"), ("ru", "az")])
def test_the_words_of_every_role_and_category_stand_on_a_card(languages: tuple[str, ...]) -> None:
    many = [card(role=role, category=list(Category)[place % 6], languages=languages) for place, role in enumerate(Role)]

    text = front_text(pdf_of(*many))

    words = [phrases_of(language).sentences for language in languages]
    needed = [said[f"role.{role}"] for said in words for role in Role]
    needed += [said[f"category.{category}"] for said in words for category in Category]
    assert [said for said in needed if said not in text] == []


@pytest.mark.parametrize(
    "name",
    [
        '#panic("x")',
        '#read("/etc/passwd")',
        '#image("/etc/passwd")',
        "*bold* _it_ `raw` $x^2$ = Heading",
        "\\u{41} <label> @ref // --- /* */ [#import]",
        '"} ], "is_test": true, {"',
        "<svg onload=alert(1)>",
    ],
)
def test_what_looks_like_code_is_printed_as_it_is(name: str) -> None:
    text = front_text(pdf_of(card(latin_name=name, local_name=name, organization_name=name, election_name=name)))

    assert text.replace(" ", "").count(name.replace(" ", "")) == 4
    assert "TEST" not in text


@pytest.mark.parametrize("card_format", CardFormat)
def test_a_test_card_says_so_over_both_sides(card_format: CardFormat) -> None:
    good, test = card(), card(is_test=True)

    said = [page.extract_text().count("NOT VALID") for page in pages_of(pdf_of(test, card_format=card_format))]
    assert min(said) >= 3
    changed = [
        _share_changed(one, other)
        for one, other in zip(drawn(good, card_format), drawn(test, card_format), strict=True)
    ]
    assert all(0.02 < share < 0.4 for share in changed)


def test_a_photo_stands_in_its_frame_and_the_file_keeps_it_as_it_is() -> None:
    photo = print_photo(papers.photo())
    shown = card(photo=photo)

    picture = drawn(shown, ID1)[0].crop((27, 90, 194, 300))
    expected = Image.open(io.BytesIO(photo)).resize(picture.size)
    difference = ImageChops.difference(picture.convert("L"), expected.convert("L")).tobytes()
    pdf = pdf_of(shown)
    assert sum(difference) / len(difference) < 6
    assert photo in pdf
    assert "no photo" not in front_text(pdf)


def test_the_same_cards_at_the_same_instant_are_the_same_bytes() -> None:
    cards = [card(), card(photo=print_photo(papers.photo()), is_test=True)]

    assert pdf_of(*cards) == pdf_of(*cards)
    assert pdf_of(*cards, at=AT + dt.timedelta(seconds=1)) != pdf_of(*cards)


def test_a_large_stack_is_printed_in_its_order() -> None:
    numbers = [f"B-{number:06d}" for number in range(12, 0, -1)]

    pages = pages_of(pdf_of(*(card(number=number) for number in numbers)))

    shown = [page.extract_text() for page in pages[::2]]
    assert [number for number, text in zip(numbers, shown, strict=True) if number in text] == numbers
    assert len(pages) == 24


@pytest.mark.parametrize("cards", [[], [card(), card(layout=2)]], ids=["none", "two layouts"])
def test_a_stack_has_cards_of_one_layout(cards: Sequence[Card]) -> None:
    with pytest.raises(ValueError, match="to unpack"):
        pdf_of(*cards)


def _has_ink(picture: Image.Image, area: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = (round(mm / 25.4 * 200) for mm in area)
    inside = (left, top, min(right, picture.width), min(bottom, picture.height))
    return any(picture.convert("L").crop(inside).histogram()[:200])


def _share_changed(one: Image.Image, other: Image.Image) -> float:
    changed = ImageChops.difference(one.convert("L"), other.convert("L")).point(lambda light: 255 * (light > 12))
    return changed.histogram()[255] / (one.width * one.height)
