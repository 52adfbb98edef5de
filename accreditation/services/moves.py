"""The common part of every edge: lock the row, check the table, write the state, append the history.

Rows are locked in one order everywhere, mission, session, item of an agenda, application, accreditation, election, so
that no two services can wait for each other.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db.models import F, QuerySet

from accreditation.errors import RegisterChangedError
from accreditation.models import Application
from accreditation.states import APPLICATION_TRANSITIONS, CLOSED_APPLICATION_STATES, ApplicationState
from missions.kernel.errors import MissingError
from missions.kernel.events import EventDraft, record_events
from missions.kernel.transitions import IllegalTransitionError, ensure_transition
from missions.models import Election, Mission, User

#: Rows that an act on many locks and writes in one transaction.
CHUNK = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One edge to walk: where to, the verb of its event, and why."""

    target: ApplicationState
    verb: str
    reason: str = ""


def lock_application(
    application: Application, *, to: ApplicationState | None = None, only_from: Collection[ApplicationState] = ()
) -> Application:
    """The stored application, locked until the transaction ends, with observer, nomination, mission and election.

    With `to`, raises IllegalTransitionError unless the table has that edge from the stored state; an edge that
    another service walks is ruled out by `only_from`. Raises MissingError if there is no such row.
    """
    try:
        locked = _locked().get(pk=application.pk)
    except Application.DoesNotExist:
        raise MissingError from None
    if to is not None:
        source = ApplicationState(locked.state)
        ensure_transition(APPLICATION_TRANSITIONS, source, to)
        if only_from and source not in only_from:
            raise IllegalTransitionError(source, to)
    return locked


def lock_applications(keys: Collection[int]) -> list[Application]:
    """The stored applications with these keys, locked in the order of their keys, as `lock_application` reads them."""
    return list(_locked().filter(pk__in=keys).order_by("pk"))


def _locked() -> QuerySet[Application]:
    rows = Application.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("election", "observer", "nomination__mission").defer(
        "observer__passport_number", "observer__mrz"
    )


def present_election_day(application: Application) -> date:
    """The day of the vote as it is now: what was joined to a row that had to be waited for is older than the row."""
    return Election.objects.values_list("e_day", flat=True).get(pk=application.election_id)


def move_application(
    application: Application,
    *steps: Step,
    by: User | None,
    at: datetime,
    changed: Sequence[str] = (),
    besides: Sequence[EventDraft] = (),
) -> None:
    """Walk a locked application along the steps: one write, one event per step, and those `besides` after them.

    `changed` names the other fields that were set. Raises IllegalTransitionError for a step that the table lacks.
    """
    scope_id = application.nomination.mission_id
    events = []
    if steps[-1].target in CLOSED_APPLICATION_STATES:
        application.closed_at = at
        changed = (*changed, "closed_at")
    for step in steps:
        source = ApplicationState(application.state)
        ensure_transition(APPLICATION_TRANSITIONS, source, step.target)
        application.state = step.target
        events.append(
            EventDraft(
                verb=step.verb,
                obj=application,
                scope_id=scope_id,
                from_state=source,
                to_state=step.target,
                changed=changed,
                reason=step.reason,
            )
        )
    application.version += 1
    application.save(update_fields=["state", "version", *changed])
    record_events([*events, *besides], by=by, at=at)


def move_applications(
    applications: Sequence[Application],
    step: Step,
    *,
    by: User | None,
    at: datetime,
    values: Mapping[str, Any] | None = None,
    besides: Sequence[EventDraft] = (),
) -> None:
    """Walk locked applications along one step: one write, one event each, and the events `besides` after them.

    `values` are further columns that become the same for all. Raises IllegalTransitionError, and then writes
    nothing, if the table lacks the step for one of them.
    """
    written: dict[str, Any] = {**(values or {}), "state": step.target}
    if step.target in CLOSED_APPLICATION_STATES:
        written["closed_at"] = at
    events = []
    for row in applications:
        source = ApplicationState(row.state)
        ensure_transition(APPLICATION_TRANSITIONS, source, step.target)
        events.append(
            EventDraft(
                verb=step.verb,
                obj=row,
                scope_id=row.nomination.mission_id,
                from_state=source,
                to_state=step.target,
                changed=[name.removesuffix("_id") for name in written if name != "state"],
                reason=step.reason,
            )
        )
    keys = [row.pk for row in applications]
    Application.objects.filter(pk__in=keys).update(version=F("version") + 1, **written)
    for row in applications:
        row.version += 1
        for name, value in written.items():
            setattr(row, name, value)
    record_events([*events, *besides], by=by, at=at)


def chunks(keys: Sequence[int]) -> Iterator[list[int]]:
    """The keys, CHUNK at a time."""
    rest = iter(keys)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


def lock_mission(mission_id: int) -> Mission:
    """The mission with its election, locked until the transaction ends. Raises MissingError."""
    rows = Mission.objects.select_for_update(of=("self",), no_key=True).select_related("election")
    try:
        return rows.get(pk=mission_id)
    except Mission.DoesNotExist:
        raise MissingError from None


def lock_application_and_mission(application: Application, *, to: ApplicationState | None = None) -> Application:
    """As `lock_application`, with its mission locked before it: for acts that take or free a place.

    Raises RegisterChangedError if the nomination went over to another mission at this very moment.
    """
    mission = lock_mission(application.nomination.mission_id)
    locked = lock_application(application, to=to)
    if locked.nomination.mission_id != mission.pk:
        raise RegisterChangedError
    return locked
