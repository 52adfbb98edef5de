"""Everything that a person must look at before an application is decided. Pure: facts in, findings out."""

from collections.abc import Iterator

from accreditation.states import Severity
from accreditation.vetting import findings as law
from accreditation.vetting import persons
from accreditation.vetting.facts import ApplicantFacts, Surroundings
from accreditation.vetting.findings import Finding
from accreditation.vetting.names import unusual_names
from accreditation.vetting.zone import zone_differences
from missions.law.rules import RuleProfile

_ORDER = {severity: place for place, severity in enumerate((Severity.BLOCK, Severity.WARN, Severity.INFO))}


def assess(facts: ApplicantFacts, *, profile: RuleProfile | None, around: Surroundings) -> tuple[Finding, ...]:
    """All findings about one nominated person, blocking ones first. Each code appears at most once.

    Without a profile, or for a category that it does not have, no rule of law is asked; the rest is looked at all
    the same.
    """
    found = (
        *_by_law(facts, profile),
        *law.passport_issue(facts),
        *unusual_names(facts),
        *zone_differences(facts),
        *persons.same_person(facts, around),
        *persons.incompatible_status(facts, around),
        *persons.earlier_revocation(around),
        *persons.same_photo(around),
    )
    return tuple(sorted(found, key=lambda finding: _ORDER[finding.severity]))


def without_profile(code: str) -> Finding:
    """That no law could be applied; `code` is the profile that the election names."""
    return Finding("election_without_profile", Severity.WARN, (("profile", code),))


def _by_law(facts: ApplicantFacts, profile: RuleProfile | None) -> Iterator[Finding]:
    if profile is None:
        return
    unknown = law.category_unknown(facts, profile=profile)
    yield from unknown
    if unknown:
        return
    for rule in (
        law.host_citizenship,
        law.passport_expiry,
        law.missing_documents,
        law.missing_pledge,
        law.stay,
        law.age,
    ):
        yield from rule(facts, profile=profile)
