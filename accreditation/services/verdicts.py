"""What a decision writes: of one application or of five hundred, in one way.

The callers have locked the applications and checked their states. Nothing here opens a transaction. Who cannot be
decided on is reported by application and stops nobody else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError
from django.db.models import Max

from accreditation.errors import (
    AlreadyAccreditedError,
    NotReviewedError,
    OrganizationRevokedError,
    OwnRefusalError,
    RegisterChangedError,
    SamePersonDecidesError,
)
from accreditation.models import Accreditation, Application, Decision, Revocation
from accreditation.services.applications import open_blocks
from accreditation.services.moves import Step, move_applications
from accreditation.states import AccreditationState, AgendaOutcome, ApplicationState, Outcome
from missions.kernel.errors import DomainError
from missions.kernel.events import EventDraft
from missions.kernel.integrity import broken_constraint
from missions.models import Election, User
from missions.selectors import votes_until

_S = ApplicationState
_BATCH = 500
Refusals = Mapping[int, DomainError]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the commission makes of a person or a list; a refusal has a ground of the profile, and reasons."""

    outcome: AgendaOutcome
    ground: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Votes:
    """The vote on one item of an agenda."""

    in_favour: int
    against: int = 0
    abstained: int = 0


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one application in an act on many: done if `code` is empty, else the stable code and why not."""

    application_id: int
    label: str = ""
    code: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What was decided, and the error for each application that could not be decided."""

    decisions: Sequence[Decision] = ()
    accreditations: Sequence[Accreditation] = ()
    refused: Refusals = field(default_factory=dict)


def accredit_locked(applications: Sequence[Application], *, by: User, at: datetime) -> Ruling:
    """Accredit locked applications of one election under the next numbers of their categories.

    Locks the election: until the transaction ends nobody else is numbered, and no organization loses its
    accreditations. Records one decision, and one event each on application and accreditation.
    """
    election = applications[0].election
    lock_election(election.pk)
    refused = {**_not_decided_by(applications, by), **_own_refusals(applications, by)}
    refused |= {**_of_revoked_organizations(applications), **open_blocks(applications)}
    fit = [row for row in applications if row.pk not in refused]
    if not fit:
        return Ruling(refused=refused)
    decisions = _record_decisions(fit, Outcome.ACCREDITED, by=by, at=at)
    accreditations = Accreditation.objects.bulk_create(_numbered(fit, election, at), batch_size=_BATCH)
    issued = [
        EventDraft(
            verb="accreditation_issued",
            obj=accreditation,
            scope_id=row.nomination.mission_id,
            to_state=AccreditationState.ACTIVE,
        )
        for accreditation, row in zip(accreditations, fit, strict=True)
    ]
    move_applications(fit, Step(_S.ACCREDITED, "accredited"), by=by, at=at, besides=issued)
    return Ruling(decisions, accreditations, refused)


def refuse_locked(
    applications: Sequence[Application], *, ground: str, text: str, by: User, at: datetime, is_final: bool = False
) -> Ruling:
    """Refuse locked applications on a ground that the caller has checked, with reasons."""
    refused = _not_decided_by(applications, by)
    fit = [row for row in applications if row.pk not in refused]
    decisions = _record_decisions(fit, Outcome.REFUSED, ground=ground, text=text, by=by, at=at)
    target = _S.REFUSED_FINAL if is_final else _S.REFUSED
    move_applications(fit, Step(target, "refused", reason=text), by=by, at=at)
    return Ruling(decisions, refused=refused)


def defer_locked(applications: Sequence[Application], *, reason: str, by: User, at: datetime) -> Ruling:
    """Send locked applications back into review; they leave their agenda."""
    off = {"session_id": None, "agenda_item_id": None}
    step = Step(_S.UNDER_REVIEW, "deferred", reason=reason)
    move_applications(applications, step, by=by, at=at, values=off)
    return Ruling()


def lock_election(election_id: int) -> None:
    """Make everybody wait who is about to accredit, or to revoke a whole organization, in the election."""
    Election.objects.select_for_update(no_key=True).only("pk").get(pk=election_id)


def decision_refusal(error: IntegrityError) -> DomainError:
    """The named error for what the database refused; raises the error itself if it has no name."""
    match broken_constraint(error, Accreditation, Decision):
        case "decision_by_two_people":
            return SamePersonDecidesError()
        case "accreditation_one_live":
            return AlreadyAccreditedError()
        case "accreditation_number_once":
            return RegisterChangedError()
        case _:
            raise error


def _not_decided_by(applications: Sequence[Application], by: User) -> dict[int, DomainError]:
    """Those that nobody has reviewed, and those that this very person has."""
    found: dict[int, DomainError] = {}
    for row in applications:
        if row.reviewed_by_id is None:
            found[row.pk] = NotReviewedError()
        elif row.reviewed_by_id == by.pk:
            found[row.pk] = SamePersonDecidesError()
    return found


def _own_refusals(applications: Sequence[Application], by: User) -> dict[int, DomainError]:
    """Appeals against refusals that this very person decided."""
    appeals = [row.pk for row in applications if row.state == _S.APPEALED]
    if not appeals:
        return {}
    own = Decision.objects.filter(application__in=appeals, outcome=Outcome.REFUSED, decided_by=by)
    return {pk: OwnRefusalError() for pk in own.values_list("application_id", flat=True)}


def _of_revoked_organizations(applications: Sequence[Application]) -> dict[int, DomainError]:
    revoked = set(
        Revocation.objects.filter(election__in=votes_until(applications[0].election), decided_at__isnull=False)
        .exclude(organization=None)
        .values_list("organization_id", flat=True)
    )
    return {
        row.pk: OrganizationRevokedError() for row in applications if row.nomination.mission.organization_id in revoked
    }


def _record_decisions(
    applications: Sequence[Application],
    outcome: Outcome,
    *,
    by: User,
    at: datetime,
    ground: str = "",
    text: str = "",
) -> list[Decision]:
    return Decision.objects.bulk_create(
        [
            Decision(
                application=row,
                outcome=outcome,
                ground=ground,
                text=text,
                session_id=row.session_id,
                agenda_item_id=row.agenda_item_id,
                reviewed_by_id=row.reviewed_by_id,  # type: ignore[misc]  # who has no reviewer was left out
                decided_by=by,
                decided_at=at,
            )
            for row in applications
        ],
        batch_size=_BATCH,
    )


def _numbered(applications: Sequence[Application], election: Election, at: datetime) -> list[Accreditation]:
    """Accreditations with the next numbers of each category, without gaps; the election is locked.

    What is kept from an earlier vote keeps its number, so the numbers go on from there.
    """
    categories = {row.category for row in applications}
    issued = Accreditation.objects.filter(election__in=votes_until(election), category__in=categories).order_by()
    last = dict(issued.values_list("category").annotate(highest=Max("number")))
    rows = []
    for row in applications:
        last[row.category] = last.get(row.category, 0) + 1
        rows.append(
            Accreditation(
                election=election,
                observer=row.observer,
                application=row,
                category=row.category,
                number=last[row.category],
                valid_from=at,
            )
        )
    return rows
