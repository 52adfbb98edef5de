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
from missions.admin.moves import MoveForm
from missions.kernel.spreadsheets.values import DateOrder
from missions.models import Mission

_NAMES = {
    "utf-8": _("Unicode (UTF-8)"),
    "utf-16-le": _("Unicode (UTF-16)"),
    "utf-16-be": _("Unicode (UTF-16, big-endian)"),
    "cp1250": _("Central European (Windows-1250)"),
    "cp1251": _("Cyrillic (Windows-1251)"),
    "cp1252": _("Western European (Windows-1252)"),
    "cp1253": _("Greek (Windows-1253)"),
    "cp1254": _("Turkish (Windows-1254)"),
    "cp1255": _("Hebrew (Windows-1255)"),
    "cp1256": _("Arabic (Windows-1256)"),
    "cp1257": _("Baltic (Windows-1257)"),
    "iso8859-2": _("Central European (ISO 8859-2)"),
    "iso8859-5": _("Cyrillic (ISO 8859-5)"),
    "iso8859-9": _("Turkish (ISO 8859-9)"),
    "koi8-r": _("Cyrillic (KOI8-R)"),
    "koi8-u": _("Cyrillic (KOI8-U)"),
}
_DATE_ORDERS = (
    (DateOrder.DAY_FIRST.value, _("Day first: 07/02/2024 is the 7th of February")),
    (DateOrder.MONTH_FIRST.value, _("Month first: 07/02/2024 is the 2nd of July")),
)


class UploadForm(forms.Form):
    """Asks for a file, and for whom and as what it nominates."""

    mission = forms.ModelChoiceField(
        Mission.objects.none(), label=_("Mission"), empty_label=_("Choose a mission"), widget=UnfoldAdminSelectWidget()
    )
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
            field.choices = _DATE_ORDERS


def _labelled(sample: EncodingSample) -> str:
    name = str(_NAMES.get(sample.encoding, sample.encoding))
    return f"{name}: {', '.join(sample.words)}" if sample.words else name
