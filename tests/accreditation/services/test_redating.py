"""Election day moves: times for decisions follow where the law bounds them, and what is under review is vetted."""

import datetime as dt

import pytest

from accreditation.models import Application
from accreditation.move_impacts import moved_desk
from accreditation.services.applications import submit_application
from accreditation.services.redating import decision_times, redate_decisions
from accreditation.services.revetting import revet_after_list_changes
from accreditation.states import ApplicationState
from missions.kernel.models import Event
from missions.models import Election, User
from missions.timeline.changes import ElectionMove
from missions.timeline.moving.services import move_election_day, preview_election_move
from tests.accreditation.conftest import MakeApplication, draft_number
from tests.conftest import staff

pytestmark = pytest.mark.django_db

_S = ApplicationState
SOON = dt.date(2024, 1, 25)
LATER = dt.date(2024, 2, 21)


def move(election: Election, new_day: dt.date, at: dt.datetime) -> None:
    mover = User.objects.filter(email="mover@ministry.example").first() or staff("mover@ministry.example")
    digest = preview_election_move(election=election, new_day=new_day, by=mover, at=at).digest
    move_election_day(election=election, new_day=new_day, reason="Decree", digest=digest, by=mover, at=at)


def told(election: Election, new_day: dt.date, by: User, at: dt.datetime) -> dict[str, str]:
    impacts = moved_desk.of_change(ElectionMove(election.pk, new_day), user=by, at=at)
    return {row.code: str(row.sentence) for row in impacts}


@pytest.fixture
def bounded(election: Election) -> Election:
    """An election whose law lets nothing be decided later than on E-4."""
    Election.objects.update(profile_code="ge-standing")
    election.refresh_from_db()
    return election


def test_a_time_that_the_law_bounds_by_election_day_follows_it_there_and_back(
    bounded: Election, make_application: MakeApplication, reviewer: User, at: dt.datetime
) -> None:
    application = make_application(_S.SUBMITTED)
    before = application.decide_by

    said = told(bounded, SOON, reviewer, at)
    move(bounded, SOON, at)
    application.refresh_from_db()
    there, version = application.decide_by, application.version
    move(bounded, dt.date(2024, 2, 7), at)
    application.refresh_from_db()

    assert said["decide_by_moves"] == "1 application must be decided by another day."
    assert (there, before, application.decide_by) == (
        dt.datetime(2024, 1, 21, 20, tzinfo=dt.UTC),  # the end of E-4 in Tbilisi
        dt.datetime(2024, 1, 23, 20, tzinfo=dt.UTC),
        before,
    )
    assert Event.objects.of(application).filter(verb="redated").count() == 2
    assert application.version == version + 1


def test_a_time_that_runs_from_the_application_alone_stays(
    election: Election, make_application: MakeApplication, reviewer: User, at: dt.datetime
) -> None:
    application = make_application(_S.SUBMITTED)

    assert decision_times(election, e_day=SOON, among=Application.objects.all()) == {}
    assert redate_decisions(election_id=election.pk, by=reviewer, at=at) == 0
    move(election, LATER, at)
    assert Application.objects.get().decide_by == application.decide_by


def test_the_deadline_that_was_judged_stays_and_late_ones_are_told(
    election: Election, make_application: MakeApplication, lead: User, reviewer: User, at: dt.datetime
) -> None:
    after_deadline = dt.datetime(2024, 1, 30, 8, tzinfo=dt.UTC)
    late = submit_application(application=make_application(), by=lead, at=after_deadline)
    assert late.state == _S.INADMISSIBLE_LATE

    assert "late_in_time" not in told(election, dt.date(2024, 2, 8), reviewer, after_deadline)
    assert told(election, LATER, reviewer, after_deadline)["late_in_time"] == (
        "1 application was late and would be in time. It stays late unless leave is granted."
    )
    move(election, LATER, after_deadline)
    stored = Application.objects.get()
    assert (stored.state, stored.deadline_at) == (late.state, late.deadline_at)


def test_who_is_accredited_leaves_or_travels_on_an_old_passport_is_counted(
    election: Election, make_application: MakeApplication, approver: User, accreditation: object, at: dt.datetime
) -> None:
    said = told(election, LATER, approver, at)
    at_once = told(election, dt.date(2024, 1, 20), approver, at)
    far = told(election, dt.date(2030, 2, 1), approver, at)

    assert said == {
        "accreditations_stand": "1 accreditation stands as it was decided.",
        "stay_ends_before": "1 person leaves before the new day, as far as is known.",
    }
    assert at_once["stay_begins_after"] == "1 person comes only after the new day, as far as is known."
    assert far["passport_over"] == "1 passport is over by the new day."


def test_what_is_under_review_is_vetted_again(
    election: Election, make_application: MakeApplication, at: dt.datetime
) -> None:
    application = make_application(_S.UNDER_REVIEW, person=draft_number(1, arrives_on=dt.date(2024, 2, 3)))
    before = set(application.findings.values_list("code", flat=True))

    move(election, dt.date(2024, 2, 2), at)
    revet_after_list_changes(at=at)
    again = revet_after_list_changes(at=at)

    after = set(application.findings.values_list("code", flat=True))
    assert (after - before, again) == ({"arrives_late"}, 0)
