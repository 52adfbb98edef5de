"""Bodies of requests: unknown fields are refused, and every example is a body that is taken."""

from collections.abc import Iterator

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework import serializers

import config.api  # noqa: F401 - the inputs are known once the addresses are
from missions.kernel.web.inputs import InputSerializer


def _all(kind: type[InputSerializer]) -> Iterator[type[InputSerializer]]:
    for one in kind.__subclasses__():
        yield one
        yield from _all(one)


def _is_own(kind: type[InputSerializer]) -> bool:
    return not kind.__module__.startswith("tests.")


INPUTS = sorted(filter(_is_own, set(_all(InputSerializer))), key=lambda kind: f"{kind.__module__}.{kind.__name__}")
ILLUSTRATED = [kind for kind in INPUTS if kind.example]


@pytest.mark.parametrize("kind", ILLUSTRATED, ids=lambda kind: kind.__name__)
def test_the_example_is_a_body_that_is_taken(kind: type[InputSerializer]) -> None:
    blank = kind()
    body = dict(kind.example)
    for name, field in blank.fields.items():
        if isinstance(field, serializers.FileField) and name in body:
            body[name] = SimpleUploadedFile("file", b"content")

    sent = kind(data=body)

    assert sent.is_valid(), sent.errors


def test_a_word_that_is_no_choice_is_answered_with_all_of_them() -> None:
    class Wish(InputSerializer):
        size = serializers.ChoiceField(choices=[("s", "small"), ("l", "large")])

    sent = Wish(data={"size": "xl"})

    assert not sent.is_valid()
    assert sent.errors["size"] == ['"xl" is not a valid choice. Choose one of: s, l.']


def test_what_is_not_named_is_refused_by_its_name() -> None:
    sent = InputSerializer(data={"b": 1, "a": 2})

    assert not sent.is_valid()
    assert {name: [error.code for error in errors] for name, errors in sent.errors.items()} == {
        "a": ["unknown_field"],
        "b": ["unknown_field"],
    }
