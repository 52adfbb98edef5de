"""What clients send to change a draft by hand: one shape for each act."""

from typing import Any

from rest_framework import serializers

from stations.deployment.api.hand_area_inputs import (
    ClearAreaInput,
    DissolveAreaInput,
    MakeAreaInput,
    MergeAreasInput,
    MoveAreaTeamsInput,
    MoveConstituencyInput,
    PinAreaInput,
    RenameAreaInput,
    SuperviseAreaInput,
)
from stations.deployment.api.hand_fields import (
    ActInput,
    HoursInput,
    NumberField,
    PlaceInput,
    flag_field,
    order_field,
    team_field,
)
from stations.deployment.hand_acts import (
    Act,
    AddVisit,
    AssignInterpreter,
    ChangeVisit,
    MakeTeam,
    MoveTeam,
    MoveVisit,
    PinTeam,
    PinVisit,
    RemoveVisit,
    SplitTeam,
    SwapObservers,
)
from stations.deployment.states import ChangeKind, VisitKind


class SwapObserversInput(ActInput):
    """Two people change places; one of them may be without a team."""

    example = {"act": "swap_observers", "first": 801, "second": 815}

    kind = ChangeKind.SWAP
    first = NumberField("The id of a nomination.")
    second = NumberField("The id of a nomination.")

    def given(self) -> Act:
        return SwapObservers(self.validated_data["first"], self.validated_data["second"])


class MakeTeamInput(PlaceInput):
    """Two people without a team become one."""

    example = {"act": "make_team", "people": [801, 815], "constituency": 17}

    kind = ChangeKind.MAKE_TEAM
    people = serializers.ListField(
        child=NumberField("The id of a nomination."), min_length=2, max_length=2, help_text="Two nominations."
    )

    def given(self) -> Act:
        first, second = self.validated_data["people"]
        return MakeTeam((first, second), self.place)


class SplitTeamInput(ActInput):
    """A team is no more, and its people are without one."""

    example = {"act": "split_team", "team": 12}

    kind = ChangeKind.SPLIT_TEAM
    team = team_field()

    def given(self) -> Act:
        return SplitTeam(self.validated_data["team"])


class MoveTeamInput(PlaceInput):
    """A team works elsewhere; its visits are gone."""

    example = {"act": "move_team", "team": 12, "constituency": 17}

    kind = ChangeKind.MOVE_TEAM
    team = team_field()

    def given(self) -> Act:
        return MoveTeam(self.validated_data["team"], self.place)


class PinTeamInput(ActInput):
    """What planning again keeps of a team; what is left out stays as it is."""

    example = {"act": "pin_team", "team": 12, "pair": True}

    kind = ChangeKind.PIN_TEAM
    team = team_field()
    pair = flag_field("Whether the two stay together.")
    place = flag_field("Whether the team stays where it is.")

    def given(self) -> Act:
        sent = self.validated_data
        return PinTeam(sent["team"], sent["pair"], sent["place"])


class AssignInterpreterInput(ActInput):
    """Somebody on the owner's list interprets for a team; without a name nobody does."""

    example = {"act": "assign_interpreter", "team": 12, "name": "Leyla Quliyeva"}

    kind = ChangeKind.ASSIGN_INTERPRETER
    team = team_field()
    name = serializers.CharField(max_length=100, required=False, default="", help_text="As on the list of the rules.")

    def given(self) -> Act:
        return AssignInterpreter(self.validated_data["team"], self.validated_data["name"])


class AddVisitInput(HoursInput):
    """A team comes to one more station. Without hours its day is laid anew; with them nothing else moves."""

    example = {"act": "add_visit", "team": 12, "station": "017042"}

    kind = ChangeKind.ADD_VISIT
    team = team_field()
    station = serializers.CharField(max_length=20, help_text="The code of a station.")
    position = NumberField("Which stop of the route it becomes; left out: the one before the last.", required=False)
    visit_kind = serializers.ChoiceField(
        choices=VisitKind.choices, required=False, default=VisitKind.VOTING, help_text="Counts for a visit with hours."
    )

    def given(self) -> Act:
        sent = self.validated_data
        kind = VisitKind(sent["visit_kind"])
        return AddVisit(sent["team"], sent["station"], sent.get("position"), kind, self.hours)


class RemoveVisitInput(ActInput):
    """A team does not come to a stop any more, and its day is laid anew."""

    example = {"act": "remove_visit", "team": 12, "order": 3}

    kind = ChangeKind.REMOVE_VISIT
    team = team_field()
    order = order_field()

    def given(self) -> Act:
        return RemoveVisit(self.validated_data["team"], self.validated_data["order"])


class MoveVisitInput(ActInput):
    """A stop takes another place in the route, and the day is laid anew."""

    example = {"act": "move_visit", "team": 12, "order": 3, "position": 1}

    kind = ChangeKind.MOVE_VISIT
    team = team_field()
    order = order_field()
    position = NumberField("Which stop of the route it becomes.")

    def given(self) -> Act:
        return MoveVisit(*(self.validated_data[name] for name in ("team", "order", "position")))


class ChangeVisitInput(HoursInput):
    """A visit is of another kind, or has other hours; all others stay as they are."""

    example = {"act": "change_visit", "team": 12, "order": 1, "visit_kind": "opening"}

    kind = ChangeKind.CHANGE_VISIT
    team = team_field()
    order = order_field()
    visit_kind = serializers.ChoiceField(choices=VisitKind.choices, required=False, help_text="The new kind.")

    def given(self) -> Act:
        sent = self.validated_data
        kind = VisitKind(sent["visit_kind"]) if "visit_kind" in sent else None
        return ChangeVisit(sent["team"], sent["order"], kind, self.hours)


class PinVisitInput(ActInput):
    """Whether planning again keeps the team's visits to that station."""

    example = {"act": "pin_visit", "team": 12, "order": 1, "is_pinned": True}

    kind = ChangeKind.PIN_VISIT
    team = team_field()
    order = order_field()
    is_pinned = serializers.BooleanField(help_text="Whether it is kept.")

    def given(self) -> Act:
        return PinVisit(*(self.validated_data[name] for name in ("team", "order", "is_pinned")))


ACT_INPUTS: dict[str, type[ActInput]] = {
    one.kind.value: one
    for one in (
        SwapObserversInput,
        MakeTeamInput,
        SplitTeamInput,
        MoveTeamInput,
        PinTeamInput,
        AssignInterpreterInput,
        AddVisitInput,
        RemoveVisitInput,
        MoveVisitInput,
        ChangeVisitInput,
        PinVisitInput,
        MakeAreaInput,
        RenameAreaInput,
        MoveConstituencyInput,
        SuperviseAreaInput,
        MoveAreaTeamsInput,
        MergeAreasInput,
        PinAreaInput,
        ClearAreaInput,
        DissolveAreaInput,
    )
}


def read_act(data: Any) -> Act:
    """The act that was sent, whatever its shape. Raises ValidationError for everything else."""
    asked = data.get("act") if isinstance(data, dict) else None
    shape = ACT_INPUTS.get(asked, ActInput) if isinstance(asked, str) else ActInput
    sent = shape(data=data)
    sent.is_valid(raise_exception=True)
    return sent.given()
