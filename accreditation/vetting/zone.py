"""The passport as its machine-readable zone has it against what was typed. Pure.

A check digit proves little: digits five apart may change places unseen. So each field is compared.
"""

from accreditation.states import DatePrecision, Severity, Sex
from accreditation.vetting.facts import ApplicantFacts, weak_name
from accreditation.vetting.findings import Finding
from accreditation.vetting.icao9303 import FILLER, NoLatinFormError, is_written_as
from accreditation.vetting.mrz import Mrz, PartialDate
from missions.kernel.crypto import keyed_hash


def zone_differences(facts: ApplicantFacts) -> tuple[Finding, ...]:
    """Blocks another number or date of birth; warns of every other difference. Nothing is found without a zone.

    The number is compared by its keyed hash, and the evidence never holds it.
    """
    mrz = facts.mrz
    if mrz is None:
        return ()
    findings = [*_names(mrz, facts)]
    if keyed_hash(mrz.number) != facts.passport_key:
        findings.append(Finding("mrz_number_differs", Severity.BLOCK))
    if mrz.birth_date is not None and not _agrees(mrz.birth_date, facts):
        born = mrz.birth_date.first_day.isoformat()
        findings.append(Finding("mrz_birth_date_differs", Severity.BLOCK, (("read_on", born),)))
    if mrz.expires_on != facts.passport_expires_on:
        findings.append(_warn("mrz_expiry_differs", "read_on", mrz.expires_on.isoformat()))
    if mrz.issuer != facts.passport_issuer:
        findings.append(_warn("mrz_issuer_differs", "read_country", mrz.issuer))
    if mrz.nationality not in facts.nationalities:
        findings.append(_warn("mrz_nationality_differs", "read_country", mrz.nationality))
    if Sex.UNSPECIFIED not in (mrz.sex, facts.sex) and mrz.sex != facts.sex:
        findings.append(Finding("mrz_sex_differs", Severity.WARN))
    return tuple(findings)


def _names(mrz: Mrz, facts: ApplicantFacts) -> tuple[Finding, ...]:
    """Names in letters that cannot be written in A to Z are not compared."""
    given = _given_names(facts)
    try:
        surname_agrees = _is_name(facts.surname, mrz.surname, may_be_cut=mrz.may_be_cut and not mrz.given_names)
        given_agrees = any(_is_name(name, mrz.given_names, may_be_cut=mrz.may_be_cut) for name in given)
        swapped = (
            bool(mrz.given_names)
            and _is_name(facts.surname, mrz.given_names, may_be_cut=mrz.may_be_cut)
            and any(_is_name(name, mrz.surname) for name in given)
        )
    except NoLatinFormError:
        return ()
    if swapped and not (surname_agrees and given_agrees):
        return (Finding("mrz_names_swapped", Severity.WARN),)
    findings = []
    if not surname_agrees:
        findings.append(Finding("mrz_surname_differs", Severity.WARN))
    if not given_agrees:
        findings.append(Finding("mrz_given_names_differ", Severity.WARN))
    return tuple(findings)


def _given_names(facts: ApplicantFacts) -> tuple[str, ...]:
    """Passports have the father's name among the given names, or leave it out."""
    return (facts.given_names, f"{facts.given_names} {facts.patronymic}".strip())


def _is_name(name: str, written: str, *, may_be_cut: bool = False) -> bool:
    """By the tables of ICAO, or by sound: passports also follow older and national ways of writing."""
    if is_written_as(name, written, may_be_cut=may_be_cut):
        return True
    if not name or not written:
        return False
    return weak_name(name, "") == weak_name(written.replace(FILLER, " "), "")


def _agrees(read: PartialDate, facts: ApplicantFacts) -> bool:
    """Whether both dates are the same as far as both are known."""
    precisions = {read.precision, facts.birth_precision}
    typed = facts.birth_date
    if DatePrecision.YEAR in precisions:
        return read.first_day.year == typed.year
    if DatePrecision.MONTH in precisions:
        return read.first_day.replace(day=1) == typed.replace(day=1)
    return read.first_day == typed


def _warn(code: str, name: str, value: str) -> Finding:
    return Finding(code, Severity.WARN, ((name, value),))
