"""When a letter about one person can be issued: pure functions of its state."""

from accreditation.letters.states import ACCREDITATION_KINDS, APPLICATION_KINDS, LetterKind, Standing
from accreditation.states import AccreditationState, ApplicationState

_S = ApplicationState
#: A person whose papers have come in, and against whom nothing was decided, may need a visa.
_MAY_TRAVEL = frozenset({_S.SUBMITTED, _S.INCOMPLETE, _S.UNDER_REVIEW, _S.RECOMMENDED, _S.SCHEDULED, _S.ACCREDITED})
#: Letters that their bearer shows to others as the person named there.
_SHOWN = frozenset({LetterKind.ACCREDITATION, LetterKind.VISA_SUPPORT})
_REFUSED = frozenset({_S.REFUSED, _S.APPEALED, _S.REFUSED_FINAL})


def application_letter_is_due(kind: LetterKind, *, state: str, is_closed: bool) -> bool:
    """Whether the letter can be issued about an application in the state; closed: it is over, however it ended."""
    if kind is LetterKind.REFUSAL:
        return state in _REFUSED
    return kind is LetterKind.VISA_SUPPORT and state in _MAY_TRAVEL and not is_closed


def accreditation_letter_is_due(*, state: str) -> bool:
    """Whether the accreditation counts, so that its holder may show a letter about it."""
    return state == AccreditationState.ACTIVE


def standing_of_letter(
    kind: LetterKind,
    *,
    is_replaced: bool,
    application_state: str = "",
    is_closed: bool = False,
    accreditation_state: str = "",
    is_renamed: bool = False,
) -> Standing:
    """What an issued letter is worth: replaced by a newer one, or saying what is no longer so, or current.

    A letter that its bearer shows is overtaken if the name was corrected since. A list speaks of its day only, so
    nothing but a newer one overtakes it.
    """
    if is_replaced:
        return Standing.REPLACED
    if is_renamed and kind in _SHOWN:
        return Standing.OVERTAKEN
    if kind in APPLICATION_KINDS:
        holds = application_letter_is_due(kind, state=application_state, is_closed=is_closed)
    elif kind in ACCREDITATION_KINDS:
        holds = accreditation_letter_is_due(state=accreditation_state)
    else:
        holds = True
    return Standing.CURRENT if holds else Standing.OVERTAKEN
