"""The small parts of filtering, without a database."""

import pytest
from django import forms
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from missions.kernel.web.filters import DigitsField, FlagFilter, refuse_unknown_parameters


def read(query: str, method: str = "get") -> Request:
    return Request(getattr(APIRequestFactory(), method)(f"/things/?{query}"))


@given(st.integers(0, 10**18 - 1))
def test_every_number_that_fits_is_read_back(number: int) -> None:
    assert DigitsField().clean(str(number)) == number


@pytest.mark.parametrize("text", ["-1", "+1", "01", "1.0", "1e3", "1_0", " 1", "1\n", "١", "²", "0x1", str(10**18)])
def test_any_other_spelling_is_refused(text: str) -> None:
    with pytest.raises(forms.ValidationError):
        DigitsField().clean(text)


@given(st.text(min_size=1))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    try:
        number = DigitsField().clean(text)
    except forms.ValidationError:
        return
    assert str(number) == text


@pytest.mark.parametrize(("word", "flag"), [("true", True), ("false", False)])
def test_a_flag_is_read_from_its_word(word: str, flag: bool) -> None:
    assert FlagFilter(help_text="Whether.").field.clean(word) is flag


def test_parameters_that_are_known_pass() -> None:
    refuse_unknown_parameters(read("a=1&b=x"), known={"a", "b", "c"})


def test_each_other_parameter_is_named_with_its_fault() -> None:
    with pytest.raises(ValidationError) as caught:
        refuse_unknown_parameters(read("a=1&a=2&b=&z=1"), known={"a", "b"})

    assert caught.value.get_codes() == {"a": ["repeated"], "b": ["blank"], "z": ["unknown_parameter"]}
