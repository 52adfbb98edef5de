"""The act that opens the vote that follows upon another: what it asks, and what it calls."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django import forms
from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget, UnfoldAdminTextInputWidget

from missions.admin.moves import Move, MoveForm
from missions.models import Election, User
from missions.permissions import can_move_election
from missions.states import FollowKind
from missions.timeline.moving.rounds import open_next_round


class NextRoundForm(MoveForm):
    """Asks what kind of vote follows, when, and where voting is repeated; and for the code, as a confirmation."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=FollowKind.choices, widget=UnfoldAdminSelectWidget())
    e_day = forms.DateField(
        label=gettext_lazy("Election day"),
        widget=UnfoldAdminSingleDateWidget(),
        help_text=gettext_lazy("By the calendar of the host. The polling hours are those of this vote."),
    )
    constituencies = forms.CharField(
        label=gettext_lazy("Constituencies"),
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text=gettext_lazy("For repeat voting: their numbers, separated by commas. Empty: all."),
    )
    code = forms.CharField(label=gettext_lazy("Code of the election"), widget=UnfoldAdminTextInputWidget())

    def __init__(self, *args: Any, subjects: Sequence[Model], **kwargs: Any) -> None:
        super().__init__(*args, subjects=subjects, **kwargs)
        self._code = "".join(subject.code for subject in subjects if isinstance(subject, Election))
        self.fields["code"].help_text = _("Type %(code)s to confirm.") % {"code": self._code}

    def clean_constituencies(self) -> tuple[int, ...] | None:
        """The numbers; None for all."""
        typed: str = self.cleaned_data["constituencies"].strip()
        if not typed:
            return None
        numbers = [part.strip() for part in typed.split(",")]
        if not all(number.isascii() and number.isdecimal() and len(number) <= 5 for number in numbers):
            raise forms.ValidationError(_("Give numbers, separated by commas."))
        return tuple(int(number) for number in numbers)

    def clean_code(self) -> str:
        typed: str = self.cleaned_data["code"].strip()
        if typed != self._code:
            raise forms.ValidationError(_("This is not the code of the election."))
        return typed


def _open(election: Election, answers: Mapping[str, Any], by: User, at: datetime) -> Election:
    return open_next_round(
        election=election,
        kind=FollowKind(answers["kind"]),
        e_day=answers["e_day"],
        constituencies=answers["constituencies"],
        by=by,
        at=at,
    )


NEXT_ROUND: Move[Election] = Move(
    name="next_round",
    label=gettext_lazy("Open run-off or repeat voting"),
    sentence=gettext_lazy(
        "Another vote follows upon this one: with its own day and calendar, and with the missions, stations and "
        "accreditations of this one. Badges stay good as long as they say; no new cards are needed."
    ),
    may=can_move_election,
    fits=lambda election, user: not election.followed_by.exists(),
    run=_open,
    form=NextRoundForm,
)
