"""Pure rules of the accreditation desk: facts and the rule profile in, judgements out. Unknown law blocks nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from accreditation.states import AccreditationState, ApplicationState
from missions.kernel.errors import Violation
from missions.law.calendar import deadline_instant, decide_by, is_in_time
from missions.law.profile import ProfileError, load_profile
from missions.law.rules import DocumentOwner, GroundUse, RuleProfile, Unknown, ValidityEvent

#: Findings of this family say that the desk asked for a document; vetting neither writes nor removes them.
ASKED = "asked_"
#: While an application is in one of these, papers may be added to it.
TAKES_PAPERS = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.INCOMPLETE,
    ApplicationState.INADMISSIBLE_LATE,
    ApplicationState.UNDER_REVIEW,
    ApplicationState.APPEALED,
)
#: Nobody has judged the person yet, so the mission may still correct what it wrote.
NOT_YET_JUDGED = (
    ApplicationState.DRAFT,
    ApplicationState.SUBMITTED,
    ApplicationState.INCOMPLETE,
    ApplicationState.WITHDRAWN,
)
#: The mission takes its card back, or swaps the person, and may nominate somebody else instead.
FREES_PLACE = (AccreditationState.RETURNED, AccreditationState.REPLACED)


@dataclass(frozen=True, slots=True)
class Filing:
    """How the law sees a submission: the deadline (None where no rule is known) and whether it was kept."""

    deadline_at: datetime | None
    in_time: bool


def known_profile(code: str) -> RuleProfile | None:
    """The rule profile with this code; None where none is chosen or the chosen one does not exist."""
    try:
        return load_profile(code)
    except ProfileError:
        return None


def required_documents(profile: RuleProfile | None, category: str) -> frozenset[str]:
    """The codes of the documents that law or custom asks of each person; none where no rule is known."""
    if profile is None or not knows(profile, category):
        return frozenset()
    required = profile.required_documents(category)
    if isinstance(required, Unknown):
        return frozenset()
    return frozenset(document.code for document in required if document.owner is DocumentOwner.PERSON)


def judge_filing(profile: RuleProfile | None, category: str, *, e_day: date, submitted_at: datetime) -> Filing:
    """The deadline of the category and whether the instant keeps it; an unknown deadline is always kept."""
    if profile is None or not knows(profile, category):
        return Filing(None, in_time=True)
    deadline = profile.application_deadline(category)
    if isinstance(deadline, Unknown):
        return Filing(None, in_time=True)
    return Filing(
        deadline_at=deadline_instant(deadline, e_day=e_day),
        in_time=is_in_time(deadline, e_day=e_day, submitted_at=submitted_at),
    )


def decision_due(profile: RuleProfile | None, category: str, *, complete_since: datetime) -> datetime | None:
    """The instant before which a complete application must be decided; None where no rule is known."""
    if profile is None or not knows(profile, category):
        return None
    due = decide_by(profile, category, complete_since)
    return None if isinstance(due, Unknown) else due


def decides_without_session(profile: RuleProfile | None, category: str) -> bool:
    """Whether the law is known to let the category be decided outside a session."""
    return profile is not None and knows(profile, category) and profile.category(category).by_session is False


def refusal_violations(profile: RuleProfile, *, ground: str, text: str) -> list[Violation]:
    """What a refusal lacks: a ground of the profile's list, and its reasons in words."""
    violations = []
    allowed = [row.code for row in profile.grounds_for(GroundUse.REFUSAL)]
    if ground not in allowed:
        detail = _("Choose one of the grounds of the law: %(grounds)s.") % {"grounds": ", ".join(allowed)}
        violations.append(Violation("ground", "unknown-ground", detail))
    if not text.strip():
        violations.append(Violation("text", "text-missing", _("Give the reasons in words.")))
    return violations


def has_ended(profile: RuleProfile | None, *, results_published_at: datetime | None, at: datetime) -> bool:
    """Whether the event with which accreditations expire has happened; where the event is unknown, people judge."""
    if profile is None or isinstance(profile.validity, Unknown):
        return True
    match profile.validity.ends_with:
        case ValidityEvent.RESULTS_PUBLISHED:
            return results_published_at is not None and results_published_at <= at


def open_findings_violations(findings: Iterable[tuple[str, str]]) -> list[Violation]:
    """One violation per open blocking finding, given as code and sentence."""
    return [Violation("findings", code, sentence) for code, sentence in findings]


def knows(profile: RuleProfile, category: str) -> bool:
    """Whether the profile has rules for the category at all."""
    return any(row.code == category for row in profile.categories)
