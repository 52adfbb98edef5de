"""What a nominated person lacks by the law. Pure: facts and a rule profile in, findings out.

A rule that the profile does not know gives a note at most: it neither blocks nor passes as met. Evidence holds
only facts of this nomination; `accreditation.vetting.sentences` words it for the reader.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accreditation.states import Category, DatePrecision, DocumentKind, Severity
from accreditation.vetting.facts import ApplicantFacts
from accreditation.vetting.sentences import sentence_of
from missions.law.calendar import add_months
from missions.law.rules import Basis, DocumentOwner, RuleProfile, Unknown

#: A document that only practice or this product asks for is missed, but its absence does not block.
_NOT_BINDING = (Basis.PRACTICE, Basis.ASSUMPTION)
#: What an international observer signs before going out, whatever the law of the host asks for.
_SIGNED_BEFORE = (DocumentKind.PLEDGE, DocumentKind.CONFLICT_STATEMENT)

Evidence = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: a stable code (once per assessment), how serious it is, and what it rests on."""

    code: str
    severity: Severity
    evidence: Evidence = ()

    @property
    def sentence(self) -> str:
        """What it says, in the active language."""
        return sentence_of(self.code, dict(self.evidence))


def category_unknown(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks a category that the law does not have; no other rule of law can be asked then."""
    if any(category.code == facts.category for category in profile.categories):
        return ()
    return (Finding("category_not_in_profile", Severity.BLOCK, (("category", facts.category),)),)


def host_citizenship(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks a national of the host, by any nationality, where the profile excludes them from the category."""
    excluded = profile.category(facts.category).host_citizens_excluded
    if excluded is False or profile.host_country not in facts.nationalities:
        return ()
    evidence = (("nationality", profile.host_country),)
    if isinstance(excluded, Unknown):
        return (Finding("host_citizenship_rule_unknown", Severity.INFO, evidence),)
    return (Finding("host_citizenship", Severity.BLOCK, evidence),)


def passport_expiry(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks a passport that has expired or will expire before departure; warns if it expires soon after.

    A passport is valid on the day of its expiry. Where no departure is known, the day of the check counts.
    """
    expires_on = facts.passport_expires_on
    if expires_on < facts.as_of:
        return (Finding("passport_expired", Severity.BLOCK, _days(expires_on=expires_on)),)
    leaves_on = facts.departs_on or facts.as_of
    evidence = _days(expires_on=expires_on, departs_on=facts.departs_on)
    if expires_on < leaves_on:
        return (Finding("passport_expires_before_departure", Severity.BLOCK, evidence),)
    months = profile.vetting.passport_months_after_departure
    if isinstance(months, Unknown) or expires_on >= add_months(leaves_on, months):
        return ()
    return (Finding("passport_expires_soon", Severity.WARN, (*evidence, ("months", str(months)))),)


def passport_issue(facts: ApplicantFacts) -> tuple[Finding, ...]:
    """Blocks a day of issue that contradicts birth or expiry; warns of one that is still to come."""
    issued_on = facts.passport_issued_on
    if issued_on is None:
        return ()
    evidence = _days(issued_on=issued_on)
    if issued_on > facts.passport_expires_on:
        return (Finding("passport_issued_after_expiry", Severity.BLOCK, evidence),)
    if issued_on < facts.birth_date:
        return (Finding("passport_issued_before_birth", Severity.BLOCK, evidence),)
    if issued_on > facts.as_of:
        return (Finding("passport_issued_in_future", Severity.WARN, evidence),)
    return ()


def missing_documents(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks if a document is missing that the law asks of each person; warns if only practice asks for it."""
    if isinstance(profile.required_documents(facts.category), Unknown):
        return (Finding("documents_rule_unknown", Severity.INFO, (("category", facts.category),)),)
    binding = binding_documents(facts.category, facts.documents, profile=profile)
    customary = [code for code in _missing(facts.category, facts.documents, profile) if code not in binding]
    findings = []
    if binding:
        findings.append(Finding("documents_missing", Severity.BLOCK, _codes(binding, profile)))
    if customary:
        findings.append(Finding("usual_documents_missing", Severity.WARN, _codes(customary, profile)))
    return tuple(findings)


def binding_documents(category: str, received: frozenset[str], *, profile: RuleProfile) -> list[str]:
    """Codes of the documents that the law, and not only practice, asks of each person and that are not there."""
    missing = _missing(category, received, profile)
    return [code for code in missing if profile.source(profile.document(code).source).basis not in _NOT_BINDING]


def missing_pledge(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Warns if an international observer has not signed the pledge or the statement on conflicts of interest.

    Where the profile asks for one of them, `missing_documents` speaks of it. Citizens who observe for a party or a
    candidate have an interest, and say so; nobody asks them to deny it.
    """
    if facts.category != Category.INTERNATIONAL_OBSERVER:
        return ()
    required = profile.required_documents(facts.category)
    asked = set() if isinstance(required, Unknown) else {document.code for document in required}
    missing = [kind.value for kind in _SIGNED_BEFORE if kind.value not in facts.documents | asked]
    if not missing:
        return ()
    return (Finding("pledge_missing", Severity.WARN, _codes(missing, profile)),)


def stay(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks a departure before the arrival; warns of an arrival after election day and of a long stay."""
    if facts.arrives_on is None:
        return ()
    both = _days(arrives_on=facts.arrives_on, departs_on=facts.departs_on)
    if facts.departs_on is not None and facts.departs_on < facts.arrives_on:
        return (Finding("departs_before_arrival", Severity.BLOCK, both),)
    findings = []
    if facts.arrives_on > facts.e_day:
        evidence = (*_days(arrives_on=facts.arrives_on), ("e_day", facts.e_day.isoformat()))
        findings.append(Finding("arrives_late", Severity.WARN, evidence))
    limit = profile.vetting.longest_stay_days
    if facts.departs_on is None or isinstance(limit, Unknown):
        return tuple(findings)
    if facts.departs_on - facts.arrives_on > timedelta(days=limit):
        findings.append(Finding("long_stay", Severity.WARN, (*both, ("limit", str(limit)))))
    return tuple(findings)


def age(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks a birth in the future; warns of an age on election day outside the limits of the profile.

    Of a date of birth that is known in part, the day counts that favours the person.
    """
    born = facts.birth_date
    evidence = (("birth_date", born.isoformat()),)
    if born > facts.as_of:
        return (Finding("birth_in_future", Severity.BLOCK, evidence),)
    youngest, oldest = profile.vetting.minimum_age, profile.vetting.maximum_age
    if not isinstance(youngest, Unknown) and _years(born, facts.e_day) < youngest:
        return (Finding("too_young", Severity.WARN, (*evidence, ("limit", str(youngest)))),)
    if not isinstance(oldest, Unknown) and _years(_last_day(born, facts.birth_precision), facts.e_day) > oldest:
        return (Finding("too_old", Severity.WARN, (*evidence, ("limit", str(oldest)))),)
    return ()


def _years(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def _last_day(first: date, precision: DatePrecision) -> date:
    """The last day that a partly known date may mean."""
    if precision is DatePrecision.YEAR:
        return date(first.year, 12, 31)
    if precision is DatePrecision.MONTH:
        return first.replace(day=monthrange(first.year, first.month)[1])
    return first


def _days(**days: date | None) -> Evidence:
    return tuple((name, day.isoformat()) for name, day in days.items() if day is not None)


def _missing(category: str, received: frozenset[str], profile: RuleProfile) -> list[str]:
    """Codes of the documents that each person hands in and that are not there; none where the rule is not known."""
    required = profile.required_documents(category)
    if isinstance(required, Unknown):
        return []
    return [row.code for row in required if row.owner is DocumentOwner.PERSON and row.code not in received]


def _codes(documents: Iterable[str], profile: RuleProfile) -> Evidence:
    return (("documents", ", ".join(documents)), ("profile", profile.code))
