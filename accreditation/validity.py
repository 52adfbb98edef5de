"""Whether an accreditation is valid at an instant: asked when it is read, whether or not a job has ended it by then."""

from datetime import datetime

from django.db.models import Q, QuerySet

from accreditation import rules
from accreditation.models import Accreditation
from accreditation.states import AccreditationState, Category
from missions.models import Election


def valid_accreditations(election: Election, *, at: datetime) -> QuerySet[Accreditation]:
    """The accreditations of the election that are valid at the instant: active, begun, and not ended by law."""
    profile = rules.known_profile(election.profile_code)
    ended = Q(pk=None)
    for category in Category:
        before = rules.ended_if_given_before(
            profile, category, results_published_at=election.results_published_at, at=at
        )
        if before is not None:
            ended |= Q(category=category, valid_from__lt=before)
    active = Accreditation.objects.filter(election=election, state=AccreditationState.ACTIVE, valid_from__lte=at)
    return active.exclude(ended)


def is_valid(accreditation: Accreditation, *, at: datetime) -> bool:
    """The same of this one, as its row was read. No query."""
    election = accreditation.election
    before = rules.ended_if_given_before(
        rules.known_profile(election.profile_code),
        accreditation.category,
        results_published_at=election.results_published_at,
        at=at,
    )
    has_begun = accreditation.state == AccreditationState.ACTIVE and accreditation.valid_from <= at
    return has_begun and (before is None or accreditation.valid_from >= before)
