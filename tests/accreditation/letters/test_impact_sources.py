"""Which letters a correction overtakes: told before it is made, and so afterwards."""

import datetime as dt

import pytest

from accreditation.changes import Fact
from accreditation.letters.composing.kinds import Subject
from accreditation.letters.impact_sources import moved_letters
from accreditation.letters.models import Letter
from accreditation.letters.selectors import standing_of, with_standing
from accreditation.letters.services.issuing import issue_letter, reissue_letter
from accreditation.letters.states import LetterKind, Standing
from accreditation.models import Accreditation, CommissionSession
from accreditation.services.corrections import Correction, correct_accreditation, preview_correction
from accreditation.states import Role
from missions.models import Election, Mission, User
from missions.timeline.changes import ElectionMove

pytestmark = pytest.mark.django_db

_K = LetterKind
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def letters(accreditation: Accreditation, mission: Mission, issuer: User, at: dt.datetime) -> dict[str, Letter]:
    """An accreditation letter, a visa letter and a list."""
    subjects: dict[LetterKind, Subject] = {
        _K.ACCREDITATION: accreditation,
        _K.VISA_SUPPORT: accreditation.application,
        _K.ACCREDITATION_LIST: mission,
    }
    return {kind: issue_letter(kind=kind, subject=subject, by=issuer, at=at) for kind, subject in subjects.items()}


def told(accreditation: Accreditation, correction: Correction, by: User, at: dt.datetime) -> tuple[str, dict[str, str]]:
    """The digest of the preview, and the code of the impact by the number of each letter."""
    preview = preview_correction(accreditation=accreditation, correction=correction, by=by, at=at)
    group = [row for row in preview.impacts if str(row.group) == "Letters"]
    return preview.digest, {str(row.subject).split(",")[0]: row.code for row in group}


def standings(letters: dict[str, Letter]) -> dict[str, Standing]:
    return {kind: standing_of(Letter.objects.get(pk=letter.pk)) for kind, letter in letters.items()}


def test_a_name_overtakes_what_its_bearer_shows(
    accreditation: Accreditation, letters: dict[str, Letter], issuer: User, at: dt.datetime
) -> None:
    digest, said = told(accreditation, Correction(surname="Mayer"), issuer, at + HOUR)
    correct_accreditation(
        accreditation=accreditation,
        correction=Correction(surname="Mayer"),
        digest=digest,
        reason="Misread",
        by=issuer,
        at=at + HOUR,
    )

    assert said == {
        letters[_K.ACCREDITATION].number: "letter_overtaken",
        letters[_K.VISA_SUPPORT].number: "letter_overtaken",
        letters[_K.ACCREDITATION_LIST].number: "list_names_person",
    }
    assert standings(letters) == {
        _K.ACCREDITATION: Standing.OVERTAKEN,
        _K.VISA_SUPPORT: Standing.OVERTAKEN,
        _K.ACCREDITATION_LIST: Standing.CURRENT,
    }


def test_a_letter_issued_after_the_correction_is_current_and_says_the_new_name(
    accreditation: Accreditation, letters: dict[str, Letter], issuer: User, at: dt.datetime
) -> None:
    digest, _said = told(accreditation, Correction(surname="Mayer"), issuer, at + HOUR)
    correct_accreditation(
        accreditation=accreditation,
        correction=Correction(surname="Mayer"),
        digest=digest,
        reason="Misread",
        by=issuer,
        at=at + HOUR,
    )

    newer = reissue_letter(letter=letters[_K.ACCREDITATION], reason="Name", by=issuer, at=at + 2 * HOUR)

    assert (standing_of(newer), "Mayer Anna" in str(newer.content)) == (Standing.CURRENT, True)
    assert standing_of(letters[_K.ACCREDITATION]) is Standing.REPLACED
    by_list = {letter.pk: standing_of(letter) for letter in with_standing(Letter.objects.all())}
    assert by_list == {letter.pk: standing_of(letter) for letter in Letter.objects.all()}


def test_another_mission_overtakes_the_letters_of_the_former_accreditation(
    accreditation: Accreditation,
    letters: dict[str, Letter],
    other_mission: Mission,
    session: CommissionSession,
    approver: User,
    at: dt.datetime,
) -> None:
    correction = Correction(mission=other_mission, session=session)
    digest, said = told(accreditation, correction, approver, at + HOUR)
    correct_accreditation(
        accreditation=accreditation,
        correction=correction,
        digest=digest,
        reason="Wrong list",
        by=approver,
        at=at + HOUR,
    )

    assert sorted(said.values()) == ["letter_overtaken", "letter_overtaken", "list_names_person"]
    assert standings(letters)[_K.ACCREDITATION] is Standing.OVERTAKEN
    assert standings(letters)[_K.VISA_SUPPORT] is Standing.OVERTAKEN


def test_a_role_is_said_by_the_visa_letter_alone(
    accreditation: Accreditation, letters: dict[str, Letter], issuer: User, at: dt.datetime
) -> None:
    _digest, said = told(accreditation, Correction(role=Role.LTO), issuer, at)

    assert said == {letters[_K.VISA_SUPPORT].number: "letter_says_role"}


def test_what_is_overtaken_already_is_not_told_again(
    accreditation: Accreditation, letters: dict[str, Letter], issuer: User, at: dt.datetime
) -> None:
    reissue_letter(letter=letters[_K.ACCREDITATION], reason="Smudged", by=issuer, at=at)

    _digest, said = told(accreditation, Correction(surname="Mayer"), issuer, at)

    assert letters[_K.ACCREDITATION].number not in said
    assert list(said.values()).count("letter_overtaken") == 2


def test_facts_have_words(accreditation: Accreditation) -> None:
    assert [str(fact.label) for fact in Fact] == ["name", "photo", "role", "mission", "category"]


def test_letters_that_name_the_day_are_counted_when_it_moves(
    letters: dict[str, Letter], accreditation: Accreditation, issuer: User, at: dt.datetime
) -> None:
    election = accreditation.election
    reissue_letter(letter=letters[_K.ACCREDITATION], reason="Lost", by=issuer, at=at)
    change = ElectionMove(election.pk, dt.date(2024, 2, 21))

    said = [(row.key, str(row.sentence)) for row in moved_letters.of_change(change, user=issuer, at=at)]
    Election.objects.update(e_day=change.new_day)
    back = ElectionMove(election.pk, dt.date(2024, 2, 7))

    sentence = "1 letter names the former election day. Issue it anew if it is needed."
    assert said == [(_K.ACCREDITATION, sentence), (_K.ACCREDITATION_LIST, sentence), (_K.VISA_SUPPORT, sentence)]
    assert list(moved_letters.of_change(back, user=issuer, at=at)) == []  # none of them names the 21st
