"""Badges anywhere on their way, as rows: for tests of what may follow."""

import datetime as dt
from typing import Any

from accreditation.badges.composing import surroundings_of
from accreditation.badges.content import content_json
from accreditation.badges.models import Badge
from accreditation.badges.states import DEAD_BADGE_STATES, BadgeState, CollectionProof, VoidReason
from accreditation.models import Accreditation
from missions.models import User

_S = BadgeState
_AFTER_SIGNATURE = (_S.SIGNED, _S.PRINTED, _S.HANDED_OVER, _S.RETURNED, _S.LOST)
_AFTER_PRINT = (_S.PRINTED, _S.HANDED_OVER, _S.RETURNED, _S.LOST)
_AFTER_HAND_OVER = (_S.HANDED_OVER, _S.RETURNED, _S.LOST)


def badge_in(state: BadgeState, accreditation: Accreditation, *, by: User, at: dt.datetime, number: int = 1) -> Badge:
    """A badge of the accreditation that has come as far as the state, or (void) was never signed; its card is true."""
    values: dict[str, Any] = {}
    until = at + dt.timedelta(days=20)
    around = surroundings_of([accreditation], election=accreditation.election)
    content = around.content(accreditation, number=f"B-{number:06d}", valid_from=at.date(), valid_until=until.date())
    if state in _AFTER_SIGNATURE:
        values |= {"token": number.to_bytes(4), "key_id": "aa" * 8, "signed_at": at}
    if state in _AFTER_PRINT:
        values |= {"printed_at": at, "printed_by": by}
    if state in _AFTER_HAND_OVER:
        values |= {
            "handed_over_at": at,
            "handed_over_by": by,
            "collected_by": "Somebody",
            "collection_proof": CollectionProof.SIGNATURE,
        }
    if state in DEAD_BADGE_STATES:
        values |= {"ended_at": at, "void_reason": VoidReason.SPOILED if state is _S.VOID else ""}
    return Badge.objects.create(
        election=accreditation.election,
        accreditation=accreditation,
        mission=accreditation.application.nomination.mission,
        number=number,
        issue=number,
        code_id=f"{number:016x}",
        state=state,
        content=content_json(content),
        valid_from=at,
        valid_until=until,
        intended_at=at,
        intended_by=by,
        **values,
    )
