"""Rows of the API's world that an accredited person carries: a badge and a letter."""

import datetime as dt

from accreditation.badges.models import Badge
from accreditation.badges.states import BadgeState, CollectionProof
from accreditation.letters.models import Letter
from accreditation.letters.states import LetterKind
from accreditation.models import Accreditation
from missions.models import User


def add_badge(accreditation: Accreditation, *, by: User, at: dt.datetime) -> Badge:
    """A badge that was handed over."""
    return Badge.objects.create(
        election=accreditation.election,
        accreditation=accreditation,
        mission=accreditation.application.nomination.mission,
        number=accreditation.number,
        issue=1,
        code_id=f"{accreditation.number:016x}",
        state=BadgeState.HANDED_OVER,
        content=_card_of(accreditation),
        valid_from=at,
        valid_until=at + dt.timedelta(days=23),
        intended_at=at,
        intended_by=by,
        key_id="aa" * 8,
        token=b"not for the API",
        signed_at=at,
        printed_at=at,
        printed_by=by,
        handed_over_at=at,
        handed_over_by=by,
        collected_by="Themselves",
        collection_proof=CollectionProof.SIGNATURE,
    )


def _card_of(accreditation: Accreditation) -> dict[str, object]:
    """What the card says, and nothing of the person's passport."""
    mission, election = accreditation.application.nomination.mission, accreditation.election
    return {
        "layout": 1,
        "number": f"B-{accreditation.number:06d}",
        "name": {"latin": f"SURNAME {accreditation.number}", "local": ""},
        "organization": {"code": mission.code, "name": mission.name},
        "mission": mission.code,
        "role": accreditation.application.nomination.role,
        "category": accreditation.category,
        "accreditation_number": f"{accreditation.number:05d}",
        "election": {"code": election.code, "name": election.name, "e_day": election.e_day.isoformat()},
        "valid": {"from": "2024-01-18", "until": "2024-02-09"},
        "areas": [],
        "languages": ["az", "en"],
        "photo_sha256": "",
    }


def add_letter(accreditation: Accreditation, *, by: User, at: dt.datetime) -> Letter:
    """An accreditation letter of an earlier year, so that those of a test begin with number 1."""
    return Letter.objects.create(
        election=accreditation.election,
        kind=LetterKind.ACCREDITATION,
        year=2023,
        sequence=accreditation.number,
        mission=accreditation.application.nomination.mission,
        accreditation=accreditation,
        languages="az,en",
        effect=f"earlier letter {accreditation.number}",
        layout=1,
        content={},
        sha256=f"{accreditation.number:064d}",
        issued_at=at,
        issued_by=by,
    )
