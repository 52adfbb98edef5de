"""An accreditation that takes the place of another one of the same person: for another mission, or another category.

The commission decided on a person of one sender in one category. Another sender or category is another decision, so
the former accreditation ends with its application, which stay what they were, and a new application rests on the same
papers and findings. Numbers are never used again, and what was counted at an earlier instant stays so.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from accreditation import rules
from accreditation.errors import (
    NotMovableError,
    RevocationPendingError,
    SessionOfAnotherElectionError,
    SessionRequiredError,
)
from accreditation.models import (
    Accreditation,
    Application,
    CommissionSession,
    Document,
    Finding,
    Nomination,
    Revocation,
    Stay,
)
from accreditation.services.accreditations import replace_accreditation
from accreditation.services.precincts import sender_of
from accreditation.services.profiles import profile_of
from accreditation.services.quotas import free_place, take_place
from accreditation.services.verdicts import accredit_locked
from accreditation.services.vetting import vet_locked
from accreditation.services.voting import ensure_held
from accreditation.states import ApplicationState, Category, Role
from missions.kernel.events import EventDraft, record_events
from missions.models import Mission, User


@dataclass(frozen=True, slots=True)
class Succession:
    """For whom and as what the person is accredited from now on, and in which session that was decided, if in any.

    `reference` names the person in the other mission; empty: as in the former one.
    """

    mission: Mission
    category: Category
    role: Role
    reference: str = ""
    session: CommissionSession | None = None


def succeed_accreditation(
    accreditation: Accreditation, succession: Succession, *, reason: str, by: User, at: datetime
) -> Accreditation:
    """End a locked accreditation as replaced and accredit its holder anew, with everything that goes along.

    To be called within a transaction that has locked both missions, the application and the accreditation. Raises
    RevocationPendingError, NotMovableError, what `replace_accreditation` and `accredit_application` raise, and
    whatever the database refuses.
    """
    former = accreditation.application
    former.observer = former.nomination.observer = accreditation.observer
    _ensure_not_being_revoked(accreditation)
    _ensure_decided(former, succession, at)
    replace_accreditation(accreditation=accreditation, by=by, at=at, reason=reason)
    nomination = _take_over(former.nomination, succession, by=by, at=at)
    application = _carry_over(former, nomination, succession, by=by, at=at)
    vet_locked(application, by=by, at=at)
    ruling = accredit_locked([application], by=by, at=at)
    for error in ruling.refused.values():
        raise error
    return ruling.accreditations[0]


def _ensure_not_being_revoked(accreditation: Accreditation) -> None:
    """Nobody escapes a revocation, proposed or not yet carried out, by going over to another sender."""
    sender = accreditation.application.nomination.mission.organization_id
    of_person = Q(subject=accreditation, decided_at=None)
    of_sender = Q(organization=sender, organization__isnull=False)
    pending = Revocation.objects.filter(of_person | of_sender, election=accreditation.election_id, dropped_at=None)
    if accreditation.revocation_id is not None:  # an appeal has freed this person from it
        pending = pending.exclude(pk=accreditation.revocation_id)
    if pending.exists():
        raise RevocationPendingError


def _ensure_decided(former: Application, succession: Succession, at: datetime) -> None:
    """Where the law does not let it be decided otherwise, a session that was held stands behind it."""
    session = succession.session
    if session is None:
        if not rules.decides_without_session(profile_of(former.election), succession.category):
            raise SessionRequiredError(_("The law has this decided in session: say in which one it was."))
    elif session.election_id != former.election_id:
        raise SessionOfAnotherElectionError
    else:
        ensure_held(session, at)


def _take_over(former: Nomination, succession: Succession, *, by: User, at: datetime) -> Nomination:
    """The nomination by which the mission has the person from now on, holding a place in the category."""
    mission = succession.mission
    nomination = Nomination.objects.filter(mission=mission, observer=former.observer_id).first()
    if nomination is None:
        nomination = _nominate(former, succession, at)
    elif nomination.applications.live().exists():
        raise NotMovableError(_("The mission applies for this person in another category already."))
    nomination.mission, nomination.observer = mission, former.observer
    free_place(nomination)
    nomination.category, nomination.role = succession.category, succession.role
    nomination.save(update_fields=["category", "role"])
    take_place(nomination)
    if nomination.pk != former.pk:
        _follow(former, nomination, by=by, at=at)
    return nomination


def _nominate(former: Nomination, succession: Succession, at: datetime) -> Nomination:
    return Nomination.objects.create(
        mission=succession.mission,
        observer=former.observer,
        category=succession.category,
        role=succession.role,
        reference=succession.reference or former.reference,
        sending_state=former.sending_state,
        documents_on=former.documents_on,
        arrives_on=former.arrives_on,
        departs_on=former.departs_on,
        initiative=former.initiative,
        holds_place=False,
        created_at=at,
    )


def _follow(former: Nomination, nomination: Nomination, *, by: User, at: datetime) -> None:
    """The stay goes along, unless the mission has planned one of its own; both missions are told."""
    gone = EventDraft("nomination_moved_away", former, scope_id=former.mission_id)
    come = EventDraft("nomination_moved_here", nomination, scope_id=nomination.mission_id)
    record_events([gone, come], by=by, at=at)
    if not Stay.objects.filter(nomination=nomination).exists():
        Stay.objects.filter(nomination=former).update(nomination=nomination, version=F("version") + 1)


def _carry_over(
    former: Application, nomination: Nomination, succession: Succession, *, by: User, at: datetime
) -> Application:
    """A recommended application beside the former one, with its papers, and with its findings as they were closed."""
    category = succession.category
    application = Application.objects.create(
        election=former.election,
        observer=former.observer,
        nomination=nomination,
        category=category,
        constituency_id=former.constituency_id,
        precinct_code=former.precinct_code,
        exclusive_key=rules.exclusive_key(
            profile_of(former.election),
            category,
            sender_id=sender_of(nomination.mission, nomination.initiative),
            precinct_code=former.precinct_code,
        ),
        state=ApplicationState.RECOMMENDED,
        submitted_at=former.submitted_at,
        complete_since=former.complete_since,
        deadline_at=former.deadline_at,
        decide_by=former.decide_by,
        reviewed_by_id=former.reviewed_by_id,
        session=succession.session,
    )
    Document.objects.filter(application=former).update(application=application)
    findings = list(Finding.objects.filter(application=former))
    for finding in findings:
        finding.pk, finding.application = None, application
    Finding.objects.bulk_create(findings)
    carried = EventDraft(
        "application_carried_over", application, scope_id=nomination.mission_id, to_state=ApplicationState.RECOMMENDED
    )
    record_events([carried], by=by, at=at)
    return application
