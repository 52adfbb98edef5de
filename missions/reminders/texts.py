"""Texts with places for values, as staff write them: a language of its own that can do nothing but name values.

A place is a name in braces: `{mission}`. After a number, words follow it: `{count:person|people}` puts the word
that the language wants, in the order of `WORD_FORMS`. There is nothing else: no fields of objects, no filters, no
escapes. A value is put in once and as it is, so that braces or dollars in a name of a mission mean nothing.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from babel import Locale
from django.utils.translation import gettext as _

#: What stands in a place: a line, a number (for itself, or to choose words), or a list that takes a line for each.
Fact = str | int | tuple[str, ...]
Facts = Mapping[str, Fact]

SUBJECT_MAX_LENGTH = 200
BODY_MAX_LENGTH = 20_000
#: For which numbers each language has words of its own, in the order in which they are written.
WORD_FORMS: Mapping[str, tuple[str, ...]] = {
    "en": ("one", "other"),
    "az": ("one", "other"),
    "ru": ("one", "few", "many"),
    "fr": ("one", "other"),
}

_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)(?::([^{}]*))?\}")
_BRACE = re.compile(r"[{}]")
# Isolates may be written on purpose, around a name of another direction; embeddings and overrides only deceive.
_REFUSED_IN_LINE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]")
_REFUSED_IN_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\ud800-\udfff\ufff9-\ufffb\ufffe\uffff]"
)
_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_FROM_RIGHT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_ISOLATED, _ISOLATE_ENDS = "\u2068", "\u2069"
_BLANKS = re.compile(r"\s+")


class TextError(ValueError):
    """A text cannot be filled: a value is missing, or is not the number that its words need."""


@dataclass(frozen=True, slots=True)
class TextProblem:
    """Why a text may not be kept: a stable code and a sentence for whoever wrote it."""

    code: str
    sentence: str


def variables_of(template: str) -> frozenset[str]:
    """The names of the values that the text asks for."""
    return frozenset(match[1] for match in _PLACE.finditer(template))


def problems_of(
    template: str, known: Collection[str], *, language: str = "en", is_line: bool = False
) -> tuple[TextProblem, ...]:
    """Why the text may not be kept; empty if it may. `is_line` asks more: a subject is one line.

    Codes: text-empty, text-too-long, control-character, place-broken, variable-unknown, word-forms-wrong.
    """
    problems = []
    limit = SUBJECT_MAX_LENGTH if is_line else BODY_MAX_LENGTH
    if not template.strip():
        problems.append(TextProblem("text-empty", _("The text is empty.")))
    if len(template) > limit:
        problems.append(TextProblem("text-too-long", _("The text has more than %d characters.") % limit))
    if not is_storable(template, is_line=is_line):
        sentence = _("A subject is one line without control characters.") if is_line else _("Control characters.")
        problems.append(TextProblem("control-character", sentence))
    if _BRACE.search(_PLACE.sub("", template)):
        problems.append(TextProblem("place-broken", _("A brace stands alone. A place for a value looks like {name}.")))
    for name in sorted(variables_of(template) - set(known)):
        problems.append(TextProblem("variable-unknown", _("There is no value “%s” here.") % name))
    problems.extend(_word_problems(template, language))
    return tuple(problems)


def render(template: str, facts: Facts, *, language: str = "en") -> str:
    """The text with its values, for a body. A tuple takes a line for each of its parts.

    Raises TextError for a value that is missing or is no number where words depend on one.
    """
    return _PLACE.sub(lambda place: _filled(place, facts, language), template)


def render_line(template: str, facts: Facts, *, language: str = "en") -> str:
    """The text with its values as one line of at most SUBJECT_MAX_LENGTH characters, for a subject.

    Raises TextError as `render`.
    """
    return shortened(_BLANKS.sub(" ", render(template, facts, language=language)).strip())


def shortened(line: str, max_length: int = SUBJECT_MAX_LENGTH) -> str:
    """The line, cut with an ellipsis if it is too long; a name that is cut keeps its direction to itself."""
    if len(line) <= max_length:
        return line
    cut = line[: max_length - 2].rstrip()
    is_open = cut.count(_ISOLATED) > cut.count(_ISOLATE_ENDS)
    return f"{cut}…{_ISOLATE_ENDS if is_open else ''}"


def is_storable(text: str, *, is_line: bool) -> bool:
    """Whether the text has no control characters nor such that cannot be stored or deceive the eye."""
    return (_REFUSED_IN_LINE if is_line else _REFUSED_IN_TEXT).search(text) is None


def _filled(place: re.Match[str], facts: Facts, language: str) -> str:
    name, words = place.groups()
    if name not in facts:
        raise TextError(f"there is no value {name!r}")
    value = facts[name]
    if words is not None:
        if not isinstance(value, int):
            raise TextError(f"the words of {name!r} need a number")
        return _word_for(value, words, language)
    return "\n".join(_inert(line) for line in value) if isinstance(value, tuple) else _inert(str(value))


def _inert(value: str) -> str:
    """A value as it may stand in any text: one line that neither hides, nor reorders what is beside it."""
    line = _BLANKS.sub(" ", _REFUSED_IN_LINE.sub(" ", _DIRECTIONS.sub("", value))).strip()
    return f"{_ISOLATED}{line}{_ISOLATE_ENDS}" if _FROM_RIGHT.search(line) else line


def _word_for(number: int, words: str, language: str) -> str:
    forms = [word.strip() for word in words.split("|")]
    kinds = WORD_FORMS[language]
    kind = Locale.parse(language).plural_form(number)
    return forms[min(kinds.index(kind) if kind in kinds else len(kinds) - 1, len(forms) - 1)]


def _word_problems(template: str, language: str) -> list[TextProblem]:
    needed = len(WORD_FORMS[language])
    wrong = (match[2] for match in _PLACE.finditer(template) if match[2] is not None)
    sentence = _("“%(words)s”: this language needs %(count)d forms of the word, with | between them.")
    return [
        TextProblem("word-forms-wrong", sentence % {"words": words, "count": needed})
        for words in wrong
        if [bool(word.strip()) for word in words.split("|")] != [True] * needed
    ]
