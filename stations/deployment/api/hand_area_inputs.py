"""What clients send to change the areas of a draft by hand: one shape for each act."""

from rest_framework import serializers

from stations.deployment.api.hand_fields import ActInput, NumberField, area_field, flag_field, team_field
from stations.deployment.hand_acts import (
    Act,
    ClearArea,
    DissolveArea,
    MakeArea,
    MergeAreas,
    MoveAreaTeams,
    MoveConstituency,
    PinArea,
    RenameArea,
    SuperviseArea,
)
from stations.deployment.states import ChangeKind


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
    area = area_field()
    name = serializers.CharField(max_length=100, help_text="One that no other area of the plan has.")

    def given(self) -> Act:
        return RenameArea(self.validated_data["area"], self.validated_data["name"])


class MoveConstituencyInput(ActInput):
    """A constituency belongs to this area and no other; its teams go with it."""

    example = {"act": "move_constituency", "constituency": 17, "area": 3}

    kind = ChangeKind.MOVE_CONSTITUENCY
    constituency = NumberField("The number of a constituency.")
    area = area_field()

    def given(self) -> Act:
        return MoveConstituency(self.validated_data["constituency"], self.validated_data["area"])


class SuperviseAreaInput(ActInput):
    """A long-term team looks after this area."""

    example = {"act": "supervise_area", "area": 3, "team": 1}

    kind = ChangeKind.SUPERVISE_AREA
    area = area_field()
    team = team_field()

    def given(self) -> Act:
        return SuperviseArea(self.validated_data["area"], self.validated_data["team"])


class MoveAreaTeamsInput(ActInput):
    """All short-term teams of an area work in this constituency; their visits are gone."""

    example = {"act": "move_area_teams", "area": 3, "constituency": 17}

    kind = ChangeKind.MOVE_AREA_TEAMS
    area = area_field()
    constituency = NumberField("The number of a constituency.")

    def given(self) -> Act:
        return MoveAreaTeams(self.validated_data["area"], self.validated_data["constituency"])


class MergeAreasInput(ActInput):
    """An area with its constituencies and teams becomes a part of another."""

    example = {"act": "merge_areas", "area": 3, "into": 4}

    kind = ChangeKind.MERGE_AREAS
    area = area_field()
    into = area_field("The id of the other area.")

    def given(self) -> Act:
        return MergeAreas(self.validated_data["area"], self.validated_data["into"])


class PinAreaInput(ActInput):
    """What planning again keeps of all teams of an area; what is left out stays as it is."""

    example = {"act": "pin_area", "area": 3, "place": True}

    kind = ChangeKind.PIN_AREA
    area = area_field()
    pair = flag_field("Whether each two stay together.")
    place = flag_field("Whether the teams stay where they are.")
    visits = flag_field("Whether all their visits are kept.")

    def given(self) -> Act:
        sent = self.validated_data
        return PinArea(sent["area"], sent["pair"], sent["place"], sent["visits"])


class ClearAreaInput(ActInput):
    """No team of an area has visits any more."""

    example = {"act": "clear_area", "area": 3}

    kind = ChangeKind.CLEAR_AREA
    area = area_field()

    def given(self) -> Act:
        return ClearArea(self.validated_data["area"])


class DissolveAreaInput(ActInput):
    """An area is no more: its constituencies belong to none, and its teams stay where they are."""

    example = {"act": "dissolve_area", "area": 3}

    kind = ChangeKind.DISSOLVE_AREA
    area = area_field()

    def given(self) -> Act:
        return DissolveArea(self.validated_data["area"])
