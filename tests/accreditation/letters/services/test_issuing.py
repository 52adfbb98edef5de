"""Letters are numbered without gaps, said once, and say what was decided."""

import datetime as dt
from dataclasses import replace

import pytest

from accreditation.errors import ReasonMissingError
from accreditation.letters.errors import (
    LanguageNotOfferedError,
    LetterNotDueError,
    LetterNotPrintableError,
    LetterReplacedError,
    LetterTooLongError,
)
from accreditation.letters.models import Letter
from accreditation.letters.services.issuing import issue_letter, reissue_letter
from accreditation.letters.services.reading import render_letter
from accreditation.letters.states import LetterKind
from accreditation.models import Accreditation, Application, Observer
from accreditation.services.accreditations import suspend_accreditation
from accreditation.services.decisions import accredit_application, refuse_application
from accreditation.states import ApplicationState, DatePrecision
from missions.kernel.models import Event
from missions.models import Election, Mission, User
from tests.accreditation.conftest import DRAFT, MakeApplication, draft_number
from tests.accreditation.letters.conftest import text_of, value_of

pytestmark = pytest.mark.django_db

_K = LetterKind
PASSPORT = "CANARYPASS7391"


@pytest.fixture
def refused(make_application: MakeApplication, approver: User, at: dt.datetime) -> Application:
    application = make_application(ApplicationState.SCHEDULED)
    refuse_application(
        application=application,
        ground="information_not_confirmed",
        text="The address could not be confirmed.",
        by=approver,
        at=at,
    )
    application.refresh_from_db()
    return application


def test_an_accreditation_letter_says_who_and_under_which_number(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    letter = issue_letter(kind=_K.ACCREDITATION, subject=accreditation, by=issuer, at=at)

    assert (letter.number, letter.languages, letter.mission.code) == ("AL-0001/2024", "az,en", "ODIHR")
    assert letter.content["authority"] == ["Mərkəzi Seçki Komissiyası", "Central Election Commission"]
    assert letter.content["issued"] == ["18 yanvar 2024", "18 January 2024"]
    assert value_of(letter, "Name") == ["Meyer Anna"]
    assert value_of(letter, "Nationality") == ["Almaniya", "Germany"]
    assert value_of(letter, "Category") == ["Beynəlxalq müşahidəçi", "International observer"]
    assert value_of(letter, "Accreditation number") == ["00001"]
    assert letter.content["closing"][0][1] == (
        "The accreditation ends with the official publication of the results of the election."
    )


def test_a_letter_is_issued_once_and_recorded_on_letter_and_subject(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    first = issue_letter(kind=_K.ACCREDITATION, subject=accreditation, by=issuer, at=at)

    again = issue_letter(kind=_K.ACCREDITATION, subject=accreditation, by=issuer, at=at + dt.timedelta(days=1))

    assert (again, Letter.objects.count()) == (first, 1)
    events = Event.objects.filter(verb="letter_issued").order_by("pk")
    told = [(event.object_type, event.object_id, event.changed, event.scope_id) for event in events]
    assert told == [
        ("letters.letter", first.pk, ["AL-0001/2024"], first.mission_id),
        ("accreditation.accreditation", accreditation.pk, ["AL-0001/2024"], first.mission_id),
    ]


def test_another_foreign_language_is_another_letter(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    issue_letter(kind=_K.ACCREDITATION, subject=accreditation, by=issuer, at=at)

    russian = issue_letter(kind=_K.ACCREDITATION, subject=accreditation, foreign="ru", by=issuer, at=at)

    assert (russian.number, russian.languages) == ("AL-0002/2024", "az,ru")
    assert russian.content["title"] == ["Akkreditasiya məktubu", "Письмо об аккредитации"]
    assert russian.content["issued"] == ["18 yanvar 2024", "18 января 2024\u202fг."]


def test_a_language_without_wording_is_refused(accreditation: Accreditation, issuer: User, at: dt.datetime) -> None:
    with pytest.raises(LanguageNotOfferedError):
        issue_letter(kind=_K.ACCREDITATION, subject=accreditation, foreign="xx", by=issuer, at=at)


@pytest.mark.parametrize(
    ("profile", "languages"),
    [("ke-2022", "en"), ("ge-standing", "en"), ("", "en"), ("az-2024", "az,en")],
)
def test_the_state_language_stands_first_where_there_is_a_wording(
    make_application: MakeApplication, election: Election, issuer: User, at: dt.datetime, profile: str, languages: str
) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    Election.objects.filter(pk=election.pk).update(profile_code=profile)

    letter = issue_letter(kind=_K.VISA_SUPPORT, subject=application, by=issuer, at=at)

    assert letter.languages == languages
    assert letter.content["authority"][-1] == "Ministry of Foreign Affairs"


def test_numbers_run_per_kind_and_year_of_the_host(
    make_application: MakeApplication, issuer: User, at: dt.datetime
) -> None:
    rows = [make_application(ApplicationState.SUBMITTED, person=draft_number(number)) for number in range(3)]
    last_hours = dt.datetime(2024, 12, 31, 19, 30, tzinfo=dt.UTC)  # half past eleven in the evening in Baku
    midnight = dt.datetime(2024, 12, 31, 20, tzinfo=dt.UTC)

    numbers = [
        issue_letter(kind=_K.VISA_SUPPORT, subject=row, by=issuer, at=instant).number
        for row, instant in zip(rows, (at, last_hours, midnight), strict=True)
    ]

    assert numbers == ["VS-0001/2024", "VS-0002/2024", "VS-0001/2025"]


def test_a_letter_that_cannot_be_printed_takes_no_number(
    make_application: MakeApplication, issuer: User, at: dt.datetime
) -> None:
    georgian = make_application(ApplicationState.SUBMITTED, person=replace(draft_number(1), surname="ბერიძე"))
    other = make_application(ApplicationState.SUBMITTED, person=draft_number(2))

    with pytest.raises(LetterNotPrintableError) as refusal:
        issue_letter(kind=_K.VISA_SUPPORT, subject=georgian, by=issuer, at=at)

    assert refusal.value.detail == "The letter has characters that cannot be printed: ბ"
    assert issue_letter(kind=_K.VISA_SUPPORT, subject=other, by=issuer, at=at).number == "VS-0001/2024"
    assert Event.objects.filter(verb="letter_issued").count() == 2


def test_a_refusal_tells_ground_reasons_session_and_that_the_law_decides_on_appeal(
    refused: Application, issuer: User, at: dt.datetime
) -> None:
    letter = issue_letter(kind=_K.REFUSAL, subject=refused, by=issuer, at=at)

    assert letter.number == "RF-0001/2024"
    assert value_of(letter, "Legal ground") == [
        "Müraciətdəki məlumatlar təsdiqini tapmayıb",
        "The information in the application was not confirmed",
    ]
    assert value_of(letter, "Reasons") == ["The address could not be confirmed."]
    held = refused.decisions.get().session.held_at.astimezone(refused.election.zone)  # type: ignore[union-attr]  # decided there
    assert value_of(letter, "Session") == [f"7/24, {held.day} yanvar 2024", f"7/24, {held.day} January 2024"]
    assert [row[1] for row in letter.content["closing"]] == [
        "Whether, where and until when the refusal may be appealed is laid down by law."
    ]


def test_where_the_law_knows_it_a_refusal_tells_the_last_day_of_appeal(
    refused: Application, election: Election, issuer: User, at: dt.datetime
) -> None:
    Election.objects.filter(pk=election.pk).update(profile_code="ge-standing")

    letter = issue_letter(kind=_K.REFUSAL, subject=refused, by=issuer, at=at)

    # Decided on the 18th, delivered on the 19th, two days from then.
    assert letter.content["closing"] == [
        ["The refusal may be appealed up to and including 21 January 2024, in the way laid down by law."]
    ]


def test_a_refusal_upon_appeal_says_so(refused: Application, issuer: User, at: dt.datetime) -> None:
    now = {"state": ApplicationState.REFUSED_FINAL, "closed_at": at}
    Application.objects.filter(pk=refused.pk).update(**now)

    letter = issue_letter(kind=_K.REFUSAL, subject=refused, by=issuer, at=at)

    assert [row[1] for row in letter.content["closing"]] == [
        "The refusal was decided upon an appeal. Further remedies are those laid down by law."
    ]


def test_visa_support_tells_the_end_of_the_passport_number_and_never_the_number(
    make_application: MakeApplication, issuer: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SUBMITTED, person=replace(DRAFT, passport_number=PASSPORT))

    letter = issue_letter(kind=_K.VISA_SUPPORT, subject=application, by=issuer, at=at)

    text = text_of(render_letter(letter))
    assert value_of(letter, "Passport") == ["nömrəsinin son simvolları: 7391", "number ending in 7391"]
    assert value_of(letter, "Date of birth") == ["17 may 1980", "17 May 1980"]
    assert value_of(letter, "Intended stay") == [
        "3 fevral 2024 – 9 fevral 2024",
        "3 February 2024 to 9 February 2024",
    ]
    assert "number ending in 7391" in text
    assert PASSPORT not in f"{text}{letter.content}"
    assert PASSPORT[:-4] not in f"{text}{letter.content}"


def test_of_a_short_passport_number_visa_support_tells_nothing(
    make_application: MakeApplication, issuer: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SUBMITTED, person=replace(DRAFT, passport_number="A739152"))

    letter = issue_letter(kind=_K.VISA_SUPPORT, subject=application, by=issuer, at=at)

    assert value_of(letter, "Passport") is None
    assert "9152" not in str(letter.content)


def test_of_a_birth_date_a_letter_tells_what_is_known(
    make_application: MakeApplication, issuer: User, at: dt.datetime
) -> None:
    application = make_application(ApplicationState.SUBMITTED)
    Observer.objects.filter(pk=application.observer_id).update(
        birth_date=dt.date(1980, 1, 1), birth_precision=DatePrecision.YEAR
    )

    letter = issue_letter(kind=_K.VISA_SUPPORT, subject=application, by=issuer, at=at)

    assert value_of(letter, "Date of birth") == ["1980"]


def test_a_letter_that_is_not_due_is_refused(
    make_application: MakeApplication, accreditation: Accreditation, mission: Mission, approver: User, at: dt.datetime
) -> None:
    draft = make_application(person=draft_number(5))
    suspend_accreditation(accreditation=accreditation, reason="Papers.", by=approver, at=at)
    not_due: list[tuple[LetterKind, Application | Accreditation | Mission]] = [
        (_K.VISA_SUPPORT, draft),
        (_K.REFUSAL, draft),
        (_K.ACCREDITATION, accreditation),
        (_K.ACCREDITATION_LIST, mission),
        (_K.NOTE_ACCREDITED, mission),
    ]

    for kind, subject in not_due:
        with pytest.raises(LetterNotDueError):
            issue_letter(kind=kind, subject=subject, by=approver, at=at)

    assert Letter.objects.count() == 0


def test_a_subject_of_another_kind_is_a_mistake_of_the_program(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    with pytest.raises(TypeError):
        issue_letter(kind=_K.NOTE_ACCREDITED, subject=accreditation, by=issuer, at=at)


def test_a_letter_is_issued_anew_for_a_reason_with_the_name_as_it_is_now(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    first = issue_letter(kind=_K.ACCREDITATION, subject=accreditation, by=issuer, at=at)
    Observer.objects.filter(pk=accreditation.observer_id).update(surname="Məmmədova")

    second = reissue_letter(letter=first, reason=" Name corrected. ", by=issuer, at=at + dt.timedelta(hours=1))

    assert (second.number, second.edition, second.replaces, second.reason) == (
        "AL-0002/2024",
        2,
        first,
        "Name corrected.",
    )
    assert (value_of(first, "Name"), value_of(second, "Name")) == (["Meyer Anna"], ["Məmmədova Anna"])
    assert issue_letter(kind=_K.ACCREDITATION, subject=accreditation, by=issuer, at=at) == second
    assert Event.objects.of(second).get().reason == "Name corrected."


def test_issuing_anew_needs_a_reason_and_the_newest_letter(
    accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    first = issue_letter(kind=_K.ACCREDITATION, subject=accreditation, by=issuer, at=at)
    reissue_letter(letter=first, reason="Lost.", by=issuer, at=at)

    with pytest.raises(ReasonMissingError):
        reissue_letter(letter=first, reason=" ", by=issuer, at=at)
    with pytest.raises(LetterReplacedError):
        reissue_letter(letter=first, reason="Lost again.", by=issuer, at=at)

    assert Letter.objects.count() == 2


def test_a_new_decision_makes_a_new_notice(refused: Application, approver: User, issuer: User, at: dt.datetime) -> None:
    first = issue_letter(kind=_K.REFUSAL, subject=refused, by=issuer, at=at)
    Application.objects.filter(pk=refused.pk).update(state=ApplicationState.APPEALED)
    refuse_application(application=refused, ground="host_citizen", text="Confirmed.", by=approver, at=at)

    second = issue_letter(kind=_K.REFUSAL, subject=refused, by=issuer, at=at)

    assert (first.number, second.number) == ("RF-0001/2024", "RF-0002/2024")
    assert value_of(second, "Reasons") == ["Confirmed."]


def test_lists_and_notes_name_the_people_and_grow_into_new_letters(
    make_application: MakeApplication, mission: Mission, approver: User, issuer: User, at: dt.datetime
) -> None:
    for number in (2, 1):
        row = make_application(ApplicationState.SCHEDULED, person=draft_number(number))
        accredit_application(application=row, by=approver, at=at)
    make_application(ApplicationState.SUBMITTED, person=draft_number(3))
    kinds = (_K.ACCREDITATION_LIST, _K.NOTE_ACCREDITED, _K.NOTE_NOMINATIONS)

    letters = [issue_letter(kind=kind, subject=mission, by=issuer, at=at) for kind in kinds]
    again = [issue_letter(kind=kind, subject=mission, by=issuer, at=at) for kind in kinds]
    row = make_application(ApplicationState.SCHEDULED, person=draft_number(4))
    accredit_application(application=row, by=approver, at=at)
    grown = [issue_letter(kind=kind, subject=mission, by=issuer, at=at) for kind in kinds]

    accredited = [
        ["1", "Brandt Anna", "Almaniya / Germany", "00002"],
        ["2", "Claus Anna", "Almaniya / Germany", "00001"],
    ]
    assert [letter.content["rows"] for letter in letters[:2]] == [accredited, accredited]
    assert [row[1] for row in letters[2].content["rows"]] == ["Brandt Anna", "Claus Anna", "Dietz Anna"]
    assert {tuple(value_of(letter, "Category") or ()) for letter in letters} == {
        ("Beynəlxalq müşahidəçi", "International observer")
    }
    assert again == letters
    assert [len(letter.content["rows"]) for letter in grown] == [3, 3, 4]
    assert [letter.number for letter in grown] == ["LA-0002/2024", "NA-0002/2024", "NN-0002/2024"]


def test_where_people_differ_in_category_the_list_says_it_of_each(
    make_application: MakeApplication, mission: Mission, issuer: User, at: dt.datetime
) -> None:
    make_application(ApplicationState.SUBMITTED, person=draft_number(1))
    interpreter = make_application(ApplicationState.SUBMITTED, person=draft_number(2))
    Application.objects.filter(pk=interpreter.pk).update(category="interpreter")

    letter = issue_letter(kind=_K.NOTE_NOMINATIONS, subject=mission, by=issuer, at=at)

    assert value_of(letter, "Category") is None
    assert [row[3] for row in letter.content["rows"]] == [
        "Beynəlxalq müşahidəçi / International observer",
        "Tərcüməçi / Interpreter",
    ]


def test_a_list_that_nobody_would_read_is_refused(
    make_application: MakeApplication,
    mission: Mission,
    issuer: User,
    at: dt.datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("accreditation.letters.composing.lists.LONGEST_LIST", 2)
    for number in range(3):
        make_application(ApplicationState.SUBMITTED, person=draft_number(number))

    with pytest.raises(LetterTooLongError, match="at most 2 people"):
        issue_letter(kind=_K.NOTE_NOMINATIONS, subject=mission, by=issuer, at=at)


def test_a_joint_mission_gets_no_note(mission: Mission, issuer: User, at: dt.datetime) -> None:
    Mission.objects.filter(pk=mission.pk).update(kind="joint", organization=None)

    with pytest.raises(LetterNotDueError, match="no organization"):
        issue_letter(kind=_K.NOTE_NOMINATIONS, subject=mission, by=issuer, at=at)
