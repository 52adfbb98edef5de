"""What stands on the agenda of a session: items, each a person or a list of people, on which there is one vote.

An application is on one agenda at most: only a recommended one is put on any, and it is scheduled from then on.
"""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from accreditation.errors import (
    AgendaItemDecidedError,
    ReasonMissingError,
    RegisterChangedError,
    SessionOfAnotherElectionError,
    TitleMissingError,
)
from accreditation.models import AgendaItem, Application, CommissionSession
from accreditation.services.moves import (
    Step,
    chunks,
    lock_application,
    lock_applications,
    move_application,
    move_applications,
)
from accreditation.services.verdicts import RowResult
from accreditation.states import ApplicationState
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.events import record_event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import User

_S = ApplicationState
_TITLE_LENGTH = 200


def schedule_application(
    *, application: Application, session: CommissionSession, by: User, at: datetime
) -> Application:
    """Put a recommended application on the agenda of a session, as an item of its own under the person's name.

    Records one event each on application and item. Raises SessionOfAnotherElectionError if the two do not belong
    together, IllegalTransitionError, MissingError.
    """
    with transaction.atomic():
        locked_session = _lock_session(session)
        locked = lock_application(application, to=_S.SCHEDULED)
        if locked_session.election_id != locked.election_id:
            raise SessionOfAnotherElectionError
        locked.session = locked_session
        locked.agenda_item = _add_item(locked_session, label_of(locked), by=by, at=at)
        step = Step(_S.SCHEDULED, "scheduled")
        move_application(locked, step, by=by, at=at, changed=("session", "agenda_item"))
    return locked


def schedule_list(
    *, session: CommissionSession, title: str, application_ids: Iterable[int], by: User, at: datetime
) -> list[RowResult]:
    """Put many recommended applications on the agenda of a session as one item with this title.

    Whoever is not recommended, or belongs to another election, is reported and stays off; if that is everybody,
    there is no item. Five hundred at a time in a transaction each, so that a long list keeps nobody waiting; what is
    done stays done. Records one event on the item and one on each application. The results are in the order of the
    applications. Raises TitleMissingError, MissingError, and AgendaItemDecidedError if the session votes on the list
    before it is complete.
    """
    if not title.strip():
        raise TitleMissingError
    item: AgendaItem | None = None
    results: dict[int, RowResult] = {}
    keys = list(dict.fromkeys(application_ids))
    for chunk in chunks(keys):
        with transaction.atomic():
            if item is None:
                session = _lock_session(session)
            else:
                lock_open_item(item)
            rows = {row.pk: row for row in lock_applications(chunk)}
            misfits = {key: error for key in chunk if (error := _misfit(rows.get(key), session))}
            fit = [row for row in rows.values() if row.pk not in misfits]
            if fit and item is None:
                item = _add_item(session, title.strip(), by=by, at=at)
            if fit and item is not None:
                values = {"session_id": session.pk, "agenda_item_id": item.pk}
                move_applications(fit, Step(_S.SCHEDULED, "scheduled"), by=by, at=at, values=values)
            results |= {key: result_of(key, rows.get(key), misfits.get(key)) for key in chunk}
    return [results[key] for key in keys]


def return_to_review(*, application: Application, reason: str, by: User, at: datetime) -> Application:
    """Take a recommended or scheduled application off the table again; it leaves its agenda.

    An item that the session has not voted on and that nobody stands on any more leaves the agenda too. Raises
    ReasonMissingError without a reason, RegisterChangedError if it was put on another agenda at this very moment.
    """
    if not reason.strip():
        raise ReasonMissingError
    with transaction.atomic():
        item = lock_item_of(application)
        locked = lock_application(application, to=_S.UNDER_REVIEW, only_from=(_S.RECOMMENDED, _S.SCHEDULED))
        ensure_on_item(locked, item)
        locked.session, locked.agenda_item = None, None
        step = Step(_S.UNDER_REVIEW, "returned_to_review", reason=reason.strip())
        move_application(locked, step, by=by, at=at, changed=("session", "agenda_item"))
        if item is not None and not item.outcome and not item.applications.exists():
            record_event("agenda_item_removed", item.session, by=by, at=at, reason=str(item))
            item.delete()
    return locked


def lock_item(item_id: int) -> AgendaItem:
    """The item with its session, locked until the transaction ends. Raises MissingError."""
    rows = AgendaItem.objects.select_for_update(of=("self",), no_key=True).select_related("session__election")
    try:
        return rows.get(pk=item_id)
    except AgendaItem.DoesNotExist:
        raise MissingError from None


def lock_open_item(item: AgendaItem) -> AgendaItem:
    """As `lock_item`. Raises AgendaItemDecidedError if the session has voted on it."""
    locked = lock_item(item.pk)
    if locked.outcome:
        raise AgendaItemDecidedError
    return locked


def lock_item_of(application: Application) -> AgendaItem | None:
    """The item that the application stands on, locked before the application is; None if it is on none."""
    stored = Application.objects.filter(pk=application.pk).values_list("agenda_item", flat=True).first()
    return None if stored is None else lock_item(stored)


def ensure_on_item(application: Application, item: AgendaItem | None) -> None:
    """Raise RegisterChangedError unless the locked application still stands where it stood before it was locked."""
    if application.agenda_item_id != (item.pk if item else None):
        raise RegisterChangedError


def is_alone(application: Application) -> bool:
    """Whether nobody else is scheduled on the item of the application. One query."""
    others = Application.objects.filter(agenda_item=application.agenda_item_id, state=_S.SCHEDULED)
    return application.agenda_item_id is None or not others.exclude(pk=application.pk).exists()


def result_of(application_id: int, application: Application | None, error: DomainError | None = None) -> RowResult:
    """The line of a result: who it is, and what stood in the way if anything did."""
    label = label_of(application) if application else ""
    return RowResult(application_id, label, error.code, error.sentence) if error else RowResult(application_id, label)


def label_of(application: Application) -> str:
    """The person as agendas and results name one: surname first, and the mission."""
    return f"{application.observer.full_name} ({application.nomination.mission.code})"


def _lock_session(session: CommissionSession) -> CommissionSession:
    rows = CommissionSession.objects.select_for_update(of=("self",), no_key=True).select_related("election")
    try:
        return rows.get(pk=session.pk)
    except CommissionSession.DoesNotExist:
        raise MissingError from None


def _add_item(session: CommissionSession, title: str, *, by: User, at: datetime) -> AgendaItem:
    """The next item of a locked session."""
    last: int | None = session.agenda.aggregate(last=Max("position"))["last"]
    item = AgendaItem.objects.create(session=session, position=(last or 0) + 1, title=title[:_TITLE_LENGTH])
    record_event("agenda_item_added", item, by=by, at=at)
    return item


def _misfit(application: Application | None, session: CommissionSession) -> DomainError | None:
    """Why the application cannot be put on the agenda of the session."""
    if application is None:
        return MissingError()
    if application.election_id != session.election_id:
        return SessionOfAnotherElectionError()
    if application.state != _S.RECOMMENDED:
        return IllegalTransitionError(_S(application.state), _S.SCHEDULED)
    return None
