"""What clients send to change a draft by hand: one shape for each act."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from missions.kernel.web.inputs import InputSerializer, InstantField
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
from stations.deployment.states import ChangeKind, VisitKind

_MOST = 2**31 - 1


class NumberField(serializers.IntegerField):
    """A key or a number of something."""

    def __init__(self, help_text: str, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=_MOST, help_text=help_text, **kwargs)


def _team() -> NumberField:
    return NumberField("The number of a team of the plan.")


def _area(help_text: str = "The id of an area of the plan.") -> NumberField:
    return NumberField(help_text)


def _order() -> NumberField:
    return NumberField("The place of the visit in the team's route.")


def _flag(help_text: str) -> serializers.BooleanField:
    return serializers.BooleanField(required=False, allow_null=True, default=None, help_text=help_text)


class ActInput(InputSerializer):
    """One act on a draft."""

    kind: ClassVar[ChangeKind]

    act = serializers.ChoiceField(choices=ChangeKind.choices, help_text="What is done.")

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Each shape takes its own act alone, and says so in the description."""
        fields = super().get_fields()
        if own := getattr(self, "kind", None):
            act = serializers.ChoiceField(choices=[own.value])
            described: Any = extend_schema_field({"type": "string", "const": own.value})
            fields["act"] = described(act)
        return fields

    def given(self) -> Act:
        """The act as a value."""
        raise NotImplementedError


class PlaceInput(ActInput):
    """Where a team works: one of the three is given."""

    constituency = NumberField("The number of a constituency, for a team at home.", required=False)
    area = NumberField("The id of an area, for a long-term team.", required=False)
    country = serializers.CharField(required=False, max_length=3, help_text="ISO 3166-1 alpha-3, for a team abroad.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs.keys() & {"constituency", "area", "country"}) != 1:
            raise serializers.ValidationError("Give one of constituency, area and country.", code="one_place")
        return attrs

    @property
    def place(self) -> Place:
        sent = self.validated_data
        return Place(sent.get("constituency"), sent.get("area"), sent.get("country", ""))


class HoursInput(ActInput):
    """When a visit begins and ends: both or none."""

    arrives_at = InstantField(required=False, help_text="With its offset.")
    leaves_at = InstantField(required=False, help_text="With its offset.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("arrives_at" in attrs) != ("leaves_at" in attrs):
            raise serializers.ValidationError("Give both arrives_at and leaves_at, or none.", code="both_hours")
        return attrs

    @property
    def hours(self) -> Hours | None:
        sent = self.validated_data
        return Hours(sent["arrives_at"], sent["leaves_at"]) if "arrives_at" in sent else None


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
    team = _team()

    def given(self) -> Act:
        return SplitTeam(self.validated_data["team"])


class MoveTeamInput(PlaceInput):
    """A team works elsewhere; its visits are gone."""

    example = {"act": "move_team", "team": 12, "constituency": 17}

    kind = ChangeKind.MOVE_TEAM
    team = _team()

    def given(self) -> Act:
        return MoveTeam(self.validated_data["team"], self.place)


class PinTeamInput(ActInput):
    """What planning again keeps of a team; what is left out stays as it is."""

    example = {"act": "pin_team", "team": 12, "pair": True}

    kind = ChangeKind.PIN_TEAM
    team = _team()
    pair = _flag("Whether the two stay together.")
    place = _flag("Whether the team stays where it is.")

    def given(self) -> Act:
        sent = self.validated_data
        return PinTeam(sent["team"], sent["pair"], sent["place"])


class AssignInterpreterInput(ActInput):
    """Somebody on the owner's list interprets for a team; without a name nobody does."""

    example = {"act": "assign_interpreter", "team": 12, "name": "Leyla Quliyeva"}

    kind = ChangeKind.ASSIGN_INTERPRETER
    team = _team()
    name = serializers.CharField(max_length=100, required=False, default="", help_text="As on the list of the rules.")

    def given(self) -> Act:
        return AssignInterpreter(self.validated_data["team"], self.validated_data["name"])


class AddVisitInput(HoursInput):
    """A team comes to one more station. Without hours its day is laid anew; with them nothing else moves."""

    example = {"act": "add_visit", "team": 12, "station": "017042"}

    kind = ChangeKind.ADD_VISIT
    team = _team()
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
    team = _team()
    order = _order()

    def given(self) -> Act:
        return RemoveVisit(self.validated_data["team"], self.validated_data["order"])


class MoveVisitInput(ActInput):
    """A stop takes another place in the route, and the day is laid anew."""

    example = {"act": "move_visit", "team": 12, "order": 3, "position": 1}

    kind = ChangeKind.MOVE_VISIT
    team = _team()
    order = _order()
    position = NumberField("Which stop of the route it becomes.")

    def given(self) -> Act:
        return MoveVisit(*(self.validated_data[name] for name in ("team", "order", "position")))


class ChangeVisitInput(HoursInput):
    """A visit is of another kind, or has other hours; all others stay as they are."""

    example = {"act": "change_visit", "team": 12, "order": 1, "visit_kind": "opening"}

    kind = ChangeKind.CHANGE_VISIT
    team = _team()
    order = _order()
    visit_kind = serializers.ChoiceField(choices=VisitKind.choices, required=False, help_text="The new kind.")

    def given(self) -> Act:
        sent = self.validated_data
        kind = VisitKind(sent["visit_kind"]) if "visit_kind" in sent else None
        return ChangeVisit(sent["team"], sent["order"], kind, self.hours)


class PinVisitInput(ActInput):
    """Whether planning again keeps the team's visits to that station."""

    example = {"act": "pin_visit", "team": 12, "order": 1, "is_pinned": True}

    kind = ChangeKind.PIN_VISIT
    team = _team()
    order = _order()
    is_pinned = serializers.BooleanField(help_text="Whether it is kept.")

    def given(self) -> Act:
        return PinVisit(*(self.validated_data[name] for name in ("team", "order", "is_pinned")))


class MakeAreaInput(ActInput):
    """A new area begins with a constituency, whose teams go with it; a long-term team may look after it."""

    example = {"act": "make_area", "name": "North coast", "constituency": 17, "team": 1}

    kind = ChangeKind.MAKE_AREA
    name = serializers.CharField(max_length=100, help_text="One that no other area of the plan has.")
    constituency = NumberField("The number of a constituency.")
    team = NumberField("The number of a long-term team.", required=False)

    def given(self) -> Act:
        sent = self.validated_data
        return MakeArea(sent["name"], sent["constituency"], sent.get("team"))


class RenameAreaInput(ActInput):
    """An area has another name."""

    example = {"act": "rename_area", "area": 3, "name": "North coast"}

    kind = ChangeKind.RENAME_AREA
    area = _area()
    name = serializers.CharField(max_length=100, help_text="One that no other area of the plan has.")

    def given(self) -> Act:
        return RenameArea(self.validated_data["area"], self.validated_data["name"])


class MoveConstituencyInput(ActInput):
    """A constituency belongs to this area and no other; its teams go with it."""

    example = {"act": "move_constituency", "constituency": 17, "area": 3}

    kind = ChangeKind.MOVE_CONSTITUENCY
    constituency = NumberField("The number of a constituency.")
    area = _area()

    def given(self) -> Act:
        return MoveConstituency(self.validated_data["constituency"], self.validated_data["area"])


class SuperviseAreaInput(ActInput):
    """A long-term team looks after this area."""

    example = {"act": "supervise_area", "area": 3, "team": 1}

    kind = ChangeKind.SUPERVISE_AREA
    area = _area()
    team = _team()

    def given(self) -> Act:
        return SuperviseArea(self.validated_data["area"], self.validated_data["team"])


class MoveAreaTeamsInput(ActInput):
    """All short-term teams of an area work in this constituency; their visits are gone."""

    example = {"act": "move_area_teams", "area": 3, "constituency": 17}

    kind = ChangeKind.MOVE_AREA_TEAMS
    area = _area()
    constituency = NumberField("The number of a constituency.")

    def given(self) -> Act:
        return MoveAreaTeams(self.validated_data["area"], self.validated_data["constituency"])


class MergeAreasInput(ActInput):
    """An area with its constituencies and teams becomes a part of another."""

    example = {"act": "merge_areas", "area": 3, "into": 4}

    kind = ChangeKind.MERGE_AREAS
    area = _area()
    into = _area("The id of the other area.")

    def given(self) -> Act:
        return MergeAreas(self.validated_data["area"], self.validated_data["into"])


class PinAreaInput(ActInput):
    """What planning again keeps of all teams of an area; what is left out stays as it is."""

    example = {"act": "pin_area", "area": 3, "place": True}

    kind = ChangeKind.PIN_AREA
    area = _area()
    pair = _flag("Whether each two stay together.")
    place = _flag("Whether the teams stay where they are.")
    visits = _flag("Whether all their visits are kept.")

    def given(self) -> Act:
        sent = self.validated_data
        return PinArea(sent["area"], sent["pair"], sent["place"], sent["visits"])


class ClearAreaInput(ActInput):
    """No team of an area has visits any more."""

    example = {"act": "clear_area", "area": 3}

    kind = ChangeKind.CLEAR_AREA
    area = _area()

    def given(self) -> Act:
        return ClearArea(self.validated_data["area"])


class DissolveAreaInput(ActInput):
    """An area is no more: its constituencies belong to none, and its teams stay where they are."""

    example = {"act": "dissolve_area", "area": 3}

    kind = ChangeKind.DISSOLVE_AREA
    area = _area()

    def given(self) -> Act:
        return DissolveArea(self.validated_data["area"])


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
