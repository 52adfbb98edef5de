"""What issuing letters asks: which one, about whom, and in which language besides the state's."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from accreditation.letters.states import MISSION_KINDS, LetterKind
from accreditation.letters.wording import REFERENCE, offered_languages, phrases_of
from accreditation.models import Application, CommissionSession
from accreditation.querysets import Viewer
from missions.admin.mission_field import MissionField
from missions.admin.moves import MoveForm
from missions.kernel.web.forms import PlainForm
from missions.models import Mission

#: About a mission as a whole, or about one of its people by the mission's own reference.
ISSUED_BY_HAND = (*MISSION_KINDS, LetterKind.VISA_SUPPORT)


def _languages() -> list[tuple[str, str]]:
    return [(language, phrases_of(language).name) for language in offered_languages()]


class LanguageField(forms.ChoiceField):
    """The foreign language of a letter, by its own name."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Foreign language"),
            choices=_languages,
            initial=REFERENCE,
            widget=UnfoldAdminSelectWidget(),
            help_text=_("Stands beside the language of the host, where there is a wording in that."),
        )


class LetterForm(MoveForm):
    """Asks for the foreign language of the letter."""

    foreign = LanguageField()


class IssueForm(PlainForm):
    """Asks for a letter by hand; `cleaned_data["subject"]` is whom it is about."""

    kind = forms.ChoiceField(
        label=_("Letter"),
        choices=[(kind.value, kind.label) for kind in ISSUED_BY_HAND],
        widget=UnfoldAdminSelectWidget(),
    )
    mission = MissionField(Mission.objects.none(), label=_("Mission"), widget=UnfoldAdminSelectWidget())
    reference = forms.CharField(
        label=_("Reference of the person"),
        max_length=40,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=_("As in the mission's own list. For a visa support letter only."),
    )
    foreign = LanguageField()

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        missions = Mission.objects.visible_to(viewer).order_by("election", "code")
        cast("forms.ModelChoiceField[Mission]", self.fields["mission"]).queryset = missions

    def clean(self) -> dict[str, Any]:
        answers: dict[str, Any] = super().clean() or {}
        mission = answers.get("mission")
        if mission is None or "reference" not in answers:
            return answers
        if answers.get("kind") != LetterKind.VISA_SUPPORT:
            return {**answers, "subject": mission}
        of_person = Application.objects.filter(nomination__mission=mission, nomination__reference=answers["reference"])
        answers["subject"] = of_person.order_by("-pk").first()
        if answers["subject"] is None:
            self.add_error("reference", _now("This mission has nominated nobody under this reference."))
        return answers


class BatchForm(PlainForm):
    """Asks for the session whose letters are to be issued."""

    session = forms.ModelChoiceField(
        CommissionSession.objects.none(), label=_("Session"), widget=UnfoldAdminSelectWidget()
    )
    foreign = LanguageField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sessions = CommissionSession.objects.filter(decisions__isnull=False).distinct().order_by("-held_at")
        cast("forms.ModelChoiceField[CommissionSession]", self.fields["session"]).queryset = sessions
