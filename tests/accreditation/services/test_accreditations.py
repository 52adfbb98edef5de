"""The life of an accreditation: the whole square of its states, reasons, places, events."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, transaction

from accreditation.errors import AppliedAgainError, NominationsRefusedError, ReasonMissingError, StillValidError
from accreditation.models import Accreditation, Application, Nomination
from accreditation.services.accreditations import (
    expire_accreditation,
    reinstate_accreditation,
    replace_accreditation,
    restore_accreditation,
    return_accreditation,
    revoke_accreditation,
    suspend_accreditation,
)
from accreditation.services.nominations import nominate_observers
from accreditation.states import LIVE_ACCREDITATION_STATES, AccreditationState
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.kernel.transitions import IllegalTransitionError
from missions.models import Election, Mission, User
from tests.accreditation.conftest import DRAFT, draft_number

pytestmark = pytest.mark.django_db

_S = AccreditationState
Act = Callable[[Accreditation, User, dt.datetime], Accreditation]
#: Every edge of the table and the one service that walks it.
EDGES: dict[tuple[AccreditationState, AccreditationState], Act] = {
    **{
        (source, _S.SUSPENDED): lambda row, by, at: suspend_accreditation(accreditation=row, reason="Why", by=by, at=at)
        for source in (_S.ACTIVE,)
    },
    **{
        (source, _S.REVOKED): lambda row, by, at: revoke_accreditation(accreditation=row, reason="Why", by=by, at=at)
        for source in (_S.ACTIVE, _S.SUSPENDED)
    },
    **{
        (source, _S.RETURNED): lambda row, by, at: return_accreditation(accreditation=row, by=by, at=at)
        for source in (_S.ACTIVE, _S.SUSPENDED)
    },
    **{
        (source, _S.EXPIRED): lambda row, by, at: expire_accreditation(accreditation=row, by=by, at=at)
        for source in (_S.ACTIVE, _S.SUSPENDED)
    },
    (_S.ACTIVE, _S.REPLACED): lambda row, by, at: replace_accreditation(accreditation=row, by=by, at=at),
    (_S.SUSPENDED, _S.ACTIVE): lambda row, by, at: reinstate_accreditation(
        accreditation=row, reason="Why", by=by, at=at
    ),
    (_S.REVOKED, _S.ACTIVE): lambda row, by, at: restore_accreditation(accreditation=row, reason="Why", by=by, at=at),
}
ACTS: dict[AccreditationState, list[Act]] = {}
for (_source, _target), _act in EDGES.items():
    ACTS.setdefault(_target, []).append(_act)


@pytest.fixture
def ended(election: Election, at: dt.datetime) -> None:
    """The results are published, so that accreditations may expire."""
    Election.objects.update(results_published_at=at)


def _end_of(state: _S, at: dt.datetime) -> dt.datetime | None:
    return None if state in LIVE_ACCREDITATION_STATES else at


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize("source", list(_S))
@pytest.mark.parametrize("target", list(_S))
def test_the_square_of_states_is_walked_by_services_exactly(
    accreditation: Accreditation, approver: User, at: dt.datetime, source: _S, target: _S
) -> None:
    Accreditation.objects.update(state=source, reason="Before", ended_at=_end_of(source, at))
    Application.objects.update(closed_at=_end_of(source, at))
    accreditation = Accreditation.objects.get()
    before = Event.objects.count()
    if (source, target) in EDGES:
        moved = EDGES[source, target](accreditation, approver, at)

        application = Application.objects.get()
        assert (moved.state, moved.ended_at, application.closed_at) == (target, *[_end_of(target, at)] * 2)
        assert application.version == accreditation.application.version + 1
        event = Event.objects.of(accreditation).last()
        assert event is not None
        assert (event.from_state, event.to_state, event.at, event.actor) == (source, target, at, approver)
        assert Event.objects.count() == before + 1
        return
    for act in ACTS[target]:
        with pytest.raises(IllegalTransitionError):
            act(accreditation, approver, at)
    accreditation.refresh_from_db()
    assert (accreditation.state, Event.objects.count()) == (source, before)


@pytest.mark.parametrize(
    "act", [suspend_accreditation, revoke_accreditation, reinstate_accreditation, restore_accreditation]
)
def test_a_reason_is_needed(
    accreditation: Accreditation, approver: User, at: dt.datetime, act: Callable[..., Accreditation]
) -> None:
    with pytest.raises(ReasonMissingError):
        act(accreditation=accreditation, reason=" ", by=approver, at=at)


def test_the_reason_is_stored_and_told(accreditation: Accreditation, approver: User, at: dt.datetime) -> None:
    revoke_accreditation(accreditation=accreditation, reason=" A breach. ", by=approver, at=at)

    accreditation.refresh_from_db()
    assert accreditation.reason == "A breach."
    event = Event.objects.get(verb="revoked")
    assert (event.reason, event.scope_id) == ("A breach.", accreditation.application.nomination.mission_id)


@pytest.mark.parametrize("state", [_S.SUSPENDED, _S.REVOKED])
def test_the_database_refuses_an_end_without_reason(accreditation: Accreditation, state: _S, at: dt.datetime) -> None:
    with pytest.raises(IntegrityError, match="accreditation_ended_has_reason"), transaction.atomic():
        Accreditation.objects.update(state=state, reason="", ended_at=_end_of(state, at))


@pytest.mark.usefixtures("ended")
@pytest.mark.parametrize(
    ("target", "places"),
    [(_S.RETURNED, 0), (_S.REPLACED, 0), (_S.REVOKED, 1), (_S.SUSPENDED, 1), (_S.EXPIRED, 1)],
)
def test_only_what_the_mission_hands_back_frees_its_place(
    accreditation: Accreditation, mission: Mission, approver: User, at: dt.datetime, target: _S, places: int
) -> None:
    EDGES[_S.ACTIVE, target](accreditation, approver, at)

    mission.refresh_from_db()
    assert mission.places_taken == places


def test_nothing_expires_before_the_event_of_the_law(
    accreditation: Accreditation, election: Election, at: dt.datetime
) -> None:
    with pytest.raises(StillValidError):
        expire_accreditation(accreditation=accreditation, by=None, at=at)
    accreditation.election.results_published_at = at

    with pytest.raises(StillValidError):
        expire_accreditation(accreditation=accreditation, by=None, at=at - dt.timedelta(seconds=1))
    assert expire_accreditation(accreditation=accreditation, by=None, at=at).state == "expired"


def test_an_absent_accreditation_is_missing(accreditation: Accreditation, approver: User, at: dt.datetime) -> None:
    accreditation.pk = 2**40

    with pytest.raises(MissingError):
        suspend_accreditation(accreditation=accreditation, reason="Why", by=approver, at=at)


@pytest.fixture
def full(mission: Mission) -> Mission:
    """A mission without a place left."""
    mission.refresh_from_db()
    Mission.objects.filter(pk=mission.pk).update(ceiling=mission.places_taken)
    return mission


def test_a_replacement_gets_the_place_of_the_one_who_leaves(
    accreditation: Accreditation, full: Mission, lead: User, at: dt.datetime
) -> None:
    replace_accreditation(accreditation=accreditation, successor=draft_number(7), by=lead, at=at)

    full.refresh_from_db()
    held = Nomination.objects.order_by("pk").values_list("reference", "holds_place")
    assert (full.places_taken, list(held)) == (1, [("R-1", False), ("R-7", True)])
    assert Application.objects.get(nomination__reference="R-7").state == "draft"


def test_without_a_sound_successor_nobody_leaves(
    accreditation: Accreditation, full: Mission, lead: User, at: dt.datetime
) -> None:
    with pytest.raises(NominationsRefusedError):
        replace_accreditation(accreditation=accreditation, successor=draft_number(7, reference=""), by=lead, at=at)

    accreditation.refresh_from_db()
    full.refresh_from_db()
    assert (accreditation.state, full.places_taken) == ("active", 1)


def test_nobody_comes_back_beside_a_newer_application_of_their_own(
    accreditation: Accreditation, mission: Mission, lead: User, approver: User, at: dt.datetime
) -> None:
    revoke_accreditation(accreditation=accreditation, reason="Why", by=approver, at=at)
    nominate_observers(mission=mission, drafts=[DRAFT], by=lead, at=at)

    with pytest.raises(AppliedAgainError):
        restore_accreditation(accreditation=accreditation, reason="Why", by=approver, at=at)

    accreditation.refresh_from_db()
    states = Application.objects.order_by("pk").values_list("state", "closed_at")
    assert (accreditation.state, list(states)) == ("revoked", [("accredited", at), ("draft", None)])
