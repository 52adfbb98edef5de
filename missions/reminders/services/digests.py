"""One mail a day: a mission's choice, and the mail that carries what may wait.

A message that may wait is put off to the hour of its mission's digest. Then a digest is made for each person, which
takes the messages along: it is written when it is sent, of those whose reasons still hold.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from itertools import groupby

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from missions.kernel.doorbell import ring_after_commit
from missions.kernel.events import record_event
from missions.law.calendar import local_instant
from missions.models import Mission, User
from missions.reminders import rules, selectors
from missions.reminders.errors import DigestNotChosenError
from missions.reminders.models import DigestChoice, Message
from missions.reminders.states import MessageState
from missions.reminders.texts import Facts
from missions.reminders.wording import COMMON, Written, day_text

DELIVERY_BELL = "reminders.deliver_due"
_DAY = timedelta(days=1)
#: So many digests are made in one transaction.
_TOGETHER = 200


def choose_digest(*, mission: Mission, local_time: time, by: User | None, at: datetime) -> DigestChoice:
    """Let the mission have what may wait once a day at this hour, by the clocks of the host country.

    Messages that are planned already go as they were planned. Records `digest_chosen`.
    """
    with transaction.atomic():
        locked = Mission.objects.select_for_update().get(pk=mission.pk)
        choice, _is_new = DigestChoice.objects.update_or_create(mission=locked, defaults={"local_time": local_time})
        record_event("digest_chosen", locked, by=by, at=at, scope_id=locked.pk, reason=f"{local_time:%H:%M}")
    return choice


def drop_digest(*, mission: Mission, by: User | None, at: datetime) -> None:
    """Let every mail of the mission go by itself from now on; what waits goes with the last digest.

    Records `digest_dropped`. Raises DigestNotChosenError.
    """
    with transaction.atomic():
        locked = Mission.objects.select_for_update().get(pk=mission.pk)
        deleted, _by_model = DigestChoice.objects.filter(mission=locked).delete()
        if not deleted:
            raise DigestNotChosenError
        record_event("digest_dropped", locked, by=by, at=at, scope_id=locked.pk)


def put_off_to_digests(messages: Iterable[Message], *, at: datetime) -> None:
    """Mark which of these unsaved messages wait for the next digest of their mission, and put them off until then.

    A message that would be of no use by then goes by itself. One query, none for no message.
    """
    waiting = [message for message in messages if message.mission_id is not None]
    if not waiting:
        return
    choices = DigestChoice.objects.filter(mission__in={message.mission_id for message in waiting})
    hours = {choice.mission_id: choice for choice in choices.select_related("mission__election")}
    for message in waiting:
        choice = hours.get(message.mission_id or 0)
        if choice is not None:
            opens_at = next_digest_at(choice, after=max(at, message.due_at))
            if opens_at <= message.not_after:
                message.due_at, message.waits_for_digest = opens_at, True


def next_digest_at(choice: DigestChoice, *, after: datetime) -> datetime:
    """The first digest of the mission at the instant or later."""
    election = choice.mission.election
    day = after.astimezone(election.zone).date()
    opens_at = local_instant(day, choice.local_time, election.time_zone)
    return opens_at if opens_at >= after else local_instant(day + _DAY, choice.local_time, election.time_zone)


def gather_digests(*, at: datetime) -> int:
    """Make a digest for each person and mission whose hour has come, and return how many are made.

    What would be alone in a digest goes by itself instead. A message is carried once, however many gather at a time.
    """
    made = 0
    for keys in _batches(_people_with_mail(at=at)):
        with transaction.atomic():
            made += _gather(keys, at=at)
            ring_after_commit(DELIVERY_BELL)
    return made


def compose_digest(message: Message, *, at: datetime) -> bool:
    """Write the digest of what it carries and still holds; False if that is nothing. Cancels what does not hold.

    The text is kept, as a proof of what was sent.
    """
    carried = Message.objects.filter(carrier=message, state=MessageState.PLANNED, not_after__gte=at)
    items: list[Message] = []
    gone: list[Message] = []
    for item in carried.order_by("due_at", "pk"):
        source = selectors.source_of(item.rule)
        (items if source is not None and source.still_due(item, at=at) else gone).append(item)
    mission = Mission.objects.select_related("election").get(pk=message.subject_id)
    with transaction.atomic():
        _planned(gone).update(state=MessageState.CANCELLED, error=_("The reason was gone when it was to be sent."))
        if items:
            written = _written(items, mission, message)
            message.subject, message.body, message.reason = written.subject, written.body, written.reason
            message.save(update_fields=["subject", "body", "reason"])
    return bool(items)


def _people_with_mail(*, at: datetime) -> list[tuple[int, str]]:
    ready = Message.objects.filter(
        state=MessageState.PLANNED, waits_for_digest=True, carrier=None, due_at__lte=at, not_after__gte=at
    )
    rows = ready.exclude(mission=None).order_by("mission", "to_address").values_list("mission", "to_address")
    return list(rows.distinct())


def _batches(keys: Sequence[tuple[int, str]]) -> Iterable[Sequence[tuple[int, str]]]:
    return (keys[start : start + _TOGETHER] for start in range(0, len(keys), _TOGETHER))


def _gather(keys: Sequence[tuple[int, str]], *, at: datetime) -> int:
    """Digests for these missions and addresses, or none where another process was faster."""
    made = 0
    rows = (
        Message.objects.select_for_update(of=("self",))
        .filter(state=MessageState.PLANNED, waits_for_digest=True, carrier=None, due_at__lte=at, not_after__gte=at)
        .filter(mission__in={key[0] for key in keys}, to_address__in={key[1] for key in keys})
        .select_related("mission__election")
        .order_by("mission", "to_address", "pk")
    )
    for _key, group in groupby(rows, key=lambda row: (row.mission_id, row.to_address)):
        carried = list(group)
        digest = _digest_of(carried, at=at) if len(carried) > 1 else None
        if digest is None:
            _planned(carried).update(waits_for_digest=False)
        else:
            _planned(carried).update(carrier=digest)
            made += 1
    return made


def _digest_of(carried: Sequence[Message], *, at: datetime) -> Message | None:
    """The digest of that day; None if it has gone out already, as when clocks are put back."""
    first = carried[0]
    mission = first.mission
    if mission is None:
        return None
    digest, is_new = Message.objects.get_or_create(
        rule=Message.DIGEST,
        to_address=first.to_address,
        subject_type=Mission._meta.label_lower,
        subject_id=mission.pk,
        slot=first.due_at.astimezone(mission.election.zone).date(),
        defaults={
            "mission": mission,
            "domain": rules.domain_of(first.to_address),
            "language": first.language,
            "subject": _("%(mission)s: one mail a day") % {"mission": mission.code},
            "body": "",
            "planned_at": at,
            "due_at": at,
            "not_after": max(item.not_after for item in carried),
        },
    )
    return digest if is_new else None


def _written(items: Sequence[Message], mission: Mission, digest: Message) -> Written:
    facts: Facts = {
        "mission": mission.name,
        "election": mission.election.name,
        "count": len(items),
        "day": day_text(digest.slot, language=digest.language),
    }
    written = COMMON.write("digest", facts, language=digest.language)
    sections = (_section(number, item) for number, item in enumerate(items, start=1))
    return Written(written.language, written.subject, "\n\n".join((written.body, *sections)) + "\n", written.reason)


def _section(number: int, item: Message) -> str:
    heading = f"{number}. {item.subject}"
    return f"{heading}\n{'-' * min(len(heading), 70)}\n\n{item.body.strip()}"


def _planned(messages: Iterable[Message]) -> QuerySet[Message]:
    return Message.objects.filter(pk__in=[message.pk for message in messages], state=MessageState.PLANNED)
