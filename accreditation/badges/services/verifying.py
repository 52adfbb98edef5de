"""The server's own verdict on a code: by the keys of the election, and by the database instead of a list.

What is revoked is refused from the next request on, before any list says so. A code that is forged and a code that
nobody ever issued are answered alike. Codes are written nowhere.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from django.conf import settings
from django.db.models import Max

from accreditation.badges.codes import cose
from accreditation.badges.codes.errors import CodeError, Reason
from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.revocations import RevocationReason, RevokedBadges
from accreditation.badges.codes.token import BadgeClaims, read_claims, token_of
from accreditation.badges.codes.verdict import Colour, ListAge, Result, Trust, Verdict, judge
from accreditation.badges.models import Badge, RevocationList
from accreditation.badges.revoked import revocation_reason
from accreditation.badges.services.trust import current_keys
from accreditation.validity import is_valid
from missions.models import Election

_ASKED = (
    "state",
    "void_reason",
    "accreditation__election",
    "accreditation__state",
    "accreditation__category",
    "accreditation__valid_from",
)
#: One answer for all that no key of ours has signed, or that has no row: nobody learns how near a guess came.
_FORGED = Verdict(Result.FORGED, Reason.SIGNATURE, Colour.RED, ListAge.NONE, None)


@dataclass(frozen=True, slots=True)
class ServerVerdict:
    """What a caller is told. `list_number` is that of the newest published list, None where there is none."""

    result: Result
    reason: Reason
    colour: Colour
    checked_at: datetime
    list_number: int | None
    badge: BadgeClaims | None


def verify_code(text: str, *, at: datetime) -> ServerVerdict:
    """The verdict on the text of a code, whatever it is. Without a look at the photo it is never green."""
    election = _election_of(text)
    if election is None:
        verdict, number = _unsigned(text), None
    else:
        verdict, number = _judge(text, election, at), _newest_list(election)
    return ServerVerdict(verdict.result, verdict.reason, verdict.colour, at, number, verdict.badge)


def code_id_of(text: str, *, election: Election, at: datetime) -> str:
    """The code id (hex) that the code proves for this election; empty where it proves none."""
    keys = current_keys(election)
    badge = None if keys is None else judge(text, trust=_trust(keys, {}, at), now=int(at.timestamp())).badge
    return badge.code_id.hex() if badge else ""


def _judge(text: str, election: Election, at: datetime) -> Verdict:
    keys = current_keys(election)
    if keys is None:
        return _FORGED
    now = int(at.timestamp())
    verdict = judge(text, trust=_trust(keys, {}, at), now=now)
    if verdict.badge is None:
        return verdict if verdict.result == Result.INVALID else _FORGED
    rows = Badge.objects.select_related("accreditation").only(*_ASKED).order_by()
    badge = rows.filter(election=election, code_id=verdict.badge.code_id.hex()).first()
    if badge is None:
        return _FORGED
    if badge.accreditation.election_id == election.pk:
        badge.accreditation.election = election
    reason = revocation_reason(badge.state, badge.void_reason, is_accredited=_is_accredited(badge, at))
    if reason is None:
        return verdict
    return judge(text, trust=_trust(keys, {verdict.badge.code_id: reason}, at), now=now)


def _is_accredited(badge: Badge, at: datetime) -> bool:
    """Whether the accreditation counts now, or will when it begins: that a badge is early is told by its own times."""
    return is_valid(badge.accreditation, at=max(at, badge.accreditation.valid_from))


def _trust(keys: KeyList, entries: dict[bytes, RevocationReason], at: datetime) -> Trust:
    """The keys of the election, and a list made this second of what the database says of this one badge."""
    now = int(at.timestamp())
    listed = RevokedBadges(keys.election, number=1, issued=now, next_update=now, entries=entries)
    return Trust(keys, listed, settings.BADGE_ENVIRONMENT)


def _election_of(text: str) -> Election | None:
    """The election that the code says it is of; nothing of it is believed yet."""
    try:
        code = read_claims(cose.open_message(token_of(text)).payload).election
    except CodeError:
        return None
    return Election.objects.filter(code=code).first()


def _unsigned(text: str) -> Verdict:
    """What is no badge at all is called so; a badge of an election that is not here is as good as forged."""
    nothing = KeyList(election="", number=1, issued=0, keys=())
    verdict = judge(text, trust=Trust(nothing, None, settings.BADGE_ENVIRONMENT), now=0)
    return replace(_FORGED, result=verdict.result, reason=verdict.reason) if _is_no_badge(verdict) else _FORGED


def _is_no_badge(verdict: Verdict) -> bool:
    return verdict.result == Result.INVALID


def _newest_list(election: Election) -> int | None:
    number: int | None = RevocationList.objects.filter(election=election).aggregate(newest=Max("number"))["newest"]
    return number
