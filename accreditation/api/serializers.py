"""Shapes of nominations, applications and accreditations. Nothing of a passport is among them."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from accreditation.api import examples
from accreditation.models import Accreditation, Application, Decision, Document, Finding, Nomination, Observer
from accreditation.vetting.sentences import ABOUT_OTHERS, NEUTRAL_CODE, neutral_sentence, sentence_of
from missions.kernel.web.codes import CodeField
from missions.models import User


class PersonSerializer(serializers.ModelSerializer[Observer]):
    """The nominated person."""

    surname = serializers.CharField(help_text="For people with a single name, that name.")
    given_names = serializers.CharField(help_text="Empty for people with a single name.")
    patronymic = serializers.CharField(help_text="Empty where there is none.")
    nationality = serializers.CharField(help_text="Three letters of ISO 3166-1 or ICAO 9303.")
    second_nationality = serializers.CharField(help_text="As `nationality`; empty if there is none.")
    residence_country = serializers.CharField(help_text="As `nationality`; empty if not told.")
    languages = serializers.ListField(child=serializers.CharField(), help_text="ISO 639-1 codes.")
    is_experienced = serializers.BooleanField(help_text="Whether the person has observed before.")

    class Meta:
        model = Observer
        fields = (
            "surname",
            "given_names",
            "patronymic",
            "sex",
            "birth_date",
            "nationality",
            "second_nationality",
            "residence_country",
            "languages",
            "is_experienced",
        )
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.NOMINATION])
class NominationSerializer(serializers.ModelSerializer[Nomination]):
    """A mission proposes a person for a role."""

    person = PersonSerializer(source="observer")
    delegation = serializers.IntegerField(
        source="delegation_id", allow_null=True, help_text="The id of a delegation of the mission."
    )
    political_group = serializers.CharField(
        source="shown_group",
        help_text="In the words of the mission. Empty for none, and for staff of the host who do not nominate.",
    )
    reference = serializers.CharField(help_text="The mission's own reference, unique in the mission.")
    sending_state = serializers.CharField(help_text="The state that sends the person, if one does; may be empty.")
    documents_on = serializers.DateField(help_text="The day on which the mission hands in this person's papers.")
    arrives_on = serializers.DateField(allow_null=True)
    departs_on = serializers.DateField(allow_null=True)
    received_at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = Nomination
        fields = (
            "id",
            "mission",
            "person",
            "delegation",
            "political_group",
            "role",
            "reference",
            "sending_state",
            "documents_on",
            "arrives_on",
            "departs_on",
            "received_at",
        )
        read_only_fields = fields


class DocumentSerializer(serializers.ModelSerializer[Document]):
    """A paper that has arrived."""

    class Meta:
        model = Document
        fields = ("kind", "received_on")
        read_only_fields = fields


class FindingListSerializer(serializers.ListSerializer[Finding]):
    """Findings about other missions' nominations become one neutral line for everybody but the host."""

    def to_representation(self, data: Iterable[Finding]) -> list[dict[str, Any]]:  # type: ignore[override]  # rows
        return lines_shown_to(self.context["request"].user, super().to_representation(data))


def lines_shown_to(user: object, lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The lines of findings that this reader may see; one neutral line stands for those about others."""
    is_host = isinstance(user, User) and user.is_host
    shown = [line for line in lines if is_host or line["code"] not in ABOUT_OTHERS]
    if len(shown) < len(lines):
        shown.append({"code": NEUTRAL_CODE, "sentence": neutral_sentence()})
    return shown


class FindingSerializer(serializers.ModelSerializer[Finding]):
    """Something that vetting noticed."""

    code = CodeField()
    sentence = serializers.SerializerMethodField(help_text="For people, in the language of the request.")

    class Meta:
        model = Finding
        fields = ("code", "sentence")
        read_only_fields = fields
        list_serializer_class = FindingListSerializer

    def get_sentence(self, finding: Finding) -> str:
        return sentence_of(finding.code, finding.evidence, otherwise=finding.sentence)


class DecisionSerializer(serializers.ModelSerializer[Decision]):
    """What the commission decided."""

    ground = serializers.CharField(help_text="The legal ground, a code of the rule profile; empty if accredited.")
    text = serializers.CharField(help_text="The reasons; may be empty if accredited.")

    class Meta:
        model = Decision
        fields = ("outcome", "ground", "text", "decided_at")
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.APPLICATION])
class ApplicationSerializer(serializers.ModelSerializer[Application]):
    """A request for the accreditation of one nominated person."""

    mission = serializers.IntegerField(source="nomination.mission_id")
    name = serializers.CharField(source="observer.full_name", help_text="Surname first.")
    submitted_at = serializers.DateTimeField(allow_null=True, help_text="Null while it is a draft.")
    complete_since = serializers.DateTimeField(
        allow_null=True, help_text="When the last missing paper arrived; the time for the decision runs from here."
    )
    deadline_at = serializers.DateTimeField(
        allow_null=True, help_text="The legal deadline for submission, as it was when submitted."
    )
    decide_by = serializers.DateTimeField(allow_null=True, help_text="The end of the time for the decision.")
    documents = DocumentSerializer(many=True)
    findings = FindingSerializer(many=True, source="open_findings", help_text="Those that are still open.")
    decisions = DecisionSerializer(many=True, help_text="The latest first.")
    version = serializers.IntegerField(help_text="Grows with each change; the ETag.")

    class Meta:
        model = Application
        fields = (
            "id",
            "election",
            "mission",
            "nomination",
            "name",
            "category",
            "state",
            "submitted_at",
            "complete_since",
            "deadline_at",
            "decide_by",
            "documents",
            "findings",
            "decisions",
            "version",
        )
        read_only_fields = fields


@extend_schema_serializer(examples=[examples.ACCREDITATION])
class AccreditationSerializer(serializers.ModelSerializer[Accreditation]):
    """The right of one person to observe one election."""

    mission = serializers.IntegerField(source="application.nomination.mission_id")
    nomination = serializers.IntegerField(source="application.nomination_id")
    name = serializers.CharField(source="observer.full_name", help_text="Surname first.")
    number = serializers.IntegerField(help_text="Unique in the election and category; stands on the badge.")
    version = serializers.IntegerField(
        source="application.version", help_text="Grows with each change of it or its application; the ETag."
    )

    class Meta:
        model = Accreditation
        fields = (
            "id",
            "election",
            "mission",
            "nomination",
            "application",
            "name",
            "category",
            "number",
            "state",
            "valid_from",
            "version",
        )
        read_only_fields = fields
