"""The fields that the acts on a draft have in common, and the shapes that they build on."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from missions.kernel.web.inputs import InputSerializer, InstantField
from stations.deployment.hand_acts import Act, Hours, Place
from stations.deployment.states import ChangeKind

_MOST = 2**31 - 1


class NumberField(serializers.IntegerField):
    """A key or a number of something."""

    def __init__(self, help_text: str, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=_MOST, help_text=help_text, **kwargs)


def team_field() -> NumberField:
    return NumberField("The number of a team of the plan.")


def area_field(help_text: str = "The id of an area of the plan.") -> NumberField:
    return NumberField(help_text)


def order_field() -> NumberField:
    return NumberField("The place of the visit in the team's route.")


def flag_field(help_text: str) -> serializers.BooleanField:
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
