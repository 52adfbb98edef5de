"""From rows to facts and from findings to rows: what vetting is asked, and how its answers are kept."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation

from accreditation.likeness import Subject, surroundings_of_many
from accreditation.models import Application, Document, Finding
from accreditation.rules import ASKED, knows
from accreditation.services.moves import lock_application
from accreditation.services.profiles import profile_of
from accreditation.states import DatePrecision, DocumentKind, Severity
from accreditation.vetting import findings as rules
from accreditation.vetting.assessment import assess, without_profile
from accreditation.vetting.facts import ApplicantFacts
from accreditation.vetting.mrz import Mrz, MrzError, parse_mrz
from missions.kernel.events import EventDraft, record_events
from missions.law.rules import RuleProfile
from missions.models import Election, User

_SENTENCE_LENGTH = 300
_BATCH = 500
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
    return update_findings(application, by=by, at=at)[0]


def update_findings(application: Application, *, by: User | None, at: datetime) -> tuple[list[Finding], bool]:
    """As `vet_locked`; says besides whether anything changed."""
    vetted = vet_many([application], by=by, at=at)[application.pk]
    return vetted.findings, vetted.is_changed


@dataclass(frozen=True, slots=True)
class Vetted:
    """The findings of one application, and whether anything about them changed."""

    findings: list[Finding]
    is_changed: bool


def vet_many(applications: Sequence[Application], *, by: User | None, at: datetime) -> dict[int, Vetted]:
    """Vet locked applications of one election again, by key: `vet_locked` on each, in as many queries as for one."""
    stored: dict[int, dict[str, Finding]] = {row.pk: {} for row in applications}
    for row in Finding.objects.filter(application__in=applications).order_by("pk"):
        stored[row.application_id][row.code] = row
    assessed = _assess(applications, at)
    changes = [_compare(row, stored[row.pk], assessed[row.pk], at) for row in applications]
    if gone := [row.pk for change in changes for row in change.gone]:
        Finding.objects.filter(pk__in=gone).delete()
    Finding.objects.bulk_create([row for change in changes for row in change.new], batch_size=_BATCH)
    altered = [row for change in changes for row in change.altered]
    Finding.objects.bulk_update(altered, [*_FACTS, "found_at", "closed_by", "closed_at", "note"], batch_size=_BATCH)
    told = [change.event() for change in changes if change.codes()]
    if told:
        record_events(told, by=by, at=at)
    return {
        change.application.pk: Vetted(
            [row for row in (*stored[change.application.pk].values(), *change.new) if row not in change.gone],
            bool(change.codes()),
        )
        for change in changes
    }


def missing_documents(application: Application, profile: RuleProfile | None, received: Collection[str]) -> list[str]:
    """Codes of the documents that the law asks of this person and that have not arrived; none if it is unknown."""
    if profile is None or not knows(profile, application.category):
        return []
    return rules.binding_documents(application.category, frozenset(received), profile=profile)


def note_missing_profile(application: Application, *, at: datetime) -> None:
    """Leave the finding that no law could be applied; once per application."""
    row = _row(application, without_profile(application.election.profile_code), at)
    Finding.objects.bulk_create([row], ignore_conflicts=True)


@dataclass(frozen=True, slots=True)
class _Change:
    """What vetting again alters about one application."""

    application: Application
    new: list[Finding]
    gone: list[Finding]
    altered: list[Finding]

    def codes(self) -> list[str]:
        return sorted(row.code for row in (*self.new, *self.gone, *self.altered))

    def event(self) -> EventDraft:
        scope_id = self.application.nomination.mission_id
        return EventDraft("findings_refreshed", self.application, scope_id=scope_id, changed=self.codes())


def _compare(
    application: Application, stored: dict[str, Finding], assessed: Sequence[rules.Finding], at: datetime
) -> _Change:
    found = {finding.code: _row(application, finding, at) for finding in assessed}
    return _Change(
        application,
        new=[row for code, row in found.items() if code not in stored],
        gone=[
            row
            for code, row in stored.items()
            if code not in found and row.closed_at is None and not code.startswith(ASKED)
        ],
        altered=[stored[code] for code, row in found.items() if code in stored and _take_over(stored[code], row)],
    )


@dataclass(frozen=True, slots=True)
class _Read:
    """What is read for one comparison and kept nowhere: number and zone of the passport, the days of the stay."""

    number: str = field(repr=False)
    zone: str | None = field(repr=False)
    arrives_at: datetime | None
    departs_at: datetime | None


def _assess(applications: Sequence[Application], at: datetime) -> dict[int, Sequence[rules.Finding]]:
    """What is found about each of the applications, by key; they are of one election."""
    if not applications:
        return {}
    election = applications[0].election
    profile, as_of = profile_of(election), local_day(election, at)
    read, papers = _read(applications), _papers(applications)
    around = surroundings_of_many(
        [Subject(row, read[row.pk].number, papers[row.pk].get(DocumentKind.PHOTO) or "") for row in applications]
    )
    assessed: dict[int, Sequence[rules.Finding]] = {}
    for row in applications:
        facts = _facts(row, papers[row.pk], as_of=as_of, read=read[row.pk])
        mrz, faults = _zone(read[row.pk].zone, as_of)
        found = assess(replace(facts, mrz=mrz), profile=profile, around=around[row.pk])
        without = () if profile is not None else (without_profile(election.profile_code),)
        assessed[row.pk] = (*without, *found, *faults)
    return assessed


def _papers(applications: Sequence[Application]) -> dict[int, dict[str, str | None]]:
    """The kinds of papers that have arrived, each with the fingerprint of its file."""
    found: dict[int, dict[str, str | None]] = {row.pk: {} for row in applications}
    documents = Document.objects.filter(application__in=applications).order_by()
    for pk, kind, fingerprint in documents.values_list("application_id", "kind", "file__fingerprint"):
        found[pk][kind] = fingerprint
    return found


def _zone(text: str | None, today: date) -> tuple[Mrz | None, tuple[rules.Finding, ...]]:
    """The stored zone as values; a finding if this version reads it no more."""
    if not text:
        return None, ()
    try:
        return parse_mrz(text, today=today), ()
    except MrzError:
        return None, (rules.Finding("mrz_unreadable", Severity.WARN),)


def _read(applications: Sequence[Application]) -> dict[int, _Read]:
    rows = Application.objects.filter(pk__in=[row.pk for row in applications]).order_by()
    columns = ("observer__passport_number", "observer__mrz", "nomination__stay__arrives_at")
    read = rows.values_list("pk", *columns, "nomination__stay__departs_at")
    return {pk: _Read(*values) for pk, *values in read}


def _facts(application: Application, received: Iterable[str], *, as_of: date, read: _Read) -> ApplicantFacts:
    """The days of the stay are those of the host's zone; what the stay does not know, the nomination says."""
    observer, nomination, election = application.observer, application.nomination, application.election
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
        arrives_on=local_day(election, read.arrives_at) if read.arrives_at else nomination.arrives_on,
        departs_on=local_day(election, read.departs_at) if read.departs_at else nomination.departs_on,
        e_day=election.e_day,
        as_of=as_of,
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
    for name in (*_FACTS, "found_at"):
        setattr(stored, name, getattr(row, name))
    stored.closed_by, stored.closed_at, stored.note = None, None, ""
    return True
