"""Accreditations for the vote that follows upon another: whoever holds one keeps it, with its number and its badge.

The law gives the right until the results of the whole election, so nobody decides anew. Each election has people, files
and figures of its own: the person, the nomination and the application are copied, papers and badges go along, and the
accreditation for the vote before ends. What is kept once is never kept again (accreditation.continues).
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import Exists, F, Model, OuterRef, Q, QuerySet

from accreditation import rules
from accreditation.models import (
    Accreditation,
    Application,
    Decision,
    Document,
    Finding,
    Nomination,
    Observer,
    Revocation,
    Stay,
)
from accreditation.services.endings import end_accreditations
from accreditation.services.moves import chunks, lock_mission
from accreditation.services.precincts import sender_of
from accreditation.services.profiles import profile_of
from accreditation.services.quotas import place_refusal, take_places
from accreditation.signals import accreditations_kept
from accreditation.states import LIVE_ACCREDITATION_STATES, AccreditationState, ApplicationState, Outcome
from missions.kernel.errors import DomainError
from missions.kernel.events import EventDraft, record_events
from missions.law.calendar import local_instant
from missions.models import Constituency, Delegation, Election, Mission, User
from missions.selectors import votes_until

logger = logging.getLogger(__name__)

_S = AccreditationState
_BATCH = 500
_ModelT = TypeVar("_ModelT", bound=Model)


def keep_due(*, at: datetime) -> int:
    """Keep what is to be kept for every vote that follows and whose results are not published; returns how many.

    A job: each turn does what is left, and nothing where nothing is. A mission that has no room left is told to the
    log and stops no other.
    """
    rounds = Election.objects.filter(follows__isnull=False, results_published_at=None).order_by("pk")
    return sum(keep_accreditations(election=election, by=None, at=at) for election in rounds)


def keep_accreditations(*, election: Election, by: User | None, at: datetime) -> int:
    """Keep the accreditations of the votes before for this one; returns how many were kept now.

    Mission by mission, five hundred people in a transaction. Records `accreditation_kept` on each new accreditation
    and `continued` on the former one.
    """
    kept = 0
    missions = election.missions.filter(continues__isnull=False).order_by("pk")
    for mission in missions:
        for chunk in chunks(list(_to_keep(election, mission).values_list("pk", flat=True))):
            try:
                kept += _keep_chunk(mission, chunk, by=by, at=at)
            except DomainError as error:
                logger.error("%s keeps no accreditation for %s: %s", mission, election.code, error)
    return kept


def _to_keep(election: Election, mission: Mission) -> QuerySet[Accreditation]:
    """What the mission's people hold for the votes before, or held until the results of one of them were published.

    Who is bound to a constituency that does not vote again keeps nothing for this vote, nor does who was applied for
    anew meanwhile; and nobody escapes a revocation that is proposed or being carried out.
    """
    live = Q(state__in=LIVE_ACCREDITATION_STATES)
    with_results = Q(state=_S.EXPIRED, ended_at__gte=F("election__results_published_at"))
    here = Q(application__constituency=None) | Q(
        application__constituency__number__in=election.constituencies.order_by().values("number")
    )
    anew = Application.objects.live().filter(
        election=election,
        category=OuterRef("category"),
        observer__passport_issuer=OuterRef("observer__passport_issuer"),
        observer__passport_key=OuterRef("observer__passport_key"),
    )
    revoked = Revocation.objects.filter(dropped_at=None)
    rows = Accreditation.objects.filter(
        live | with_results,
        here,
        election__in=votes_until(election)[1:],
        application__nomination__mission__in=_former_missions(mission),
        continued_by=None,
    )
    at_stake = Q(pk__in=revoked.filter(subject__isnull=False, decided_at=None).values("subject"))
    if revoked.filter(election__in=votes_until(election), organization=mission.organization_id or 0).exists():
        rows = rows.filter(revocation__isnull=False)  # whom an appeal has freed from it
    return rows.exclude(Exists(anew)).exclude(at_stake).order_by("pk")


def _former_missions(mission: Mission) -> list[int]:
    found: list[int] = []
    while mission.continues is not None:
        mission = mission.continues
        found.append(mission.pk)
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """The mission that keeps the people, with what it knows them by."""

    mission: Mission
    delegations: Mapping[str, Delegation]
    areas: Mapping[int, Constituency]

    @property
    def election(self) -> Election:
        return self.mission.election


def _keep_chunk(mission: Mission, keys: Sequence[int], *, by: User | None, at: datetime) -> int:
    try:
        with transaction.atomic():
            for former in sorted(_former_missions(mission)):
                lock_mission(former)
            place = _place(lock_mission(mission.pk))
            rows = _lock(_to_keep(place.election, place.mission).filter(pk__in=keys).values_list("pk", flat=True))
            if rows:
                _keep(place, rows, by=by, at=at)
    except IntegrityError as error:
        if refusal := place_refusal(error):
            raise refusal from error
        raise
    return len(rows)


def _place(mission: Mission) -> _Place:
    return _Place(
        mission,
        delegations={row.name: row for row in mission.delegations.all()},
        areas={row.number: row for row in mission.election.constituencies.all()},
    )


def _lock(keys: Iterable[int]) -> list[Accreditation]:
    """The accreditations with all that is copied, locked after their applications."""
    keys = list(keys)
    held = Application.objects.filter(accreditation__in=keys).order_by("pk")
    list(held.select_for_update(no_key=True).values_list("pk"))
    rows = Accreditation.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys).order_by("pk")
    joined = rows.select_related(
        "observer", "application__constituency", "application__nomination__delegation", "application__nomination__stay"
    )
    return list(joined)


def _keep(place: _Place, rows: Sequence[Accreditation], *, by: User | None, at: datetime) -> None:
    former = [row.application for row in rows]
    observers = _observers(place, rows)
    nominations = _nominations(place, former, observers, at)
    applications = Application.objects.bulk_create(
        [_application(place, row, nomination) for row, nomination in zip(former, nominations, strict=True)],
        batch_size=_BATCH,
    )
    _copy_decisions(dict(zip((row.pk for row in former), applications, strict=True)))
    kept = Accreditation.objects.bulk_create(
        [_accreditation(row, application) for row, application in zip(rows, applications, strict=True)],
        batch_size=_BATCH,
    )
    live = [row.pk for row in rows if row.state in LIVE_ACCREDITATION_STATES]
    end_accreditations(live, _S.EXPIRED, "continued", by=by, at=at, reason=place.election.name)
    record_events(
        [
            EventDraft("accreditation_kept", row, scope_id=place.mission.pk, to_state=row.state, reason=row.reason)
            for row in kept
        ],
        by=by,
        at=at,
    )
    successors = {row.pk: new.pk for row, new in zip(rows, kept, strict=True)}
    accreditations_kept.send(Accreditation, successors=successors, by=by, at=at)


def _observers(place: _Place, rows: Sequence[Accreditation]) -> dict[int, Observer]:
    """The people of the new vote by the ids of those before: who is known there already is the same person."""
    passports = [row.observer.passport_key for row in rows]
    known = {
        (row.passport_issuer, row.passport_key): row
        for row in Observer.objects.filter(election=place.election, passport_key__in=passports)
    }
    people = {row.observer_id: row.observer for row in rows}
    strangers = [row for row in people.values() if (row.passport_issuer, row.passport_key) not in known]
    copies = Observer.objects.bulk_create([_copy(row, election=place.election) for row in strangers], batch_size=_BATCH)
    known |= {(row.passport_issuer, row.passport_key): row for row in copies}
    return {pk: known[row.passport_issuer, row.passport_key] for pk, row in people.items()}


def _nominations(
    place: _Place, former: Sequence[Application], observers: Mapping[int, Observer], at: datetime
) -> list[Nomination]:
    """A nomination of each person by the mission: the one that it has, or a copy, with a place and the stay."""
    own = {row.observer_id: row for row in place.mission.nominations.all()}
    references = {row.reference for row in own.values()}
    new: dict[int, Nomination] = {}
    for application in former:
        nomination, observer = application.nomination, observers[application.observer_id]
        if observer.pk in own or observer.pk in new:
            continue
        new[observer.pk] = _nomination(place, nomination, observer, references, at)
    Nomination.objects.bulk_create(list(new.values()), batch_size=_BATCH)
    for category in {row.category for row in new.values() if row.holds_place}:
        places = sum(row.holds_place for row in new.values() if row.category == category)
        take_places(place.mission, category, places)
    _copy_stays(place, former, new, observers)
    known = {**own, **new}
    return [known[observers[row.observer_id].pk] for row in former]


def _nomination(
    place: _Place, former: Nomination, observer: Observer, references: set[str], at: datetime
) -> Nomination:
    reference = former.reference
    if reference in references:
        reference = f"{reference[:30]}/{former.pk}"
    references.add(reference)
    is_over = former.departs_on is not None and former.departs_on < place.election.e_day
    return _copy(
        former,
        mission=place.mission,
        observer=observer,
        delegation=place.delegations.get(former.delegation.name) if former.delegation else None,
        reference=reference,
        arrives_on=None if is_over else former.arrives_on,
        departs_on=None if is_over else former.departs_on,
        created_at=at,
    )


def _copy_stays(
    place: _Place, former: Sequence[Application], new: Mapping[int, Nomination], observers: Mapping[int, Observer]
) -> None:
    """Stays that reach to the new day go on; who has left, or leaves before it, comes again and says when."""
    begins = local_instant(place.election.e_day, time(0), place.election.time_zone)
    copies = {}
    for application in former:
        stay: Stay | None = getattr(application.nomination, "stay", None)
        nomination = new.get(observers[application.observer_id].pk)
        if stay is None or nomination is None or stay.left_at is not None:
            continue
        if stay.departs_at is None or stay.departs_at >= begins:
            copies[nomination.pk] = _copy(stay, nomination=nomination)
    Stay.objects.bulk_create(copies.values(), batch_size=_BATCH)


def _application(place: _Place, former: Application, nomination: Nomination) -> Application:
    """The application as it was decided, in the same place of the new vote."""
    key = rules.exclusive_key(
        profile_of(place.election),
        former.category,
        sender_id=sender_of(place.mission, nomination.initiative),
        precinct_code=former.precinct_code,
    )
    return _copy(
        former,
        election=place.election,
        observer=nomination.observer,
        nomination=nomination,
        constituency=place.areas[former.constituency.number] if former.constituency else None,
        exclusive_key=key,
        state=ApplicationState.ACCREDITED,
        closed_at=None,
        version=1,
    )


def _copy_decisions(applications: Mapping[int, Application]) -> None:
    """The decision that gave the right, the findings as they were closed, and the papers themselves go along."""
    decisions: dict[int, Decision] = {}
    for row in Decision.objects.filter(application__in=applications, outcome=Outcome.ACCREDITED).order_by(
        "decided_at", "pk"
    ):
        decisions[row.application_id] = row
    Decision.objects.bulk_create(
        [_copy(row, application=applications[row.application_id]) for row in decisions.values()], batch_size=_BATCH
    )
    findings = Finding.objects.filter(application__in=applications).order_by("pk")
    Finding.objects.bulk_create(
        [_copy(row, application=applications[row.application_id]) for row in findings], batch_size=_BATCH
    )
    papers = list(Document.objects.filter(application__in=applications))
    for paper in papers:
        paper.application = applications[paper.application_id]
    Document.objects.bulk_update(papers, ["application"], batch_size=_BATCH)


def _accreditation(former: Accreditation, application: Application) -> Accreditation:
    """The same right under the same number. One that had ended with the results before counts again."""
    is_suspended = former.state == _S.SUSPENDED
    return _copy(
        former,
        election=application.election,
        observer=application.observer,
        application=application,
        continues=former,
        state=_S.SUSPENDED if is_suspended else _S.ACTIVE,
        reason=former.reason if is_suspended else "",
        revocation=None,
        ended_at=None,
    )


def _copy(row: _ModelT, **changes: object) -> _ModelT:
    """Another row that says the same but for the changes; not yet stored."""
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del values[row._meta.pk.attname]
    copy = type(row)(**values)
    for name, value in changes.items():
        setattr(copy, name, value)
    return copy
