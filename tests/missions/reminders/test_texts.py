import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from missions.reminders.texts import (
    SUBJECT_MAX_LENGTH,
    TextError,
    problems_of,
    render,
    render_line,
    variables_of,
)

KNOWN = {"mission", "election", "name", "count"}


def codes_of(template: str, *, language: str = "en", is_line: bool = False) -> list[str]:
    return [problem.code for problem in problems_of(template, KNOWN, language=language, is_line=is_line)]


def test_variables_are_the_names_in_braces() -> None:
    assert variables_of("Dear {name}, {count} {count:person|people} of {mission}.") == {"name", "count", "mission"}
    assert variables_of("Nothing asked.") == frozenset()


@pytest.mark.parametrize(
    ("template", "codes"),
    [
        ("Dear {name}, {mission}.", []),
        ("100 % of $mission, %(name)s, <b>", []),
        ("Two\nlines\tand \u2068an isolate\u2069", []),
        ("", ["text-empty"]),
        (" \n ", ["text-empty"]),
        ("x" * 20_001, ["text-too-long"]),
        ("Dear {person}", ["variable-unknown"]),
        ("Dear {nobody} and {person}", ["variable-unknown", "variable-unknown"]),
        ("{mission.secret}", ["place-broken"]),
        ("{mission!r}", ["place-broken"]),
        ("{mission[0]}", ["place-broken"]),
        ("{Mission}", ["place-broken"]),
        ("{0}", ["place-broken"]),
        ("{}", ["place-broken"]),
        ("{{mission}}", ["place-broken"]),
        ("{% load x %}", ["place-broken"]),
        ("{ mission }", ["place-broken"]),
        ("mission}", ["place-broken"]),
        ("{count:{count:a|b}|c}", ["place-broken"]),
        ("{count:person}", ["word-forms-wrong"]),
        ("{count:a|b|c}", ["word-forms-wrong"]),
        ("{count:a|}", ["word-forms-wrong"]),
        ("{count:}", ["word-forms-wrong"]),
        ("bell\x07", ["control-character"]),
        ("carriage\rreturn", ["control-character"]),
        ("overridden \u202e txet", ["control-character"]),
        ("line\u2028separator", ["control-character"]),
        ("half a pair \ud800", ["control-character"]),
    ],
)
def test_problems_are_named_when_a_text_is_saved(template: str, codes: list[str]) -> None:
    assert codes_of(template) == codes


@pytest.mark.parametrize(
    ("template", "codes"),
    [
        ("s" * 200, []),
        ("s" * 201, ["text-too-long"]),
        ("one\ntwo", ["control-character"]),
        ("Hello\r\nBcc: evil@x.example", ["control-character"]),
        ("a\u00a0no-break space", []),
    ],
)
def test_a_subject_is_one_short_line(template: str, codes: list[str]) -> None:
    assert codes_of(template, is_line=True) == codes


@pytest.mark.parametrize(
    ("language", "words", "codes"),
    [
        ("en", "a|b", []),
        ("az", "a|b", []),
        ("fr", "a|b", []),
        ("ru", "a|b|c", []),
        ("ru", "a|b", ["word-forms-wrong"]),
        ("fr", "a|b|c", ["word-forms-wrong"]),
    ],
)
def test_each_language_has_its_number_of_forms(language: str, words: str, codes: list[str]) -> None:
    assert codes_of(f"{{count:{words}}}", language=language) == codes


@pytest.mark.parametrize(
    ("language", "words", "chosen"),
    [
        ("en", "one|other", {0: "other", 1: "one", 2: "other", 21: "other"}),
        ("az", "one|other", {0: "other", 1: "one", 2: "other", 21: "other"}),
        ("fr", "one|other", {0: "one", 1: "one", 2: "other", 1_000_000: "other"}),
        ("ru", "one|few|many", {0: "many", 1: "one", 2: "few", 5: "many", 11: "many", 21: "one", 112: "many"}),
    ],
)
def test_words_follow_the_number(language: str, words: str, chosen: dict[int, str]) -> None:
    template = f"{{count}} {{count:{words}}}"
    rendered = {number: render(template, {"count": number}, language=language) for number in chosen}
    assert rendered == {number: f"{number} {word}" for number, word in chosen.items()}


def test_a_tuple_takes_a_line_for_each_part() -> None:
    assert render("Missing:\n{names}\n", {"names": ("passport", "photo")}) == "Missing:\npassport\nphoto\n"


def test_a_value_is_put_in_once_and_as_it_is() -> None:
    facts = {"name": "{mission} $mission %(mission)s {{x}} <b>&amp;</b>", "mission": "secret"}
    assert render("Dear {name}!", facts) == "Dear {mission} $mission %(mission)s {{x}} <b>&amp;</b>!"


def test_a_value_is_one_line_everywhere() -> None:
    facts = {"name": "Ann\r\nBcc: evil@x.example\n\nA forged paragraph\x00\x1b[0m"}
    assert render("Dear {name},", facts) == "Dear Ann Bcc: evil@x.example A forged paragraph [0m,"
    assert render_line("For {name}", facts) == "For Ann Bcc: evil@x.example A forged paragraph [0m"


def test_a_name_from_right_to_left_is_isolated_from_its_neighbours() -> None:
    assert render("{name} (SCO), 3", {"name": "محمد علی"}) == "\u2068محمد علی\u2069 (SCO), 3"
    assert render("{name}", {"name": "Ann"}) == "Ann"


def test_a_value_cannot_turn_its_neighbours_round() -> None:
    facts = {"name": "gpj\u202e.exe \u2066open isolate \u200f"}
    assert render("{name} attached", facts) == "gpj.exe open isolate attached"


@pytest.mark.parametrize("facts", [{}, {"other": "x"}])
def test_a_missing_value_is_an_error_and_no_gap(facts: dict[str, str]) -> None:
    with pytest.raises(TextError, match="there is no value 'name'"):
        render("Dear {name}", facts)


def test_words_without_a_number_are_an_error() -> None:
    with pytest.raises(TextError, match="the words of 'count' need a number"):
        render("{count:a|b}", {"count": "3"})


def test_a_long_subject_is_cut_with_its_isolate_closed() -> None:
    line = render_line("{name}", {"name": "ب" * 300})
    assert (len(line), line[0], line[-2:]) == (SUBJECT_MAX_LENGTH, "\u2068", "…\u2069")
    assert render_line("{name}", {"name": "b" * 300}) == "b" * 198 + "…"
    assert render_line("{name}", {"name": "b" * 200}) == "b" * 200


@given(value=st.text(max_size=300))
def test_no_value_whatever_breaks_a_subject(value: str) -> None:
    line = render_line("A {name} z", {"name": value})
    assert len(line) <= SUBJECT_MAX_LENGTH
    assert not {unicodedata.category(char) for char in line} & {"Cc", "Cs", "Zl", "Zp"}
    assert problems_of(line.replace("{", "").replace("}", ""), (), is_line=True) == ()
    assert line.count("\u2068") == line.count("\u2069")
