"""Corrections of accredited people: what is shown first, what is then made, and what forbids it."""

import datetime as dt
from dataclasses import replace

import pytest

from accreditation.changes import Fact
from accreditation.errors import (
    AccreditationEndedError,
    AppliedAgainError,
    BlockingFindingsError,
    CeilingReachedError,
    NameRefusedError,
    NothingToCorrectError,
    NotMovableError,
    PreviewOutdatedError,
    ReasonMissingError,
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
    Stay,
)
from accreditation.selectors import figures, figures_as_of
from accreditation.services.accreditations import return_accreditation, suspend_accreditation
from accreditation.services.corrections import (
    Correction,
    CorrectionPreview,
    correct_accreditation,
    preview_correction,
)
from accreditation.services.decisions import accredit_application
from accreditation.services.nominations import nominate_observers
from accreditation.services.revocations import propose_revocation
from accreditation.states import ApplicationState, Category, DocumentKind, Role
from missions.kernel.errors import DomainError
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number
from tests.accreditation.vetting.zones import passport_zone
from tests.conftest import staff

pytestmark = pytest.mark.django_db

REASON = "Misread in the file"
LATER = dt.timedelta(hours=3)


@pytest.fixture
def corrector() -> User:
    return staff("registrar@ministry.example", "accreditation.change_accreditation")


def make(
    accreditation: Accreditation, correction: Correction, by: User, at: dt.datetime, reason: str = REASON
) -> Accreditation:
    """Preview, and then make what was previewed."""
    digest = preview(accreditation, correction, by, at).digest
    return correct_accreditation(
        accreditation=accreditation, correction=correction, digest=digest, reason=reason, by=by, at=at
    )


def preview(accreditation: Accreditation, correction: Correction, by: User, at: dt.datetime) -> CorrectionPreview:
    return preview_correction(accreditation=accreditation, correction=correction, by=by, at=at)


def codes(found: CorrectionPreview) -> list[str]:
    return [impact.code for impact in found.impacts]


# --- The person: corrected in place


def test_a_name_is_cleaned_stored_and_found_again(
    accreditation: Accreditation, corrector: User, at: dt.datetime
) -> None:
    correction = Correction(surname="  Mayer ", given_names="Änne", patronymic="")

    present = make(accreditation, correction, corrector, at + LATER)

    observer = Observer.objects.get()
    assert present.pk == accreditation.pk
    assert (observer.surname, observer.given_names, observer.folded_name) == ("Mayer", "Änne", "mayer anne")
    assert observer.renamed_at == at + LATER
    event = Event.objects.of(accreditation).get(verb="accreditation_corrected")
    assert (event.actor, event.changed, event.reason) == (corrector, ["name"], REASON)
    assert event.scope_id == accreditation.application.nomination.mission_id


def test_the_preview_tells_before_and_after_and_leaves_nothing(
    accreditation: Accreditation, corrector: User, at: dt.datetime
) -> None:
    events = Event.objects.count()

    found = preview(accreditation, Correction(surname="Mayer", role=Role.LTO), corrector, at)

    assert [(row.fact, str(row.before), str(row.after)) for row in found.differences] == [
        (Fact.NAME, "Meyer Anna", "Mayer Anna"),
        (Fact.ROLE, "short-term observer", "long-term observer"),
    ]
    assert found.refusal is None
    assert (Observer.objects.get().surname, Nomination.objects.get().role) == ("Meyer", Role.STO)
    assert Event.objects.count() == events


@pytest.mark.parametrize(
    ("correction", "field", "code"),
    [
        (Correction(surname=" "), "surname", "value_missing"),
        (Correction(given_names="=cmd()"), "given_names", "formula_start"),
        (Correction(patronymic="M?ller"), "patronymic", "lost_characters"),
        (Correction(surname="\u202eregnA"), "surname", "bidi_control"),
    ],
)
def test_what_is_no_name_is_named_by_its_field(
    accreditation: Accreditation, corrector: User, at: dt.datetime, correction: Correction, field: str, code: str
) -> None:
    with pytest.raises(NameRefusedError) as caught:
        preview(accreditation, correction, corrector, at)

    assert [(row.field, row.code) for row in caught.value.violations] == [(field, code)]


def test_what_is_so_already_is_no_correction(
    accreditation: Accreditation, mission: Mission, corrector: User, at: dt.datetime
) -> None:
    same = Correction(
        surname="Meyer", role=Role.STO, mission=mission, category=Category.INTERNATIONAL_OBSERVER, reference="R-9"
    )

    with pytest.raises(NothingToCorrectError):
        preview(accreditation, same, corrector, at)


def test_a_correction_has_a_reason(accreditation: Accreditation, corrector: User, at: dt.datetime) -> None:
    with pytest.raises(ReasonMissingError):
        make(accreditation, Correction(surname="Mayer"), corrector, at, reason="  ")


def test_an_ended_accreditation_is_not_corrected(
    accreditation: Accreditation, lead: User, corrector: User, at: dt.datetime
) -> None:
    return_accreditation(accreditation=accreditation, by=lead, at=at)

    with pytest.raises(AccreditationEndedError):
        preview(accreditation, Correction(surname="Mayer"), corrector, at)


def test_a_new_role_is_of_this_nomination_alone(
    accreditation: Accreditation, other_mission: Mission, other_lead: User, corrector: User, at: dt.datetime
) -> None:
    nominate_observers(mission=other_mission, drafts=[DRAFT], by=other_lead, at=at)

    make(accreditation, Correction(role=Role.HEAD_OF_MISSION), corrector, at)

    roles = dict(Nomination.objects.values_list("mission__code", "role"))
    assert roles == {"ODIHR": Role.HEAD_OF_MISSION, "PABSEC": Role.STO}


def test_a_name_is_vetted_again_and_the_preview_says_what_that_finds(
    make_application: MakeApplication, approver: User, corrector: User, at: dt.datetime
) -> None:
    """A passport's zone that agreed with the former name does not agree with the new one."""
    application = make_application(ApplicationState.SCHEDULED)
    observer = Observer.objects.get()
    observer.mrz = passport_zone(
        surname="Meyer", given_names="Anna", number="C01X00T47", issuer="DEU", nationality="DEU"
    )
    observer.save(update_fields=["mrz"])
    accreditation = accredit_application(application=application, by=approver, at=at)

    found = preview(accreditation, Correction(surname="Unterberger"), corrector, at)
    assert not Finding.objects.exists()
    make(accreditation, Correction(surname="Unterberger"), corrector, at)

    assert found.findings == tuple(row.sentence for row in Finding.objects.all())
    assert [row.code for row in Finding.objects.all()] == ["mrz_surname_differs"]


def test_another_accreditation_of_the_person_is_told_without_the_reason(
    accreditation: Accreditation,
    other_mission: Mission,
    other_lead: User,
    approver: User,
    reviewer: User,
    corrector: User,
    at: dt.datetime,
) -> None:
    other = _accredited_as_media(other_mission, other_lead, reviewer, approver, at)

    found = preview(accreditation, Correction(surname="Mayer"), corrector, at)
    make(accreditation, Correction(surname="Mayer"), corrector, at)

    assert ("accreditation_renamed", str(other.pk)) in [(row.code, row.key) for row in found.impacts]
    event = Event.objects.of(other).get(verb="accreditation_corrected")
    assert (event.scope_id, event.changed, event.reason) == (other_mission.pk, ["name"], "")


def test_versions_grow_so_that_nobody_acts_on_the_former_facts(
    accreditation: Accreditation, corrector: User, at: dt.datetime
) -> None:
    before = Application.objects.get().version

    make(accreditation, Correction(surname="Mayer"), corrector, at)

    assert Application.objects.get().version == before + 1


# --- What was decided: another accreditation


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


def _refused(
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

    found = _refused(
        accreditation, Correction(mission=other_mission, session=session), approver, at, CeilingReachedError
    )

    assert [str(row.sentence) for row in found.impacts if row.code == "place_taken"] == ["No place is free."]


def test_the_reviewer_does_not_decide(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, reviewer: User, at: dt.datetime
) -> None:
    _refused(accreditation, Correction(mission=other_mission, session=session), reviewer, at, SamePersonDecidesError)


def test_a_session_stands_behind_it_where_the_law_asks_for_one(
    accreditation: Accreditation, other_mission: Mission, approver: User, at: dt.datetime
) -> None:
    _refused(accreditation, Correction(mission=other_mission), approver, at, SessionRequiredError)


def test_the_session_has_been_held(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    CommissionSession.objects.update(held_at=at + LATER)
    session.refresh_from_db()

    _refused(accreditation, Correction(mission=other_mission, session=session), approver, at, SessionNotHeldYetError)


def test_a_proposed_revocation_is_not_escaped(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    propose_revocation(accreditation=accreditation, ground="other_revocation", text="Agitated", by=approver, at=at)

    _refused(accreditation, Correction(mission=other_mission, session=session), approver, at, RevocationPendingError)


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

    _refused(accreditation, correction, approver, at, AppliedAgainError)


def test_a_mission_that_applies_for_the_person_otherwise_does_not_get_it(
    accreditation: Accreditation,
    other_mission: Mission,
    other_lead: User,
    session: CommissionSession,
    approver: User,
    at: dt.datetime,
) -> None:
    nominate_observers(mission=other_mission, drafts=[DRAFT], by=other_lead, at=at, category=Category.FOREIGN_MEDIA)

    _refused(accreditation, Correction(mission=other_mission, session=session), approver, at, NotMovableError)


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
    _refused(accreditation, correction, approver, at, NotMovableError)

    present = make(accreditation, replace(correction, reference="R-77"), approver, at)

    assert present.application.nomination.reference == "R-77"


def test_open_blocking_findings_stop_a_new_decision_and_no_name(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    """A person whose nationality is the host's cannot be accredited; that the name is wrong stays wrong."""
    Observer.objects.update(second_nationality="AZE")
    correction = Correction(mission=other_mission, session=session)

    _refused(accreditation, correction, approver, at, BlockingFindingsError)
    assert make(accreditation, Correction(surname="Mayer"), approver, at).pk == accreditation.pk


def test_a_suspended_accreditation_is_corrected_in_place_only(
    accreditation: Accreditation, other_mission: Mission, session: CommissionSession, approver: User, at: dt.datetime
) -> None:
    suspend_accreditation(accreditation=accreditation, reason="Under investigation", by=approver, at=at)

    found = preview(accreditation, Correction(mission=other_mission, session=session), approver, at)

    assert found.refusal is not None
    assert found.refusal.code == "illegal-transition"
    assert make(accreditation, Correction(surname="Mayer"), approver, at).state == "suspended"


# --- The preview grows old


def test_a_preview_of_other_facts_is_out_of_date(
    accreditation: Accreditation, corrector: User, approver: User, at: dt.datetime
) -> None:
    digest = preview(accreditation, Correction(surname="Mayer"), corrector, at).digest
    suspend_accreditation(accreditation=accreditation, reason="Under investigation", by=approver, at=at)

    with pytest.raises(PreviewOutdatedError):
        correct_accreditation(
            accreditation=accreditation,
            correction=Correction(surname="Mayer"),
            digest=digest,
            reason=REASON,
            by=corrector,
            at=at,
        )


def test_what_is_made_is_what_was_shown(accreditation: Accreditation, corrector: User, at: dt.datetime) -> None:
    digest = preview(accreditation, Correction(surname="Mayer"), corrector, at).digest

    with pytest.raises(PreviewOutdatedError):
        correct_accreditation(
            accreditation=accreditation,
            correction=Correction(surname="Maier"),
            digest=digest,
            reason=REASON,
            by=corrector,
            at=at,
        )


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


def _accredited_as_media(
    mission: Mission, lead: User, reviewer: User, approver: User, at: dt.datetime
) -> Accreditation:
    """The person of DRAFT, accredited for a second mission as a journalist."""
    nominate_observers(mission=mission, drafts=[DRAFT], by=lead, at=at, category=Category.FOREIGN_MEDIA)
    application = Application.objects.select_related("observer").get(nomination__mission=mission)
    Application.objects.filter(pk=application.pk).update(
        state=ApplicationState.ACCREDITED, submitted_at=at, reviewed_by=reviewer
    )
    return Accreditation.objects.create(
        election=mission.election,
        observer=application.observer,
        application=application,
        category=Category.FOREIGN_MEDIA,
        number=1,
        valid_from=at,
    )
