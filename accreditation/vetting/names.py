"""What a name shows by itself: mixed scripts, digits, no given name, no Latin form. Pure."""

from accreditation.states import Severity
from accreditation.vetting.facts import ApplicantFacts
from accreditation.vetting.findings import Finding
from accreditation.vetting.icao9303 import NoLatinFormError, printed_name
from missions.kernel.text import TextRefusedError, clean_name

_SEVERITIES = {"mixed_script": Severity.WARN, "digits_in_name": Severity.WARN}


def unusual_names(facts: ApplicantFacts) -> tuple[Finding, ...]:
    """Warns of mixed scripts and digits; notes a missing given name, and a name that no card can print.

    A name in other letters than Latin and Cyrillic is printed as the passport has it, so a machine-readable zone
    answers that note.
    """
    found: dict[str, list[str]] = {}
    for field in ("surname", "given_names", "patronymic"):
        for code in _notices(getattr(facts, field)):
            found.setdefault(code, []).append(field)
    findings = [
        Finding(code, _SEVERITIES[code], (("fields", ", ".join(fields)),)) for code, fields in sorted(found.items())
    ]
    if not facts.given_names:
        findings.append(Finding("no_given_name", Severity.INFO))
    if facts.mrz is None and not _is_printable(f"{facts.surname} {facts.given_names}"):
        findings.append(Finding("no_latin_name", Severity.WARN))
    return tuple(findings)


def _notices(name: str) -> list[str]:
    if not name:
        return []
    try:
        notices = clean_name(name).notices
    except TextRefusedError:
        return []  # older than the rule that refuses it today; the page shows it as it is
    return [notice.code for notice in notices if notice.code in _SEVERITIES]


def _is_printable(name: str) -> bool:
    letters = "".join(char for char in name if not char.isdigit())
    try:
        printed_name(letters)
    except NoLatinFormError:
        return False
    return True
