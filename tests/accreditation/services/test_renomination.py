"""Whoever's application is over can be nominated again: a new application on the same nomination."""

import datetime as dt
from collections.abc import Callable

import pytest

from accreditation.errors import AppliedAgainError, CeilingReachedError
from accreditation.models import Accreditation, Application, Nomination
from accreditation.services import accreditations
from accreditation.services.applications import withdraw_application
from accreditation.services.drafts import NominationResult
from accreditation.services.nominations import nominate_observers
from missions.kernel.models import Event
from missions.models import Mission, User
from tests.accreditation.conftest import DRAFT, draft_number

pytestmark = pytest.mark.django_db


def _again(mission: Mission, *, by: User, at: dt.datetime) -> NominationResult:
    return nominate_observers(mission=mission, drafts=[DRAFT], by=by, at=at)


def _places(mission: Mission) -> int:
    return Mission.objects.get(pk=mission.pk).places_taken


def test_a_withdrawn_person_gets_a_new_application_and_a_place(mission: Mission, lead: User, at: dt.datetime) -> None:
    _again(mission, by=lead, at=at)
    withdraw_application(application=Application.objects.get(), by=lead, at=at)
    assert (_places(mission), Nomination.objects.get().holds_place) == (0, False)

    result = _again(mission, by=lead, at=at)

    assert result == NominationResult(added=0, changed=1, unchanged=0, without_application=(), renominated=1)
    nomination = Nomination.objects.get()
    assert (_places(mission), nomination.holds_place) == (1, True)
    first, second = Application.objects.order_by("pk")
    assert (first.state, second.state, second.nomination) == ("withdrawn", "draft", nomination)
    assert set(second.documents.values_list("kind", flat=True)) == {kind.value for kind in DRAFT.documents}
    verbs = list(Event.objects.order_by("pk").values_list("verb", flat=True))
    assert verbs == ["nominated", "application_drafted", "withdrawn", "renominated", "application_drafted"]


def test_once_more_it_changes_nothing(mission: Mission, lead: User, at: dt.datetime) -> None:
    _again(mission, by=lead, at=at)
    withdraw_application(application=Application.objects.get(), by=lead, at=at)
    _again(mission, by=lead, at=at)

    result = _again(mission, by=lead, at=at)

    assert result == NominationResult(added=0, changed=0, unchanged=1, without_application=())
    assert (_places(mission), Application.objects.count()) == (1, 2)


def test_there_must_be_a_place_again(mission: Mission, lead: User, at: dt.datetime) -> None:
    _again(mission, by=lead, at=at)
    withdraw_application(application=Application.objects.get(), by=lead, at=at)
    Mission.objects.filter(pk=mission.pk).update(ceiling=1)
    nominate_observers(mission=mission, drafts=[draft_number(7)], by=lead, at=at)

    with pytest.raises(CeilingReachedError):
        _again(mission, by=lead, at=at)

    assert Application.objects.live().count() == 1


@pytest.mark.parametrize(
    ("end", "places"),
    [
        (accreditations.return_accreditation, 0),
        (accreditations.replace_accreditation, 0),
        (accreditations.revoke_accreditation, 1),
    ],
)
def test_a_person_whose_accreditation_ended_can_apply_again(
    mission: Mission,
    accreditation: Accreditation,
    end: Callable[..., Accreditation],
    places: int,
    lead: User,
    approver: User,
    at: dt.datetime,
) -> None:
    end(accreditation=accreditation, reason="So it was.", by=approver, at=at)
    assert _places(mission) == places

    result = _again(mission, by=lead, at=at)

    assert (result.changed, result.renominated) == (1, 1)
    assert (_places(mission), Application.objects.live().get().state) == (1, "draft")


def test_an_old_accreditation_does_not_come_back_beside_a_new_application(
    mission: Mission, accreditation: Accreditation, lead: User, approver: User, at: dt.datetime
) -> None:
    accreditations.revoke_accreditation(accreditation=accreditation, reason="Broke the law.", by=approver, at=at)
    _again(mission, by=lead, at=at)

    with pytest.raises(AppliedAgainError):
        accreditations.restore_accreditation(accreditation=accreditation, reason="Appeal.", by=approver, at=at)

    accreditation.refresh_from_db()
    assert accreditation.state == "revoked"


def test_a_restored_person_takes_the_place_back_that_a_withdrawal_gave_away(
    mission: Mission, accreditation: Accreditation, lead: User, approver: User, at: dt.datetime
) -> None:
    accreditations.revoke_accreditation(accreditation=accreditation, reason="Broke the law.", by=approver, at=at)
    _again(mission, by=lead, at=at)
    withdraw_application(application=Application.objects.live().get(), by=lead, at=at)
    assert _places(mission) == 0

    accreditations.restore_accreditation(accreditation=accreditation, reason="Appeal.", by=approver, at=at)

    assert (_places(mission), Nomination.objects.get().holds_place) == (1, True)
    assert Application.objects.live().get() == accreditation.application


def test_what_a_mission_says_of_the_person_may_be_corrected_once_it_is_over(
    mission: Mission, accreditation: Accreditation, lead: User, approver: User, at: dt.datetime
) -> None:
    accreditations.return_accreditation(accreditation=accreditation, by=approver, at=at)

    nominate_observers(mission=mission, drafts=[draft_number(1, **_as(surname="Mayer"))], by=lead, at=at)

    assert Nomination.objects.get().observer.surname == "Mayer"


def _as(**changes: object) -> dict[str, object]:
    """The person of the accreditation, with changes."""
    same = {name: getattr(DRAFT, name) for name in ("reference", "surname", "birth_date", "passport_number")}
    return {**same, **changes}
