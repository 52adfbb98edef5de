"""Roll calls: calling, answering and closing. The latest answer that happened counts, so none is ever overwritten."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accreditation.models import Accreditation
from missions.kernel.doorbell import ring_after_commit
from missions.kernel.errors import Violation
from missions.kernel.events import record_event
from missions.kernel.integrity import broken_constraint
from missions.models import Election, Mission, User
from missions.states import DeploymentMode
from stations.deployment.presence.errors import (
    CalledInPoolError,
    NobodyToAskError,
    NonceReusedError,
    NotAskedError,
    RollCallClosedError,
    RollCallOpenError,
    RollCallTermsError,
)
from stations.deployment.presence.models import AskedObserver, RollCall, RollCallAnswer
from stations.deployment.presence.services.clocks import corrected
from stations.deployment.presence.states import Reply

#: A roll is called where people may be in danger: a later hour is a slip, and nobody would be missed until then.
LONGEST_WAIT = timedelta(days=1)
REMINDERS_BELL = "reminders.plan_due"
_BATCH = 500
_ONE_OPEN = frozenset({"roll_call_one_open", "roll_call_pool_one_open"})


@dataclass(frozen=True, slots=True)
class AnswerDraft:
    """What is answered for one person; `client_time` is an aware instant by the clock of the device."""

    reply: Reply
    nonce: str
    client_time: datetime
    note: str = ""


def call_roll(
    *, election: Election, mission: Mission | None, reason: str, answer_by: datetime, by: User | None, at: datetime
) -> RollCall:
    """Ask everybody of a self-directed mission, or of the pool (None), who is accredited and has not left.

    Whom it asks is kept from then on. Records "roll_called", which the host reads of the pool only; the leads of the
    pool's missions are told by mail. Raises RollCallTermsError, CalledInPoolError, NobodyToAskError, RollCallOpenError.
    """
    if mission is not None and not mission.is_self_directed:
        raise CalledInPoolError
    _refuse_terms(reason, answer_by, at)
    try:
        with transaction.atomic():
            # Two calls at the same time would take the same number.
            Election.objects.select_for_update().get(pk=election.pk)
            people = _people_of(election, mission, at)
            if not people:
                raise NobodyToAskError
            earlier = RollCall.objects.filter(election=election, mission=mission).aggregate(last=Max("number"))
            roll_call = RollCall.objects.create(
                election=election,
                mission=mission,
                number=(earlier["last"] or 0) + 1,
                reason=reason.strip(),
                called_at=at,
                called_by=by,
                answer_by=answer_by,
            )
            AskedObserver.objects.bulk_create(
                [
                    AskedObserver(roll_call=roll_call, observer_id=observer, nomination_id=nomination)
                    for observer, nomination in people
                ],
                batch_size=_BATCH,
            )
            _record("roll_called", roll_call, by, at, roll_call.reason)
            ring_after_commit(REMINDERS_BELL)
    except IntegrityError as error:
        if broken_constraint(error, RollCall) in _ONE_OPEN:
            raise RollCallOpenError from error
        raise
    return roll_call


def answer_roll_call(
    *,
    roll_call: RollCall,
    asked: AskedObserver,
    draft: AnswerDraft,
    device_now: datetime,
    by: User | None,
    at: datetime,
) -> RollCallAnswer:
    """Keep an answer for one of those who are asked; the same nonce again gives the first one again.

    No event: an answer is its own history. Raises RollCallClosedError, NotAskedError, NonceReusedError.
    """
    with transaction.atomic():
        locked = held_roll_call(roll_call)
        if asked.roll_call_id != locked.pk:
            raise NotAskedError
        known = RollCallAnswer.objects.filter(asked=asked, nonce=draft.nonce).first()
        if known is not None:
            if (known.reply, known.note, known.client_time) != (draft.reply, draft.note.strip(), draft.client_time):
                raise NonceReusedError
            return known
        if locked.closed_at is not None:
            raise RollCallClosedError
        time = corrected(draft.client_time, device_now=device_now, at=at)
        return RollCallAnswer.objects.create(
            asked=asked,
            reply=draft.reply,
            note=draft.note.strip(),
            nonce=draft.nonce,
            client_time=draft.client_time,
            skew_seconds=time.skew_seconds,
            happened_at=time.happened_at,
            received_at=at,
            by=by,
        )


def close_roll_call(*, roll_call: RollCall, reason: str = "", by: User | None, at: datetime) -> RollCall:
    """End a roll call, whoever has not answered. Records "roll_call_closed". Raises RollCallClosedError."""
    with transaction.atomic():
        locked = held_roll_call(roll_call)
        if locked.closed_at is not None:
            raise RollCallClosedError
        locked.closed_at, locked.closed_by = at, by
        locked.version += 1
        locked.save(update_fields=["closed_at", "closed_by", "version"])
        _record("roll_call_closed", locked, by, at, reason.strip())
    return locked


def held_roll_call(roll_call: RollCall) -> RollCall:
    """The roll call under its lock: nobody closes it while somebody answers."""
    rows = RollCall.objects.select_for_update(of=("self",)).select_related("election", "mission")
    return rows.get(pk=roll_call.pk)


def _refuse_terms(reason: str, answer_by: datetime, at: datetime) -> None:
    faults = []
    if not reason.strip():
        faults.append(Violation("reason", "reason-missing", _("Say why the roll is called.")))
    if answer_by <= at:
        faults.append(Violation("answer_by", "answer-by-past", _("Leave some time to answer.")))
    if answer_by > at + LONGEST_WAIT:
        faults.append(Violation("answer_by", "answer-by-too-far", _("Ask for answers within a day.")))
    if faults:
        raise RollCallTermsError(violations=faults)


def _people_of(election: Election, mission: Mission | None, at: datetime) -> list[tuple[int, int]]:
    """Observers with their nominations: accredited international observers, suspended ones too, who have not left."""
    rows = Accreditation.objects.counted(election)
    if mission is not None:
        rows = rows.filter(application__nomination__mission=mission)
    else:
        rows = rows.filter(application__nomination__mission__deployment_mode=DeploymentMode.HOST_COORDINATED)
    left = rows.filter(application__nomination__stay__left_at__lte=at).values("pk")
    return list(rows.exclude(pk__in=left).order_by("observer").values_list("observer", "application__nomination"))


def _record(verb: str, roll_call: RollCall, by: User | None, at: datetime, reason: str) -> None:
    record_event(
        verb, roll_call, by=by, at=at, scope_id=roll_call.mission_id, reason=reason, is_private=roll_call.is_private
    )
