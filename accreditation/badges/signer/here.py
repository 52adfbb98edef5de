"""The door to a signer in this very process: one machine by itself, demonstrations and tests."""

from datetime import datetime

from django.conf import settings

from accreditation.badges.errors import NoSigningKeyError
from accreditation.badges.models import Badge
from accreditation.badges.services.trust import set_up_test_trust
from accreditation.badges.signer.answering import answer
from accreditation.badges.signer.protocol import Reply, Request, SignBadges
from missions.models import Election


def ask(request: Request, *, at: datetime) -> Reply:
    """The signer's reply. Outside production an election without a usable key gets a test key first.

    Raises NoSigningKeyError, TestTrustRefusedError, MissingError.
    """
    try:
        return answer(request, at=at)
    except NoSigningKeyError:
        if settings.BADGE_ENVIRONMENT == "production":
            raise
    for election in _elections_of(request):
        set_up_test_trust(election=election, at=at)
    return answer(request, at=at)


def _elections_of(request: Request) -> list[Election]:
    if isinstance(request, SignBadges):
        badges = Badge.objects.filter(pk__in=request.badge_ids).order_by()
        return list(Election.objects.filter(pk__in=badges.values("election")).order_by("pk"))
    return list(Election.objects.filter(pk=request.election_id))
