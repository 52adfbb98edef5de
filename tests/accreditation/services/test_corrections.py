"""Corrections of accredited people in place: what is shown first, what is then made, and when a preview is old."""

import datetime as dt

import pytest

from accreditation.changes import Fact
from accreditation.errors import (
    AccreditationEndedError,
    NameRefusedError,
    NothingToCorrectError,
    PreviewOutdatedError,
    ReasonMissingError,
)
from accreditation.models import (
    Accreditation,
    Application,
    Finding,
    Nomination,
    Observer,
)
from accreditation.services.accreditations import return_accreditation, suspend_accreditation
from accreditation.services.corrections import (
    Correction,
    correct_accreditation,
)
from accreditation.services.decisions import accredit_application
from accreditation.services.nominations import nominate_observers
from accreditation.states import ApplicationState, Category, Role
from missions.kernel.models import Event
from missions.models import Mission, User
from tests.accreditation.conftest import DRAFT, MakeApplication
from tests.accreditation.correcting import REASON, make, preview
from tests.accreditation.vetting.zones import passport_zone
from tests.conftest import staff

pytestmark = pytest.mark.django_db

LATER = dt.timedelta(hours=3)


@pytest.fixture
def corrector() -> User:
    return staff("registrar@ministry.example", "accreditation.change_accreditation")


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
