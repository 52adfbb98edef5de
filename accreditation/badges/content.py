"""What a card says, whole, as it was when the badge was intended. Kept with the badge as JSON; rendering adds nothing.

Nothing else of the person is ever here: no passport, no date of birth, no telephone, no nationality.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

#: The layout that new badges are printed with.
LAYOUT = 1
#: The same as JSON, the way the row keeps it.
ContentJson = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BadgeContent:
    """The card in words. Days are the host's, and the badge is good on both of them.

    `local_name` is empty where the Latin one says the same; `areas` is empty for everywhere; `photo_sha256` is that
    of the photo document, empty without one. `languages` has the state's own first.
    """

    number: str
    latin_name: str
    local_name: str
    organization_code: str
    organization_name: str
    mission: str
    role: str
    category: str
    accreditation_number: str
    election_code: str
    election_name: str
    e_day: date
    valid_from: date
    valid_until: date
    areas: tuple[str, ...]
    languages: tuple[str, ...]
    photo_sha256: str
    layout: int = LAYOUT


def content_json(content: BadgeContent) -> ContentJson:
    """The content as the row keeps it."""
    return {
        "layout": content.layout,
        "number": content.number,
        "name": {"latin": content.latin_name, "local": content.local_name},
        "organization": {"code": content.organization_code, "name": content.organization_name},
        "mission": content.mission,
        "role": content.role,
        "category": content.category,
        "accreditation_number": content.accreditation_number,
        "election": {
            "code": content.election_code,
            "name": content.election_name,
            "e_day": content.e_day.isoformat(),
        },
        "valid": {"from": content.valid_from.isoformat(), "until": content.valid_until.isoformat()},
        "areas": list(content.areas),
        "languages": list(content.languages),
        "photo_sha256": content.photo_sha256,
    }


def read_content(kept: Mapping[str, Any]) -> BadgeContent:
    """The content of a row. Raises KeyError for what no version of this module has written."""
    name, organization, election, valid = kept["name"], kept["organization"], kept["election"], kept["valid"]
    return BadgeContent(
        number=kept["number"],
        latin_name=name["latin"],
        local_name=name["local"],
        organization_code=organization["code"],
        organization_name=organization["name"],
        mission=kept["mission"],
        role=kept["role"],
        category=kept["category"],
        accreditation_number=kept["accreditation_number"],
        election_code=election["code"],
        election_name=election["name"],
        e_day=date.fromisoformat(election["e_day"]),
        valid_from=date.fromisoformat(valid["from"]),
        valid_until=date.fromisoformat(valid["until"]),
        areas=tuple(kept["areas"]),
        languages=tuple(kept["languages"]),
        photo_sha256=kept["photo_sha256"],
        layout=kept["layout"],
    )
