"""The commission votes on the items of an agenda; what it voted is carried out person by person.

The vote is recorded once, together with the exceptions that were made. Whoever else is on the item then gets its
outcome, five hundred people in a transaction. If that is interrupted, or somebody cannot be decided on yet, they stay
scheduled, and `carry_out_item` takes it up where it ended.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accreditation import rules
from accreditation.errors import (
    DecidedAsListError,
    NothingToDecideError,
    NotOnAgendaError,
    ReasonMissingError,
    RefusalNotGroundedError,
    SessionNotHeldYetError,
    VotesMissingError,
)
from accreditation.models import AgendaItem, Application, CommissionSession
from accreditation.services.agenda import is_alone, label_of, lock_open_item, result_of
from accreditation.services.moves import chunks, lock_applications
from accreditation.services.profiles import profile_of, required_profile_of
from accreditation.services.verdicts import (
    RowResult,
    Ruling,
    Verdict,
    Votes,
    accredit_locked,
    decision_refusal,
    defer_locked,
    refuse_locked,
)
from accreditation.states import AgendaOutcome, ApplicationState
from missions.kernel.events import record_event
from missions.models import Election, User

_O = AgendaOutcome
_NO_EXCEPTIONS: Mapping[int, Verdict] = MappingProxyType({})
ACCREDIT = Verdict(_O.ACCREDITED)


def decide_item(
    *,
    item: AgendaItem,
    verdict: Verdict,
    votes: Votes | None,
    by: User,
    at: datetime,
    exceptions: Mapping[int, Verdict] = _NO_EXCEPTIONS,
) -> list[RowResult]:
    """Record the vote on an item, and carry it out; `exceptions` are verdicts on single applications of a list.

    A person who cannot be decided on stops nobody else. If it is one of the exceptions, the person goes back into
    review, so that the outcome of the list cannot fall upon somebody for whom it was not meant. The exceptions come
    first in the results. Records one event on the item.

    Raises AgendaItemDecidedError, SessionNotHeldYetError, NothingToDecideError, VotesMissingError where the law has
    the commission decide by vote, RefusalNotGroundedError, ElectionWithoutProfileError, ReasonMissingError for a
    deferral without reasons, MissingError.
    """
    with transaction.atomic():
        locked = lock_open_item(item)
        ensure_sound([verdict, *exceptions.values()], locked.session.election)
        ensure_votes(locked, votes)
        if not _waiting(locked):
            raise NothingToDecideError
        record_vote(locked, verdict, votes, by=by, at=at)
        results = [
            result
            for key, exception in exceptions.items()
            for result in _decide_exception(key, locked, exception, by=by, at=at)
        ]
    return results + carry_out_item(item=locked, by=by, at=at)


def carry_out_item(*, item: AgendaItem, by: User, at: datetime) -> list[RowResult]:
    """Give the outcome of a decided item to everybody on it who is still scheduled; returns a result for each.

    Carried out again it does only what is left. Raises NothingToDecideError before the vote.
    """
    if not item.outcome:
        raise NothingToDecideError
    verdict = Verdict(_O(item.outcome), item.ground, item.text)
    waiting = _waiting(item)
    return [result for chunk in chunks(waiting) for result in _carry_out(chunk, item, verdict, by=by, at=at)]


def decide_session(
    *,
    session: CommissionSession,
    votes: Votes | None,
    by: User,
    at: datetime,
    exceptions: Mapping[int, Verdict] = _NO_EXCEPTIONS,
) -> list[RowResult]:
    """Accredit everybody whom the session has not decided on yet, but for the exceptions; the same vote on each item.

    An exception about somebody who is an item of their own is the verdict on that item. Each item is a transaction
    of its own. Raises NothingToDecideError, and as `decide_item` does for the first item.
    """
    scheduled = Application.objects.filter(session=session, state=ApplicationState.SCHEDULED, agenda_item__outcome="")
    people: dict[int, list[int]] = {}
    for item_id, key in scheduled.order_by("agenda_item__position", "pk").values_list("agenda_item", "pk"):
        people.setdefault(item_id, []).append(key)
    if not people:
        raise NothingToDecideError
    items = session.agenda.in_bulk(people)
    results = []
    for item_id, keys in people.items():
        own = {key: exceptions[key] for key in keys if key in exceptions}
        verdict = own.pop(keys[0]) if len(keys) == 1 and own else ACCREDIT
        results += decide_item(item=items[item_id], verdict=verdict, votes=votes, exceptions=own, by=by, at=at)
    return results


def record_vote(item: AgendaItem, verdict: Verdict, votes: Votes | None, *, by: User, at: datetime) -> None:
    """Write outcome and votes on a locked item that has none yet. Raises SessionNotHeldYetError before its hour."""
    ensure_held(item.session, at)
    item.outcome, item.ground, item.text = verdict.outcome, verdict.ground, verdict.text.strip()
    if votes is not None:
        item.votes_for, item.votes_against, item.votes_abstained = votes.in_favour, votes.against, votes.abstained
    item.decided_by, item.decided_at = by, at
    fields = ["outcome", "ground", "text", "votes_for", "votes_against", "votes_abstained", "decided_by", "decided_at"]
    item.save(update_fields=fields)
    record_event("agenda_item_decided", item, by=by, at=at, to_state=verdict.outcome, reason=item.text)


def ensure_held(session: CommissionSession, at: datetime) -> None:
    """Raise SessionNotHeldYetError unless the hour of the session has come."""
    if not session.is_held(at):
        raise SessionNotHeldYetError


def ensure_alone(application: Application) -> None:
    """Raise DecidedAsListError if others are scheduled on the item of the application too."""
    if not is_alone(application):
        raise DecidedAsListError


def ensure_sound(verdicts: Sequence[Verdict], election: Election) -> None:
    """Raise what a verdict lacks: ground and reasons of a refusal, the reasons of a deferral."""
    for verdict in verdicts:
        if verdict.outcome == _O.REFUSED:
            profile = required_profile_of(election)
            if violations := rules.refusal_violations(profile, ground=verdict.ground, text=verdict.text):
                raise RefusalNotGroundedError(violations=violations)
        elif verdict.outcome == _O.DEFERRED and not verdict.text.strip():
            raise ReasonMissingError


def ensure_votes(item: AgendaItem, votes: Votes | None) -> None:
    """Raise VotesMissingError if the law has the commission vote on people like those of the item."""
    profile = profile_of(item.session.election)
    categories = item.applications.order_by().values_list("category", flat=True).distinct()
    if any(rules.decides_by_vote(profile, category) for category in categories) and not (
        votes and votes.in_favour + votes.against
    ):
        raise VotesMissingError


def _waiting(item: AgendaItem) -> list[int]:
    scheduled = item.applications.filter(state=ApplicationState.SCHEDULED)
    return list(scheduled.order_by("pk").values_list("pk", flat=True))


def _decide_exception(key: int, item: AgendaItem, verdict: Verdict, *, by: User, at: datetime) -> list[RowResult]:
    """One application against the outcome of its list; if that cannot be, back into review with it."""
    results = _carry_out([key], item, verdict, by=by, at=at)
    refused = next((result for result in results if result.code), None)
    if refused is not None:
        back = Verdict(_O.DEFERRED, text=_("The decision could not be carried out: %s") % refused.detail)
        _carry_out([key], item, back, by=by, at=at)
    return results


def _carry_out(keys: Sequence[int], item: AgendaItem, verdict: Verdict, *, by: User, at: datetime) -> list[RowResult]:
    """Give the verdict to these people in one transaction; if the database refuses it, one by one."""
    try:
        with transaction.atomic():
            return _carry_out_locked(keys, item, verdict, by=by, at=at)
    except IntegrityError as error:
        if len(keys) == 1:
            stored = Application.objects.select_related("observer", "nomination__mission").get(pk=keys[0])
            return [result_of(keys[0], stored, decision_refusal(error))]
    return [result for key in keys for result in _carry_out([key], item, verdict, by=by, at=at)]


def _carry_out_locked(
    keys: Sequence[int], item: AgendaItem, verdict: Verdict, *, by: User, at: datetime
) -> list[RowResult]:
    rows = {row.pk: row for row in lock_applications(keys)}
    here = [row for row in rows.values() if _waits_on(row, item)]
    off = {key: NotOnAgendaError() for key in keys if key not in {row.pk for row in here}}
    ruling = _rule(here, item, verdict, by=by, at=at) if here else Ruling()
    errors = {**off, **ruling.refused}
    return [result_of(key, rows.get(key), errors.get(key)) for key in keys]


def _waits_on(application: Application, item: AgendaItem) -> bool:
    return application.agenda_item_id == item.pk and application.state == ApplicationState.SCHEDULED


def _rule(people: Sequence[Application], item: AgendaItem, verdict: Verdict, *, by: User, at: datetime) -> Ruling:
    match verdict.outcome:
        case _O.ACCREDITED:
            return accredit_locked(people, by=by, at=at)
        case _O.REFUSED:
            return refuse_locked(people, ground=verdict.ground, text=verdict.text.strip(), by=by, at=at)
        case _O.DEFERRED:
            reason = verdict.text.strip()
            if item.outcome != _O.DEFERRED:  # the protocol names them; the application forgets its item
                names = "; ".join(label_of(row) for row in people)
                record_event("people_deferred", item, by=by, at=at, reason=f"{names}\n{reason}")
            return defer_locked(people, reason=reason, by=by, at=at)
