"""A person with whom nothing is wrong, to alter in tests."""

from dataclasses import replace
from datetime import date

from accreditation.states import Severity
from accreditation.vetting.facts import ApplicantFacts
from accreditation.vetting.findings import Finding

SOUND = ApplicantFacts(
    nomination=1,
    category="international_observer",
    surname="Petrova",
    given_names="Anna",
    birth_date=date(1980, 5, 17),
    nationalities=("BGR",),
    passport_issuer="BGR",
    passport_key="hash-of-number",
    passport_expires_on=date(2030, 1, 1),
    documents=frozenset({"form", "photo", "passport_copy", "pledge", "conflict_statement"}),
    arrives_on=date(2024, 2, 3),
    departs_on=date(2024, 2, 9),
    e_day=date(2024, 2, 7),
    as_of=date(2024, 1, 20),
    sex="f",
)


def facts(**changes: object) -> ApplicantFacts:
    return replace(SOUND, **changes)  # type: ignore[arg-type]  # one table of changes for fields of several types


def brief(findings: tuple[Finding, ...]) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in findings]
