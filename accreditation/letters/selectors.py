"""Reads of letters. Whatever reaches a person starts at `visible_to`."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, When

from accreditation.letters.models import Letter, LetterBatch
from accreditation.letters.rules import standing_of_letter
from accreditation.letters.states import LetterKind, Standing
from accreditation.models import Application
from accreditation.querysets import Viewer


@dataclass(frozen=True, slots=True)
class BatchProgress:
    """How far an order of letters is: people in all, letters, and people who cannot get one."""

    people: int
    issued: int
    refused: int

    @property
    def waiting(self) -> int:
        return self.people - self.issued - self.refused


def with_standing(letters: "QuerySet[Letter]") -> "QuerySet[Letter]":
    """The letters with all that `standing_of` asks, without a query per letter."""
    newer = Letter.objects.filter(replaces=OuterRef("pk"))
    renamed = Q(application__observer__renamed_at__gt=F("issued_at")) | Q(
        accreditation__observer__renamed_at__gt=F("issued_at")
    )
    return letters.select_related("application", "accreditation").annotate(
        is_replaced=Exists(newer), is_renamed=Case(When(renamed, then=True), default=False)
    )


def standing_of(letter: Letter) -> Standing:
    """What a letter is worth now. It must come from `with_standing`, or it is read again."""
    judged: Any = letter if hasattr(letter, "is_replaced") else with_standing(Letter.objects.filter(pk=letter.pk)).get()
    return standing_of_letter(
        LetterKind(judged.kind),
        is_replaced=judged.is_replaced,
        is_renamed=judged.is_renamed,
        application_state=judged.application.state if judged.application else "",
        is_closed=judged.application is not None and judged.application.closed_at is not None,
        accreditation_state=judged.accreditation.state if judged.accreditation else "",
    )


def letters_about(application: Application, *, user: Viewer) -> "QuerySet[Letter]":
    """The letters about a person's application and accreditation that the viewer may see, the newest first."""
    about = Q(application=application) | Q(accreditation__application=application)
    return with_standing(Letter.objects.visible_to(user)).filter(about).order_by("-issued_at", "-pk")


def progress_of(batch: LetterBatch) -> BatchProgress:
    """How far the order is. One query."""
    counts = batch.items.aggregate(
        people=Count("pk"),
        issued=Count("pk", filter=Q(letter__isnull=False)),
        refused=Count("pk", filter=~Q(code="")),
    )
    return BatchProgress(**counts)
