"""What a correction touches at the desk itself: places, figures, decisions, the stay."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accreditation.models import Accreditation, CategoryQuota, CommissionSession, Stay
from accreditation.selectors import Figures, figures
from accreditation.services.corrections import Correction, correct_accreditation, preview_correction
from accreditation.services.decisions import accredit_application
from accreditation.states import ApplicationState, Category, Role
from missions.models import Election, Mission, User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db

Told = dict[str, list[tuple[str, str]]]


@pytest.fixture
def colleague(make_application: MakeApplication, approver: User, at: dt.datetime) -> Accreditation:
    """Another German of the same mission."""
    application = make_application(ApplicationState.SCHEDULED, person=draft_number(3))
    return accredit_application(application=application, by=approver, at=at)


def told(accreditation: Accreditation, correction: Correction, by: User, at: dt.datetime) -> tuple[str, Told]:
    """The digest of the preview; subject and sentence of its impacts, by code."""
    preview = preview_correction(accreditation=accreditation, correction=correction, by=by, at=at)
    found: Told = {}
    for row in preview.impacts:
        found.setdefault(row.code, []).append((str(row.subject), str(row.sentence)))
    return preview.digest, found


def test_places_are_told_of_both_missions(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    _digest, said = told(accreditation, Correction(mission=other_mission, session=session), approver, at)
    Mission.objects.filter(pk=other_mission.pk).update(ceiling=4, places_taken=1)
    _digest, limited = told(accreditation, Correction(mission=other_mission, session=session), approver, at)

    assert said["place_given_back"] == [("ODIHR, international observer", "One place is given back.")]
    assert said["place_taken"] == [("PABSEC, international observer", "One place is taken; nothing limits them.")]
    assert limited["place_taken"] == [("PABSEC, international observer", "One place is taken, of 3 that are free.")]


def test_a_category_is_told_with_its_quota(
    accreditation: Accreditation, mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    CategoryQuota.objects.create(mission=mission, category=Category.EXIT_POLLSTER, ceiling=0)
    correction = Correction(category=Category.EXIT_POLLSTER, session=session)

    _digest, said = told(accreditation, correction, approver, at)

    assert said["place_taken"] == [("ODIHR, exit pollster", "No place is free.")]


@pytest.mark.parametrize("has_colleague", [True, False])
def test_the_figures_told_are_those_that_come(
    accreditation: Accreditation,
    election: Election,
    session: CommissionSession,
    approver: User,
    at: dt.datetime,
    request: pytest.FixtureRequest,
    has_colleague: bool,
) -> None:
    if has_colleague:
        request.getfixturevalue("colleague")
    correction = Correction(category=Category.EXIT_POLLSTER, role=Role.POLLSTER, session=session)
    before = figures(election)

    digest, said = told(accreditation, correction, approver, at)
    correct_accreditation(
        accreditation=accreditation, correction=correction, digest=digest, reason="Mixed up", by=approver, at=at
    )

    after = figures(election)
    assert (before, after) == (
        (Figures(2, 1, 1), Figures(1, 1, 1)) if has_colleague else (Figures(1, 1, 1), Figures(0, 0, 0))
    )
    public = [f"Accredited observers: {before.observers} now, {after.observers} afterwards."]
    if not has_colleague:
        public += ["Organizations: 1 now, 0 afterwards.", "Countries: 1 now, 0 afterwards."]
    assert [sentence for _subject, sentence in said["figure_public"]] == public
    assert said["figure_mission"] == [
        ("ODIHR mission", f"International observers: {before.observers} now, {after.observers} afterwards.")
    ]


def test_a_mission_more_is_an_organization_more(
    accreditation: Accreditation,
    colleague: Accreditation,
    other_mission: Mission,
    election: Election,
    session: CommissionSession,
    approver: User,
    at: dt.datetime,
) -> None:
    correction = Correction(mission=other_mission, session=session)

    digest, said = told(accreditation, correction, approver, at)
    correct_accreditation(
        accreditation=accreditation, correction=correction, digest=digest, reason="Wrong list", by=approver, at=at
    )

    assert figures(election) == Figures(2, 2, 1)
    assert said["figure_public"] == [("Public figure", "Organizations: 1 now, 2 afterwards.")]
    assert said["figure_mission"] == [
        ("ODIHR mission", "International observers: 2 now, 1 afterwards."),
        ("PABSEC delegation", "International observers: 0 now, 1 afterwards."),
    ]


def test_what_was_decided_stays_on_record(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    _digest, moved = told(accreditation, Correction(mission=other_mission, session=session), approver, at)
    _digest, renamed = told(accreditation, Correction(surname="Mayer"), approver, at)

    assert moved["accreditation_replaced"] == [
        (
            "00001, international observer, ODIHR",
            "Ends as replaced. Another accreditation takes its place, under the next number.",
        )
    ]
    assert moved["decision_stands"] == [
        (
            "Decision of session 7/24",
            "Stands in the minutes as it was taken, with the former facts. "
            "A new decision is recorded beside it, by the person who makes this change.",
        )
    ]
    assert renamed["decision_stands"] == [
        ("Decision of session 7/24", "Stands in the minutes as it was taken, with the former facts.")
    ]


def test_a_role_touches_neither_places_nor_figures(
    accreditation: Accreditation, approver: User, at: dt.datetime
) -> None:
    _digest, said = told(accreditation, Correction(role=Role.CORE_TEAM_MEMBER), approver, at)

    assert set(said) == {"own_plan_affected"}


def test_the_stay_is_told_to_go_along(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    Stay.objects.create(nomination=accreditation.application.nomination)

    _digest, said = told(accreditation, Correction(mission=other_mission, session=session), approver, at)

    assert said["stay_moves"] == [
        ("Travel and lodging", "Go along to PABSEC, unless it has planned a stay of its own for the person.")
    ]


def test_the_number_of_queries_does_not_grow_with_the_election(
    accreditation: Accreditation,
    other_mission: Mission,
    session: CommissionSession,
    make_application: MakeApplication,
    approver: User,
    at: dt.datetime,
) -> None:
    correction = Correction(mission=other_mission, session=session)
    told(accreditation, correction, approver, at)  # reads the person's permissions, once
    counts = []
    for number in (3, 4, 5):
        application = make_application(ApplicationState.SCHEDULED, person=draft_number(number))
        accredit_application(application=application, by=approver, at=at)
        with CaptureQueriesContext(connection) as queries:
            told(accreditation, correction, approver, at)
        counts.append(len(queries))

    assert len(set(counts)) == 1
