"""Pure rules of the accreditation desk: facts and the rule profile in, judgements out. Unknown law blocks nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accreditation.states import AccreditationState, ApplicationState
from missions.kernel.errors import Violation
from missions.law.calendar import (
    add_months,
    appeal_until,
    deadline_instant,
    decide_by,
    is_in_time,
    local_instant,
    ruling_due,
)
from missions.law.profile import ProfileError, load_profile
from missions.law.rules import DocumentOwner, GroundUse, RuleProfile, Scope, Unknown, ValidityEvent

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


@dataclass(frozen=True, slots=True)
class KnownClocks:
    """The legal deadline of an application as it is now, and which of its times the law gives at all."""

    deadline_at: datetime | None
    deadline_known: bool
    decision_known: bool
    appeal_known: bool


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


def judge_filing(
    profile: RuleProfile | None,
    category: str,
    *,
    e_day: date,
    submitted_at: datetime,
    scope: Scope = Scope.COUNTRY,
) -> Filing:
    """The deadline of category and scope, and whether the instant keeps it; an unknown deadline is always kept."""
    if profile is None or not has_scope(profile, category, scope):
        return Filing(None, in_time=True)
    deadline = profile.application_deadline(category, scope)
    if isinstance(deadline, Unknown):
        return Filing(None, in_time=True)
    return Filing(
        deadline_at=deadline_instant(deadline, e_day=e_day),
        in_time=is_in_time(deadline, e_day=e_day, submitted_at=submitted_at),
    )


def known_clocks(profile: RuleProfile | None, category: str, *, e_day: date, scope: Scope) -> KnownClocks:
    """Which of the legal times of an application are known, and the deadline."""
    knows_appeal = profile is not None and not isinstance(profile.appeal, Unknown)
    if profile is None or not knows(profile, category):
        return KnownClocks(None, deadline_known=False, decision_known=False, appeal_known=knows_appeal)
    row = profile.category(category)
    deadline = profile.application_deadline(category, scope) if has_scope(profile, category, scope) else Unknown("")
    return KnownClocks(
        deadline_at=None if isinstance(deadline, Unknown) else deadline_instant(deadline, e_day=e_day),
        deadline_known=not isinstance(deadline, Unknown),
        decision_known=not isinstance(row.decision_days, Unknown) or row.decision_latest_offset is not None,
        appeal_known=knows_appeal,
    )


def decision_due(
    profile: RuleProfile | None, category: str, *, complete_since: datetime, e_day: date
) -> datetime | None:
    """The instant before which a complete application must be decided; None where no rule is known."""
    if profile is None or not knows(profile, category):
        return None
    return _known(decide_by(profile, category, complete_since, e_day=e_day))


def appeal_deadline(profile: RuleProfile | None, *, refused_at: datetime) -> datetime | None:
    """The instant before which a refusal must be appealed; None where no rule is known."""
    return None if profile is None else _known(appeal_until(profile, refused_at))


def ruling_deadline(profile: RuleProfile | None, *, appealed_at: datetime) -> datetime | None:
    """The instant before which an appeal must be judged; None where no rule is known."""
    return None if profile is None else _known(ruling_due(profile, appealed_at))


def decides_without_session(profile: RuleProfile | None, category: str) -> bool:
    """Whether the law is known to let the category be decided outside a session."""
    return profile is not None and knows(profile, category) and profile.category(category).by_session is False


def decides_by_vote(profile: RuleProfile | None, category: str) -> bool:
    """Whether the law is known to have the commission vote on the category in session."""
    return profile is not None and knows(profile, category) and profile.category(category).by_session is True


def exclusive_key(profile: RuleProfile | None, category: str, *, sender_id: int | None, precinct_code: str) -> str:
    """What only one live application may hold: sender and precinct, where the law allows one person of a sender there.

    Empty where it allows more, where that is not known, and for people who are bound to no precinct.
    """
    if profile is None or not knows(profile, category) or sender_id is None or not precinct_code:
        return ""
    rule = profile.category(category).one_per_commission
    return "" if isinstance(rule, Unknown) or not rule.holds else f"{sender_id}:{precinct_code}"


def refusal_violations(profile: RuleProfile, *, ground: str, text: str) -> list[Violation]:
    """What a refusal lacks: a ground of the profile's list, and its reasons in words."""
    return _ground_violations(profile, GroundUse.REFUSAL, ground=ground, text=text)


def revocation_violations(profile: RuleProfile | None, *, ground: str, text: str) -> list[Violation]:
    """What a revocation lacks: a ground of the profile's list where it has one, and always its reasons in words."""
    if profile is None or not profile.grounds_for(GroundUse.REVOCATION):
        return _text_violations(text)
    return _ground_violations(profile, GroundUse.REVOCATION, ground=ground, text=text)


def has_ended(
    profile: RuleProfile | None,
    category: str,
    *,
    valid_from: datetime,
    results_published_at: datetime | None,
    at: datetime,
) -> bool:
    """Whether what ends accreditations of the category has come: the months of its term, or an event.

    Where that is not known, people judge; so they do of an event that this product does not record.
    """
    if profile is None:
        return True
    months = profile.category(category).valid_months if knows(profile, category) else None
    if months is not None:
        last_day = add_months(valid_from.astimezone(ZoneInfo(profile.zone)).date(), months)
        return local_instant(last_day, time(0), profile.zone) <= at
    if isinstance(profile.validity, Unknown):
        return True
    match profile.validity.ends_with:
        case ValidityEvent.RESULTS_PUBLISHED:
            return results_published_at is not None and results_published_at <= at
        case ValidityEvent.RESULTS_CONFIRMED:
            return True


def ended_if_given_before(
    profile: RuleProfile | None, category: str, *, results_published_at: datetime | None, at: datetime
) -> datetime | None:
    """Accreditations of the category that are valid from before this instant have ended by `at`; None: none has.

    The same rule as `has_ended`, for many rows at once. Where the law is not known, or names an event that this
    product does not record, nothing ends by itself.
    """
    if profile is None:
        return None
    months = profile.category(category).valid_months if knows(profile, category) else None
    if months is not None:
        today = at.astimezone(ZoneInfo(profile.zone)).date()
        first = add_months(today, -months) + timedelta(days=4)  # months differ by three days at most
        while add_months(first, months) > today:
            first -= timedelta(days=1)
        return local_instant(first + timedelta(days=1), time(0), profile.zone)
    if isinstance(profile.validity, Unknown) or profile.validity.ends_with is not ValidityEvent.RESULTS_PUBLISHED:
        return None
    return at + timedelta(days=1) if results_published_at is not None and results_published_at <= at else None


def open_findings_violations(findings: Iterable[tuple[str, str]]) -> list[Violation]:
    """One violation per open blocking finding, given as code and sentence."""
    return [Violation("findings", code, sentence) for code, sentence in findings]


def knows(profile: RuleProfile, category: str) -> bool:
    """Whether the profile has rules for the category at all."""
    return any(row.code == category for row in profile.categories)


def has_scope(profile: RuleProfile, category: str, scope: Scope) -> bool:
    """Whether the profile has rules for the category in this scope."""
    return knows(profile, category) and any(row.scope is scope for row in profile.category(category).scopes)


def _known(instant: datetime | Unknown) -> datetime | None:
    return None if isinstance(instant, Unknown) else instant


def _ground_violations(profile: RuleProfile, use: GroundUse, *, ground: str, text: str) -> list[Violation]:
    violations = []
    allowed = {row.code: row.title.text(get_language() or "en") for row in profile.grounds_for(use)}
    if ground not in allowed:
        detail = _("Choose one of the grounds of the law: %(grounds)s.") % {"grounds": "; ".join(allowed.values())}
        violations.append(Violation("ground", "unknown-ground", detail))
    return violations + _text_violations(text)


def _text_violations(text: str) -> list[Violation]:
    return [] if text.strip() else [Violation("text", "text-missing", _("Give the reasons in words."))]
