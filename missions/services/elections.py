"""Setting up an election: the vote, the law that applies, and the central commission."""

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import available_timezones

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from missions.errors import ElectionExistsError, ElectionInvalidError
from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.law.profile import profile_codes
from missions.models import Commission, Election, User
from missions.states import CommissionLevel


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
