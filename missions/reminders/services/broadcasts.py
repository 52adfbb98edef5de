"""Broadcasts: written, shown to whom they would go, confirmed for exactly those, handed to the outbox, stopped."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.transitions import ensure_transition
from missions.models import Election, Mission, User
from missions.reminders.broadcast_audience import (
    MISSION_VARIABLES,
    VARIABLES,
    Found,
    find_audience,
    fingerprint_of,
    written_for,
)
from missions.reminders.errors import (
    AudienceChangedError,
    AudienceEmptyError,
    AudienceUnknownError,
    BroadcastTextRefusedError,
    CountMismatchError,
    PreparationTooOldError,
)
from missions.reminders.models import Broadcast, BroadcastText, Message
from missions.reminders.services.planning import post_messages
from missions.reminders.sources import ReminderDraft
from missions.reminders.specs import StepText
from missions.reminders.states import BROADCAST_TRANSITIONS, Audience, BroadcastState, MessageState
from missions.reminders.texts import problems_of
from missions.reminders.traits import trait_of
from missions.states import MailLanguage, MissionKind, OrganizationKind

BROADCAST_RULE = "broadcast"
#: So long after the audience was shown it may be confirmed.
CONFIRM_WITHIN = timedelta(minutes=30)
#: A letter to many is of no use any more after this.
USEFUL_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class BroadcastSpec:
    """A broadcast as somebody writes it. An empty filter lets every mission of the election through."""

    election: Election
    texts: Mapping[MailLanguage, StepText]
    audiences: tuple[Audience, ...] = ()
    groups: tuple[str, ...] = ()
    mission_kinds: tuple[MissionKind, ...] = ()
    organization_kinds: tuple[OrganizationKind, ...] = ()
    traits: tuple[str, ...] = ()
    missions: tuple[Mission, ...] = ()


def write_broadcast(*, spec: BroadcastSpec, by: User, at: datetime) -> Broadcast:
    """Keep a draft; nothing is sent. Records `broadcast_written`.

    Raises BroadcastTextRefusedError, AudienceEmptyError if nobody is asked for, AudienceUnknownError.
    """
    _ensure_sound(spec)
    with transaction.atomic():
        broadcast = Broadcast.objects.create(author=by, created_at=at, **_fields_of(spec))
        _keep_parts(broadcast, spec)
        record_event("broadcast_written", broadcast, by=by, at=at, to_state=broadcast.state)
    return broadcast


def change_broadcast(*, broadcast: Broadcast, spec: BroadcastSpec, by: User, at: datetime) -> Broadcast:
    """Replace the draft; what was prepared has to be looked at again. Records `broadcast_changed`.

    Raises IllegalTransitionError once it was sent or discarded, and as `write_broadcast`.
    """
    _ensure_sound(spec)
    with transaction.atomic():
        locked = _locked(broadcast)
        before = locked.state
        if before != BroadcastState.DRAFT:
            ensure_transition(BROADCAST_TRANSITIONS, BroadcastState(before), BroadcastState.DRAFT)
        fields = {**_fields_of(spec), "state": BroadcastState.DRAFT, "fingerprint": "", "recipients": 0}
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(fields))
        locked.texts.all().delete()
        _keep_parts(locked, spec)
        record_event("broadcast_changed", locked, by=by, at=at, from_state=before, to_state=locked.state)
    return locked


def prepare_broadcast(*, broadcast: Broadcast, by: User, at: datetime) -> Broadcast:
    """Fix the audience and the words as they are now, to be confirmed soon. Records `broadcast_prepared`.

    Preparing again looks again. Raises AudienceEmptyError, IllegalTransitionError.
    """
    with transaction.atomic():
        locked = _locked(broadcast)
        before = BroadcastState(locked.state)
        if before != BroadcastState.PREPARED:
            ensure_transition(BROADCAST_TRANSITIONS, before, BroadcastState.PREPARED)
        found = find_audience(locked, at=at)
        if not found.readers:
            raise AudienceEmptyError
        locked.state, locked.prepared_at = BroadcastState.PREPARED, at
        locked.recipients, locked.fingerprint = len(found.readers), fingerprint_of(found, locked, locked.texts.all())
        locked.save(update_fields=["state", "prepared_at", "recipients", "fingerprint"])
        people = str(locked.recipients)
        record_event(
            "broadcast_prepared", locked, by=by, at=at, from_state=before, to_state=locked.state, reason=people
        )
    return locked


def send_broadcast(*, broadcast: Broadcast, typed_count: int, by: User, at: datetime) -> Broadcast:
    """Hand the mail to the outbox for exactly the people and with the words that were shown, once for each.

    All of them or none. Records `broadcast_sent`. Raises CountMismatchError, PreparationTooOldError,
    AudienceChangedError, IllegalTransitionError, also for whoever is second.
    """
    with transaction.atomic():
        locked = _locked(broadcast)
        before = BroadcastState(locked.state)
        ensure_transition(BROADCAST_TRANSITIONS, before, BroadcastState.QUEUED)
        if typed_count != locked.recipients:
            raise CountMismatchError(violations=[Violation("count", CountMismatchError.code, _("Look once more."))])
        if locked.prepared_at is None or at - locked.prepared_at > CONFIRM_WITHIN:
            raise PreparationTooOldError
        texts = list(locked.texts.all())
        found = find_audience(locked, at=at)
        if fingerprint_of(found, locked, texts) != locked.fingerprint:
            raise AudienceChangedError
        locked.state, locked.queued_at = BroadcastState.QUEUED, at
        locked.save(update_fields=["state", "queued_at"])
        record_event("broadcast_sent", locked, by=by, at=at, from_state=before, to_state=locked.state)
        post_messages(drafts=_drafts(found, locked, texts, at=at), rule=BROADCAST_RULE, at=at)
    return locked


def discard_broadcast(*, broadcast: Broadcast, by: User, at: datetime) -> Broadcast:
    """Give up what was not sent. Records `broadcast_discarded`. Raises IllegalTransitionError."""
    with transaction.atomic():
        return _moved(_locked(broadcast), BroadcastState.DISCARDED, "broadcast_discarded", by=by, at=at)


def stop_broadcast(*, broadcast: Broadcast, reason: str, by: User, at: datetime) -> int:
    """Cancel what has not gone out yet, and return how many mails that were. What is on its way arrives.

    Records `broadcast_stopped`. Raises IllegalTransitionError.
    """
    with transaction.atomic():
        locked = _locked(broadcast)
        locked.stopped_at = at
        _moved(locked, BroadcastState.STOPPED, "broadcast_stopped", by=by, at=at, reason=reason)
        waiting = messages_of(locked).filter(state=MessageState.PLANNED)
        return waiting.update(state=MessageState.CANCELLED, error=_("The broadcast was stopped."))


def messages_of(broadcast: Broadcast) -> QuerySet[Message]:
    """The mails of the broadcast."""
    return Message.objects.filter(
        rule=BROADCAST_RULE, subject_type=Broadcast._meta.label_lower, subject_id=broadcast.pk
    )


def _locked(broadcast: Broadcast) -> Broadcast:
    return Broadcast.objects.select_for_update(of=("self",)).select_related("election").get(pk=broadcast.pk)


def _moved(
    broadcast: Broadcast, target: BroadcastState, verb: str, *, by: User, at: datetime, reason: str = ""
) -> Broadcast:
    before = BroadcastState(broadcast.state)
    ensure_transition(BROADCAST_TRANSITIONS, before, target)
    broadcast.state = target
    broadcast.save(update_fields=["state", "stopped_at"])
    record_event(verb, broadcast, by=by, at=at, from_state=before, to_state=target, reason=reason)
    return broadcast


def _fields_of(spec: BroadcastSpec) -> dict[str, object]:
    return {
        "election": spec.election,
        "audiences": [audience.value for audience in spec.audiences],
        "groups": list(spec.groups),
        "mission_kinds": [kind.value for kind in spec.mission_kinds],
        "organization_kinds": [kind.value for kind in spec.organization_kinds],
        "traits": list(spec.traits),
    }


def _keep_parts(broadcast: Broadcast, spec: BroadcastSpec) -> None:
    broadcast.missions.set(spec.missions)
    BroadcastText.objects.bulk_create(
        BroadcastText(broadcast=broadcast, language=language, subject=text.subject, body=text.body)
        for language, text in spec.texts.items()
    )


def _ensure_sound(spec: BroadcastSpec) -> None:
    violations = list(_text_violations(spec))
    if violations:
        raise BroadcastTextRefusedError(violations=violations)
    if not spec.audiences and not spec.groups:
        raise AudienceEmptyError(violations=[Violation("audiences", AudienceEmptyError.code, _("Choose somebody."))])
    unknown = list(_unknown_names(spec))
    if unknown:
        raise AudienceUnknownError(violations=unknown)


def _text_violations(spec: BroadcastSpec) -> Iterator[Violation]:
    known = VARIABLES if spec.groups else MISSION_VARIABLES
    if not spec.texts:
        yield Violation(f"subject_{MailLanguage.EN}", "text-empty", _("Write it in one language at least."))
    for language, text in spec.texts.items():
        for field, template, is_line in (("subject", text.subject, True), ("body", text.body, False)):
            for problem in problems_of(template, known, language=language, is_line=is_line):
                yield Violation(f"{field}_{language}", problem.code, problem.sentence)


def _unknown_names(spec: BroadcastSpec) -> Iterator[Violation]:
    groups = set(Group.objects.filter(name__in=spec.groups).values_list("name", flat=True))
    for name in spec.groups:
        if name not in groups:
            yield Violation("groups", AudienceUnknownError.code, _("There is no role “%s”.") % name)
    for code in spec.traits:
        if trait_of(code) is None:
            yield Violation("traits", AudienceUnknownError.code, _("Nobody knows “%s” here.") % code)
    for mission in spec.missions:
        if mission.election_id != spec.election.pk:
            sentence = _("%s observes another election.") % mission
            yield Violation("missions", AudienceUnknownError.code, sentence)


def _drafts(found: Found, broadcast: Broadcast, texts: list[BroadcastText], *, at: datetime) -> Iterator[ReminderDraft]:
    for reader in found.readers:
        written = written_for(reader, broadcast, texts)
        yield ReminderDraft(
            to_address=reader.person.address,
            subject_type=Broadcast._meta.label_lower,
            subject_id=broadcast.pk,
            slot=at.astimezone(broadcast.election.zone).date(),
            due_at=at,
            not_after=at + USEFUL_FOR,
            mission_id=reader.mission_id,
            subject=written.subject,
            body=written.body,
            language=MailLanguage(written.language),
            reason=written.reason,
        )
