"""Shape of a letter. Its words are in its file, and nowhere else in the API."""

from drf_spectacular.utils import OpenApiExample, extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accreditation.letters.models import Letter
from accreditation.letters.selectors import standing_of
from accreditation.letters.states import Standing

_EXAMPLE = OpenApiExample(
    "A letter",
    value={
        "id": 17,
        "election": 1,
        "mission": 4,
        "kind": "visa_support",
        "number": "VS-0017/2031",
        "application": 640,
        "accreditation": None,
        "languages": ["az", "en"],
        "standing": "current",
        "replaces": None,
        "issued_at": "2031-01-21T10:00:00Z",
        "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    },
)


@extend_schema_serializer(examples=[_EXAMPLE])
class LetterSerializer(serializers.ModelSerializer[Letter]):
    """One letter under its number."""

    number = serializers.CharField(help_text="As it stands on the letter; unique in the election.")
    application = serializers.IntegerField(
        source="application_id", allow_null=True, help_text="The application that it is about."
    )
    accreditation = serializers.IntegerField(
        source="accreditation_id", allow_null=True, help_text="The accreditation that it is about."
    )
    languages = serializers.SerializerMethodField(help_text="ISO 639-1 codes, the state's own first.")
    standing = serializers.SerializerMethodField(help_text="What the letter is worth now.")
    replaces = serializers.IntegerField(
        source="replaces_id", allow_null=True, help_text="The id of the letter in whose place it was issued."
    )
    sha256 = serializers.CharField(help_text="Of the file as it was issued.")

    class Meta:
        model = Letter
        fields = (
            "id",
            "election",
            "mission",
            "kind",
            "number",
            "application",
            "accreditation",
            "languages",
            "standing",
            "replaces",
            "issued_at",
            "sha256",
        )
        read_only_fields = fields

    def get_languages(self, letter: Letter) -> list[str]:
        return letter.languages.split(",")

    @extend_schema_field(serializers.ChoiceField(choices=Standing.choices))
    def get_standing(self, letter: Letter) -> str:
        return standing_of(letter).value
