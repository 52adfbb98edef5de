"""Shapes of the own settings of mails."""

from dataclasses import dataclass
from datetime import time

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from missions.kernel.web.inputs import InputSerializer
from missions.models import Mission
from missions.states import MailLanguage

_DIGEST = {"mission": 4, "local_time": "18:00", "time_zone": "Etc/GMT-4"}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """In which language somebody is written to, and the missions that they act for, each with `digest_choice`."""

    language: str
    missions: tuple[Mission, ...]

    @property
    def digests(self) -> tuple["DigestSetting", ...]:
        """The rhythm of each mission."""
        return tuple(DigestSetting.of(mission) for mission in self.missions)


@dataclass(frozen=True, slots=True)
class DigestSetting:
    """The rhythm of a mission's mails; None: each by itself."""

    mission: int
    local_time: time | None
    time_zone: str

    @classmethod
    def of(cls, mission: Mission) -> "DigestSetting":
        choice = getattr(mission, "digest_choice", None)
        return cls(mission.pk, choice.local_time if choice else None, mission.election.time_zone)


@extend_schema_serializer(examples=[OpenApiExample("A rhythm", value=_DIGEST)])
class DigestSettingSerializer(serializers.Serializer[DigestSetting]):
    """When the mails of a mission come."""

    mission = serializers.IntegerField(help_text="The id of the mission.")
    local_time = serializers.TimeField(
        format="%H:%M", allow_null=True, help_text="One mail a day at this hour; null: each mail by itself."
    )
    time_zone = serializers.CharField(help_text="Whose clocks: those of the host; IANA name.")


@extend_schema_serializer(examples=[OpenApiExample("Own mails", value={"language": "az", "digests": [_DIGEST]})])
class MailSettingsSerializer(serializers.Serializer[MailSettings]):
    """How the caller is written to."""

    language = serializers.ChoiceField(choices=MailLanguage.choices)
    digests = DigestSettingSerializer(many=True)


class LanguageInput(InputSerializer):
    """In which language to be written to."""

    example = {"language": "az"}

    language = serializers.ChoiceField(choices=MailLanguage.choices)


class DigestInput(InputSerializer):
    """At which hour the one mail a day comes."""

    example = {"local_time": "18:00"}

    local_time = serializers.TimeField(
        format="%H:%M", input_formats=["%H:%M"], help_text='By the clocks of the host, for example "18:00".'
    )
