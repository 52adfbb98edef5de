"""The choice of a mission in the forms of the desk."""

from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

CHOOSE = _("Choose a mission")


class _Missions(ModelChoiceIterator):  # type: ignore[type-arg]  # generic for the type checker only
    """Reads the elections along: the labels name them."""

    def __init__(self, field: Any) -> None:
        super().__init__(field)
        self.queryset = field.queryset.select_related("election")


class MissionField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic for the type checker only
    """Missions by code, name and election: few know all codes, and a second round has the codes of the first."""

    iterator = _Missions

    def __init__(self, queryset: Any, **kwargs: Any) -> None:
        super().__init__(queryset, **{"empty_label": CHOOSE, **kwargs})

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.code} · {obj.name} · {obj.election.code}"
