"""The law of an election, as far as it is known."""

from accreditation.errors import ElectionWithoutProfileError
from missions.law.profile import ProfileError, RuleProfile, load_profile
from missions.models import Election


def profile_of(election: Election) -> RuleProfile | None:
    """The rule profile of the election; None where none is chosen or the chosen one does not exist."""
    try:
        return load_profile(election.profile_code)
    except ProfileError:
        return None


def required_profile_of(election: Election) -> RuleProfile:
    """The rule profile of the election. Raises ElectionWithoutProfileError where there is none."""
    profile = profile_of(election)
    if profile is None:
        raise ElectionWithoutProfileError
    return profile
