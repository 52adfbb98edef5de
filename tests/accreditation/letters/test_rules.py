"""When a letter is due, and what an issued one is worth, over every state there is."""

import pytest

from accreditation.letters.rules import (
    accreditation_letter_is_due,
    application_letter_is_due,
    standing_of_letter,
)
from accreditation.letters.states import LetterKind, Standing
from accreditation.states import AccreditationState, ApplicationState

_K = LetterKind


@pytest.mark.parametrize("state", ApplicationState)
def test_a_notice_of_refusal_is_due_after_a_refusal_only(state: ApplicationState) -> None:
    due = application_letter_is_due(_K.REFUSAL, state=state, is_closed=state == "refused_final")

    assert due is (state in {"refused", "appealed", "refused_final"})


@pytest.mark.parametrize("state", ApplicationState)
def test_visa_support_is_due_while_nothing_stands_against_the_person(state: ApplicationState) -> None:
    due = application_letter_is_due(_K.VISA_SUPPORT, state=state, is_closed=False)

    travels = {"submitted", "incomplete", "under_review", "recommended", "scheduled", "accredited"}
    assert due is (state in travels)
    assert application_letter_is_due(_K.VISA_SUPPORT, state=state, is_closed=True) is False


@pytest.mark.parametrize("state", AccreditationState)
def test_an_accreditation_letter_is_due_while_it_counts(state: AccreditationState) -> None:
    assert accreditation_letter_is_due(state=state) is (state == "active")


@pytest.mark.parametrize(
    ("kind", "facts", "standing"),
    [
        (_K.ACCREDITATION, {"accreditation_state": "active"}, Standing.CURRENT),
        (_K.ACCREDITATION, {"accreditation_state": "revoked"}, Standing.OVERTAKEN),
        (_K.ACCREDITATION, {"accreditation_state": "revoked", "is_replaced": True}, Standing.REPLACED),
        (_K.VISA_SUPPORT, {"application_state": "withdrawn", "is_closed": True}, Standing.OVERTAKEN),
        (_K.VISA_SUPPORT, {"application_state": "submitted"}, Standing.CURRENT),
        (_K.REFUSAL, {"application_state": "accredited"}, Standing.OVERTAKEN),
        (_K.REFUSAL, {"application_state": "appealed"}, Standing.CURRENT),
        (_K.NOTE_ACCREDITED, {}, Standing.CURRENT),
        (_K.ACCREDITATION_LIST, {"is_replaced": True}, Standing.REPLACED),
    ],
)
def test_standing_follows_from_what_became_of_the_subject(
    kind: LetterKind, facts: dict[str, object], standing: Standing
) -> None:
    assert standing_of_letter(kind, **{"is_replaced": False, **facts}) is standing  # type: ignore[arg-type]  # named facts
