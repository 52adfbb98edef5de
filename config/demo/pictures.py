"""Invented papers of invented people: a drawn face, the page of a passport, and signed sheets."""

import io

from PIL import Image, ImageDraw

from accreditation.models import Observer
from accreditation.vetting.icao9303 import name_field
from accreditation.vetting.mrz import check_digit
from config.reference.chance import Chance

_MARK = "SYNTHETIC - INVENTED FOR A DEMONSTRATION"
_INK, _PAPER = (25, 25, 25), (248, 246, 240)
#: Of the wall, from dark to light.
_SHADES = (205, 240)
_SKINS = ((224, 180, 150), (198, 146, 112), (150, 104, 78), (240, 204, 178))
_HAIRS = ((60, 40, 30), (25, 22, 20), (120, 82, 45), (150, 150, 150))
_COATS = ((40, 60, 90), (70, 50, 60), (45, 75, 60), (80, 80, 85))
_LARGE = 28


def photo(number: int) -> bytes:
    """A portrait as JPEG; the number makes another face of it."""
    return _encoded(_face(600, 800, number), "JPEG")


def passport_page(observer: Observer, number: int) -> bytes:
    """The page of data with photo and machine-readable zone, as PNG."""
    page = Image.new("RGB", (1250, 880), _PAPER)
    page.paste(_face(300, 400, number), (60, 120))
    draw = ImageDraw.Draw(page)
    draw.text((60, 40), f"PASSPORT  {observer.passport_issuer}  -  {_MARK}", _INK, font_size=_LARGE)
    first, second = zone_of(observer).splitlines()
    lines = (first[5:].partition("<<")[0], first[5:].partition("<<")[2].strip("<").replace("<", " "))
    born, expires = f"{observer.birth_date:%d %m %Y}", f"{observer.passport_expires_on:%d %m %Y}"
    for place, text in enumerate((*lines, observer.nationality, born, observer.sex.upper(), expires)):
        draw.text((420, 140 + 60 * place), text, _INK, font_size=_LARGE)
    for place, line in enumerate((first, second)):
        for column, char in enumerate(line):
            draw.text((50 + 26 * column, 720 + 60 * place), char, _INK, font_size=_LARGE)
    return _encoded(page, "PNG")


def signed_sheet(observer: Observer, title: str, kind: str) -> bytes:
    """One page with a title and a signature, as a picture or (`kind` PDF) as a document."""
    sheet = Image.new("RGB", (826, 1169), _PAPER)
    draw = ImageDraw.Draw(sheet)
    draw.text((80, 80), title, _INK, font_size=_LARGE)
    draw.text((80, 140), _MARK, _INK, font_size=18)
    for line in range(14):
        draw.line((80, 230 + 40 * line, 746 - 37 * (line % 3), 230 + 40 * line), fill=(150, 150, 150), width=3)
    points = [(90 + 22 * step, 950 + (-1) ** step * (12 + 7 * ((observer.pk + step) % 5))) for step in range(14)]
    draw.line(points, fill=(30, 40, 120), width=4, joint="curve")
    return _encoded(sheet, kind)


def zone_of(observer: Observer, *, surname: str = "", given_names: str = "") -> str:
    """The machine-readable zone of the person's passport: two lines of 44 characters (ICAO 9303, TD3).

    The name is transliterated from the person's, unless the passport's own Latin form is given.
    """
    number = observer.passport_number.ljust(9, "<")
    born, expires = f"{observer.birth_date:%y%m%d}", f"{observer.passport_expires_on:%y%m%d}"
    optional = "<" * 14
    parts = [
        f"{number}{check_digit(number)}",
        f"{born}{check_digit(born)}",
        f"{expires}{check_digit(expires)}{optional}{check_digit(optional)}",
    ]
    issuer, nationality = _state(observer.passport_issuer), _state(observer.nationality)
    name = name_field(surname or observer.surname, given_names or observer.given_names, width=39)
    first = f"P<{issuer}{name}"
    return f"{first}\n{parts[0]}{nationality}{parts[1]}{observer.sex.upper()}{parts[2]}{check_digit(''.join(parts))}"


def _state(code: str) -> str:
    """As passports write it: Germany has one letter."""
    return {"DEU": "D"}.get(code, code).ljust(3, "<")


def _face(width: int, height: int, number: int) -> Image.Image:
    """Head and shoulders before a mottled wall, which is another one for each number: no two pictures are alike."""
    chance = Chance(number, "wall")
    wall = Image.new("L", (9, 8))
    wall.putdata([chance.between(*_SHADES) for _spot in range(9 * 8)])
    picture = wall.resize((width, height), Image.Resampling.BICUBIC).convert("RGB")
    draw = ImageDraw.Draw(picture)
    wide, high = width / 100, height / 100
    move, broad = (number * 7 % 13 - 6) * wide, (number % 4) * wide
    skin, hair, coat = _SKINS[number % 4], _HAIRS[number // 2 % 4], _COATS[number // 3 % 4]
    draw.ellipse((10 * wide - broad, 72 * high, 90 * wide + broad, 140 * high), fill=coat)
    draw.ellipse((27 * wide + move, 15 * high, 73 * wide + move + broad, (72 + number % 6) * high), fill=skin)
    brow = (48 + number % 12) * high
    draw.pieslice((25 * wide + move, 8 * high, 75 * wide + move + broad, brow), 180, 360, fill=hair)
    for x in (38, 56):
        left, top = x * wide + move, (40 + number % 3) * high
        draw.ellipse((left, top, left + 6 * wide, top + 4 * high), fill=_INK)
    smile = (42 * wide + move, 58 * high, 58 * wide + move, (62 + number % 4) * high)
    draw.arc(smile, 0, 180, fill=(150, 60, 60), width=max(2, width // 80))
    return picture


def _encoded(picture: Image.Image, kind: str) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind)
    return file.getvalue()
