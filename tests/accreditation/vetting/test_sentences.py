"""Findings in words: in the reader's language, from code and evidence alone, and what a mission reads instead."""

import ast
from pathlib import Path

import pytest
from django.utils import translation

import accreditation.vetting
from accreditation.vetting.sentences import ABOUT_OTHERS, neutral_sentence, sentence_of


def _codes_in_source() -> set[str]:
    """Every code that the rules of vetting write, read from their source."""
    (folder,) = accreditation.vetting.__path__
    found: set[str] = set()
    for path in Path(folder).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Finding", "_warn"}:
                code = node.args[0]
                if isinstance(code, ast.Constant):
                    found.add(str(code.value))
    return found


def test_every_code_that_vetting_writes_has_a_wording() -> None:
    days = dict.fromkeys(("expires_on", "departs_on", "issued_on", "read_on"), "2024-02-08")
    evidence = days | {"nationality": "AZE", "read_country": "AZE", "documents": "photo", "limit": "1", "months": "6"}

    codes = _codes_in_source()

    assert len(codes) > 25
    assert [code for code in sorted(codes) if not sentence_of(code, evidence | {"kinds": "candidate"})] == []


@pytest.mark.parametrize(
    ("code", "evidence", "sentence"),
    [
        ("passport_expired", {"expires_on": "2024-02-08"}, "The passport expired on 8 February 2024."),
        ("host_citizenship", {"nationality": "AZE"}, "Holds the nationality of the host country (Azerbaijan)."),
        (
            "documents_missing",
            {"documents": "photo, pledge", "profile": "az-2024"},
            "Documents are missing: Photograph, 3 x 4 cm, signed pledge.",
        ),
        ("documents_missing", {"documents": "photo", "profile": "gone"}, "Documents are missing: photo."),
        ("documents_missing", {"documents": "stamp"}, "Documents are missing: stamp."),
        ("asked_photo", {"document": "photo"}, "The desk asked for: photo."),
        (
            "asked_photo",
            {"document": "photo", "reason": "The {face} is too dark."},
            "The desk asked for: photo. It says: The {face} is too dark.",
        ),
        (
            "incompatible_status",
            {"kinds": "candidate, journalist"},
            "Name and date of birth are on a list of people who cannot observe: candidate, journalist.",
        ),
        ("same_passport", {}, "The same passport is on another nomination."),
    ],
)
def test_a_sentence_comes_from_code_and_evidence(code: str, evidence: dict[str, str], sentence: str) -> None:
    assert sentence_of(code, evidence) == sentence


def test_the_language_is_that_of_the_reader() -> None:
    evidence = {"documents": "photo", "profile": "az-2024"}
    with translation.override("az"):
        assert "Fotoşəkil, 3 x 4 sm" in sentence_of("documents_missing", evidence)
        assert "8 Fevral 2024" in sentence_of("passport_expired", {"expires_on": "2024-02-08"})


@pytest.mark.parametrize(
    ("code", "evidence"),
    [
        ("of_another_version", {}),
        ("passport_expired", {}),
        ("passport_expired", {"expires_on": "soon"}),
        ("incompatible_status", {"kinds": "astronaut"}),
    ],
)
def test_what_this_version_cannot_word_is_read_as_it_was_stored(code: str, evidence: dict[str, str]) -> None:
    assert sentence_of(code, evidence, otherwise="As it was.") == "As it was."


def test_evidence_is_never_taken_for_a_template() -> None:
    assert sentence_of("long_stay", {"limit": "{limit.__class__}"}) == "Stays longer than {limit.__class__} days."


def test_what_only_the_host_may_read() -> None:
    assert (
        frozenset(
            {
                "same_passport",
                "near_passport",
                "same_name",
                "similar_name",
                "same_name_partial_birth",
                "same_name_other_birth",
                "same_photo",
                "incompatible_status",
                "incompatible_status_possible",
                "revoked_before",
                "revoked_elsewhere",
            }
        )
        == ABOUT_OTHERS
    )
    assert neutral_sentence() == "The ministry must look at this application."
