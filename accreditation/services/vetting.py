"""From rows to facts and from findings to rows: what vetting is asked, and how its answers are kept."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accreditation.models import Application, Finding, Nomination
from accreditation.rules import ASKED, knows
from accreditation.services.moves import lock_application
from accreditation.services.profiles import profile_of
from accreditation.states import CLOSED_APPLICATION_STATES, Severity
from accreditation.vetting import findings as rules
from accreditation.vetting.facts import ApplicantFacts, KnownPeople, PersonKey, person_key
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
    found = {finding.code: _row(application, finding, at) for finding in _assess(application, stored, at)}
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
    return [code for _key, codes in finding.evidence for code in codes.split(", ")]


def note_missing_profile(application: Application, *, at: datetime) -> None:
    """Leave the finding that no law could be applied; once per application."""
    Finding.objects.bulk_create([_row(application, _no_profile(application), at)], ignore_conflicts=True)


def _assess(application: Application, stored: Collection[str], at: datetime) -> Sequence[rules.Finding]:
    profile = profile_of(application.election)
    if profile is None:
        return [_no_profile(application)]
    received = set(application.documents.values_list("kind", flat=True))
    facts = _facts(application, received, as_of=local_day(application.election, at))
    return rules.assess(facts, profile=profile, others=KnownPeople(_candidates(application)))


def _facts(application: Application, received: Iterable[str], *, as_of: date) -> ApplicantFacts:
    observer, nomination = application.observer, application.nomination
    return ApplicantFacts(
        nomination=nomination.pk,
        category=application.category,
        surname=observer.surname,
        given_names=observer.given_names,
        birth_date=observer.birth_date,
        nationalities=observer.nationalities,
        passport_issuer=observer.passport_issuer,
        passport_key=observer.passport_key,
        passport_expires_on=observer.passport_expires_on,
        documents=frozenset(received),
        arrives_on=nomination.arrives_on,
        departs_on=nomination.departs_on,
        e_day=application.election.e_day,
        as_of=as_of,
    )


def _candidates(application: Application) -> Iterable[PersonKey]:
    """Other nominations that still stand and may mean the same person: of people born on the same day.

    The same passport is the same observer, and so has the same day of birth.
    """
    observer = application.observer
    rows = (
        Nomination.objects.filter(observer__election=application.election_id, observer__birth_date=observer.birth_date)
        .exclude(pk=application.nomination_id)
        .exclude(applications__state__in=CLOSED_APPLICATION_STATES)
        .values_list(
            "pk",
            "observer__surname",
            "observer__given_names",
            "observer__birth_date",
            "observer__passport_issuer",
            "observer__passport_key",
        )
    )
    for pk, surname, given_names, birth_date, issuer, key in rows:
        yield person_key(
            nomination=pk,
            surname=surname,
            given_names=given_names,
            birth_date=birth_date,
            passport_issuer=issuer,
            passport_key=key,
        )


def _no_profile(application: Application) -> rules.Finding:
    sentence = _("The election has no rule profile: deadlines, documents and exclusions were not checked.")
    evidence = (("profile", application.election.profile_code),)
    return rules.Finding("election_without_profile", Severity.WARN, sentence, evidence)


def _row(application: Application, finding: rules.Finding, at: datetime) -> Finding:
    return Finding(
        application=application,
        code=finding.code,
        severity=finding.severity,
        sentence=str(finding.sentence)[:_SENTENCE_LENGTH],
        evidence=dict(finding.evidence),
        found_at=at,
    )


def _take_over(stored: Finding, row: Finding) -> bool:
    """Bring a stored finding up to date; a note that was written about other facts no longer closes it."""
    if (stored.severity, stored.evidence) == (row.severity, row.evidence):
        return False
    for field in (*_FACTS, "found_at"):
        setattr(stored, field, getattr(row, field))
    stored.closed_by, stored.closed_at, stored.note = None, None, ""
    return True
