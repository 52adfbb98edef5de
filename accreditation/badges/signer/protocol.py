"""What is said to the signer and by it: one JSON object in a line, with ids of rows, never bytes to sign."""

import json
from dataclasses import asdict, dataclass

#: Badges in one request, and bytes in one line; above them nothing is read.
MAX_IDS = 500
MAX_LINE = 64 * 1024
_MAX_KEY = 2**63 - 1


class ProtocolError(Exception):
    """The line is no request, or no reply; the message says why, without repeating the line."""


@dataclass(frozen=True, slots=True)
class SignBadges:
    """Sign these badges, if they are intended and their people are accredited."""

    badge_ids: tuple[int, ...]
    by_id: int | None = None


@dataclass(frozen=True, slots=True)
class SignList:
    """Sign the list of revoked badges of this election, if it is due."""

    election_id: int


Request = SignBadges | SignList


@dataclass(frozen=True, slots=True)
class SigningResult:
    """What became of one badge: signed if `code` is empty, else the stable code and a sentence."""

    badge_id: int
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """The results of `SignBadges`, or the number that `SignList` led to."""

    results: tuple[SigningResult, ...] = ()
    number: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """The request as a whole was not carried out: the stable code and a sentence."""

    code: str
    detail: str


def request_line(request: Request) -> bytes:
    """The request as one line."""
    match request:
        case SignBadges():
            return _line({"do": "badges", "ids": list(request.badge_ids), "by": request.by_id})
        case SignList():
            return _line({"do": "list", "election": request.election_id})


def read_request(line: bytes) -> Request:
    """The request of a line. Raises ProtocolError for anything else."""
    match _object(line):
        case {"do": "badges", "ids": list() as ids, "by": by, **rest} if not rest:
            if not 0 < len(ids) <= MAX_IDS:
                raise ProtocolError(f"between 1 and {MAX_IDS} ids")
            return SignBadges(tuple(_key(one) for one in ids), None if by is None else _key(by))
        case {"do": "list", "election": election, **rest} if not rest:
            return SignList(_key(election))
        case _:
            raise ProtocolError("not a request")


def reply_line(reply: Reply | Refusal) -> bytes:
    """The reply as one line."""
    match reply:
        case Refusal():
            return _line({"refused": reply.code, "detail": reply.detail})
        case Reply():
            return _line({"results": [asdict(result) for result in reply.results], "number": reply.number})


def read_reply(line: bytes) -> Reply | Refusal:
    """The reply of a line. Raises ProtocolError for anything else."""
    match _object(line):
        case {"refused": str(code), "detail": str(detail)}:
            return Refusal(code, detail)
        case {"results": list() as results, "number": int(number)}:
            return Reply(tuple(_result(one) for one in results), number)
        case _:
            raise ProtocolError("not a reply")


def _result(told: object) -> SigningResult:
    match told:
        case {"badge_id": int(badge_id), "code": str(code), "detail": str(detail)}:
            return SigningResult(badge_id, code, detail)
        case _:
            raise ProtocolError("not a result")


def _key(told: object) -> int:
    if isinstance(told, bool) or not isinstance(told, int) or not 0 < told <= _MAX_KEY:
        raise ProtocolError("not the id of a row")
    return told


def _object(line: bytes) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("not JSON") from error


def _line(told: dict[str, object]) -> bytes:
    return json.dumps(told, ensure_ascii=True).encode() + b"\n"
