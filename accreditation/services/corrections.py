"""Correcting what is said of an accredited person: first a preview of what it touches, then one transaction.

Name, photo and role are corrected in place. The mission and the category are what the commission decided upon, so
another one of these is another accreditation (accreditation.services.successions). Number and issuer of the passport
are the person and are never corrected.

The preview tries the change and takes it back, so that it names whatever would be refused. Its digest stands for
everything that was shown; the change is made only while that is so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accreditation.changes import AccreditedPersonChange, Fact
from accreditation.errors import (
    AccreditationEndedError,
    AppliedAgainError,
    NameRefusedError,
    NothingToCorrectError,
    NotMovableError,
    OnePerCommissionError,
    PreviewOutdatedError,
    ReasonMissingError,
    RegisterChangedError,
)
from accreditation.models import Accreditation, Application, CommissionSession, Nomination, Observer
from accreditation.services.moves import lock_applications, lock_mission
from accreditation.services.people import name_keys
from accreditation.services.photos import NewPhoto, photo_digest, put_photo
from accreditation.services.quotas import place_refusal
from accreditation.services.revetting import VETTED_STATES
from accreditation.services.successions import Succession, succeed_accreditation
from accreditation.services.verdicts import decision_refusal
from accreditation.services.vetting import vet_many
from accreditation.signals import accreditations_corrected, correction_begins
from accreditation.states import LIVE_ACCREDITATION_STATES, ApplicationState, Category, Role
from accreditation.vetting.sentences import sentence_of
from missions.impact import Impact, digest_of, impacts_of
from missions.kernel.errors import DomainError, Text, Violation
from missions.kernel.events import EventDraft, record_events
from missions.kernel.integrity import broken_constraint
from missions.kernel.text import TextRefusedError, clean_name
from missions.models import Mission, User

_NAME_FIELDS = ("surname", "given_names", "patronymic")
Names = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Correction:
    """How things should be; None: as they are. An empty given name or patronymic is one that the person has not.

    `reference` is the person's in another mission, `session` that which decided on another mission or category.
    """

    surname: str | None = None
    given_names: str | None = None
    patronymic: str | None = None
    photo: NewPhoto | None = None
    role: Role | None = None
    mission: Mission | None = None
    category: Category | None = None
    reference: str = ""
    session: CommissionSession | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact that changes, in words before and after."""

    fact: Fact
    before: Text
    after: Text


@dataclass(frozen=True, slots=True)
class CorrectionPreview:
    """What a correction would do: the facts, what it touches, what vetting would find anew, and what forbids it.

    `digest` names all of it and is asked for when the correction is made.
    """

    differences: tuple[Difference, ...]
    impacts: tuple[Impact, ...]
    findings: tuple[str, ...]
    refusal: DomainError | None
    digest: str


def preview_correction(
    *, accreditation: Accreditation, correction: Correction, by: User, at: datetime
) -> CorrectionPreview:
    """What the correction would touch, as far as the person may know it. Nothing is stored.

    What would forbid it is told and not raised, but for what makes no correction at all: NothingToCorrectError,
    NameRefusedError, NotMovableError (another election), AccreditationEndedError, RegisterChangedError, MissingError.
    """
    with transaction.atomic():
        case = _open(accreditation, correction)
        impacts = impacts_of(case.change, user=by, at=at)
        digest = _digest(case, impacts)
        findings, refusal = _try(case, by=by, at=at)
    return CorrectionPreview(case.differences, impacts, findings, refusal, digest)


def correct_accreditation(
    *, accreditation: Accreditation, correction: Correction, digest: str, reason: str, by: User, at: datetime
) -> Accreditation:
    """Make the correction that was previewed, with all its consequences or not at all; returns what holds now.

    Records `accreditation_corrected` on every accreditation that it concerns. The reason stands with those of this
    mission and of the one that gets the person; another one that has the person too is told none. Upper apps act
    within the transaction (accreditation.signals). Raises ReasonMissingError, PreviewOutdatedError, and whatever the
    preview raises or has named as forbidding it.
    """
    if not reason.strip():
        raise ReasonMissingError
    try:
        with transaction.atomic():
            case = _open(accreditation, correction)
            correction_begins.send(Accreditation, accreditation_ids=case.change.accreditation_ids)
            if _digest(case, impacts_of(case.change, user=by, at=at)) != digest:
                raise PreviewOutdatedError
            present = _write(case, reason=reason.strip(), by=by, at=at)
            successors = {pk: pk for pk in case.change.accreditation_ids} | {case.accreditation.pk: present.pk}
            accreditations_corrected.send(Accreditation, successors=successors, by=by, at=at, reason=reason.strip())
    except IntegrityError as error:
        raise _named(error) from error
    return present


@dataclass(frozen=True, slots=True)
class _Case:
    """A correction of locked rows: the accreditation, the person's others that live, and the facts before and after.

    `live` are all the person's applications that are not over, `photo` is the digest of the photo as it is.
    """

    accreditation: Accreditation
    others: Sequence[Accreditation]
    live: Sequence[int]
    correction: Correction
    names: Names
    photo: str
    change: AccreditedPersonChange
    differences: tuple[Difference, ...]


def _open(accreditation: Accreditation, correction: Correction) -> _Case:
    """Lock the missions, the person's live applications and accreditations, and compare.

    The observer's own row is not locked: who changes it has locked an application of the person, or finds that a
    live one is not to be changed by nomination any more.
    """
    here = accreditation.application.nomination.mission_id
    for pk in sorted({here, correction.mission.pk if correction.mission else here}):
        lock_mission(pk)
    live = Application.objects.live().filter(election=accreditation.election_id, observer=accreditation.observer_id)
    applications = lock_applications(live.values_list("pk", flat=True))
    rows = _lock_accreditations([row.pk for row in applications])
    own = rows.pop(accreditation.pk, None)
    if own is None:
        raise AccreditationEndedError
    if own.application.nomination.mission_id != here:
        raise RegisterChangedError
    if correction.mission and correction.mission.election_id != own.election_id:
        raise NotMovableError(_("The mission belongs to another election."))
    return _compared(own, list(rows.values()), [row.pk for row in applications], correction)


def _lock_accreditations(applications: Sequence[int]) -> dict[int, Accreditation]:
    rows = Accreditation.objects.select_for_update(of=("self",), no_key=True).filter(
        application__in=applications, state__in=LIVE_ACCREDITATION_STATES
    )
    joined = rows.select_related("observer", "election", "application__nomination__mission", "application__election")
    return {row.pk: row for row in joined.defer("observer__passport_number", "observer__mrz").order_by("pk")}


def _compared(own: Accreditation, others: list[Accreditation], live: Sequence[int], correction: Correction) -> _Case:
    nomination, photo = own.application.nomination, photo_digest(own.application)
    names = _wanted_names(own.observer, correction)
    differences = tuple(_differences(own, correction, names, photo))
    if not differences:
        raise NothingToCorrectError
    facts = frozenset(difference.fact for difference in differences)
    touched = [own, *others] if Fact.NAME in facts else [own]
    change = AccreditedPersonChange(
        election_id=own.election_id,
        accreditation_id=own.pk,
        accreditation_ids=tuple(sorted(row.pk for row in touched)),
        observer_id=own.observer_id,
        nomination_id=nomination.pk,
        facts=facts,
        mission_id=nomination.mission_id,
        to_mission_id=correction.mission.pk if correction.mission else nomination.mission_id,
        category=Category(own.category),
        to_category=correction.category or Category(own.category),
        role=Role(nomination.role),
        to_role=correction.role or Role(nomination.role),
    )
    return _Case(own, others, live, correction, names, photo, change, differences)


def _wanted_names(observer: Observer, correction: Correction) -> Names:
    """The parts of the name as they should be, cleaned. Raises NameRefusedError naming each fault."""
    names, faults = [], []
    for field in _NAME_FIELDS:
        raw = getattr(correction, field)
        try:
            names.append(getattr(observer, field) if raw is None else clean_name(raw).text if raw.strip() else "")
        except TextRefusedError as refused:
            faults.append(Violation(field, refused.code, refused.message))
            names.append(raw)
    surname, given_names, patronymic = names
    if not surname:
        faults.append(Violation("surname", "value_missing", _("The surname is missing.")))
    if faults:
        raise NameRefusedError(violations=faults)
    return surname, given_names, patronymic


def _differences(own: Accreditation, correction: Correction, names: Names, photo: str) -> list[Difference]:
    observer, nomination = own.observer, own.application.nomination
    found = []
    if names != tuple(getattr(observer, field) for field in _NAME_FIELDS):
        found.append(Difference(Fact.NAME, observer.full_name, " ".join(part for part in names if part)))
    if correction.photo and correction.photo.sha256 != photo:
        found.append(Difference(Fact.PHOTO, _("the present one") if photo else _("none"), _("the new one")))
    if correction.role and correction.role != nomination.role:
        found.append(Difference(Fact.ROLE, Role(nomination.role).label, correction.role.label))
    if correction.mission and correction.mission.pk != nomination.mission_id:
        found.append(Difference(Fact.ORGANIZATION, nomination.mission.name, correction.mission.name))
    if correction.category and correction.category != own.category:
        found.append(Difference(Fact.CATEGORY, Category(own.category).label, correction.category.label))
    return found


def _digest(case: _Case, impacts: Sequence[Impact]) -> str:
    own, correction = case.accreditation, case.correction
    nomination = own.application.nomination
    return digest_of(
        impacts,
        own.pk,
        own.state,
        *(getattr(own.observer, field) for field in _NAME_FIELDS),
        *case.names,
        case.photo,
        correction.photo.sha256 if correction.photo else "",
        *(nomination.role, case.change.to_role),
        *(nomination.mission_id, case.change.to_mission_id, correction.reference),
        *(own.category, case.change.to_category),
        correction.session.pk if correction.session else 0,
    )


def _try(case: _Case, *, by: User, at: datetime) -> tuple[tuple[str, ...], DomainError | None]:
    """Make the change and take it back: what vetting found anew, and what forbade it."""
    known = _open_findings(case.accreditation.application_id)
    try:
        with transaction.atomic():
            present = _write(case, reason=_("preview"), by=by, at=at)
            found = _open_findings(present.application_id)
            transaction.set_rollback(True)
    except IntegrityError as error:
        return (), _named(error)
    except DomainError as error:
        return (), error
    return tuple(sentence for code, sentence in found.items() if code not in known), None


def _open_findings(application_id: int) -> dict[str, str]:
    """The open findings of an application, worded, by code."""
    application = Application(pk=application_id)
    rows = application.findings.filter(closed_at=None).order_by("pk")
    return {row.code: sentence_of(row.code, row.evidence, otherwise=row.sentence) for row in rows}


def _write(case: _Case, *, reason: str, by: User, at: datetime) -> Accreditation:
    """Write the facts in place, then what was decided; returns the accreditation that holds afterwards."""
    own, change = case.accreditation, case.change
    if Fact.NAME in change.facts:
        values = dict(zip(_NAME_FIELDS, case.names, strict=True))
        columns: dict[str, Any] = {**values, **name_keys(*case.names), "renamed_at": at}
        Observer.objects.filter(pk=own.observer_id).update(**columns)
        for column, value in columns.items():
            setattr(own.observer, column, value)
    if Fact.PHOTO in change.facts and case.correction.photo:
        put_photo(own.application, case.correction.photo, by=by, at=at)
    if Fact.ROLE in change.facts and not change.is_decided_anew:
        Nomination.objects.filter(pk=change.nomination_id).update(role=change.to_role)
    _vet_again(case, by=by, at=at)
    present = _decide_anew(case, reason=reason, by=by, at=at) if change.is_decided_anew else own
    _tell(case, present, reason=reason, by=by, at=at)
    return present


def _vet_again(case: _Case, *, by: User, at: datetime) -> None:
    """Name and photo are what people are compared by; whoever has been vetted is vetted again."""
    if not case.change.facts & {Fact.NAME, Fact.PHOTO}:
        return
    states = (*VETTED_STATES, ApplicationState.ACCREDITED)
    keys = case.live if Fact.NAME in case.change.facts else [case.accreditation.application_id]
    vet_many([row for row in lock_applications(keys) if row.state in states], by=by, at=at)


def _decide_anew(case: _Case, *, reason: str, by: User, at: datetime) -> Accreditation:
    change, correction = case.change, case.correction
    mission = correction.mission or case.accreditation.application.nomination.mission
    succession = Succession(
        mission, change.to_category, change.to_role, correction.reference.strip(), correction.session
    )
    return succeed_accreditation(case.accreditation, succession, reason=reason, by=by, at=at)


def _tell(case: _Case, present: Accreditation, *, reason: str, by: User, at: datetime) -> None:
    """One event for each accreditation, and a new version for each application, that says something else now."""
    own, facts = case.accreditation, sorted(case.change.facts)
    own_scope = own.application.nomination.mission_id
    events = [EventDraft("accreditation_corrected", own, scope_id=own_scope, changed=facts, reason=reason)]
    if present.pk != own.pk:
        scope_id = present.application.nomination.mission_id
        events.append(EventDraft("accreditation_corrected", present, scope_id=scope_id, changed=facts, reason=reason))
    if Fact.NAME in facts:
        events += [
            EventDraft(
                "accreditation_corrected",
                row,
                scope_id=row.application.nomination.mission_id,
                changed=[Fact.NAME],
                reason=reason if row.application.nomination.mission_id == own_scope else "",
            )
            for row in case.others
        ]
    record_events(events, by=by, at=at)
    keys = case.live if Fact.NAME in facts else [own.application_id]
    Application.objects.filter(pk__in=keys).update(version=F("version") + 1)


def _named(error: IntegrityError) -> DomainError:
    match broken_constraint(error, Nomination, Application):
        case "nomination_once":
            return RegisterChangedError()
        case "nomination_reference_once":
            return NotMovableError(_("The mission has another nomination of this reference; give a new one."))
        case "application_one_live":
            return AppliedAgainError()
        case "application_one_per_commission":
            return OnePerCommissionError()
    return place_refusal(error) or decision_refusal(error)
