"""A nomination that goes over to another mission of the election, with its place and its undecided application."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accreditation import rules
from accreditation.errors import NotMovableError, OnePerCommissionError, ReasonMissingError
from accreditation.models import Application, Nomination
from accreditation.services.moves import lock_application, lock_mission
from accreditation.services.precincts import sender_of
from accreditation.services.profiles import profile_of
from accreditation.services.quotas import give_back, place_refusal, take_places
from accreditation.states import UNDECIDED_STATES
from missions.kernel.errors import DomainError, MissingError
from missions.kernel.events import EventDraft, record_events
from missions.kernel.integrity import broken_constraint
from missions.models import Mission, User


def move_nomination(
    *, nomination: Nomination, to_mission: Mission, reason: str, by: User, at: datetime, reference: str = ""
) -> Nomination:
    """Let another mission of the election have the nomination, and its place, in one transaction.

    The delegation and the political group stay behind; `reference` replaces the former mission's. One event for each
    mission. Only what is undecided moves: a decided or closed application is the former mission's history, which
    stays its own.

    Raises NotMovableError (decided, another election, the person or the reference is there already), MissingError,
    ReasonMissingError, CeilingReachedError, OnePerCommissionError.
    """
    if not reason.strip():
        raise ReasonMissingError
    if to_mission.pk == nomination.mission_id:
        raise NotMovableError(_("The nomination is with this mission already."))
    try:
        with transaction.atomic():
            return _move(nomination, to_mission, reference.strip(), reason.strip(), by=by, at=at)
    except IntegrityError as error:
        raise _named(error) from error


def _move(
    nomination: Nomination, to_mission: Mission, reference: str, reason: str, *, by: User, at: datetime
) -> Nomination:
    missions = {pk: lock_mission(pk) for pk in sorted((nomination.mission_id, to_mission.pk))}
    source, target = missions[nomination.mission_id], missions[to_mission.pk]
    if source.election_id != target.election_id:
        raise NotMovableError(_("The mission belongs to another election."))
    application = _movable(nomination)
    locked = _lock(nomination)
    if locked.mission_id != source.pk:
        raise NotMovableError(_("The nomination has moved at this moment."))
    locked.mission, locked.delegation, locked.political_group = target, None, ""
    locked.reference = reference or locked.reference
    locked.save(update_fields=["mission", "delegation", "political_group", "reference"])
    if locked.holds_place:
        give_back(source.pk, locked.category)
        take_places(target, locked.category, 1)
    if application:
        _bind_anew(application, locked)
    gone = EventDraft("nomination_moved_away", locked, scope_id=source.pk, reason=reason)
    come = EventDraft("nomination_moved_here", locked, scope_id=target.pk, reason=reason)
    record_events([gone, come], by=by, at=at)
    return locked


def _movable(nomination: Nomination) -> Application | None:
    """The one undecided application, locked; None where there was never any."""
    applications = [lock_application(row) for row in nomination.applications.order_by("pk")]
    if any(row.state not in UNDECIDED_STATES for row in applications):
        raise NotMovableError(_("An application of the nomination is decided or closed; nominate the person anew."))
    return applications[0] if applications else None


def _lock(nomination: Nomination) -> Nomination:
    try:
        return Nomination.objects.select_for_update(of=("self",), no_key=True).get(pk=nomination.pk)
    except Nomination.DoesNotExist:
        raise MissingError from None


def _bind_anew(application: Application, nomination: Nomination) -> None:
    """The precinct is now held by the new sender."""
    application.exclusive_key = rules.exclusive_key(
        profile_of(application.election),
        application.category,
        sender_id=sender_of(nomination.mission, nomination.initiative),
        precinct_code=application.precinct_code,
    )
    application.version += 1
    application.save(update_fields=["exclusive_key", "version"])


def _named(error: IntegrityError) -> DomainError:
    match broken_constraint(error, Nomination, Application):
        case "nomination_once":
            return NotMovableError(_("The mission has nominated this person already."))
        case "nomination_reference_once":
            return NotMovableError(_("The mission has another nomination of this reference; give a new one."))
        case "application_one_per_commission":
            return OnePerCommissionError()
    if refusal := place_refusal(error):
        return refusal
    raise error
