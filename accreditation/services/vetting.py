"""From rows to facts and from findings to rows: what vetting is asked, and how its answers are kept."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accreditation.likeness import surroundings_of
from accreditation.models import Application, Finding, Observer, Stay
from accreditation.rules import ASKED, knows
from accreditation.services.moves import lock_application
from accreditation.services.profiles import profile_of
from accreditation.states import DatePrecision, Severity
from accreditation.vetting import findings as rules
from accreditation.vetting.assessment import assess, without_profile
from accreditation.vetting.facts import ApplicantFacts
from accreditation.vetting.mrz import parse_mrz
from missions.kernel.events import record_event
from missions.law.rules import RuleProfile
from missions.models import Election, User

_SENTENCE_LENGTH = 300
_FACTS = ("severity", "sentence", "evidence")


def local_day(election: Election, at: datetime) -> date:
    """The day of the instant in the host's zone."""
    return at.astimezone(election.zone).date()


def refresh_findings(*, application: Application, by: User | None, at: datetime) -> list[Finding]:
    """Vet an application again; returns its findings.

    New findings are added, open ones brought up to date or removed when their cause is gone, and a closed one is
    reopened only if its facts have changed. Records one event if anything changed. Raises MissingError.
    """
    with transaction.atomic():
        return vet_locked(lock_application(application), by=by, at=at)


def vet_locked(application: Application, *, by: User | None, at: datetime) -> list[Finding]:
    """As `refresh_findings`, for an application that the caller has locked."""
    stored = {row.code: row for row in application.findings.all()}
    found = {finding.code: _row(application, finding, at) for finding in _assess(application, at)}
    new = [row for code, row in found.items() if code not in stored]
    gone = [
        row
        for code, row in stored.items()
        if code not in found and row.closed_at is None and not code.startswith(ASKED)
    ]
    altered = [stored[code] for code, row in found.items() if code in stored and _take_over(stored[code], row)]
    if gone:
        Finding.objects.filter(pk__in=[row.pk for row in gone]).delete()
    Finding.objects.bulk_create(new)
    Finding.objects.bulk_update(altered, [*_FACTS, "found_at", "closed_by", "closed_at", "note"])
    touched = sorted(row.code for row in (*new, *gone, *altered))
    if touched:
        mission_id = application.nomination.mission_id
        record_event("findings_refreshed", application, by=by, at=at, scope_id=mission_id, changed=touched)
    return [row for row in (*stored.values(), *new) if row not in gone]


def missing_documents(application: Application, profile: RuleProfile | None, received: Collection[str]) -> list[str]:
    """Codes of the documents that the law asks of this person and that have not arrived; none if it is unknown."""
    if profile is None or not knows(profile, application.category):
        return []
    facts = _facts(application, received, as_of=application.election.e_day)
    return [
        code
        for finding in rules.missing_documents(facts, profile=profile)
        if finding.severity is Severity.BLOCK
        for code in document_codes(finding)
    ]


def document_codes(finding: rules.Finding) -> list[str]:
    """The codes of the documents that a finding of vetting is about."""
    return dict(finding.evidence).get("documents", "").split(", ")


def note_missing_profile(application: Application, *, at: datetime) -> None:
    """Leave the finding that no law could be applied; once per application."""
    row = _row(application, without_profile(application.election.profile_code), at)
    Finding.objects.bulk_create([row], ignore_conflicts=True)


def _assess(application: Application, at: datetime) -> Sequence[rules.Finding]:
    profile = profile_of(application.election)
    number, zone = _secrets(application)
    day = local_day(application.election, at)
    facts = _facts(application, _received(application), as_of=day, zone=zone)
    found = assess(facts, profile=profile, around=surroundings_of(application, number=number))
    if profile is None:
        found = (without_profile(application.election.profile_code), *found)
    return found


def _secrets(application: Application) -> tuple[str, str | None]:
    """The passport number and the machine-readable zone, read for this comparison and kept nowhere."""
    return Observer.objects.values_list("passport_number", "mrz").get(pk=application.observer_id)


def _received(application: Application) -> set[str]:
    return set(application.documents.values_list("kind", flat=True))


def _facts(
    application: Application, received: Iterable[str], *, as_of: date, zone: str | None = None
) -> ApplicantFacts:
    observer, nomination = application.observer, application.nomination
    arrives_on, departs_on = _stay_of(application)
    return ApplicantFacts(
        nomination=nomination.pk,
        category=application.category,
        surname=observer.surname,
        given_names=observer.given_names,
        patronymic=observer.patronymic,
        sex=observer.sex,
        birth_date=observer.birth_date,
        birth_precision=DatePrecision(observer.birth_precision),
        nationalities=observer.nationalities,
        passport_issuer=observer.passport_issuer,
        passport_key=observer.passport_key,
        passport_issued_on=observer.passport_issued_on,
        passport_expires_on=observer.passport_expires_on,
        documents=frozenset(received),
        arrives_on=arrives_on,
        departs_on=departs_on,
        e_day=application.election.e_day,
        as_of=as_of,
        mrz=parse_mrz(zone, today=as_of) if zone else None,
    )


def _stay_of(application: Application) -> tuple[date | None, date | None]:
    """Arrival and departure as the stay has them in the host's zone; what it does not know, the nomination says."""
    nomination, election = application.nomination, application.election
    known = Stay.objects.filter(nomination=nomination).values_list("arrives_at", "departs_at").first()
    arrives_at, departs_at = known or (None, None)
    return (
        local_day(election, arrives_at) if arrives_at else nomination.arrives_on,
        local_day(election, departs_at) if departs_at else nomination.departs_on,
    )


def _row(application: Application, finding: rules.Finding, at: datetime) -> Finding:
    return Finding(
        application=application,
        code=finding.code,
        severity=finding.severity,
        sentence=_stored_sentence(finding),
        evidence=dict(finding.evidence),
        found_at=at,
    )


def _stored_sentence(finding: rules.Finding) -> str:
    """What remains readable when a later version no longer knows the code; always in the product's own language."""
    with translation.override(settings.LANGUAGE_CODE):
        return finding.sentence[:_SENTENCE_LENGTH]


def _take_over(stored: Finding, row: Finding) -> bool:
    """Bring a stored finding up to date; a note that was written about other facts no longer closes it."""
    if (stored.severity, stored.evidence) == (row.severity, row.evidence):
        return False
    for field in (*_FACTS, "found_at"):
        setattr(stored, field, getattr(row, field))
    stored.closed_by, stored.closed_at, stored.note = None, None, ""
    return True
