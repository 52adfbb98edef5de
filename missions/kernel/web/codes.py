"""How codes are spelt in answers: the code of a problem is part of its address, every other one is a word.

A problem's `type` ends in kebab-case (`/problems/plan-changed`). Each `code` of an answer, in `errors` or elsewhere,
is in snake_case as the words of enumerations are (`end_before_start`): a nomination file, its result and the findings
that are stored of it say the same word for the same fault.
"""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers


def spelt(code: str) -> str:
    """A code of ours as answers spell it."""
    return code.replace("-", "_")


@extend_schema_field({"type": "string", "pattern": "^[a-z0-9_]*$"})
class CodeField(serializers.CharField):
    """A code in an answer, in whatever spelling it was written or stored."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"help_text": "Stable, for programs.", **options})

    def to_representation(self, value: Any) -> str:
        return spelt(super().to_representation(value))
