"""The signer's answer to a request, wherever the signer runs."""

from datetime import datetime
from typing import TypeVar

from accreditation.badges.services.revoking import sign_due_list
from accreditation.badges.services.signing import sign_intended
from accreditation.badges.signer.protocol import Reply, Request, SignBadges, SignList
from missions.kernel.errors import MissingError
from missions.models import Election, User

RowT = TypeVar("RowT")


def answer(request: Request, *, at: datetime) -> Reply:
    """Carry the request out. Raises NoSigningKeyError; MissingError for an election or a person that is not there."""
    match request:
        case SignBadges(badge_ids, by_id):
            by = None if by_id is None else _there(User.objects.filter(pk=by_id).first())
            return Reply(results=sign_intended(badge_ids=badge_ids, by=by, at=at))
        case SignList(election_id):
            election = _there(Election.objects.filter(pk=election_id).first())
            return Reply(number=sign_due_list(election=election, at=at).number)


def _there(row: RowT | None) -> RowT:
    if row is None:
        raise MissingError
    return row
