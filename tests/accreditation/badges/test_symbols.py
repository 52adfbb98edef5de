"""The square symbol: dense enough for the longest code, large enough for a telephone, readable where cards suffer."""

import hashlib
import random
from functools import cache

import pytest
from PIL import Image, ImageDraw, ImageFilter

from accreditation.badges.codes.fitting import MOST_LENGTH, WANTED_LENGTH
from accreditation.badges.errors import BadgeNotPrintableError
from accreditation.badges.rendering import SYMBOL_AREA_MM
from accreditation.badges.states import CardFormat
from accreditation.badges.symbols import symbol_of
from tests.accreditation.badges.cards import card, code_of, drawn, pages_of, pdf_of, raster_of, read, symbol_in

BOTH_LENGTHS = pytest.mark.parametrize("length", [WANTED_LENGTH, MOST_LENGTH])
BOTH_FORMATS = pytest.mark.parametrize("card_format", CardFormat)
DOT_MM = 25.4 / 300


@pytest.mark.parametrize(
    ("length", "version"), [(62, 4), (63, 5), (WANTED_LENGTH, 13), (WANTED_LENGTH + 1, 14), (MOST_LENGTH, 16)]
)
def test_the_version_follows_from_the_length(length: int, version: int) -> None:
    symbol = symbol_of(code_of(length))

    assert (symbol.version, symbol.modules) == (version, 17 + 4 * version + 8)


@pytest.mark.parametrize("length", [MOST_LENGTH + 1, 5000])
def test_a_denser_symbol_is_refused(length: int) -> None:
    with pytest.raises(BadgeNotPrintableError):
        symbol_of("https://verify.elections.example/b#" + "a" * (length - 35))


@BOTH_FORMATS
@pytest.mark.parametrize("length", [200, 240, 280, WANTED_LENGTH, 360, 410, MOST_LENGTH])
def test_modules_are_whole_dots_and_large_enough(length: int, card_format: CardFormat) -> None:
    symbol, area = symbol_of(code_of(length)), SYMBOL_AREA_MM[card_format]

    module = symbol.module_mm(area)
    assert module / DOT_MM == pytest.approx(round(module / DOT_MM))
    assert module >= 0.5
    assert 40 <= symbol.side_mm(area) <= area


@BOTH_FORMATS
@BOTH_LENGTHS
def test_the_longest_codes_are_read_from_the_pdf_at_200_dots_an_inch(length: int, card_format: CardFormat) -> None:
    code = code_of(length)

    back = pages_of(pdf_of(card(code=code), card_format=card_format))[1]

    assert read(raster_of(back)) == [code]


@BOTH_FORMATS
def test_the_symbol_of_the_pdf_has_the_size_it_should(card_format: CardFormat) -> None:
    """Measured on the paper: corner to corner without the quiet zone, and the first bar's height."""
    symbol = symbol_of(code_of(MOST_LENGTH))
    module = symbol.module_mm(SYMBOL_AREA_MM[card_format])

    back = pages_of(pdf_of(card(code=code_of(MOST_LENGTH)), card_format=card_format))[1]

    points = [point for bar in symbol_in(back) for point in bar]
    spans = [(max(values) - min(values)) / 72 * 25.4 for values in zip(*points, strict=True)]
    first = [y for _, y in symbol_in(back)[0]]
    assert spans == [pytest.approx(81 * module, abs=0.01)] * 2
    assert (max(first) - min(first)) / 72 * 25.4 == pytest.approx(module, abs=0.001)
    margins = (min(x for x, _ in points), min(y for _, y in points))
    assert min(margins) / 72 * 25.4 > 4 * module


@BOTH_FORMATS
@BOTH_LENGTHS
def test_the_mark_of_a_test_card_stays_out_of_the_symbol(length: int, card_format: CardFormat) -> None:
    good, test = card(code=code_of(length)), card(code=code_of(length), is_test=True)

    pictures = [drawn(one, card_format)[1] for one in (good, test)]

    assert [read(picture) for picture in pictures] == [[code_of(length)]] * 2
    x, y = (26, 27) if card_format == CardFormat.ID1 else (52.5, 56)
    left, top, right, bottom = (mm / 25.4 * 200 for mm in (x - 19, y - 19, x + 19, y + 19))
    unmarked, marked = (picture.crop((left, top, right, bottom)).tobytes() for picture in pictures)
    assert unmarked == marked


@BOTH_LENGTHS
@pytest.mark.parametrize("trial", range(5))
def test_the_symbol_is_read_tilted_blurred_and_noisy(length: int, trial: int) -> None:
    """On the smaller card, at 200 dots an inch: up to ten degrees, a blur of a dot, grain, and a stain of 2 %."""
    assert read(_worn(_back(length), random.Random(trial))) == [code_of(length)]


def test_a_symbol_under_too_large_a_stain_is_not_read() -> None:
    """The trials above can fail."""
    back = _back(MOST_LENGTH).convert("L")
    ImageDraw.Draw(back).rectangle((100, 100, 260, 260), fill=128)

    assert read(back) == []


def test_a_repeating_code_is_read_too() -> None:
    """Nobody looks for the best mask, so texts whose pattern might meet that of the mask are tried."""
    codes = [code_of(60) + letters * (390 // len(letters)) for letters in ("A", "V1d", "xo_G")]

    assert [read(drawn(card(code=code), CardFormat.ID1)[1]) for code in codes] == [[code] for code in codes]


@cache
def _back(length: int) -> Image.Image:
    return drawn(card(code=code_of(length)), CardFormat.ID1)[1]


def _worn(picture: Image.Image, chance: random.Random) -> Image.Image:
    """The same for the same chance."""
    grey = picture.convert("L").crop((0, 0, 410, 425))
    x, y, side = chance.randrange(60, 280), chance.randrange(60, 280), round(360 * 0.02**0.5)
    ImageDraw.Draw(grey).rectangle((x, y, x + side, y + side), fill=chance.choice((40, 220)))
    tilted = grey.rotate(chance.uniform(-10, 10), Image.Resampling.BICUBIC, expand=True, fillcolor=255)
    blurred = tilted.filter(ImageFilter.GaussianBlur(1))
    seed = hashlib.shake_128(str(chance.random()).encode()).digest(blurred.width * blurred.height)
    grain = Image.frombytes("L", blurred.size, seed)
    return Image.blend(blurred, grain, 0.12)
