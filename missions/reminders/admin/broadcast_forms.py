"""What staff are asked when they write to many: to whom, in which words, and the number of people in the end."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminCheckboxSelectMultipleWidget,
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectMultipleWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
)

from missions.admin.moves import MoveForm
from missions.kernel.web.forms import PlainForm
from missions.models import Election, Mission
from missions.reminders.conditions import MISSION_AUDIENCES
from missions.reminders.models import Broadcast
from missions.reminders.services.broadcasts import BroadcastSpec
from missions.reminders.specs import StepText
from missions.reminders.states import Audience
from missions.reminders.texts import BODY_MAX_LENGTH, SUBJECT_MAX_LENGTH
from missions.reminders.traits import mission_traits
from missions.states import MailLanguage, MissionKind, OrganizationKind

_VARIABLES = _(
    "You may write {name}, {election} and, where nobody of the staff is written to, {mission}. Who reads another "
    "language gets the English text."
)


def _boxes(label: Any, choices: Any, help_text: Any = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label,
        choices=choices,
        required=False,
        help_text=help_text,
        widget=UnfoldAdminCheckboxSelectMultipleWidget(),
    )


def _groups() -> list[tuple[str, str]]:
    return [(name, name) for name in Group.objects.order_by("name").values_list("name", flat=True)]


class BroadcastForm(PlainForm):
    """A broadcast: its audience, and a subject and a body in each language in which it is written."""

    #: `texts` judges them: isolates may stand around a name of another direction.
    judged_elsewhere = ("subject_", "body_")

    election = forms.ModelChoiceField(
        Election.objects.order_by("-e_day"), label=_("Election"), widget=UnfoldAdminSelectWidget()
    )
    audiences = _boxes(_("People of missions"), [(audience.value, audience.label) for audience in MISSION_AUDIENCES])
    organization_kinds = _boxes(_("Only of these organizations"), OrganizationKind.choices, _("None: of all."))
    mission_kinds = _boxes(_("Only these kinds of missions"), MissionKind.choices, _("None: all."))
    traits = _boxes(
        _("Only missions of which all this is true"),
        lambda: [(trait.code, trait.title) for trait in mission_traits()],
    )
    missions = forms.ModelMultipleChoiceField(
        Mission.objects.select_related("election").order_by("-election__e_day", "code"),
        label=_("Only these missions"),
        required=False,
        help_text=_("None: all."),
        widget=UnfoldAdminSelectMultipleWidget(attrs={"size": 8}),
    )
    groups = _boxes(_("Staff in these roles"), _groups)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for language in MailLanguage:
            self.fields[f"subject_{language}"] = forms.CharField(
                label=_("Subject (%s)") % language.label,
                max_length=SUBJECT_MAX_LENGTH,
                required=False,
                widget=UnfoldAdminTextInputWidget(attrs={"lang": language.value}),
            )
            self.fields[f"body_{language}"] = forms.CharField(
                label=_("Text (%s)") % language.label,
                max_length=BODY_MAX_LENGTH,
                required=False,
                strip=False,
                help_text=_VARIABLES if language == MailLanguage.EN else "",
                widget=UnfoldAdminTextareaWidget(attrs={"rows": 8, "lang": language.value}),
            )


class BroadcastChangeForm(MoveForm, BroadcastForm):
    """The same, beginning with what is written."""

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        for broadcast in (subject for subject in subjects if isinstance(subject, Broadcast)):
            self.initial = _answers_of(broadcast)


class CountForm(MoveForm):
    """The second confirmation: whoever sends types how many people it goes to."""

    count = forms.IntegerField(
        label=_("How many people get it?"),
        min_value=1,
        widget=UnfoldAdminIntegerFieldWidget(attrs={"autocomplete": "off"}),
        help_text=_("Type the number that the page shows."),
    )


def spec_of(answers: Mapping[str, Any]) -> BroadcastSpec:
    """The broadcast that the answers describe. A language in which nothing is written is left out."""
    texts = {}
    for language in MailLanguage:
        subject, body = answers[f"subject_{language}"], answers[f"body_{language}"].replace("\r\n", "\n")
        if subject.strip() or body.strip():
            texts[language] = StepText(subject=subject, body=body)
    return BroadcastSpec(
        election=answers["election"],
        texts=texts,
        audiences=tuple(Audience(code) for code in answers["audiences"]),
        groups=tuple(answers["groups"]),
        mission_kinds=tuple(MissionKind(kind) for kind in answers["mission_kinds"]),
        organization_kinds=tuple(OrganizationKind(kind) for kind in answers["organization_kinds"]),
        traits=tuple(answers["traits"]),
        missions=tuple(answers["missions"]),
    )


def _answers_of(broadcast: Broadcast) -> dict[str, Any]:
    answers: dict[str, Any] = {
        name: getattr(broadcast, name)
        for name in ("election", "audiences", "groups", "mission_kinds", "organization_kinds", "traits")
    }
    answers["missions"] = list(broadcast.missions.all())
    for text in broadcast.texts.all():
        answers[f"subject_{text.language}"], answers[f"body_{text.language}"] = text.subject, text.body
    return answers
