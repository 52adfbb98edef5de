"""What staff see of a badge on a screen: the portrait, and the card as it looks, with a code that opens nothing."""

import io
from dataclasses import dataclass, field

from django.conf import settings
from PIL import Image

from accreditation.badges.content import read_content
from accreditation.badges.models import Badge
from accreditation.badges.rendering import Card, draw_card
from accreditation.badges.services.printing import PRODUCTION
from accreditation.badges.states import CardFormat
from missions.kernel.errors import MissingError
from missions.kernel.files import FileLostError, read_file_bytes


@dataclass(frozen=True, slots=True)
class Faces:
    """Both sides of a card as PNG."""

    front: bytes = field(repr=False)
    back: bytes = field(repr=False)


def read_portrait(badge: Badge) -> bytes:
    """The portrait of the badge, a WebP. Raises MissingError if it has none, FileLostError if it is gone."""
    if badge.portrait is None:
        raise MissingError
    return read_file_bytes(badge.portrait.name_in_storage)


def draw_faces(badge: Badge) -> Faces:
    """The card as it says and shows things since the badge was intended, to look at.

    The symbol holds the address of the page for checks and no code: nobody makes a card of this picture. Raises
    BadgeNotPrintableError.
    """
    card = Card(
        content=read_content(badge.content),
        code=settings.BADGE_URL,
        photo=_jpeg(badge),
        is_test=settings.BADGE_ENVIRONMENT != PRODUCTION,
    )
    front, back = draw_card(card, card_format=CardFormat.ID1)
    return Faces(front, back)


def _jpeg(badge: Badge) -> bytes | None:
    try:
        portrait = read_portrait(badge)
    except (MissingError, FileLostError):
        return None
    file = io.BytesIO()
    Image.open(io.BytesIO(portrait)).convert("RGB").save(file, "JPEG", quality=90)
    return file.getvalue()
