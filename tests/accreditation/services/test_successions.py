"""Another mission or category for an accredited person: another decision, with everything that goes along."""

import datetime as dt
from dataclasses import replace

import pytest

from accreditation.errors import (
    AppliedAgainError,
    BlockingFindingsError,
    CeilingReachedError,
    NotMovableError,
    RevocationPendingError,
    SamePersonDecidesError,
    SessionNotHeldYetError,
    SessionRequiredError,
)
from accreditation.models import (
    Accreditation,
    Application,
    CategoryQuota,
    CommissionSession,
    Decision,
    Document,
    Finding,
    Nomination,
    Observer,
    Revocation,
    Stay,
)
from accreditation.selectors import figures, figures_as_of
from accreditation.services.accreditations import suspend_accreditation
from accreditation.services.corrections import (
    Correction,
    CorrectionPreview,
    correct_accreditation,
)
from accreditation.services.decisions import accredit_application
from accreditation.services.nominations import nominate_observers
from accreditation.services.revocations import propose_revocation
from accreditation.states import ApplicationState, Category, DocumentKind, Role
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number
from tests.accreditation.correcting import REASON, make, preview

pytestmark = pytest.mark.django_db

LATER = dt.timedelta(hours=3)


@pytest.fixture
def moved(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> Accreditation:
    Stay.objects.create(nomination=accreditation.application.nomination, lodging="Hotel")
    return make(accreditation, Correction(mission=other_mission, session=session), approver, at + LATER)


def test_another_mission_has_another_accreditation_under_the_next_number(
    accreditation: Accreditation, moved: Accreditation, other_mission: Mission, approver: User, reviewer: User
) -> None:
    accreditation.refresh_from_db()
    assert (accreditation.state, accreditation.number, accreditation.reason) == ("replaced", 1, REASON)
    assert (moved.state, moved.number, moved.category) == ("active", 2, "international_observer")
    assert moved.application.nomination.mission == other_mission
    decision = Decision.objects.get(application=moved.application)
    assert (decision.reviewed_by, decision.decided_by) == (reviewer, approver)
    assert decision.session is not None
    assert decision.session.number == "7/24"


def test_places_go_from_the_one_mission_to_the_other(
    moved: Accreditation, mission: Mission, other_mission: Mission
) -> None:
    mission.refresh_from_db()
    other_mission.refresh_from_db()
    assert (mission.places_taken, other_mission.places_taken) == (0, 1)
    assert dict(Nomination.objects.values_list("mission__code", "holds_place")) == {"ODIHR": False, "PABSEC": True}


def test_papers_findings_and_stay_go_along(
    accreditation: Accreditation, moved: Accreditation, other_mission: Mission
) -> None:
    assert not Document.objects.filter(application=accreditation.application).exists()
    assert Document.objects.filter(application=moved.application).count() == len(DocumentKind)
    assert Stay.objects.get().nomination.mission == other_mission
    kept = Finding.objects.filter(application=accreditation.application).values_list("code")
    assert set(Finding.objects.filter(application=moved.application).values_list("code")) == set(kept)


def test_both_missions_read_their_part_of_the_history(
    accreditation: Accreditation, moved: Accreditation, mission: Mission, other_mission: Mission
) -> None:
    verbs = {
        scope: list(
            Event.objects.filter(scope_id=scope, at__gte=moved.valid_from).order_by("pk").values_list("verb", flat=True)
        )
        for scope in (mission.pk, other_mission.pk)
    }

    assert verbs[mission.pk] == ["replaced", "nomination_moved_away", "accreditation_corrected"]
    assert verbs[other_mission.pk] == [
        "nomination_moved_here",
        "application_carried_over",
        "accredited",
        "accreditation_issued",
        "accreditation_corrected",
    ]


def test_each_lead_sees_what_was_and_what_is_theirs(
    accreditation: Accreditation, moved: Accreditation, lead: User, other_lead: User
) -> None:
    assert list(Accreditation.objects.visible_to(lead)) == [accreditation]
    assert list(Accreditation.objects.visible_to(other_lead)) == [moved]


def test_what_was_counted_before_stays_so(
    accreditation: Accreditation, moved: Accreditation, election: Election, at: dt.datetime
) -> None:
    assert figures(election).observers == 1
    assert figures_as_of(election, at=at).organizations == 1
    then = Accreditation.objects.get(pk=accreditation.pk).application.nomination.mission.code
    assert then == "ODIHR"


def test_the_former_mission_repeats_its_file_and_gets_nothing_back(
    moved: Accreditation, mission: Mission, lead: User, at: dt.datetime
) -> None:
    result = nominate_observers(mission=mission, drafts=[DRAFT], by=lead, at=at)

    mission.refresh_from_db()
    assert (result.added, result.renominated, mission.places_taken) == (0, 0, 0)
    assert Application.objects.live().count() == 1


def test_another_category_has_its_own_numbers_and_places(
    accreditation: Accreditation, mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    correction = Correction(category=Category.EXIT_POLLSTER, role=Role.POLLSTER, session=session)

    present = make(accreditation, correction, approver, at)

    mission.refresh_from_db()
    nomination = Nomination.objects.get()
    assert (present.category, present.number) == ("exit_pollster", 1)
    assert (nomination.category, nomination.role, nomination.holds_place) == ("exit_pollster", "pollster", True)
    assert (mission.places_taken, CategoryQuota.objects.get().taken) == (0, 1)
    assert present.application.nomination == nomination


def test_a_number_is_never_given_twice(
    accreditation: Accreditation,
    moved: Accreditation,
    make_application: MakeApplication,
    approver: User,
    at: dt.datetime,
) -> None:
    third = accredit_application(
        application=make_application(ApplicationState.SCHEDULED, person=draft_number(3)), by=approver, at=at
    )

    assert (accreditation.number, moved.number, third.number) == (1, 2, 3)


def test_a_mission_that_has_nominated_the_person_too_keeps_its_own_nomination(
    accreditation: Accreditation,
    other_mission: Mission,
    other_lead: User,
    session: CommissionSession,
    approver: User,
    at: dt.datetime,
) -> None:
    nominate_observers(mission=other_mission, drafts=[replace(DRAFT, reference="P-7")], by=other_lead, at=at)

    present = make(accreditation, Correction(mission=other_mission, session=session), approver, at)

    other_mission.refresh_from_db()
    assert (present.application.nomination.reference, other_mission.places_taken) == ("P-7", 1)
    assert Nomination.objects.count() == 2


def test_name_and_mission_are_corrected_in_one_act(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    correction = Correction(surname="Mayer", mission=other_mission, session=session)

    present = make(accreditation, correction, approver, at)

    assert Accreditation.objects.get(pk=present.pk).observer.surname == "Mayer"
    assert Event.objects.of(present).get(verb="accreditation_corrected").changed == ["name", "organization"]


# --- What forbids it: told by the preview, raised by the act


def assert_refused(
    accreditation: Accreditation, correction: Correction, by: User, at: dt.datetime, error: type[DomainError]
) -> CorrectionPreview:
    found = preview(accreditation, correction, by, at)
    assert type(found.refusal) is error
    with pytest.raises(error):
        correct_accreditation(
            accreditation=accreditation, correction=correction, digest=found.digest, reason=REASON, by=by, at=at
        )
    accreditation.refresh_from_db()
    assert accreditation.state in ("active", "suspended")
    return found


def test_no_place_is_left(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    Mission.objects.filter(pk=other_mission.pk).update(ceiling=0)

    found = assert_refused(
        accreditation, Correction(mission=other_mission, session=session), approver, at, CeilingReachedError
    )

    assert [str(row.sentence) for row in found.impacts if row.code == "place_taken"] == ["No place is free."]


def test_the_reviewer_does_not_decide(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, reviewer: User, at: dt.datetime
) -> None:
    assert_refused(
        accreditation, Correction(mission=other_mission, session=session), reviewer, at, SamePersonDecidesError
    )


def test_a_session_stands_behind_it_where_the_law_asks_for_one(
    accreditation: Accreditation, other_mission: Mission, approver: User, at: dt.datetime
) -> None:
    assert_refused(accreditation, Correction(mission=other_mission), approver, at, SessionRequiredError)


def test_the_session_has_been_held(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    CommissionSession.objects.update(held_at=at + LATER)
    session.refresh_from_db()

    assert_refused(
        accreditation, Correction(mission=other_mission, session=session), approver, at, SessionNotHeldYetError
    )


def test_a_proposed_revocation_is_not_escaped(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    propose_revocation(accreditation=accreditation, ground="other_revocation", text="Agitated", by=approver, at=at)

    assert_refused(
        accreditation, Correction(mission=other_mission, session=session), approver, at, RevocationPendingError
    )


@pytest.mark.parametrize(("of_target", "error"), [(False, RevocationPendingError), (True, BlockingFindingsError)])
def test_a_revoked_sender_neither_keeps_nor_gets_anybody(
    accreditation: Accreditation,
    mission: Mission,
    other_mission: Mission,
    session: CommissionSession,
    reviewer: User,
    approver: User,
    at: dt.datetime,
    of_target: bool,
    error: type[DomainError],
) -> None:
    """A decision on a whole organization that is not carried out yet."""
    Revocation.objects.create(
        election=mission.election,
        organization=other_mission.organization if of_target else mission.organization,
        text="Agitated",
        proposed_by=reviewer,
        proposed_at=at,
        decided_by=approver,
        decided_at=at,
    )

    assert_refused(accreditation, Correction(mission=other_mission, session=session), approver, at, error)


def test_a_person_with_an_open_application_in_the_category_is_not_moved_into_it(
    accreditation: Accreditation,
    other_mission: Mission,
    other_lead: User,
    session: CommissionSession,
    approver: User,
    at: dt.datetime,
) -> None:
    nominate_observers(mission=other_mission, drafts=[DRAFT], by=other_lead, at=at, category=Category.FOREIGN_MEDIA)
    correction = Correction(category=Category.FOREIGN_MEDIA, role=Role.JOURNALIST, session=session)

    assert_refused(accreditation, correction, approver, at, AppliedAgainError)


def test_a_mission_that_applies_for_the_person_otherwise_does_not_get_it(
    accreditation: Accreditation,
    other_mission: Mission,
    other_lead: User,
    session: CommissionSession,
    approver: User,
    at: dt.datetime,
) -> None:
    nominate_observers(mission=other_mission, drafts=[DRAFT], by=other_lead, at=at, category=Category.FOREIGN_MEDIA)

    assert_refused(accreditation, Correction(mission=other_mission, session=session), approver, at, NotMovableError)


def test_a_reference_that_is_taken_needs_a_new_one(
    accreditation: Accreditation,
    other_mission: Mission,
    other_lead: User,
    session: CommissionSession,
    approver: User,
    at: dt.datetime,
) -> None:
    nominate_observers(mission=other_mission, drafts=[draft_number(1)], by=other_lead, at=at)
    correction = Correction(mission=other_mission, session=session)
    assert_refused(accreditation, correction, approver, at, NotMovableError)

    present = make(accreditation, replace(correction, reference="R-77"), approver, at)

    assert present.application.nomination.reference == "R-77"


def test_open_blocking_findings_stop_a_new_decision_and_no_name(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    """A person whose nationality is the host's cannot be accredited; that the name is wrong stays wrong."""
    Observer.objects.update(second_nationality="AZE")
    correction = Correction(mission=other_mission, session=session)

    assert_refused(accreditation, correction, approver, at, BlockingFindingsError)
    assert make(accreditation, Correction(surname="Mayer"), approver, at).pk == accreditation.pk


def test_a_suspended_accreditation_is_corrected_in_place_only(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    suspend_accreditation(accreditation=accreditation, reason="Under investigation", by=approver, at=at)

    found = preview(accreditation, Correction(mission=other_mission, session=session), approver, at)

    assert found.refusal is not None
    assert found.refusal.code == "illegal-transition"
    assert make(accreditation, Correction(surname="Mayer"), approver, at).state == "suspended"


# --- A preview lives as long as its facts


def test_people_who_come_and_go_meanwhile_do_not_make_it_old(
    accreditation: Accreditation,
    other_mission: Mission,
    session: CommissionSession,
    make_application: MakeApplication,
    approver: User,
    at: dt.datetime,
) -> None:
    correction = Correction(mission=other_mission, session=session)
    digest = preview(accreditation, correction, approver, at).digest
    accredit_application(
        application=make_application(ApplicationState.SCHEDULED, person=draft_number(3)), by=approver, at=at
    )

    assert preview(accreditation, correction, approver, at).digest != ""
    present = correct_accreditation(
        accreditation=accreditation, correction=correction, digest=digest, reason=REASON, by=approver, at=at
    )

    assert present.number == 3
