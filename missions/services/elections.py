"""Setting up an election: the vote, the law that applies, and the central commission."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from missions.errors import (
    ElectionExistsError,
    ElectionInvalidError,
    ResultsNotPublishableError,
    ResultsPublishedError,
)
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import MissingError, Violation
from missions.kernel.events import record_event
from missions.law.calendar import local_instant
from missions.law.profile import profile_codes
from missions.models import Commission, Election, User
from missions.states import CommissionLevel

#: Rung when the results are published: what ends with them ends now, and not at the next turn of the jobs.
RESULTS_BELL = "accreditation.expire_due"


@dataclass(frozen=True, slots=True)
class ElectionFacts:
    """What the decree and the law say. An empty `profile_code`: the rules are not chosen yet."""

    code: str
    name: str
    host_country: str
    e_day: date
    called_on: date
    time_zone: str
    opens_at: time
    closes_at: time
    profile_code: str = ""


def call_election(
    *, facts: ElectionFacts, commission_code: str, commission_name: str, by: User | None, at: datetime
) -> Election:
    """Create the election with its central commission. Records `election_called`.

    Raises ElectionInvalidError naming each wrong fact, ElectionExistsError if the code is taken.
    """
    violations = _violations(facts)
    if violations:
        raise ElectionInvalidError(violations=violations)
    try:
        with transaction.atomic():
            election = Election.objects.create(
                code=facts.code,
                name=facts.name,
                host_country=facts.host_country,
                e_day=facts.e_day,
                called_on=facts.called_on,
                time_zone=facts.time_zone,
                opens_at=facts.opens_at,
                closes_at=facts.closes_at,
                profile_code=facts.profile_code,
            )
            Commission.objects.create(
                election=election, level=CommissionLevel.CENTRAL, code=commission_code, name=commission_name
            )
            record_event("election_called", election, by=by, at=at)
    except IntegrityError as error:
        raise ElectionExistsError(_("The code “%s” is taken.") % facts.code) from error
    return election


def publish_results(*, election: Election, published_at: datetime, by: User, at: datetime) -> Election:
    """Put on record when the results were officially published; accreditations may end with it, as the law says.

    Records `results_published`. Raises ResultsNotPublishableError for an instant before the polls have closed or
    after `at`, ResultsPublishedError if it is on record already, MissingError.
    """
    with transaction.atomic():
        locked = Election.objects.select_for_update(no_key=True).filter(pk=election.pk).first()
        if locked is None:
            raise MissingError
        if locked.results_published_at is not None:
            raise ResultsPublishedError
        if not local_instant(locked.e_day, locked.closes_at, locked.time_zone) <= published_at <= at:
            raise ResultsNotPublishableError
        locked.results_published_at = published_at
        locked.save(update_fields=["results_published_at"])
        record_event("results_published", locked, by=by, at=at, changed=["results_published_at"])
        ring_after_commit(RESULTS_BELL)
    return locked


def _violations(facts: ElectionFacts) -> list[Violation]:
    checks = (
        (facts.time_zone in available_timezones(), "time_zone", "zone-unknown", _("There is no such time zone.")),
        (
            facts.opens_at < facts.closes_at,
            "closes_at",
            "hours-reversed",
            _("The polls must close after they open."),
        ),
        (
            facts.called_on <= facts.e_day,
            "called_on",
            "called-after-election",
            _("An election is called before it takes place."),
        ),
        (
            not facts.profile_code or facts.profile_code in profile_codes(),
            "profile_code",
            "profile-unknown",
            _("There is no such rule profile."),
        ),
    )
    return [Violation(field, code, sentence) for holds, field, code, sentence in checks if not holds]
