"""Texts of pages are looked at as those of the API are."""

import pytest
from django import forms

from missions.kernel.web.forms import PlainForm


class _NoteForm(PlainForm):
    note = forms.CharField(required=False)
    body = forms.CharField(required=False)

    judged_elsewhere = ("body",)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Two lines\r\nand\ta tab, \u0645\u0635\u0631", []),
        ("", []),
        ("abc\u202edef", ["bidi_control"]),
        ("\u2066abc\u2069", ["bidi_control"]),
        ("bell\x07", ["control_character"]),
        ("Ana\u2028Bo", ["control_character"]),
    ],
)
def test_a_text_that_deceives_is_refused_beside_its_field(text: str, codes: list[str]) -> None:
    form = _NoteForm({"note": text})

    assert [error.code for error in form.errors.as_data().get("note", [])] == codes


def test_texts_with_rules_of_their_own_are_left_to_them() -> None:
    assert _NoteForm({"body": "\u2066abc\u2069"}).is_valid()
