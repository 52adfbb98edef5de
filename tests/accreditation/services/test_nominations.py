"""The one door for nominations."""

import datetime as dt
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accreditation.errors import CeilingReachedError, NominationsRefusedError
from accreditation.models import Application, Document, Nomination, Observer
from accreditation.services.applications import (
    ask_for_documents,
    open_review,
    submit_application,
    withdraw_application,
)
from accreditation.services.drafts import NominationDraft, NominationResult
from accreditation.services.nominations import nominate_observers
from accreditation.services.people import describe_people
from accreditation.services.sorting import read_stored
from accreditation.states import ApplicationState, Category, DocumentKind, Role
from missions.kernel.crypto import keyed_hash
from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.models import Delegation, Mission, User
from tests.accreditation.conftest import MakeApplication, draft_number

pytestmark = pytest.mark.django_db


def _events() -> list[tuple[str, str, str]]:
    rows = Event.objects.order_by("pk").values_list("verb", "from_state", "to_state")
    return [(verb, source, target) for verb, source, target in rows]


def test_a_nomination_makes_person_nomination_application_and_documents(
    mission: Mission, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    result = nominate_observers(mission=mission, drafts=[replace(draft, delegation="Bundestag")], by=lead, at=at)

    assert result == NominationResult(added=1, changed=0, unchanged=0, without_application=())
    observer = Observer.objects.get()
    assert (observer.surname, observer.folded_name, observer.languages) == ("Meyer", "meyer anna", ["en", "de"])
    assert (observer.passport_number, observer.passport_key) == ("C01X00T47", keyed_hash("C01X00T47"))
    nomination = Nomination.objects.get()
    assert (nomination.reference, nomination.role, nomination.created_at) == ("R-1", Role.STO, at)
    assert str(nomination.delegation) == "Bundestag"
    application = Application.objects.get()
    assert (application.state, application.observer, application.nomination) == ("draft", observer, nomination)
    assert set(Document.objects.values_list("kind", "received_on")) == {
        (kind.value, dt.date(2024, 1, 17)) for kind in DocumentKind
    }
    mission.refresh_from_db()
    assert mission.places_taken == 1
    assert _events() == [("nominated", "", ""), ("application_drafted", "", "draft")]
    assert set(Event.objects.values_list("actor", "scope_id", "at")) == {(lead.pk, mission.pk, at)}


def test_only_the_nominations_that_a_request_may_mean_are_read(
    mission: Mission, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    first, second, third = (draft_number(number) for number in (1, 2, 3))
    nominate_observers(mission=mission, drafts=[first, second, third], by=lead, at=at)
    nominate_observers(mission=other_mission, drafts=[first, third], by=lead, at=at)
    asked = describe_people(mission.election, [replace(second, reference=first.reference)])

    stored = read_stored(mission, asked, Category.INTERNATIONAL_OBSERVER)

    assert stored.by_reference.keys() == {first.reference, second.reference}
    assert {nomination.mission for nomination in stored.by_reference.values()} == {mission}
    assert stored.applications.keys() == {nomination.pk for nomination in stored.by_reference.values()}
    assert {frozenset(kinds) for kinds in stored.documents.values()} == {frozenset(DocumentKind)}


def test_a_repeated_nomination_changes_nothing(
    mission: Mission, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    nominate_observers(mission=mission, drafts=[draft], by=lead, at=at)
    before = Event.objects.count()
    again = replace(draft, passport_number="c01x-00 t47")

    result = nominate_observers(mission=mission, drafts=[again], by=lead, at=at)

    assert result == NominationResult(added=0, changed=0, unchanged=1, without_application=())
    assert Event.objects.count() == before
    mission.refresh_from_db()
    assert mission.places_taken == 1


def test_a_changed_nomination_is_brought_up_to_date(
    mission: Mission, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    nominate_observers(mission=mission, drafts=[draft], by=lead, at=at)
    new = replace(draft, surname="Mayer", role=Role.LTO, delegation="Bundestag", departs_on=dt.date(2024, 2, 12))

    result = nominate_observers(mission=mission, drafts=[new], by=lead, at=at)

    assert (result.added, result.changed, result.unchanged) == (0, 1, 0)
    nomination = Nomination.objects.select_related("observer", "delegation").get()
    assert (nomination.role, nomination.departs_on) == ("lto", dt.date(2024, 2, 12))
    assert (nomination.observer.surname, nomination.observer.folded_name) == ("Mayer", "mayer anna")
    assert nomination.observer.passport_number == "C01X00T47"
    assert str(nomination.delegation) == "Bundestag"
    event = Event.objects.get(verb="nomination_changed")
    assert event.changed == ["role", "departs_on", "delegation", "surname", "folded_name"]


def test_a_person_under_review_is_not_changed_by_nomination(
    mission: Mission, make_application: MakeApplication, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    make_application(ApplicationState.UNDER_REVIEW)

    with pytest.raises(NominationsRefusedError) as refused:
        nominate_observers(mission=mission, drafts=[replace(draft, nationality="AUT")], by=lead, at=at)

    assert [(row.field, row.code) for row in refused.value.violations] == [("R-1", "person_frozen")]
    assert Observer.objects.get().nationality == "DEU"


def test_a_person_whom_another_mission_nominated_too_gets_one_application_and_keeps_the_facts(
    mission: Mission, other_mission: Mission, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    nominate_observers(mission=mission, drafts=[draft], by=lead, at=at)

    result = nominate_observers(mission=other_mission, drafts=[replace(draft, surname="Mayer")], by=lead, at=at)

    assert result == NominationResult(added=1, changed=0, unchanged=0, without_application=("R-1",))
    assert Observer.objects.get().surname == "Meyer"
    assert Application.objects.get().nomination.mission == mission
    repeated = nominate_observers(mission=mission, drafts=[replace(draft, surname="Maier")], by=lead, at=at)
    assert (repeated.changed, repeated.unchanged) == (0, 1)
    assert Observer.objects.get().surname == "Meyer"


def test_after_a_withdrawal_the_other_missions_nomination_gets_its_application(
    mission: Mission, other_mission: Mission, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    nominate_observers(mission=mission, drafts=[draft], by=lead, at=at)
    nominate_observers(mission=other_mission, drafts=[draft], by=lead, at=at)
    withdraw_application(application=Application.objects.get(), by=lead, at=at)

    result = nominate_observers(mission=other_mission, drafts=[draft], by=lead, at=at)

    assert result == NominationResult(added=0, changed=1, unchanged=0, without_application=())
    assert list(Application.objects.order_by("pk").values_list("nomination__mission__code", "state")) == [
        ("ODIHR", "withdrawn"),
        ("PABSEC", "draft"),
    ]
    repeated = nominate_observers(mission=mission, drafts=[draft], by=lead, at=at)
    assert repeated == NominationResult(added=0, changed=0, unchanged=1, without_application=())


def test_the_same_number_of_another_issuer_is_another_person(
    mission: Mission, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    other = replace(draft, reference="R-2", passport_issuer="AUT")

    nominate_observers(mission=mission, drafts=[draft, other], by=lead, at=at)

    assert Observer.objects.count() == 2


def test_every_contradiction_is_named_and_nothing_is_taken(mission: Mission, lead: User, at: dt.datetime) -> None:
    one, two, three = (draft_number(number) for number in (1, 2, 3))
    nominate_observers(mission=mission, drafts=[one], by=lead, at=at)
    drafts = [
        replace(two, reference="R-1"),
        replace(one, reference="R-4"),
        three,
        replace(three, reference="R-5"),
    ]

    with pytest.raises(NominationsRefusedError) as refused:
        nominate_observers(mission=mission, drafts=drafts, by=lead, at=at)

    assert [(row.field, row.code) for row in refused.value.violations] == [
        ("R-3", "duplicate_passport"),
        ("R-5", "duplicate_passport"),
        ("R-1", "reference_taken"),
        ("R-4", "nominated_already"),
    ]
    assert Nomination.objects.count() == 1


def test_the_same_reference_twice_in_a_request_is_named_twice(mission: Mission, lead: User, at: dt.datetime) -> None:
    drafts = [draft_number(1), draft_number(2, reference="R-1")]

    with pytest.raises(NominationsRefusedError) as refused:
        nominate_observers(mission=mission, drafts=drafts, by=lead, at=at)

    assert [row.code for row in refused.value.violations] == ["duplicate_reference", "duplicate_reference"]


def test_papers_are_announced_for_the_day_of_the_vote_or_today(
    mission: Mission, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    on_the_day = replace(draft, documents_on=dt.date(2024, 2, 7))
    late = replace(draft_number(2), documents_on=dt.date(2024, 2, 9))

    nominate_observers(mission=mission, drafts=[on_the_day], by=lead, at=at)
    nominate_observers(mission=mission, drafts=[late], by=lead, at=dt.datetime(2024, 2, 8, 20, tzinfo=dt.UTC))

    days = Nomination.objects.order_by("reference").values_list("documents_on", flat=True)
    assert list(days) == [dt.date(2024, 2, 7), dt.date(2024, 2, 9)]


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("reference", "", (".reference", "value_missing")),
        ("passport_number", "Ж12", ("R-1.passport_number", "code_not_ascii")),
        ("second_nationality", "DEU", ("R-1.second_nationality", "nationality_repeated")),
        ("passport_expires_on", dt.date(1980, 5, 17), ("R-1.passport_expires_on", "expires_before_birth")),
        ("departs_on", dt.date(2024, 2, 2), ("R-1.departs_on", "departs_before_arrival")),
        ("documents_on", dt.date(2024, 2, 8), ("R-1.documents_on", "documents_after_election")),
    ],
)
def test_an_unsound_draft_is_refused_before_the_database_would(
    mission: Mission,
    lead: User,
    draft: NominationDraft,
    at: dt.datetime,
    field: str,
    value: object,
    expected: tuple[str, str],
) -> None:
    unsound = replace(draft, **{field: value})  # type: ignore[arg-type]  # the table names fields of the draft

    with pytest.raises(NominationsRefusedError) as refused:
        nominate_observers(mission=mission, drafts=[unsound], by=lead, at=at)

    assert [(row.field, row.code) for row in refused.value.violations] == [expected]


def test_the_ceiling_is_kept_whole(mission: Mission, lead: User, at: dt.datetime) -> None:
    nominate_observers(mission=mission, drafts=[draft_number(number) for number in range(8)], by=lead, at=at)

    with pytest.raises(CeilingReachedError):
        nominate_observers(mission=mission, drafts=[draft_number(number) for number in range(8, 11)], by=lead, at=at)

    mission.refresh_from_db()
    assert (mission.places_taken, Nomination.objects.count(), Observer.objects.count()) == (8, 8, 8)
    nominate_observers(mission=mission, drafts=[draft_number(number) for number in range(8, 10)], by=lead, at=at)
    mission.refresh_from_db()
    assert mission.places_taken == 10


def test_delegations_are_matched_without_case_and_made_once(mission: Mission, lead: User, at: dt.datetime) -> None:
    Delegation.objects.create(mission=mission, name="Bundestag")
    names = ("bundestag", "Nationalrat", "NATIONALRAT")

    nominate_observers(
        mission=mission,
        drafts=[draft_number(number, delegation=name) for number, name in enumerate(names)],
        by=lead,
        at=at,
    )

    assert list(Nomination.objects.values_list("delegation__name", flat=True)) == ["Bundestag"] + ["NATIONALRAT"] * 2


def test_new_papers_of_a_repeated_nomination_complete_the_application(
    mission: Mission, make_application: MakeApplication, lead: User, draft: NominationDraft, at: dt.datetime
) -> None:
    scant = replace(draft, documents=frozenset({DocumentKind.FORM}))
    application = make_application(ApplicationState.DRAFT, person=scant)
    assert submit_application(application=application, by=lead, at=at).state == "incomplete"

    result = nominate_observers(mission=mission, drafts=[draft], by=lead, at=at)

    assert (result.changed, result.unchanged) == (1, 0)
    application.refresh_from_db()
    assert application.state == "submitted"


def test_a_repeated_nomination_does_not_answer_what_the_desk_asked_for(
    mission: Mission,
    make_application: MakeApplication,
    lead: User,
    reviewer: User,
    draft: NominationDraft,
    at: dt.datetime,
) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    open_review(application=application, by=reviewer, at=at)
    ask_for_documents(application=application, kinds=[DocumentKind.PHOTO], by=reviewer, at=at)

    result = nominate_observers(mission=mission, drafts=[draft], by=lead, at=at)

    assert (result.changed, result.unchanged) == (0, 1)
    application.refresh_from_db()
    assert application.state == "incomplete"


def test_an_absent_mission_is_missing(election: object, lead: User, draft: NominationDraft, at: dt.datetime) -> None:
    with pytest.raises(MissingError):
        nominate_observers(mission=Mission(pk=2**40), drafts=[draft], by=lead, at=at)


def test_the_number_of_queries_does_not_grow_with_the_rows(
    mission: Mission, other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    with CaptureQueriesContext(connection) as few:
        nominate_observers(mission=mission, drafts=[draft_number(0, delegation="A")], by=lead, at=at)
    with CaptureQueriesContext(connection) as many:
        drafts = [draft_number(number, delegation="A") for number in range(1, 31)]
        nominate_observers(mission=other_mission, drafts=drafts, by=lead, at=at)
    with CaptureQueriesContext(connection) as repeated:
        nominate_observers(mission=other_mission, drafts=drafts, by=lead, at=at)

    assert len(many) == len(few) <= 20
    assert len(repeated) <= 12
