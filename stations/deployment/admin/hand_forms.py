"""What each act on a draft asks on the page."""

import datetime as dt
from typing import Any, ClassVar, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import (
    UnfoldAdminIntegerFieldWidget,
    UnfoldAdminSelectWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from missions.kernel.errors import Text
from missions.kernel.web.forms import PlainForm
from missions.law.calendar import local_instant
from stations.deployment.hand_acts import (
    Act,
    AddVisit,
    AssignInterpreter,
    ChangeVisit,
    ClearArea,
    DissolveArea,
    Hours,
    MakeArea,
    MakeTeam,
    MergeAreas,
    MoveAreaTeams,
    MoveConstituency,
    MoveTeam,
    MoveVisit,
    PinArea,
    PinTeam,
    PinVisit,
    Place,
    RemoveVisit,
    RenameArea,
    SplitTeam,
    SuperviseArea,
    SwapObservers,
)
from stations.deployment.hand_choices import Choices, HandChoices
from stations.deployment.states import ChangeKind, VisitKind

_NOBODY: Choices = [("", "–")]
_MOST = 2**31 - 1


class HandForm(PlainForm):
    """One act. The revision is the one that the person looks at."""

    kind: ClassVar[ChangeKind]
    button: ClassVar[Text]
    tone: ClassVar[str] = "default"
    #: What else the act does, told before it is done.
    sentence: ClassVar[Text] = ""
    #: For each field the list of HandChoices that it offers; a field that may stay empty offers nothing too.
    offered: ClassVar[dict[str, str]] = {}

    revision = forms.IntegerField(min_value=0, max_value=_MOST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, choices: HandChoices, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{self.kind.value}-%s"  # several forms stand on one page
        super().__init__(*args, **kwargs)
        self.choices = choices
        for name, offered in self.offered.items():
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = [*(() if field.required else _NOBODY), *getattr(choices, offered)]

    def given(self) -> Act:
        """The act as a value."""
        raise NotImplementedError

    def number(self, name: str) -> int:
        """The answer to a question with one number."""
        return int(self.cleaned_data[name])


class TeamForm(HandForm):
    """An act on one team."""

    team = forms.IntegerField(min_value=1, max_value=_MOST, widget=forms.HiddenInput)


class AreaForm(HandForm):
    """An act on one area."""

    area = forms.IntegerField(min_value=1, max_value=_MOST, widget=forms.HiddenInput)


class VisitForm(TeamForm):
    """An act on one visit."""

    order = forms.IntegerField(min_value=1, max_value=_MOST, widget=forms.HiddenInput)


def _select(label: Any, *, required: bool = True) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=required, widget=UnfoldAdminSelectWidget())


def _flag(label: Any) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, widget=UnfoldBooleanWidget())


class HoursForm(HandForm):
    """When a visit begins and ends, by the clocks of the place; an end before the beginning is on the next day."""

    arrives = forms.TimeField(label=_("Arrives"), required=False, widget=UnfoldAdminTextInputWidget())
    leaves = forms.TimeField(
        label=_("Leaves"), required=False, widget=UnfoldAdminTextInputWidget(), help_text=_("Such as 14:30.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if (cleaned.get("arrives") is None) != (cleaned.get("leaves") is None):
            self.add_error("leaves", _("Give both times, or none."))
        return cleaned

    def hours(self, zone: str) -> Hours | None:
        begin, end, day = self.cleaned_data["arrives"], self.cleaned_data["leaves"], self.choices.plan.election.e_day
        if begin is None or end is None:
            return None
        last = day if end > begin else day + dt.timedelta(days=1)
        return Hours(local_instant(day, begin, zone), local_instant(last, end, zone))


class PlaceForm(HandForm):
    """Where a team works."""

    constituency = _select(_("Constituency"), required=False)
    country = _select(_("or country abroad"), required=False)
    area = _select(_("or area, for a long-term team"), required=False)
    offered = {"constituency": "constituencies", "country": "countries", "area": "areas"}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        given = [name for name in PlaceForm.offered if cleaned.get(name)]
        if len(given) > 1:
            self.add_error(given[-1], _("Choose one place only."))
        return cleaned

    def place(self) -> Place:
        sent = self.cleaned_data
        return Place(
            constituency=int(sent["constituency"]) if sent["constituency"] else None,
            area=int(sent["area"]) if sent["area"] else None,
            country=sent["country"],
        )


class SwapForm(TeamForm):
    kind, button = ChangeKind.SWAP, _("Change places")
    first = _select(_("Observer of this team"))
    second = _select(_("changes places with"))

    offered = {"first": "people", "second": "people"}

    def only_of(self, team: int) -> None:
        """Offer the people of the team, and those who may change places with them."""
        cast(forms.ChoiceField, self.fields["first"]).choices = self.choices.members_of(team)
        cast(forms.ChoiceField, self.fields["second"]).choices = self.choices.partners_of(team)

    def given(self) -> Act:
        return SwapObservers(self.number("first"), self.number("second"))


class MakeTeamForm(PlaceForm):
    kind, button = ChangeKind.MAKE_TEAM, _("Make the team")
    first = _select(_("First observer"))
    second = _select(_("Second observer"))
    offered = {**PlaceForm.offered, "first": "idle_people", "second": "idle_people"}
    field_order = ("first", "second", "constituency", "country", "area")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("first") and cleaned.get("first") == cleaned.get("second"):
            self.add_error("second", _("Choose two different people."))
        return cleaned

    def given(self) -> Act:
        return MakeTeam((self.number("first"), self.number("second")), self.place())


class SplitTeamForm(TeamForm):
    kind, button, tone = ChangeKind.SPLIT_TEAM, _("Split the team"), "danger"
    sentence = _("The team and all its visits are taken out; its people have no team then.")

    def given(self) -> Act:
        return SplitTeam(self.number("team"))


class MoveTeamForm(PlaceForm, TeamForm):
    kind, button = ChangeKind.MOVE_TEAM, _("Move the team")
    sentence = _("All its visits are taken out; it gets others by hand or when the plan is made again.")

    def given(self) -> Act:
        return MoveTeam(self.number("team"), self.place())


class PinTeamForm(TeamForm):
    kind, button = ChangeKind.PIN_TEAM, _("Save the pins")
    pair = _flag(_("The two stay together"))
    place = _flag(_("The team stays where it is"))

    def given(self) -> Act:
        return PinTeam(self.number("team"), self.cleaned_data["pair"], self.cleaned_data["place"])


class AssignInterpreterForm(TeamForm):
    kind, button = ChangeKind.ASSIGN_INTERPRETER, _("Save the interpreter")
    offered: ClassVar[dict[str, str]] = {"name": "interpreters"}
    name = _select(_("Interpreter"), required=False)

    def given(self) -> Act:
        return AssignInterpreter(self.number("team"), self.cleaned_data["name"])


class AddVisitForm(HoursForm, TeamForm):
    kind, button = ChangeKind.ADD_VISIT, _("Add the visit")
    station = forms.CharField(
        label=_("Station"), max_length=20, widget=UnfoldAdminTextInputWidget(), help_text=_("Its code.")
    )
    position = forms.IntegerField(
        label=_("Place in the route"),
        required=False,
        min_value=1,
        max_value=_MOST,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("Empty: before the last stop."),
    )
    visit_kind = forms.ChoiceField(
        label=_("Kind, for a visit with hours"),
        choices=VisitKind.choices,
        initial=VisitKind.VOTING,
        widget=UnfoldAdminSelectWidget(),
    )
    field_order = ("station", "position", "arrives", "leaves", "visit_kind")

    def given(self) -> Act:
        sent = self.cleaned_data
        hours = self.hours(self.choices.zone_of(sent["station"]))
        return AddVisit(self.number("team"), sent["station"], sent["position"], VisitKind(sent["visit_kind"]), hours)


class RemoveVisitForm(VisitForm):
    kind, button, tone = ChangeKind.REMOVE_VISIT, _("Remove"), "danger"

    def given(self) -> Act:
        return RemoveVisit(self.number("team"), self.number("order"))


class MoveVisitForm(VisitForm):
    kind, button = ChangeKind.MOVE_VISIT, _("Move")
    position = forms.IntegerField(min_value=1, max_value=_MOST)

    def given(self) -> Act:
        return MoveVisit(self.number("team"), self.number("order"), self.number("position"))


class ChangeVisitForm(HoursForm, VisitForm):
    kind, button = ChangeKind.CHANGE_VISIT, _("Change the visit")
    order = forms.IntegerField(
        label=_("Visit"),
        min_value=1,
        max_value=_MOST,
        widget=UnfoldAdminIntegerFieldWidget(),
        help_text=_("Its number."),
    )
    visit_kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[*_NOBODY, *VisitKind.choices], widget=UnfoldAdminSelectWidget()
    )
    field_order = ("order", "visit_kind", "arrives", "leaves")

    def given(self) -> Act:
        sent = self.cleaned_data
        kind = VisitKind(sent["visit_kind"]) if sent["visit_kind"] else None
        zone = self.choices.zone_of_visit(self.number("team"), self.number("order"))
        return ChangeVisit(self.number("team"), self.number("order"), kind, self.hours(zone))


class PinVisitForm(VisitForm):
    kind, button = ChangeKind.PIN_VISIT, _("Pin")
    is_pinned = forms.BooleanField(required=False)

    def given(self) -> Act:
        return PinVisit(self.number("team"), self.number("order"), self.cleaned_data["is_pinned"])


class MakeAreaForm(HandForm):
    kind, button = ChangeKind.MAKE_AREA, _("Make the area")
    name = forms.CharField(label=_("Name"), max_length=100, widget=UnfoldAdminTextInputWidget())
    constituency = _select(_("Its first constituency"))
    team = _select(_("Long-term team"), required=False)
    offered = {"constituency": "constituencies", "team": "long_term_teams"}
    field_order = ("name", "constituency", "team")

    def given(self) -> Act:
        team = self.number("team") if self.cleaned_data["team"] else None
        return MakeArea(self.cleaned_data["name"], self.number("constituency"), team)


class RenameAreaForm(AreaForm):
    kind, button = ChangeKind.RENAME_AREA, _("Rename")
    name = forms.CharField(label=_("Name"), max_length=100, widget=UnfoldAdminTextInputWidget())

    def given(self) -> Act:
        return RenameArea(self.number("area"), self.cleaned_data["name"])


class MoveConstituencyForm(AreaForm):
    kind, button = ChangeKind.MOVE_CONSTITUENCY, _("Take a constituency in")
    constituency = _select(_("Constituency"))
    offered = {"constituency": "constituencies"}

    def given(self) -> Act:
        return MoveConstituency(self.number("constituency"), self.number("area"))


class SuperviseAreaForm(AreaForm):
    kind, button = ChangeKind.SUPERVISE_AREA, _("Name the team")
    team = _select(_("Long-term team"))
    offered = {"team": "long_term_teams"}

    def given(self) -> Act:
        return SuperviseArea(self.number("area"), self.number("team"))


class MoveAreaTeamsForm(AreaForm):
    kind, button, tone = ChangeKind.MOVE_AREA_TEAMS, _("Move all short-term teams"), "danger"
    constituency = _select(_("to constituency"))
    offered = {"constituency": "constituencies"}

    def given(self) -> Act:
        return MoveAreaTeams(self.number("area"), self.number("constituency"))


class MergeAreasForm(AreaForm):
    kind, button, tone = ChangeKind.MERGE_AREAS, _("Merge"), "danger"
    into = _select(_("into area"))
    offered = {"into": "areas"}

    def given(self) -> Act:
        return MergeAreas(self.number("area"), self.number("into"))


class PinAreaForm(AreaForm):
    kind, button = ChangeKind.PIN_AREA, _("Save the pins of all teams")
    pair = _flag(_("Each two stay together"))
    place = _flag(_("The teams stay where they are"))
    visits = _flag(_("All visits are kept"))

    def given(self) -> Act:
        return PinArea(self.number("area"), *(self.cleaned_data[name] for name in ("pair", "place", "visits")))


class ClearAreaForm(AreaForm):
    kind, button, tone = ChangeKind.CLEAR_AREA, _("Take all visits away"), "danger"

    def given(self) -> Act:
        return ClearArea(self.number("area"))


class DissolveAreaForm(AreaForm):
    kind, button, tone = ChangeKind.DISSOLVE_AREA, _("Dissolve the area"), "danger"

    def given(self) -> Act:
        return DissolveArea(self.number("area"))


#: In the order of the page: those of one team, those of one area, and what is neither.
TEAM_FORMS: tuple[type[HandForm], ...] = (
    SwapForm,
    AddVisitForm,
    ChangeVisitForm,
    MoveTeamForm,
    PinTeamForm,
    AssignInterpreterForm,
    SplitTeamForm,
)
AREA_FORMS: tuple[type[HandForm], ...] = (
    RenameAreaForm,
    SuperviseAreaForm,
    MoveConstituencyForm,
    PinAreaForm,
    MoveAreaTeamsForm,
    MergeAreasForm,
    ClearAreaForm,
    DissolveAreaForm,
)
ROW_FORMS: tuple[type[HandForm], ...] = (RemoveVisitForm, MoveVisitForm, PinVisitForm)
_EVERY: tuple[type[HandForm], ...] = (*TEAM_FORMS, *AREA_FORMS, *ROW_FORMS, MakeTeamForm, MakeAreaForm)
FORMS: dict[str, type[HandForm]] = {form.kind.value: form for form in _EVERY}
