"""What the acts on badges ask: serials, collectors, witnesses, reasons, and whose badges a batch holds."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accreditation.badges.content import read_content
from accreditation.badges.models import Badge
from accreditation.badges.states import CardFormat, CollectionProof, VoidReason
from accreditation.badges.wording import card_languages, card_phrases
from accreditation.letters.wording import REFERENCE
from accreditation.models import CommissionSession
from accreditation.states import Category
from missions.admin.mission_field import MissionField
from missions.admin.moves import MoveForm
from missions.kernel.web.forms import PlainForm
from missions.models import Election, Mission

_V = VoidReason
#: Why somebody makes a badge void by hand, and why somebody asks for a new one in its place.
VOID_REASONS = (_V.SPOILED, _V.WITHDRAWN, _V.LOST)
REISSUE_BY_HAND = (_V.CHANGED, _V.SPOILED, _V.LOST, _V.REPLACED)


def _choices(reasons: Sequence[VoidReason]) -> list[tuple[str, Any]]:
    return [(reason.value, reason.label) for reason in reasons]


class FormatForm(MoveForm):
    """Asks for the size of the card."""

    card_format = forms.ChoiceField(
        label=_("Format"), choices=CardFormat.choices, initial=CardFormat.ID1, widget=UnfoldAdminSelectWidget()
    )


class PrintForm(FormatForm):
    """Asks on which blank card the badge is printed."""

    stock_serial = forms.CharField(
        label=_("Stock serial"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off", "autofocus": True}),
        help_text=_("The number on the blank card, typed or scanned; nothing if it has none."),
    )
    field_order = ("stock_serial", "card_format")


class HandOverForm(MoveForm):
    """Asks who takes the badge away and how the desk knows; the person themselves is proposed."""

    collected_by = forms.CharField(label=_("Collected by"), max_length=200, widget=UnfoldAdminTextInputWidget())
    proof = forms.ChoiceField(
        label=_("Proof"),
        choices=CollectionProof.choices,
        initial=CollectionProof.SIGNATURE,
        widget=UnfoldAdminRadioSelectWidget(),
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        self.fields["collected_by"].initial = collector_of(cast("Badge", subjects[0]))


class NoteForm(MoveForm):
    """Asks what happened."""

    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Kept in the history; the mission may read it."),
    )


class OptionalNoteForm(NoteForm):
    """Asks for a note that may be left out."""

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        self.fields["note"].required = False


class VoidForm(NoteForm):
    """Asks why the badge is made void."""

    reason = forms.ChoiceField(
        label=_("Because"), choices=_choices(VOID_REASONS), widget=UnfoldAdminRadioSelectWidget()
    )
    field_order = ("reason", "note")


class ReissueForm(NoteForm):
    """Asks why a new badge takes the place of this one."""

    reason = forms.ChoiceField(
        label=_("Because"), choices=_choices(REISSUE_BY_HAND), widget=UnfoldAdminRadioSelectWidget()
    )
    field_order = ("reason", "note")


class DestructionForm(MoveForm):
    """Asks who saw the card destroyed."""

    witness = forms.CharField(
        label=_("Witness"),
        max_length=200,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Somebody else who saw it, by name."),
    )


def _languages() -> list[tuple[str, str]]:
    return [(language, card_phrases(language).name) for language in card_languages()]


class StackFields(PlainForm):
    """What is asked for every stack of cards."""

    card_format = forms.ChoiceField(
        label=_("Format"), choices=CardFormat.choices, initial=CardFormat.ID1, widget=UnfoldAdminSelectWidget()
    )
    foreign_language = forms.ChoiceField(
        label=_("Foreign language"), choices=_languages, initial=REFERENCE, widget=UnfoldAdminSelectWidget()
    )
    first_stock_serial = forms.CharField(
        label=_("First stock serial"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("Counted up by its last digits, card by card. Left out, nobody counts."),
    )


class StackForm(StackFields, MoveForm):
    """Asks what a stack of cards for chosen people is called and how it is printed."""

    title = forms.CharField(label=_("Title"), max_length=200, widget=UnfoldAdminTextInputWidget())
    field_order = ("title",)


class BatchForm(StackFields):
    """Asks whose badges are to be printed."""

    election = forms.ModelChoiceField(
        Election.objects.order_by("-e_day"), label=_("Election"), widget=UnfoldAdminSelectWidget(), empty_label=None
    )
    mission = MissionField(
        Mission.objects.order_by("code"),
        label=_("Mission"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        empty_label=_("All missions"),
    )
    category = forms.ChoiceField(
        label=_("Category"),
        required=False,
        choices=[("", _("All categories")), *Category.choices],
        widget=UnfoldAdminSelectWidget(),
    )
    session = forms.ModelChoiceField(
        CommissionSession.objects.select_related("election").order_by("-held_at"),
        label=_("Session"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        empty_label=_("All sessions"),
        help_text=_("Everybody whom this session accredited."),
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=200,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Left out, it says what was chosen above."),
    )
    field_order = ("election", "mission", "category", "session", "title")

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        if self.errors:
            return answers
        mission, session = answers["mission"], answers["session"]
        for name, chosen in (("mission", mission), ("session", session)):
            if chosen is not None and chosen.election_id != answers["election"].pk:
                self.add_error(name, _now("This belongs to another election."))
        answers["category"] = category = Category(answers["category"]) if answers["category"] else None
        parts = (mission and mission.code, category and category.label, session and str(session))
        answers["title"] = answers["title"] or " · ".join(str(part) for part in parts if part) or _now("Everybody")
        return answers


def collector_of(badge: Badge) -> str:
    """Whom the desk expects to take the badge: the person on it."""
    return read_content(badge.content).latin_name
