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
LIVE_APPLICATION_STATES = tuple(state for state in _A if state not in CLOSED_APPLICATION_STATES)
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


class Role(TextChoices):
    HEAD_OF_MISSION = "head_of_mission", _("head of mission")
    CORE_TEAM_MEMBER = "core_team_member", _("core team member")
    LTO = "lto", _("long-term observer")
    STO = "sto", _("short-term observer")
    SUPPORT_STAFF = "support_staff", _("support staff")


#: Only these are sent to stations.
DEPLOYED_ROLES = (Role.LTO, Role.STO)


class Sex(TextChoices):
    FEMALE = "f", _("female")
    MALE = "m", _("male")
    UNSPECIFIED = "x", _("unspecified")


class Outcome(TextChoices):
    ACCREDITED = "accredited", _("accredited")
    REFUSED = "refused", _("refused")


class DocumentKind(TextChoices):
    FORM = "form", _("application form")
    PHOTO = "photo", _("photo")
    PASSPORT_COPY = "passport_copy", _("passport copy")
    PLEDGE = "pledge", _("signed pledge")


class Severity(TextChoices):
    BLOCK = "block", _("blocks")
    WARN = "warn", _("warning")
    INFO = "info", _("note")
