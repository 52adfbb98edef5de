"""Pure rules of invitations and places. Unknown law forbids nothing."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.law.profile import ProfileError, Unknown, load_profile
from missions.states import Inviter


def inviters_under(profile_code: str) -> tuple[Inviter, ...]:
    """The authorities that may invite under a rule profile; all that there are where no rule is known."""
    try:
        inviters = load_profile(profile_code).inviters
    except ProfileError:
        return tuple(Inviter)
    return tuple(Inviter) if isinstance(inviters, Unknown) else tuple(Inviter(row.code) for row in inviters)


def granted_places(ceilings: Iterable[int | None]) -> int | None:
    """The places that accepted invitations grant together: none without one, no ceiling as soon as one sets none."""
    total = 0
    for ceiling in ceilings:
        if ceiling is None:
            return None
        total += ceiling
    return total


def date_violations(*, noted_on: date, reply_by: date | None, replied_on: date | None) -> list[Violation]:
    """What is wrong with the days of a note and its reply: nobody replies before the note."""
    days = (
        ("reply_by", "reply-by-before-note", reply_by, _("The last day for the reply is before the note.")),
        ("replied_on", "reply-before-note", replied_on, _("The reply is dated before the note.")),
    )
    return [Violation(name, code, sentence) for name, code, day, sentence in days if day is not None and day < noted_on]
