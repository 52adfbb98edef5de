"""What vetting reads from the register: who may be the same, lists, revocations, photos, the stay."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.utils import translation

from accreditation.likeness import people_alike
from accreditation.models import (
    Accreditation,
    Application,
    Document,
    Finding,
    ListedPerson,
    Observer,
    Revocation,
    Stay,
    StoredFile,
)
from accreditation.services.applications import open_review, submit_application, withdraw_application
from accreditation.services.drafts import NominationDraft
from accreditation.services.nominations import nominate_observers
from accreditation.services.vetting import refresh_findings
from accreditation.states import AccreditationState, ApplicationState, DatePrecision, DocumentKind, ListKind
from accreditation.vetting.facts import person_key, weak_name
from accreditation.vetting.persons import Likeness
from missions.kernel.crypto import keyed_hash
from missions.models import Election, Mission, Organization, User
from tests.accreditation.conftest import DRAFT, MakeApplication

pytestmark = pytest.mark.django_db

Nominate = Callable[..., Application]


@pytest.fixture
def nominate(other_mission: Mission, other_lead: User, at: dt.datetime) -> Nominate:
    """Another mission nominates somebody; the application is under review, or not yet."""

    def make(person: NominationDraft, *, reviewer: User | None = None) -> Application:
        nominate_observers(mission=other_mission, drafts=[person], by=other_lead, at=at)
        application = Application.objects.get(nomination__mission=other_mission, nomination__reference=person.reference)
        if reviewer is not None:
            submit_application(application=application, by=other_lead, at=at)
            application = open_review(application=application, by=reviewer, at=at)
        return application

    return make


@pytest.fixture
def application(make_application: MakeApplication) -> Application:
    """An application under review, with whom nothing is wrong."""
    made = make_application(ApplicationState.UNDER_REVIEW)
    assert not made.findings.exists()
    return made


def found(application: Application, by: User, at: dt.datetime) -> list[str]:
    """The codes of the findings once the application is vetted again."""
    return sorted(row.code for row in refresh_findings(application=application, by=by, at=at))


def twin(**changes: object) -> NominationDraft:
    """The same name and day of birth, with another passport."""
    return replace(DRAFT, reference="P-9", passport_number="X7777777", **changes)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({}, ["same_name"]),
        ({"surname": "Мейер", "given_names": "Анна"}, ["similar_name"]),
        ({"given_names": "Anna Maria"}, ["similar_name"]),
        ({"surname": "Hahn"}, []),
        ({"birth_date": dt.date(1980, 5, 18)}, ["same_name_other_birth"]),
        ({"birth_date": dt.date(1980, 1, 1), "birth_precision": DatePrecision.YEAR}, ["same_name_partial_birth"]),
        ({"surname": "Hahn", "passport_number": "CO1XO0T47"}, ["near_passport"]),
        ({"surname": "Hahn", "passport_number": "C0IX00T47"}, ["near_passport"]),
        ({"surname": "Hahn", "passport_number": "COIXOOT47"}, []),
        ({"surname": "Hahn", "passport_number": "C0IX00T47", "passport_issuer": "AUT"}, []),
    ],
)
def test_who_may_be_the_same_person(
    application: Application,
    nominate: Nominate,
    reviewer: User,
    at: dt.datetime,
    changes: dict[str, object],
    codes: list[str],
) -> None:
    nominate(replace(twin(), **changes))  # type: ignore[arg-type]  # one table of changes for fields of several types

    assert found(application, reviewer, at) == codes


def test_one_passport_in_two_missions_is_found_on_the_application(
    application: Application, other_mission: Mission, other_lead: User, reviewer: User, at: dt.datetime
) -> None:
    nominate_observers(mission=other_mission, drafts=[replace(DRAFT, reference="P-1")], by=other_lead, at=at)

    assert found(application, reviewer, at) == ["same_passport"]


def test_a_nomination_that_came_to_its_end_counts_no_more(
    application: Application, nominate: Nominate, reviewer: User, other_lead: User, at: dt.datetime
) -> None:
    other = nominate(twin())
    assert found(application, reviewer, at) == ["same_name"]

    withdraw_application(application=other, by=other_lead, at=at)

    assert found(application, reviewer, at) == []


def test_people_of_another_election_are_nobodys_twins(
    application: Application, reviewer: User, at: dt.datetime
) -> None:
    elsewhere = Election.objects.get(pk=application.election_id)
    elsewhere.pk, elsewhere.code = None, "other"
    elsewhere.save()
    stranger = Observer.objects.get()
    stranger.pk, stranger.election = None, elsewhere
    stranger.save()

    assert found(application, reviewer, at) == []


@pytest.mark.parametrize(
    ("surname", "born", "codes"),
    [
        ("Meyer", DRAFT.birth_date, ["incompatible_status"]),
        ("Мейер", None, ["incompatible_status_possible"]),
        ("Meyer", dt.date(1980, 5, 18), []),
        ("Hahn", DRAFT.birth_date, []),
    ],
)
def test_lists_of_people_who_cannot_observe(
    application: Application, reviewer: User, at: dt.datetime, surname: str, born: dt.date | None, codes: list[str]
) -> None:
    ListedPerson.objects.create(
        election=application.election,
        kind=ListKind.CANDIDATE,
        surname=surname,
        given_names="Anna",
        weak_key=weak_name(surname, "Anna"),
        birth_date=born,
        added_at=at,
    )

    assert found(application, reviewer, at) == codes


@pytest.mark.parametrize(("here", "code"), [(True, "revoked_before"), (False, "revoked_elsewhere")])
def test_an_earlier_revocation_of_the_person(
    accreditation: Accreditation, reviewer: User, at: dt.datetime, here: bool, code: str
) -> None:
    first = accreditation.application
    Accreditation.objects.update(state=AccreditationState.REVOKED, reason="why", ended_at=at)
    Application.objects.update(closed_at=at)
    if not here:
        elsewhere = Election.objects.get(pk=first.election_id)
        elsewhere.pk, elsewhere.code = None, "earlier"
        elsewhere.save()
        person = Observer.objects.get()
        person.pk, person.election = None, elsewhere
        person.save()
        Accreditation.objects.update(election=elsewhere, observer=person)
    again = Application.objects.create(
        election=first.election,
        observer=first.observer,
        nomination=first.nomination,
        category=first.category,
        state=ApplicationState.UNDER_REVIEW,
        submitted_at=at,
    )
    Document.objects.bulk_create(Document(application=again, kind=kind, received_on=at.date()) for kind in DocumentKind)

    assert found(again, reviewer, at) == [code]


@pytest.mark.parametrize(
    ("decided", "codes"), [(True, ["organization_revoked"]), (False, [])], ids=["decided", "only proposed"]
)
def test_an_organization_that_lost_its_accreditations(
    application: Application,
    organization: Organization,
    reviewer: User,
    approver: User,
    at: dt.datetime,
    *,
    decided: bool,
    codes: list[str],
) -> None:
    Revocation.objects.create(
        election=application.election,
        organization=organization,
        ground="x",
        text="why",
        proposed_by=reviewer,
        proposed_at=at,
        decided_by=approver if decided else None,
        decided_at=at if decided else None,
    )

    assert found(application, reviewer, at) == codes


def photo(application: Application, fingerprint: str, at: dt.datetime) -> None:
    file = StoredFile.objects.create(
        name_in_storage=f"{application.pk}-{fingerprint}",
        media_type="image/jpeg",
        size=1,
        sha256=fingerprint * 4,
        fingerprint=fingerprint,
        created_at=at,
    )
    Document.objects.update_or_create(
        application=application, kind=DocumentKind.PHOTO, defaults={"file": file, "received_on": at.date()}
    )


@pytest.mark.parametrize(
    ("fingerprint", "codes"),
    [
        ("a5a5a5a5a5a5a5a5", ["same_photo"]),
        ("a5a5a5a5a5a5a5a4", ["same_photo"]),
        ("b5a5a5a5a5a5a5a4", ["same_photo"]),
        ("b5a5b5a5a5a5a5a4", []),
        ("5a5a5a5a5a5a5a5a", []),
        ("", []),
    ],
    ids=["same", "one bit", "two bits", "three bits", "another", "none"],
)
def test_the_same_photo_of_two_people(
    application: Application, nominate: Nominate, reviewer: User, at: dt.datetime, fingerprint: str, codes: list[str]
) -> None:
    other = nominate(replace(twin(), surname="Hahn"))
    photo(application, "a5a5a5a5a5a5a5a5", at)
    photo(other, fingerprint, at)

    assert found(application, reviewer, at) == codes


def test_a_persons_own_photo_in_another_category_is_no_finding(
    application: Application, reviewer: User, at: dt.datetime
) -> None:
    again = Application.objects.create(
        election=application.election,
        observer=application.observer,
        nomination=application.nomination,
        category="interpreter",
    )
    for row in (application, again):
        photo(row, "a5a5a5a5a5a5a5a5", at)

    assert found(application, reviewer, at) == []


def test_the_stay_counts_in_the_hosts_zone_before_the_nomination(
    application: Application, reviewer: User, at: dt.datetime
) -> None:
    Stay.objects.create(
        nomination=application.nomination,
        # Past midnight of 8 February in Baku, still the 7th by UTC.
        arrives_at=dt.datetime(2024, 2, 7, 21, tzinfo=dt.UTC),
        departs_at=dt.datetime(2024, 2, 9, 12, tzinfo=dt.UTC),
    )

    assert found(application, reviewer, at) == ["arrives_late"]
    assert Finding.objects.get().evidence == {"arrives_on": "2024-02-08", "e_day": "2024-02-07"}


def test_the_stored_sentence_is_in_the_products_language_whoever_vets(
    application: Application, nominate: Nominate, reviewer: User, at: dt.datetime
) -> None:
    nominate(twin())

    with translation.override("az"):
        refresh_findings(application=application, by=reviewer, at=at)

    assert Finding.objects.get().sentence.startswith("Another nomination has the same name and date of birth")


def test_the_search_tells_how_somebody_is_alike(
    application: Application, nominate: Nominate, election: Election
) -> None:
    nominate(twin())
    person = person_key(
        surname="Meyer",
        given_names="Anna",
        birth_date=DRAFT.birth_date,
        passport_issuer="DEU",
        passport_key=keyed_hash("COIX00T47"),
    )

    alike = people_alike(person, election_id=election.pk, number="COIX00T47")

    assert {(row.likeness, row.near_passport) for row in alike} == {(Likeness.NAME, True), (Likeness.NAME, False)}
