"""What the desk's acts ask: which documents, which session, which ground and why."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminSingleDateWidget,
    UnfoldAdminSingleTimeWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accreditation.models import Application, CommissionSession
from accreditation.services.profiles import profile_of
from accreditation.states import DocumentKind
from missions.admin.moves import MoveForm, OptionalReasonForm
from missions.law.rules import GroundUse
from missions.models import Election


class DocumentForm(MoveForm):
    """Asks which document has arrived."""

    kind = forms.ChoiceField(label=_("Document"), choices=DocumentKind.choices, widget=UnfoldAdminSelectWidget())


class DocumentsForm(OptionalReasonForm):
    """Asks which documents are needed, and perhaps why."""

    kinds = forms.MultipleChoiceField(
        label=_("Documents"), choices=DocumentKind.choices, widget=UnfoldAdminCheckboxSelectMultipleWidget()
    )
    field_order = ("kinds", "reason")


class SessionForm(MoveForm):
    """Asks for a session of the election that the applications belong to."""

    session = forms.ModelChoiceField(
        CommissionSession.objects.none(), label=_("Session"), widget=UnfoldAdminSelectWidget()
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        sessions = CommissionSession.objects.filter(election__in=_elections(subjects)).order_by("-held_at")
        cast("forms.ModelChoiceField[CommissionSession]", self.fields["session"]).queryset = sessions


class SessionCallForm(forms.ModelForm):  # type: ignore[type-arg]  # not subscriptable when run
    """A new session: whose, under which number, and when in the host's own time."""

    day = forms.DateField(label=_("Day"), widget=UnfoldAdminSingleDateWidget())
    time = forms.TimeField(
        label=_("Time"), widget=UnfoldAdminSingleTimeWidget(), help_text=_("In the zone of the election.")
    )

    class Meta:
        model = CommissionSession
        fields = ["commission", "number"]
        widgets = {"commission": UnfoldAdminSelectWidget(), "number": UnfoldAdminTextInputWidget()}


class RefusalForm(MoveForm):
    """Asks for a ground of the law and the reasons in words."""

    ground = forms.ChoiceField(label=_("Legal ground"), widget=UnfoldAdminSelectWidget())
    text = forms.CharField(
        label=_("Reasons"),
        max_length=4000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text=_("The person is told these reasons."),
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        grounds = {
            ground.code: ground.title.text(get_language() or "en")
            for election in _elections(subjects)
            if (profile := profile_of(election)) is not None
            for ground in profile.grounds_for(GroundUse.REFUSAL)
        }
        cast(forms.ChoiceField, self.fields["ground"]).choices = [("", _("Choose a ground")), *grounds.items()]


class NoteForm(MoveForm):
    """Asks for the note with which a finding is closed."""

    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Why this finding need not stop the application."),
    )


def _elections(subjects: Sequence[Model]) -> list[Election]:
    found = {subject.election_id: subject.election for subject in subjects if isinstance(subject, Application)}
    return list(found.values())
