"""Shapes of elections, constituencies, missions, invitations, and of the caller."""

from collections.abc import Sequence
from dataclasses import dataclass

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from missions.api import examples
from missions.api.fields import LocalTimeField
from missions.models import (
    ApiToken,
    Constituency,
    Delegation,
    Election,
    Invitation,
    Membership,
    Mission,
    MissionHead,
    Organization,
    TokenScope,
    User,
)
from missions.states import DeploymentMode, Inviter, PlanSharing


@extend_schema_serializer(examples=[examples.ELECTION])
class ElectionSerializer(serializers.ModelSerializer[Election]):
    """One vote."""

    host_country = serializers.CharField(help_text="ISO 3166-1 alpha-3.")
    e_day = serializers.DateField(help_text="Election day in the host's time zone.")
    called_on = serializers.DateField(allow_null=True, help_text="The day on which the election was called.")
    time_zone = serializers.CharField(help_text="IANA name; offsets from election day are counted in this zone.")
    opens_at = LocalTimeField(help_text="Local time at which polls open at home.")
    closes_at = LocalTimeField(help_text="Local time at which polls close at home.")
    profile_code = serializers.CharField(help_text="The rule profile that applies; empty if none is chosen yet.")
    results_published_at = serializers.DateTimeField(
        allow_null=True, help_text="When the results were officially published; null before."
    )

    class Meta:
        model = Election
        fields = (
            "id",
            "code",
            "name",
            "host_country",
            "e_day",
            "called_on",
            "time_zone",
            "opens_at",
            "closes_at",
            "profile_code",
            "results_published_at",
        )
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.CONSTITUENCY])
class ConstituencySerializer(serializers.ModelSerializer[Constituency]):
    """The area of one constituency commission."""

    number = serializers.IntegerField(help_text="Unique in the election; other resources name constituencies by it.")
    commission_name = serializers.CharField(source="commission.name", help_text="Its constituency commission.")
    languages = serializers.ListField(
        child=serializers.CharField(), help_text="ISO 639-1 codes of the languages spoken there."
    )

    class Meta:
        model = Constituency
        fields = ("id", "election", "number", "name", "region", "commission_name", "languages")
        read_only_fields = fields


class OrganizationSerializer(serializers.ModelSerializer[Organization]):
    """A sender of observers."""

    country = serializers.CharField(help_text="ISO 3166-1 alpha-3; empty for organizations of several countries.")

    class Meta:
        model = Organization
        fields = ("acronym", "name", "kind", "country")
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.INVITATION])
class InvitationSerializer(serializers.ModelSerializer[Invitation]):
    """The note by which one authority of the host invites one organization, and the reply to it."""

    organization = OrganizationSerializer()
    inviter = serializers.ChoiceField(choices=Inviter.choices, help_text="Which authority invites.")
    note_number = serializers.CharField(help_text="Number of the diplomatic note; empty until it is sent.")
    note_date = serializers.DateField(allow_null=True, help_text="Date of the diplomatic note.")
    addressee = serializers.CharField(help_text="To whom the note is addressed; may be empty.")
    ceiling = serializers.IntegerField(allow_null=True, help_text="Places that the note grants; null: no ceiling.")
    reply_by = serializers.DateField(
        allow_null=True, help_text="The last day for the reply in the host's zone; null: the note names none."
    )
    replied_on = serializers.DateField(allow_null=True, help_text="When the organization accepted or declined.")

    class Meta:
        model = Invitation
        fields = (
            "id",
            "election",
            "organization",
            "inviter",
            "state",
            "note_number",
            "note_date",
            "addressee",
            "ceiling",
            "reply_by",
            "replied_on",
        )
        read_only_fields = fields


class MissionHeadSerializer(serializers.ModelSerializer[MissionHead]):
    """Somebody who leads the mission and speaks for it."""

    class Meta:
        model = MissionHead
        fields = ("name", "title")
        read_only_fields = fields


class DelegationSerializer(serializers.ModelSerializer[Delegation]):
    """A group inside the mission."""

    head_name = serializers.CharField(help_text="Who leads the delegation; may be empty.")

    class Meta:
        model = Delegation
        fields = ("id", "name", "head_name")
        read_only_fields = fields


class ParentMissionSerializer(serializers.ModelSerializer[Mission]):
    """The joint mission that this one is part of, by name only: it is not necessarily the caller's."""

    class Meta:
        model = Mission
        fields = ("code", "name")
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.MISSION])
class MissionSerializer(serializers.ModelSerializer[Mission]):
    """One organization's observation of one election."""

    organization = OrganizationSerializer(allow_null=True, help_text="The sender; null for a joint mission.")
    parent = ParentMissionSerializer(allow_null=True, help_text="The joint mission that this one is part of, if any.")
    heads = MissionHeadSerializer(many=True, help_text="Who leads; a joint mission may have several heads.")
    delegations = DelegationSerializer(many=True)
    deployment_mode = serializers.ChoiceField(
        choices=DeploymentMode.choices,
        help_text="Who plans the deployment: the mission by itself, or the host in the pool of all such missions.",
    )
    plan_sharing = serializers.ChoiceField(
        choices=PlanSharing.choices, help_text="What the host sees of a self-directed mission's plan."
    )
    template_code = serializers.CharField(help_text="The template of the timeline; empty if none is chosen.")
    ceiling = serializers.IntegerField(allow_null=True, help_text="Places granted by invitation; null: no ceiling.")
    places_taken = serializers.IntegerField(help_text="Places that nominations take; never more than the ceiling.")
    accredited = serializers.IntegerField(
        source="head_count.accredited", help_text="International observers of the mission who are accredited now."
    )
    arrived = serializers.IntegerField(
        source="head_count.arrived", help_text="International observers of the mission who have arrived."
    )

    class Meta:
        model = Mission
        fields = (
            "id",
            "election",
            "code",
            "name",
            "kind",
            "organization",
            "parent",
            "heads",
            "delegations",
            "deployment_mode",
            "plan_sharing",
            "template_code",
            "ceiling",
            "places_taken",
            "accredited",
            "arrived",
        )
        read_only_fields = fields


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls, for which missions, and with which token."""

    user: User
    memberships: Sequence[Membership]
    token: ApiToken


class OwnMissionSerializer(serializers.ModelSerializer[Membership]):
    """A mission that the caller acts for."""

    id = serializers.IntegerField(source="mission_id", help_text="The id of the mission.")
    code = serializers.CharField(source="mission.code")
    name = serializers.CharField(source="mission.name")

    class Meta:
        model = Membership
        fields = ("id", "code", "name", "role")
        read_only_fields = fields


class TokenSerializer(serializers.ModelSerializer[ApiToken]):
    """The token of this request. The token itself is kept nowhere, only its digest."""

    scope = serializers.ChoiceField(choices=TokenScope.choices, help_text="What the token may do.")
    created_at = serializers.DateTimeField(source="created")
    expires_at = serializers.DateTimeField(source="expiry", allow_null=True, help_text="Null: it does not expire.")
    last_used_at = serializers.DateTimeField(help_text="To within five minutes.")

    class Meta:
        model = ApiToken
        fields = ("name", "scope", "created_at", "expires_at", "last_used_at")
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.ME])
class MeSerializer(serializers.Serializer[Caller]):
    """The caller."""

    email = serializers.EmailField(source="user.email")
    name = serializers.CharField(source="user.get_full_name", help_text="May be empty.")
    is_host = serializers.BooleanField(
        source="user.is_host", help_text="Whether the caller works for the host: the ministry or a commission."
    )
    missions = OwnMissionSerializer(source="memberships", many=True, help_text="The missions the caller acts for.")
    token = TokenSerializer()
