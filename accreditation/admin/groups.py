"""Noting the political group of a nominated person, as a move of the nomination's page."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import Model
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from accreditation.models import Nomination
from accreditation.permissions import can_take_nominations
from accreditation.services.groups import note_political_group
from accreditation.states import Category
from missions.admin.moves import Move, MoveForm, Viewer
from missions.models import User


class PoliticalGroupForm(MoveForm):
    """Asks for the group; shows the one of now."""

    group = forms.CharField(
        label=_("Political group"),
        max_length=60,
        required=False,
        widget=UnfoldAdminTextInputWidget(attrs={"autocomplete": "off"}),
        help_text=_("In the words of the mission; empty for none."),
    )

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        [nomination] = cast("Sequence[Nomination]", subjects)
        self.fields["group"].initial = nomination.political_group


def _observes(nomination: Nomination, user: Viewer) -> bool:
    return nomination.category == Category.INTERNATIONAL_OBSERVER


def _note(nomination: Nomination, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return note_political_group(nomination=nomination, group=answers["group"], by=by, at=at)


POLITICAL_GROUP: Move[Nomination] = Move(
    name="political_group",
    label=_("Note the political group"),
    sentence=_("For members of parliaments, whose delegations mix the groups in teams. No history holds the group."),
    may=can_take_nominations,
    fits=_observes,
    run=_note,
    form=PoliticalGroupForm,
)
