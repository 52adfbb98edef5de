"""Writing the history: one row per thing that happened, in the transaction that made it happen."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Model

from missions.kernel.models import Event


@dataclass(frozen=True, slots=True)
class EventDraft:
    """What a service says about one object; who and when are common to a batch."""

    verb: str
    obj: Model
    scope_id: int | None = None
    from_state: str = ""
    to_state: str = ""
    changed: Sequence[str] = ()
    reason: str = ""
    is_private: bool = False


def record_event(
    verb: str,
    obj: Model,
    *,
    by: AbstractBaseUser | None,
    at: datetime,
    scope_id: int | None = None,
    from_state: str = "",
    to_state: str = "",
    changed: Sequence[str] = (),
    reason: str = "",
    is_private: bool = False,
) -> None:
    """Append one event about a saved object. `by` is None for what the system did by itself."""
    draft = EventDraft(verb, obj, scope_id, from_state, to_state, changed, reason, is_private)
    record_events([draft], by=by, at=at)


def record_events(drafts: Iterable[EventDraft], *, by: AbstractBaseUser | None, at: datetime) -> None:
    """Append the events of one act on many objects with a single insert."""
    Event.objects.bulk_create(
        [
            Event(
                at=at,
                actor_id=by.pk if by else None,
                verb=draft.verb,
                object_type=draft.obj._meta.label_lower,
                object_id=draft.obj.pk,
                object_label=str(draft.obj)[:200],
                scope_id=draft.scope_id,
                is_private=draft.is_private,
                from_state=draft.from_state,
                to_state=draft.to_state,
                changed=list(draft.changed),
                reason=draft.reason,
            )
            for draft in drafts
        ],
        batch_size=500,
    )
