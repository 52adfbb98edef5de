"""Bodies of requests: unknown fields are refused, and every example is a body that is taken."""

from collections.abc import Iterator, Mapping
from typing import Any

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


class _Letter(InputSerializer):
    name = serializers.CharField()
    words = serializers.ListField(child=serializers.CharField(), required=False)
    texts = serializers.DictField(child=serializers.CharField(), required=False)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({"name": "Ana\u202ecod.exe"}, {"name": ["bidi_control"]}),
        ({"name": "Ana\u2066"}, {"name": ["bidi_control"]}),
        ({"name": "bell\x07"}, {"name": ["control_character"]}),
        ({"name": "nothing\x00"}, {"name": ["null_characters_not_allowed"]}),
        ({"name": "half\ud800"}, {"name": ["surrogate_characters_not_allowed"]}),
        ({"name": "a", "words": ["b", "\u202a"]}, {"words": ["bidi_control"]}),
        ({"name": "a", "texts": {"en": "\x1b[2J"}}, {"texts": ["control_character"]}),
        ({"name": "one\r\ntwo\n\tthree \u200f\u05d0\u200c \u0905\u094d\u200d"}, {}),
    ],
)
def test_a_text_has_no_character_that_deceives(body: dict[str, object], codes: dict[str, list[str]]) -> None:
    sent = _Letter(data=body)

    assert sent.is_valid() is (codes == {})
    assert {name: list(_codes_in(errors)) for name, errors in sent.errors.items()} == codes


def _codes_in(errors: Any) -> Iterator[str]:
    """The codes, also of lists and objects that name the place of the fault."""
    if isinstance(errors, Mapping):
        for inner in errors.values():
            yield from _codes_in(inner)
    else:
        for error in errors:
            yield error.code


@pytest.mark.parametrize("kind", INPUTS, ids=lambda kind: kind.__name__)
def test_every_text_that_is_taken_is_looked_at(kind: type[InputSerializer]) -> None:
    texts = dict(_texts(kind()))

    assert [name for name, text in texts.items() if "bidi_control" not in _refusals(text)] == []


def _texts(field: Any, name: str = "") -> Iterator[tuple[str, serializers.CharField]]:
    if isinstance(field, serializers.Serializer):
        for inner, one in field.fields.items():
            yield from _texts(one, f"{name}.{inner}")
    elif isinstance(field, serializers.ListSerializer | serializers.ListField | serializers.DictField):
        yield from _texts(field.child, f"{name}.")
    elif isinstance(field, serializers.CharField):
        yield name, field


def _refusals(text: serializers.CharField) -> set[str]:
    try:
        text.run_validators("\u202e")
    except serializers.ValidationError as refused:
        return set(_codes_in(refused.detail))
    return set()


def test_what_is_not_named_is_refused_by_its_name() -> None:
    sent = InputSerializer(data={"b": 1, "a": 2})

    assert not sent.is_valid()
    assert {name: [error.code for error in errors] for name, errors in sent.errors.items()} == {
        "a": ["unknown_field"],
        "b": ["unknown_field"],
    }
