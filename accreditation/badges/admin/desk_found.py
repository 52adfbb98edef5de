"""What a search at the desk has found, as lines to choose from."""

from collections.abc import Sequence
from dataclasses import dataclass

from accreditation.badges.admin.cards import desk_url
from accreditation.badges.admin.tones import BADGE_TONES
from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.token import token_of
from accreditation.badges.models import Badge
from accreditation.models import Accreditation
from accreditation.states import AccreditationState


@dataclass(frozen=True, slots=True)
class FoundLine:
    """One person of the result, with the newest badge if there is one; `standing` is empty for who is accredited."""

    name: str
    mission: str
    accreditation: str
    standing: str
    badge: str
    state: str
    tone: str
    url: str


def found_line(accreditation: Accreditation) -> FoundLine:
    """The line of a person that `find_at_desk` found. No query."""
    badges: list[Badge] = sorted(accreditation.badges.all(), key=lambda badge: -badge.issue)
    badge = badges[0] if badges else None
    is_active = accreditation.state == AccreditationState.ACTIVE
    return FoundLine(
        name=accreditation.observer.full_name,
        mission=accreditation.application.nomination.mission.code,
        accreditation=f"{accreditation.number:05d}",
        standing="" if is_active else accreditation.get_state_display(),
        badge=badge.number_text if badge else "",
        state=badge.get_state_display() if badge else "",
        tone=BADGE_TONES.get(badge.state, "") if badge else "",
        url=desk_url(accreditation),
    )


def scanned_badge(text: str, found: Sequence[Accreditation]) -> Badge | None:
    """The badge whose card was scanned, if the text is the code of one that was found."""
    try:
        token = token_of(text.strip())
    except CodeError:
        return None
    return next((badge for row in found for badge in row.badges.all() if bytes(badge.token or b"") == token), None)
