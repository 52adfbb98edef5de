"""The law of an election, as far as it is known."""

from accreditation.errors import ElectionWithoutProfileError
from accreditation.rules import known_profile
from missions.law.profile import RuleProfile
from missions.models import Election


def profile_of(election: Election) -> RuleProfile | None:
    """The rule profile of the election; None where none is chosen or the chosen one does not exist."""
    return known_profile(election.profile_code)


def required_profile_of(election: Election) -> RuleProfile:
    """The rule profile of the election. Raises ElectionWithoutProfileError where there is none."""
    profile = profile_of(election)
    if profile is None:
        raise ElectionWithoutProfileError
    return profile
