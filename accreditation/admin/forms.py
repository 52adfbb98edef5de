"""What the desk's acts ask: which documents, which ground and why."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
)

from accreditation.models import Accreditation, AgendaItem, Application, CommissionSession, Revocation
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


class ZoneForm(MoveForm):
    """Asks for the lines at the foot of the passport's page; what was typed is in no page that comes after."""

    zone = forms.CharField(
        label=_("Machine-readable zone"),
        max_length=200,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3, "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Typed or pasted as it stands: two lines of 44 characters on a passport."),
    )


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
        offer_grounds(self, "ground", elections_of(subjects), GroundUse.REFUSAL)


class RevocationForm(RefusalForm):
    """Asks for a ground of revocation, where the law has any, and the reasons in words."""

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        offer_grounds(self, "ground", elections_of(subjects), GroundUse.REVOCATION)
        profiles = [profile_of(election) for election in elections_of(subjects)]
        self.fields["ground"].required = any(row and row.grounds_for(GroundUse.REVOCATION) for row in profiles)


class NoteForm(MoveForm):
    """Asks for the note with which a finding is closed."""

    note = forms.CharField(
        label=_("Note"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Why this finding need not stop the application."),
    )


def elections_of(subjects: Iterable[Model]) -> list[Election]:
    """The elections that these rows of the desk belong to."""
    found = {}
    for subject in subjects:
        owner = subject.session if isinstance(subject, AgendaItem) else subject
        if isinstance(owner, Accreditation | Application | CommissionSession | Revocation):
            found[owner.election_id] = owner.election
    return list(found.values())


def offer_grounds(form: forms.Form, name: str, elections: Iterable[Election], use: GroundUse) -> None:
    """Let a field of the form choose among the grounds that the law of these elections has for the use."""
    grounds = {
        ground.code: ground.title.text(get_language() or "en")
        for election in elections
        if (profile := profile_of(election)) is not None
        for ground in profile.grounds_for(use)
    }
    cast(forms.ChoiceField, form.fields[name]).choices = [("", _("Choose a ground")), *grounds.items()]
