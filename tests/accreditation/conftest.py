"""A desk to test: drafts of nominations, applications anywhere on their way, sessions."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from accreditation.models import Accreditation, Application, CommissionSession
from accreditation.services.agenda import schedule_application
from accreditation.services.applications import open_review, recommend_application, submit_application
from accreditation.services.decisions import accredit_application
from accreditation.services.drafts import NominationDraft
from accreditation.services.nominations import nominate_observers
from accreditation.services.sessions import call_session
from accreditation.states import ApplicationState, DocumentKind, Role, Sex
from missions.models import Commission, Mission, User

DRAFT = NominationDraft(
    reference="R-1",
    surname="Meyer",
    given_names="Anna",
    patronymic="",
    sex=Sex.FEMALE,
    birth_date=dt.date(1980, 5, 17),
    nationality="DEU",
    second_nationality="",
    passport_issuer="DEU",
    passport_number="C01X00T47",
    passport_expires_on=dt.date(2030, 1, 1),
    role=Role.STO,
    delegation="",
    sending_state="DEU",
    languages=("en", "de"),
    residence_country="",
    is_experienced=True,
    documents_on=dt.date(2024, 1, 17),
    arrives_on=dt.date(2024, 2, 3),
    departs_on=dt.date(2024, 2, 9),
    documents=frozenset(DocumentKind),
)

SURNAMES = ("Adler", "Brandt", "Claus", "Dietz", "Ebert", "Falk", "Gerber", "Hahn", "Ibsen", "Jung")


def draft_number(number: int, **changes: object) -> NominationDraft:
    """A sound draft of one of many different people."""
    person = replace(
        DRAFT,
        reference=f"R-{number}",
        surname=f"{SURNAMES[number % 10]}{'a' * (number // 10)}",
        birth_date=dt.date(1970, 1, 1) + dt.timedelta(days=31 * number),
        passport_number=f"P{number:07d}",
    )
    return replace(person, **changes)  # type: ignore[arg-type]  # the caller names fields of the draft


MakeApplication = Callable[..., Application]


@pytest.fixture
def draft() -> NominationDraft:
    return DRAFT


@pytest.fixture
def session(central_commission: Commission, approver: User, at: dt.datetime) -> CommissionSession:
    """A session that is held at the very instant of most tests, so that it may decide."""
    return call_session(commission=central_commission, number="7/24", held_at=at, by=approver, at=at)


@pytest.fixture
def make_application(
    mission: Mission, lead: User, reviewer: User, session: CommissionSession, at: dt.datetime
) -> MakeApplication:
    """Makes an application of a new person and walks it to a state on the straight way."""

    def make(state: str = ApplicationState.DRAFT, *, person: NominationDraft = DRAFT) -> Application:
        nominate_observers(mission=mission, drafts=[person], by=lead, at=at)
        application = Application.objects.get(nomination__mission=mission, nomination__reference=person.reference)
        steps: tuple[Callable[[Application], Application], ...] = (
            lambda row: submit_application(application=row, by=lead, at=at),
            lambda row: open_review(application=row, by=reviewer, at=at),
            lambda row: recommend_application(application=row, by=reviewer, at=at),
            lambda row: schedule_application(application=row, session=session, by=reviewer, at=at),
        )
        for step in steps:
            if application.state == state:
                break
            application = step(application)
        assert application.state == state
        return application

    return make


@pytest.fixture
def accreditation(make_application: MakeApplication, approver: User, at: dt.datetime) -> Accreditation:
    """A live accreditation, number 1."""
    return accredit_application(application=make_application(ApplicationState.SCHEDULED), by=approver, at=at)
