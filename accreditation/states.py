"""States and closed lists of the accreditation desk, each state enum beside its table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class ApplicationState(TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    INCOMPLETE = "incomplete", _("incomplete")
    INADMISSIBLE_LATE = "inadmissible_late", _("inadmissible: late")
    UNDER_REVIEW = "under_review", _("under review")
    RECOMMENDED = "recommended", _("recommended")
    SCHEDULED = "scheduled", _("scheduled")
    ACCREDITED = "accredited", _("accredited")
    REFUSED = "refused", _("refused")
    APPEALED = "appealed", _("appealed")
    REFUSED_FINAL = "refused_final", _("refused finally")
    WITHDRAWN = "withdrawn", _("withdrawn")


_A = ApplicationState
APPLICATION_TRANSITIONS: Transitions[ApplicationState] = {
    _A.DRAFT: frozenset({_A.SUBMITTED, _A.WITHDRAWN}),
    _A.SUBMITTED: frozenset({_A.INCOMPLETE, _A.UNDER_REVIEW, _A.INADMISSIBLE_LATE, _A.WITHDRAWN}),
    _A.INCOMPLETE: frozenset({_A.SUBMITTED, _A.WITHDRAWN}),
    _A.INADMISSIBLE_LATE: frozenset({_A.UNDER_REVIEW}),
    _A.UNDER_REVIEW: frozenset({_A.INCOMPLETE, _A.RECOMMENDED, _A.WITHDRAWN}),
    _A.RECOMMENDED: frozenset({_A.SCHEDULED, _A.UNDER_REVIEW, _A.WITHDRAWN, _A.ACCREDITED, _A.REFUSED}),
    _A.SCHEDULED: frozenset({_A.ACCREDITED, _A.REFUSED, _A.UNDER_REVIEW, _A.WITHDRAWN}),
    _A.ACCREDITED: frozenset(),
    _A.REFUSED: frozenset({_A.APPEALED}),
    _A.APPEALED: frozenset({_A.UNDER_REVIEW, _A.ACCREDITED, _A.REFUSED_FINAL}),
    _A.REFUSED_FINAL: frozenset(),
    _A.WITHDRAWN: frozenset(),
}

#: An application in one of these is over; a new one for the same observer may be made.
CLOSED_APPLICATION_STATES = (_A.REFUSED_FINAL, _A.WITHDRAWN)
#: Nothing has been decided yet, neither by the commission nor by the mission.
UNDECIDED_STATES = (
    _A.DRAFT,
    _A.SUBMITTED,
    _A.INCOMPLETE,
    _A.INADMISSIBLE_LATE,
    _A.UNDER_REVIEW,
    _A.RECOMMENDED,
    _A.SCHEDULED,
)
#: What the desk has to act upon.
QUEUE_STATES = (_A.SUBMITTED, _A.UNDER_REVIEW, _A.RECOMMENDED, _A.SCHEDULED)


class AccreditationState(TextChoices):
    ACTIVE = "active", _("active")
    SUSPENDED = "suspended", _("suspended")
    REVOKED = "revoked", _("revoked")
    RETURNED = "returned", _("returned")
    REPLACED = "replaced", _("replaced")
    EXPIRED = "expired", _("expired")


_C = AccreditationState
ACCREDITATION_TRANSITIONS: Transitions[AccreditationState] = {
    _C.ACTIVE: frozenset({_C.SUSPENDED, _C.REVOKED, _C.RETURNED, _C.REPLACED, _C.EXPIRED}),
    _C.SUSPENDED: frozenset({_C.ACTIVE, _C.REVOKED, _C.RETURNED, _C.EXPIRED}),
    _C.REVOKED: frozenset({_C.ACTIVE}),
    _C.RETURNED: frozenset(),
    _C.REPLACED: frozenset(),
    _C.EXPIRED: frozenset(),
}
LIVE_ACCREDITATION_STATES = (_C.ACTIVE, _C.SUSPENDED)


class Category(TextChoices):
    INTERNATIONAL_OBSERVER = "international_observer", _("international observer")
    DOMESTIC_OBSERVER = "domestic_observer", _("domestic observer")
    FOREIGN_MEDIA = "foreign_media", _("foreign media")
    EXIT_POLLSTER = "exit_pollster", _("exit pollster")
    INTERPRETER = "interpreter", _("interpreter")
    SUPPORT_STAFF = "support_staff", _("support staff")


class Role(TextChoices):
    HEAD_OF_MISSION = "head_of_mission", _("head of mission")
    CORE_TEAM_MEMBER = "core_team_member", _("core team member")
    LTO = "lto", _("long-term observer")
    STO = "sto", _("short-term observer")
    SUPPORT_STAFF = "support_staff", _("support staff")
    INTERPRETER = "interpreter", _("interpreter")
    CITIZEN_OBSERVER = "citizen_observer", _("citizen observer")
    JOURNALIST = "journalist", _("journalist")
    POLLSTER = "pollster", _("pollster")


#: Only these are sent to stations.
DEPLOYED_ROLES = (Role.LTO, Role.STO)


class Sex(TextChoices):
    FEMALE = "f", _("female")
    MALE = "m", _("male")
    UNSPECIFIED = "x", _("unspecified")


class DatePrecision(TextChoices):
    """What of a date of birth is known; passports leave out the day, or the month too."""

    DAY = "day", _("day")
    MONTH = "month", _("month")
    YEAR = "year", _("year")


class Initiative(TextChoices):
    """On whose initiative a citizen observes."""

    SELF = "self", _("own initiative")
    NGO = "ngo", _("non-governmental organization")
    PARTY = "party", _("party")
    CANDIDATE = "candidate", _("candidate")


class VisaState(TextChoices):
    NOT_NEEDED = "not_needed", _("not needed")
    TO_APPLY = "to_apply", _("to be applied for")
    REQUESTED = "requested", _("requested")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")
    ON_ARRIVAL = "on_arrival", _("on arrival")


class ListKind(TextChoices):
    """A status that does not go together with observing."""

    CANDIDATE = "candidate", _("candidate")
    CONTESTANT_AGENT = "contestant_agent", _("agent of a contestant")
    COMMISSION_MEMBER = "commission_member", _("member of a commission")
    ELECTION_OFFICIAL = "election_official", _("election official")
    EXIT_POLLSTER = "exit_pollster", _("exit pollster")
    JOURNALIST = "journalist", _("journalist")


class AgendaOutcome(TextChoices):
    """What a session made of one item of its agenda."""

    ACCREDITED = "accredited", _("accredited")
    REFUSED = "refused", _("refused")
    DEFERRED = "deferred", _("deferred")


class Outcome(TextChoices):
    ACCREDITED = "accredited", _("accredited")
    REFUSED = "refused", _("refused")


class DocumentKind(TextChoices):
    FORM = "form", _("application form")
    PHOTO = "photo", _("photo")
    PASSPORT_COPY = "passport_copy", _("passport copy")
    PLEDGE = "pledge", _("signed pledge")
    CONFLICT_STATEMENT = "conflict_statement", _("conflict-of-interest statement")


#: Papers that a person signs; the day of the signature is kept.
SIGNED_DOCUMENTS = (DocumentKind.PLEDGE, DocumentKind.CONFLICT_STATEMENT)


class Severity(TextChoices):
    BLOCK = "block", _("blocks")
    WARN = "warn", _("warning")
    INFO = "info", _("note")
