"""What a person must look at before an application is decided. Pure: facts and a rule profile in, findings out.

A rule that the profile does not know gives a note at most: it neither blocks nor passes as met. Evidence holds
only facts of this nomination; of others it says no more than that there are some.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accreditation.states import Severity
from accreditation.vetting.facts import ApplicantFacts, KnownPeople, person_key
from missions.countries import country_name
from missions.kernel.errors import Text
from missions.law.calendar import add_months
from missions.law.rules import Basis, Document, DocumentOwner, RuleProfile, Unknown

#: A document that only practice or this product asks for is missed, but its absence does not block.
_NOT_BINDING = (Basis.PRACTICE, Basis.ASSUMPTION)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found: a stable code (once per assessment), how serious, a sentence, and what it rests on."""

    code: str
    severity: Severity
    sentence: Text
    evidence: tuple[tuple[str, str], ...] = ()


def assess(facts: ApplicantFacts, *, profile: RuleProfile, others: KnownPeople) -> tuple[Finding, ...]:
    """All findings about one nominated person, blocking ones first. Each code appears at most once.

    `others` are the nominated people of the election; the person itself may be among them.
    """
    if all(category.code != facts.category for category in profile.categories):
        return (_category_unknown(facts),)
    findings = (
        *host_citizenship(facts, profile=profile),
        *same_person(facts, others=others),
        *passport_expiry(facts, profile=profile),
        *missing_documents(facts, profile=profile),
        *stay(facts, profile=profile),
        *age(facts, profile=profile),
    )
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity]))


def host_citizenship(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks a national of the host, by any nationality, where the profile excludes them from the category."""
    excluded = profile.category(facts.category).host_citizens_excluded
    if excluded is False or profile.host_country not in facts.nationalities:
        return ()
    evidence = (("nationality", profile.host_country),)
    if isinstance(excluded, Unknown):
        note = _("Holds the nationality of the host country; whether that is allowed is not known.")
        return (Finding("host_citizenship_rule_unknown", Severity.INFO, note, evidence),)
    country = _country_name(profile.host_country)
    sentence = format_lazy(_("Holds the nationality of the host country ({country})."), country=country)
    return (Finding("host_citizenship", Severity.BLOCK, sentence, evidence),)


def same_person(facts: ApplicantFacts, *, others: KnownPeople) -> tuple[Finding, ...]:
    """Blocks if the passport is on another nomination; warns if name and birth date are, with another passport."""
    person = person_key(
        nomination=facts.nomination,
        surname=facts.surname,
        given_names=facts.given_names,
        birth_date=facts.birth_date,
        passport_issuer=facts.passport_issuer,
        passport_key=facts.passport_key,
    )
    findings = []
    if others.with_passport_of(person):
        sentence = _("The same passport is on another nomination.")
        findings.append(Finding("same_passport", Severity.BLOCK, sentence, (("match", "passport"),)))
    alike = others.with_name_of(person)
    if any(other.name == person.name for other in alike):
        sentence = _("Another nomination has the same name and date of birth, with another passport.")
        findings.append(Finding("same_name", Severity.WARN, sentence, (("match", "name"),)))
    elif alike:
        sentence = _("Another nomination has a similar name and the same date of birth, with another passport.")
        findings.append(Finding("similar_name", Severity.WARN, sentence, (("match", "similar_name"),)))
    return tuple(findings)


def passport_expiry(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks a passport that has expired or will expire before departure; warns if it expires soon after.

    A passport is valid on the day of its expiry. Where no departure is known, the day of the check counts.
    """
    expires_on = facts.passport_expires_on
    if expires_on < facts.as_of:
        sentence = format_lazy(_("The passport expired on {day}."), day=_in_words(expires_on))
        return (Finding("passport_expired", Severity.BLOCK, sentence, _days(expires_on=expires_on)),)
    leaves_on = facts.departs_on or facts.as_of
    evidence = _days(expires_on=expires_on, departs_on=facts.departs_on)
    if expires_on < leaves_on:
        sentence = format_lazy(
            _("The passport expires on {day}, before the departure on {departure}."),
            day=_in_words(expires_on),
            departure=_in_words(leaves_on),
        )
        return (Finding("passport_expires_before_departure", Severity.BLOCK, sentence, evidence),)
    months = profile.vetting.passport_months_after_departure
    if isinstance(months, Unknown) or expires_on >= add_months(leaves_on, months):
        return ()
    sentence = format_lazy(
        _("The passport expires on {day}, less than {months} months after the stay."),
        day=_in_words(expires_on),
        months=months,
    )
    return (Finding("passport_expires_soon", Severity.WARN, sentence, evidence),)


def missing_documents(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks if a document is missing that the law asks of each person; warns if only practice asks for it."""
    required = profile.required_documents(facts.category)
    if isinstance(required, Unknown):
        note = _("Which documents this category needs is not known.")
        return (Finding("documents_rule_unknown", Severity.INFO, note, (("category", facts.category),)),)
    missing = [
        document
        for document in required
        if document.owner is DocumentOwner.PERSON and document.code not in facts.documents
    ]
    binding = [row for row in missing if profile.source(row.source).basis not in _NOT_BINDING]
    customary = [row for row in missing if row not in binding]
    findings = []
    if binding:
        sentence = format_lazy(_("Documents are missing: {titles}."), titles=_titles(tuple(binding)))
        findings.append(Finding("documents_missing", Severity.BLOCK, sentence, _codes(binding)))
    if customary:
        sentence = format_lazy(_("Usual documents are missing: {titles}."), titles=_titles(tuple(customary)))
        findings.append(Finding("usual_documents_missing", Severity.WARN, sentence, _codes(customary)))
    return tuple(findings)


def stay(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks a departure before the arrival; warns of an arrival after election day and of a long stay."""
    if facts.arrives_on is None:
        return ()
    if facts.departs_on is not None and facts.departs_on < facts.arrives_on:
        evidence = _days(arrives_on=facts.arrives_on, departs_on=facts.departs_on)
        return (Finding("departs_before_arrival", Severity.BLOCK, _("Departs before the arrival."), evidence),)
    findings = []
    if facts.arrives_on > facts.e_day:
        evidence = _days(arrives_on=facts.arrives_on, e_day=facts.e_day)
        findings.append(Finding("arrives_late", Severity.WARN, _("Arrives after election day."), evidence))
    limit = profile.vetting.longest_stay_days
    if facts.departs_on is None or isinstance(limit, Unknown):
        return tuple(findings)
    if facts.departs_on - facts.arrives_on > timedelta(days=limit):
        evidence = _days(arrives_on=facts.arrives_on, departs_on=facts.departs_on)
        sentence = format_lazy(_("Stays longer than {limit} days."), limit=limit)
        findings.append(Finding("long_stay", Severity.WARN, sentence, evidence))
    return tuple(findings)


def age(facts: ApplicantFacts, *, profile: RuleProfile) -> tuple[Finding, ...]:
    """Blocks a birth in the future; warns of an age on election day outside the limits of the profile."""
    born = facts.birth_date
    evidence = _days(birth_date=born)
    if born > facts.as_of:
        return (Finding("birth_in_future", Severity.BLOCK, _("The date of birth is in the future."), evidence),)
    years = facts.e_day.year - born.year - ((facts.e_day.month, facts.e_day.day) < (born.month, born.day))
    youngest, oldest = profile.vetting.minimum_age, profile.vetting.maximum_age
    if not isinstance(youngest, Unknown) and years < youngest:
        sentence = format_lazy(_("Is younger than {limit} years on election day."), limit=youngest)
        return (Finding("too_young", Severity.WARN, sentence, evidence),)
    if not isinstance(oldest, Unknown) and years > oldest:
        sentence = format_lazy(_("Is older than {limit} years on election day."), limit=oldest)
        return (Finding("too_old", Severity.WARN, sentence, evidence),)
    return ()


_ORDER = {severity: place for place, severity in enumerate((Severity.BLOCK, Severity.WARN, Severity.INFO))}


def _category_unknown(facts: ApplicantFacts) -> Finding:
    sentence = _("The rule profile of the election has no such category.")
    return Finding("category_not_in_profile", Severity.BLOCK, sentence, (("category", facts.category),))


def _in_words(day: date) -> str:
    """The day as people write it; the evidence keeps it as ISO 8601."""
    return date_format(day, "j F Y")


def _days(**days: date | None) -> tuple[tuple[str, str], ...]:
    return tuple((name, day.isoformat()) for name, day in days.items() if day is not None)


def _codes(documents: Iterable[Document]) -> tuple[tuple[str, str], ...]:
    return (("documents", ", ".join(document.code for document in documents)),)


def _titles_now(documents: tuple[Document, ...]) -> str:
    return ", ".join(document.title.text(_language()) for document in documents)


def _country_name_now(code: str) -> str:
    return country_name(code, _language())


def _language() -> str:
    return get_language() or "en"


#: Worded when shown, in the reader's language.
_titles = lazy(_titles_now, str)
_country_name = lazy(_country_name_now, str)
