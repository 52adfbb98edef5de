"""What all forms of the pages share: which texts they take, and how they show what a service refuses."""

from typing import ClassVar

from django import forms

from missions.kernel.errors import DomainError
from missions.kernel.text import TextRefusedError, refuse_controls


class PlainForm(forms.Form):
    """A form whose texts are looked at as the API looks at those of a body.

    A text may have lines and tabs, but no other control characters and none that reorder what is shown
    (control_character, bidi_control): a name that reads as another one deceives people.
    """

    #: How the names of fields begin whose texts have rules of their own, looser ones about directions.
    judged_elsewhere: ClassVar[tuple[str, ...]] = ()

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]  # a hook that Django's stubs do not know
        for name, value in list(self.cleaned_data.items()):
            if not isinstance(value, str) or name.startswith(self.judged_elsewhere):
                continue
            try:
                refuse_controls(value)
            except TextRefusedError as error:
                self.add_error(name, forms.ValidationError(error.message, code=error.code))


def show_on_form(form: forms.BaseForm, error: DomainError) -> None:
    """Put each violation beside its field, and the rest above the form, no sentence twice."""
    beside = [(each.field, each.detail) for each in error.violations if each.field in form.fields]
    above = [each.detail for each in error.violations if each.field not in form.fields]
    if above or not error.violations:
        above.insert(0, error.detail)
    for sentence in dict.fromkeys(above):
        form.add_error(None, sentence)
    for name, sentence in dict.fromkeys(beside):
        form.add_error(name, sentence)
