"""What the pages of nomination files ask."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminRadioSelectWidget, UnfoldAdminSelectWidget

from accreditation.intake.models import NominationImport
from accreditation.intake.selectors import EncodingSample, encoding_samples
from accreditation.intake.states import Question
from accreditation.states import Category
from missions.admin.file_choices import DATE_ORDERS, ENCODING_NAMES
from missions.admin.mission_field import MissionField
from missions.admin.moves import MoveForm
from missions.kernel.web.forms import PlainForm
from missions.models import Mission


class UploadForm(PlainForm):
    """Asks for a file, and for whom and as what it nominates."""

    mission = MissionField(Mission.objects.none(), label=_("Mission"), widget=UnfoldAdminSelectWidget())
    category = forms.ChoiceField(label=_("Category"), choices=Category.choices, widget=UnfoldAdminSelectWidget())
    file = forms.FileField(
        label=_("File"),
        allow_empty_file=True,  # the reader says what is wrong with it
        widget=UnfoldAdminFileFieldWidget(),
        help_text=_("Excel (.xlsx) or text (.csv), one person in a row; headers in English, Azerbaijani or Russian."),
    )

    def __init__(self, *args: Any, missions: "QuerySet[Mission]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ModelChoiceField[Mission]", self.fields["mission"]).queryset = missions


class AnswerForm(MoveForm):
    """Asks what the file cannot prove: the encoding, with words of the file as samples, or the order of its dates."""

    answer = forms.ChoiceField(label=_("Answer"), widget=UnfoldAdminRadioSelectWidget())

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        file = cast(NominationImport, subjects[0])
        field = cast(forms.ChoiceField, self.fields["answer"])
        if file.question == Question.ENCODING:
            field.label = _("In which encoding do the names read well?")
            field.choices = [(sample.encoding, _labelled(sample)) for sample in encoding_samples(file)]
        else:
            field.label = _("How are dates such as 07/02/2024 to be read?")
            field.choices = DATE_ORDERS


def _labelled(sample: EncodingSample) -> str:
    name = str(ENCODING_NAMES.get(sample.encoding, sample.encoding))
    return f"{name}: {', '.join(sample.words)}" if sample.words else name
