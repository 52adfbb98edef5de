"""Why a code or a list is refused, and what a good one amounts to: the reasons of docs/badge-code.md, in one place."""

from enum import StrEnum


class Reason(StrEnum):
    """The words of the table of verdicts, in its order, and those with which only lists and keys are refused."""

    TOO_LONG = "too_long"
    NOT_A_CODE = "not_a_code"
    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    CLAIMS = "claims"
    OTHER_ELECTION = "other_election"
    UPDATE_KEYS = "update_keys"
    UNKNOWN_KEY = "unknown_key"
    SIGNATURE = "signature"
    OUTSIDE_KEY = "outside_key"
    KEY_WITHDRAWN = "key_withdrawn"
    WITHDRAWN = "withdrawn"
    LOST = "lost"
    REPLACED = "replaced"
    VOID = "void"
    CLOCK_BEHIND = "clock_behind"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    PHOTO_DIFFERS = "photo_differs"
    WRONG_PLACE = "wrong_place"
    NO_PHOTO = "no_photo"
    COMPARE_PHOTO = "compare_photo"
    VALID = "valid"

    OLD_NUMBER = "old_number"
    NOT_A_KEY = "not_a_key"


class CodeError(ValueError):
    """A text, a message, a list or a key is not what it should be. `reason` is for programs, the rest for people.

    It never quotes what it refuses: a refused code may hold anything.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = reason
        super().__init__(detail or reason.value)
