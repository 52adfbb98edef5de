"""Shapes of samples, their stations, what is asked for, and what came out when one was drawn again."""

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from missions.kernel.web.inputs import InputSerializer
from stations.deployment.samples.models import SampledStation, SampleStratum, StationSample
from stations.deployment.samples.selectors import margin_permille
from stations.deployment.samples.services.draws import SampleWish
from stations.deployment.samples.states import FramePart, Stratifier

_LARGEST_ID = 10**18 - 1
_MOST_STATIONS = 2**31 - 1
_SAMPLE = OpenApiExample(
    "A locked sample",
    value={
        "id": 3,
        "election": 1,
        "mission": 4,
        "number": 1,
        "state": "locked",
        "part": "home",
        "stratifiers": ["region", "settlement"],
        "wanted_margin_permille": 30,
        "margin_permille": 30,
        "size": 918,
        "minimum": 2,
        "reserve_percent": 50,
        "seed": "61fb0e5a8c2d4479",
        "register_version": 2,
        "frame_size": 6537,
        "frame_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "drawn_at": "2031-01-20T09:00:00Z",
        "locked_at": "2031-01-28T09:00:00Z",
        "strata": [{"values": ["North", "urban"], "size": 412, "drawn": 58}],
        "version": 2,
    },
    response_only=True,
)
_STATION = OpenApiExample(
    "A station that took another's place",
    value={
        "id": 77,
        "sample": 3,
        "stratum_values": ["North", "urban"],
        "station": 2048,
        "station_code": "017042",
        "station_name": "Polling station 42",
        "rank": 59,
        "place": "drawn",
        "stands_for": 31,
        "replaced_at": None,
        "reason": "",
    },
    response_only=True,
)
_VERIFICATION = OpenApiExample(
    "A sample that holds",
    value={
        "holds": True,
        "is_frame_intact": True,
        "differing": [],
        "out_of_turn": [],
        "register": {"added": 2, "gone": 0, "moved": 1},
    },
    response_only=True,
)


class StratumSerializer(serializers.ModelSerializer[SampleStratum]):
    """Stations that share a value of each stratifier."""

    values = serializers.ListField(
        child=serializers.CharField(), help_text="One for each stratifier, in its order; of a region its name."
    )
    size = serializers.IntegerField(help_text="Stations of the frame.")
    drawn = serializers.IntegerField(help_text="Stations of the sample.")

    class Meta:
        model = SampleStratum
        fields = ("values", "size", "drawn")
        read_only_fields = fields


@extend_schema_serializer(examples=[_SAMPLE])
class StationSampleSerializer(serializers.ModelSerializer[StationSample]):
    """A draw of stations with everything that is needed to repeat it."""

    mission = serializers.IntegerField(
        source="mission_id", allow_null=True, help_text="Null: the pool of the host-coordinated missions."
    )
    number = serializers.IntegerField(help_text="Counts the samples of this mission, or of the pool.")
    part = serializers.ChoiceField(
        source="frame_part", choices=FramePart.choices, help_text="The part of the register that it was drawn from."
    )
    stratifiers = serializers.ListField(child=serializers.ChoiceField(choices=Stratifier.choices))
    wanted_margin_permille = serializers.IntegerField(
        source="margin_permille", allow_null=True, help_text="In tenths of a point; null if a size was asked for."
    )
    margin_permille = serializers.SerializerMethodField(
        help_text="Of a simple random sample of this size near one half, with 95 % confidence, in tenths of a point."
    )
    size = serializers.IntegerField(help_text="Stations of the sample.")
    minimum = serializers.IntegerField(help_text="The least of each stratum, as far as it has them.")
    reserve_percent = serializers.IntegerField(help_text="Of the stations of a stratum.")
    register_version = serializers.IntegerField(help_text="The version of the register that it was drawn from.")
    frame_size = serializers.IntegerField(help_text="Stations that it was drawn from.")
    locked_at = serializers.DateTimeField(allow_null=True, help_text="From then on it is final.")
    strata = StratumSerializer(many=True)
    version = serializers.IntegerField(help_text="Grows with each change; the ETag.")

    class Meta:
        model = StationSample
        fields = (
            "id",
            "election",
            "mission",
            "number",
            "state",
            "part",
            "stratifiers",
            "wanted_margin_permille",
            "margin_permille",
            "size",
            "minimum",
            "reserve_percent",
            "seed",
            "register_version",
            "frame_size",
            "frame_sha256",
            "drawn_at",
            "locked_at",
            "strata",
            "version",
        )
        read_only_fields = fields

    def get_margin_permille(self, sample: StationSample) -> int:
        return margin_permille(sample)


@extend_schema_serializer(examples=[_STATION])
class SampledStationSerializer(serializers.ModelSerializer[SampledStation]):
    """A station with its rank in its stratum."""

    stratum_values = serializers.ListField(source="stratum.values", child=serializers.CharField())
    station_code = serializers.CharField(source="station.code")
    station_name = serializers.CharField(source="station.name")
    rank = serializers.IntegerField(help_text="In its stratum, from 1; the reserve is used in this order.")
    stands_for = serializers.IntegerField(
        source="stands_for_id", allow_null=True, help_text="The sampled station whose place it took."
    )
    replaced_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField(help_text="Why it was replaced; empty if it was not.")

    class Meta:
        model = SampledStation
        fields = (
            "id",
            "sample",
            "stratum_values",
            "station",
            "station_code",
            "station_name",
            "rank",
            "place",
            "stands_for",
            "replaced_at",
            "reason",
        )
        read_only_fields = fields


class SampleInput(InputSerializer):
    """Whose sample, from what, and how large. Either a size or a margin."""

    example = {"mission": 4, "stratifiers": ["region"], "margin_permille": 50, "reserve_percent": 50}

    mission = serializers.IntegerField(
        min_value=1,
        max_value=_LARGEST_ID,
        required=False,
        allow_null=True,
        help_text="A self-directed mission; null or absent for the pool, and then the election is needed.",
    )
    election = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, required=False, allow_null=True)
    part = serializers.ChoiceField(choices=FramePart.choices, default=FramePart.ALL.value)
    stratifiers = serializers.ListField(
        child=serializers.ChoiceField(choices=Stratifier.choices), required=False, default=list, max_length=6
    )
    size = serializers.IntegerField(min_value=1, max_value=_MOST_STATIONS, required=False, allow_null=True)
    margin_permille = serializers.IntegerField(
        min_value=1, max_value=500, required=False, allow_null=True, help_text="In tenths of a point: 30 is ±3."
    )
    minimum = serializers.IntegerField(min_value=0, max_value=_MOST_STATIONS, default=1)
    reserve_percent = serializers.IntegerField(min_value=0, max_value=1_000, default=50)
    seed = serializers.CharField(
        max_length=64, required=False, allow_blank=True, default="", help_text="Empty: one that nobody could foresee."
    )

    def wish(self) -> SampleWish:
        """What was asked for, as the service takes it."""
        values = self.validated_data
        return SampleWish(
            part=FramePart(values["part"]),
            stratifiers=tuple(Stratifier(each) for each in values["stratifiers"]),
            margin_permille=values.get("margin_permille"),
            size=values.get("size"),
            minimum=values["minimum"],
            reserve_percent=values["reserve_percent"],
            seed=values["seed"],
        )


class NothingInput(InputSerializer):
    """An act that asks nothing."""


class DiscardInput(InputSerializer):
    """Perhaps why; the history keeps it."""

    example = {"reason": "Drawn again with another margin."}

    reason = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")


class StationReplacementInput(InputSerializer):
    """Which station cannot be visited, and why."""

    example = {"station": 2048, "reason": "The road is closed."}

    station = serializers.IntegerField(min_value=1, max_value=_LARGEST_ID, help_text="A station of the sample.")
    reason = serializers.CharField(max_length=2000)


class RegisterChangesSerializer(serializers.Serializer[object]):
    """How the register differs now from what the sample was drawn from."""

    added = serializers.IntegerField()
    gone = serializers.IntegerField()
    moved = serializers.IntegerField(help_text="Stations that belong to another stratum now.")


@extend_schema_serializer(examples=[_VERIFICATION])
class SampleVerificationSerializer(serializers.Serializer[object]):
    """What came out when the sample was drawn again from its own frame and seed."""

    holds = serializers.BooleanField(help_text="Whether it is what its seed draws, mended by the rule.")
    is_frame_intact = serializers.BooleanField(help_text="Whether the kept frame has the digest noted at the draw.")
    differing = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of stations with another rank or place than the draw gives."
    )
    out_of_turn = serializers.ListField(
        child=serializers.CharField(), help_text="Codes of stations that left the reserve before their turn."
    )
    register = RegisterChangesSerializer()
