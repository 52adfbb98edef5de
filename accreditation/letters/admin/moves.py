"""Letters on the pages of the desk: the acts that issue them, and the card that shows those of one person."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accreditation.letters.admin.forms import LetterForm
from accreditation.letters.permissions import can_issue_letter, can_read_letter
from accreditation.letters.rules import accreditation_letter_is_due, application_letter_is_due
from accreditation.letters.selectors import letters_about, standing_of
from accreditation.letters.services.issuing import issue_letter
from accreditation.letters.states import LetterKind, Standing
from accreditation.models import Accreditation, Application
from accreditation.querysets import Viewer
from missions.admin.moves import Move
from missions.admin.pages import local_text
from missions.models import User

STANDING_TONES = {Standing.CURRENT: "success", Standing.REPLACED: "calm", Standing.OVERTAKEN: "warning"}


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One letter as a card tells it."""

    number: str
    kind: str
    issued: str
    standing: str
    tone: str
    page_url: str
    pdf_url: str


def letter_lines(request: HttpRequest, application: Application) -> list[LetterLine] | None:
    """The letters about the application and its accreditation; None for who may not read letters. One query."""
    if not can_read_letter(request.user):
        return None
    zone = application.election.zone
    lines = []
    for letter in letters_about(application, user=request.user):
        standing = standing_of(letter)
        lines.append(
            LetterLine(
                number=letter.number,
                kind=letter.get_kind_display(),
                issued=local_text(letter.issued_at, zone),
                standing=str(standing.label),
                tone=STANDING_TONES[standing],
                page_url=reverse("admin:letters_letter_change", args=(letter.pk,)),
                pdf_url=reverse("admin:letters_letter_pdf", args=(letter.pk,)),
            )
        )
    return lines


def _issue(
    subject: Application | Accreditation, answers: Mapping[str, Any], by: User, at: datetime, *, kind: LetterKind
) -> object:
    return issue_letter(kind=kind, subject=subject, foreign=answers["foreign"], by=by, at=at)


def _application_due(application: Application, user: Viewer, *, kind: LetterKind) -> bool:
    return application_letter_is_due(kind, state=application.state, is_closed=application.closed_at is not None)


APPLICATION_LETTER_MOVES: tuple[Move[Application], ...] = (
    Move(
        name="visa_letter",
        label=_("Visa support letter"),
        sentence=_("The ministry supports the person's application for a visa. A letter that exists stays the same."),
        may=can_issue_letter,
        fits=partial(_application_due, kind=LetterKind.VISA_SUPPORT),
        run=partial(_issue, kind=LetterKind.VISA_SUPPORT),
        form=LetterForm,
        in_bulk=True,
    ),
    Move(
        name="refusal_letter",
        label=_("Notice of refusal"),
        sentence=_("The person is told the ground and the reasons. A letter that exists stays the same."),
        may=can_issue_letter,
        fits=partial(_application_due, kind=LetterKind.REFUSAL),
        run=partial(_issue, kind=LetterKind.REFUSAL),
        form=LetterForm,
        in_bulk=True,
    ),
)

ACCREDITATION_LETTER_MOVES: tuple[Move[Accreditation], ...] = (
    Move(
        name="letter",
        label=_("Accreditation letter"),
        sentence=_("The commission confirms the accreditation in writing. A letter that exists stays the same."),
        may=can_issue_letter,
        fits=lambda accreditation, user: accreditation_letter_is_due(state=accreditation.state),
        run=partial(_issue, kind=LetterKind.ACCREDITATION),
        form=LetterForm,
        in_bulk=True,
    ),
)
