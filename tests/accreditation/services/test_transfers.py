"""A nomination goes over to another mission, with its place and nobody else's history."""

import datetime as dt

import pytest

from accreditation.errors import CeilingReachedError, NotMovableError, ReasonMissingError
from accreditation.models import Application, Nomination
from accreditation.services.applications import withdraw_application
from accreditation.services.nominations import nominate_observers
from accreditation.services.transfers import move_nomination
from accreditation.states import ApplicationState
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number

pytestmark = pytest.mark.django_db


@pytest.fixture
def nomination(mission: Mission, lead: User, at: dt.datetime) -> Nomination:
    nominate_observers(
        mission=mission, drafts=[draft_number(1, delegation="Bundestag", political_group="Greens")], by=lead, at=at
    )
    return Nomination.objects.get()


def _places(*missions: Mission) -> list[int]:
    return [Mission.objects.get(pk=row.pk).places_taken for row in missions]


def test_the_place_and_the_application_go_along(
    mission: Mission, other_mission: Mission, nomination: Nomination, other_lead: User, reviewer: User, at: dt.datetime
) -> None:
    moved = move_nomination(
        nomination=nomination, to_mission=other_mission, reason=" Joined the delegation. ", by=reviewer, at=at
    )

    assert (moved.mission, moved.delegation, moved.reference, moved.holds_place) == (other_mission, None, "R-1", True)
    moved.refresh_from_db()
    assert moved.political_group == ""
    assert _places(mission, other_mission) == [0, 1]
    assert list(Application.objects.visible_to(other_lead)) == [Application.objects.get()]
    assert set(Event.objects.filter(verb__startswith="nomination_moved").values_list("verb", "scope_id", "reason")) == {
        ("nomination_moved_away", mission.pk, "Joined the delegation."),
        ("nomination_moved_here", other_mission.pk, "Joined the delegation."),
    }


def test_the_former_lead_no_longer_sees_the_person(
    other_mission: Mission, nomination: Nomination, lead: User, reviewer: User, at: dt.datetime
) -> None:
    assert Nomination.objects.visible_to(lead).exists()

    move_nomination(nomination=nomination, to_mission=other_mission, reason="Joined them.", by=reviewer, at=at)

    assert not Nomination.objects.visible_to(lead).exists()


def test_a_full_mission_takes_nobody(
    mission: Mission, other_mission: Mission, nomination: Nomination, reviewer: User, at: dt.datetime
) -> None:
    Mission.objects.filter(pk=other_mission.pk).update(ceiling=0)

    with pytest.raises(CeilingReachedError):
        move_nomination(nomination=nomination, to_mission=other_mission, reason="Joined them.", by=reviewer, at=at)

    assert _places(mission, other_mission) == [1, 0]
    assert Nomination.objects.get().mission == mission


def test_a_taken_reference_must_be_replaced(
    other_mission: Mission, nomination: Nomination, other_lead: User, reviewer: User, at: dt.datetime
) -> None:
    nominate_observers(mission=other_mission, drafts=[draft_number(2, reference="R-1")], by=other_lead, at=at)

    with pytest.raises(NotMovableError, match="give a new one"):
        move_nomination(nomination=nomination, to_mission=other_mission, reason="Joined them.", by=reviewer, at=at)
    moved = move_nomination(
        nomination=nomination, to_mission=other_mission, reason="Joined them.", by=reviewer, at=at, reference="R-9"
    )

    assert moved.reference == "R-9"


def test_a_person_whom_the_mission_has_nominated_already_stays(
    other_mission: Mission, nomination: Nomination, other_lead: User, reviewer: User, at: dt.datetime
) -> None:
    nominate_observers(mission=other_mission, drafts=[draft_number(1, reference="X-1")], by=other_lead, at=at)

    with pytest.raises(NotMovableError, match="nominated this person already"):
        move_nomination(nomination=nomination, to_mission=other_mission, reason="Joined them.", by=reviewer, at=at)


def test_a_withdrawn_application_is_the_former_missions_history(
    other_mission: Mission, nomination: Nomination, lead: User, reviewer: User, at: dt.datetime
) -> None:
    withdraw_application(application=Application.objects.get(), by=lead, at=at)

    with pytest.raises(NotMovableError, match="decided or closed"):
        move_nomination(nomination=nomination, to_mission=other_mission, reason="Joined them.", by=reviewer, at=at)


def test_a_decided_application_stays(
    accreditation: object, other_mission: Mission, reviewer: User, at: dt.datetime
) -> None:
    with pytest.raises(NotMovableError, match="decided or closed"):
        move_nomination(
            nomination=Nomination.objects.get(), to_mission=other_mission, reason="Joined them.", by=reviewer, at=at
        )


def test_what_is_under_way_may_still_move(
    make_application: MakeApplication, other_mission: Mission, reviewer: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SCHEDULED, person=DRAFT)

    move_nomination(
        nomination=application.nomination, to_mission=other_mission, reason="Joined them.", by=reviewer, at=at
    )

    version = application.version
    application.refresh_from_db()
    assert (application.state, application.version) == ("scheduled", version + 1)
    assert application.nomination.mission == other_mission


def test_another_election_the_same_mission_and_no_reason_are_refused(
    mission: Mission, other_mission: Mission, nomination: Nomination, reviewer: User, at: dt.datetime
) -> None:
    elsewhere = Election.objects.get()
    elsewhere.pk, elsewhere.code = None, "other"
    elsewhere.save()

    with pytest.raises(NotMovableError, match="with this mission already"):
        move_nomination(nomination=nomination, to_mission=mission, reason="Joined them.", by=reviewer, at=at)
    with pytest.raises(ReasonMissingError):
        move_nomination(nomination=nomination, to_mission=other_mission, reason=" ", by=reviewer, at=at)
    Mission.objects.filter(pk=other_mission.pk).update(election=elsewhere)
    with pytest.raises(NotMovableError, match="another election"):
        move_nomination(nomination=nomination, to_mission=other_mission, reason="Joined them.", by=reviewer, at=at)
