"""What the page of a correction asks: the facts that this person may correct, filled in as they are."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminFileFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from accreditation.admin.session_forms import SessionField
from accreditation.models import Accreditation, CommissionSession
from accreditation.papers.checks import MAX_BYTES
from accreditation.permissions import can_correct_decision, can_correct_person
from accreditation.querysets import Viewer
from accreditation.services.corrections import Correction
from accreditation.services.photos import NewPhoto, keep_new_photo
from accreditation.states import Category, Role
from missions.admin.mission_field import MissionField
from missions.kernel.errors import DomainError
from missions.kernel.web.forms import PlainForm, show_on_form
from missions.models import Mission

#: An uploaded photo waits for so long; the sweep of forgotten files begins after an hour.
_PHOTO_WAITS = timedelta(minutes=30)
_PERSON = ("surname", "given_names", "patronymic", "photo")
_DECIDED = ("mission", "reference", "category", "session")


class CorrectionForm(PlainForm):
    """The facts of one accreditation. Who may not correct some of them is not asked for them.

    A photo is checked and kept when it is uploaded; from then on its signed receipt stands for it.
    """

    surname = forms.CharField(label=_("Surname"), max_length=200, widget=UnfoldAdminTextInputWidget())
    given_names = forms.CharField(
        label=_("Given names"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget()
    )
    patronymic = forms.CharField(
        label=_("Patronymic"), max_length=200, required=False, widget=UnfoldAdminTextInputWidget()
    )
    photo = forms.FileField(
        label=_("New photo"),
        required=False,
        allow_empty_file=True,
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_("A JPEG, PNG or WebP picture of at most 8 MB; the former photo is erased."),
    )
    mission = MissionField(Mission.objects.none(), label=_("Mission"), widget=UnfoldAdminSelectWidget())
    reference = forms.CharField(
        label=_("Reference in the other mission"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("Only for another mission, if the present reference is taken there."),
    )
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, widget=UnfoldAdminSelectWidget())
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, widget=UnfoldAdminSelectWidget())
    session = SessionField(
        CommissionSession.objects.none(),
        label=_("Decided in session"),
        required=False,
        widget=UnfoldAdminSelectWidget(),
        help_text=_("For another mission or category, unless the law lets it be decided without."),
    )
    kept_photo = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, accreditation: Accreditation, user: Viewer, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._salt = f"accreditation.correction:{accreditation.pk}:{user.pk}"
        election = accreditation.election_id
        missions = Mission.objects.visible_to(user).filter(election=election).order_by("code")
        cast("forms.ModelChoiceField[Mission]", self.fields["mission"]).queryset = missions
        sessions = CommissionSession.objects.visible_to(user).filter(election=election, held_at__lte=at)
        cast(SessionField, self.fields["session"]).choose_from(sessions)
        if not can_correct_person(user):
            self._leave_out(_PERSON)
        if not can_correct_decision(user, accreditation.application):
            self._leave_out(_DECIDED)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if (upload := answers.get("photo")) is not None:
            try:
                photo = keep_new_photo(upload.read(MAX_BYTES + 1))
            except DomainError as error:
                show_on_form(self, error)
            else:
                answers["new_photo"], answers["kept_photo"] = photo, self._receipt(photo)
        elif receipt := answers.get("kept_photo"):
            answers["new_photo"] = self._photo(receipt)
        return answers

    @property
    def correction(self) -> Correction:
        """What the valid answers ask for. What was not asked stays as it is."""
        answers = self.cleaned_data
        return Correction(
            **{name: answers[name] for name in ("surname", "given_names", "patronymic") if name in answers},
            photo=answers.get("new_photo"),
            role=Role(answers["role"]),
            mission=answers.get("mission"),
            category=Category(answers["category"]) if "category" in answers else None,
            reference=answers.get("reference", ""),
            session=answers.get("session"),
        )

    @property
    def carried(self) -> list[tuple[str, object]]:
        """The answers as hidden fields of the page that comes next."""
        bound = ((name, self.cleaned_data.get(name)) for name in self.fields if name != "photo")
        return [(name, getattr(value, "pk", value)) for name, value in bound if value not in (None, "")]

    def _leave_out(self, names: Iterable[str]) -> None:
        for name in names:
            del self.fields[name]

    def _receipt(self, photo: NewPhoto) -> str:
        return signing.dumps(asdict(photo), salt=self._salt)

    def _photo(self, receipt: str) -> NewPhoto | None:
        """The photo of a receipt that was given to this person for this accreditation, and is not too old."""
        try:
            kept = signing.loads(receipt, salt=self._salt, max_age=_PHOTO_WAITS)
        except signing.BadSignature:
            self.add_error("photo", _("The photo has waited for too long; please choose it again."))
            return None
        return NewPhoto(**{**kept, "notices": tuple(kept["notices"])})


class ReasonForm(PlainForm):
    """Why it is corrected, asked beside the preview; `digest` says which preview that was."""

    reason = forms.CharField(
        label=_("Reason"),
        max_length=2000,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 3}),
        help_text=_("Kept in the history; the missions concerned may read it."),
    )
    digest = forms.CharField(widget=forms.HiddenInput())
