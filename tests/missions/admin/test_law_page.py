"""The law on the page of an election: what is known in words, and what is not known named as such."""

import pytest

from missions.admin.law_page import RuleLine, categories_of, common_rules_of
from missions.law.profile import load_profile, profile_codes
from missions.law.rules import Unknown


def _lines(code: str, category: str) -> dict[str, RuleLine]:
    profile = load_profile(code)
    title = profile.category(category).title.en
    [found] = [row for row in categories_of(profile, "en") if row.title == title]
    return {line.title: line for line in found.lines}


def test_georgia_in_words() -> None:
    lines = _lines("ge-standing", "international_observer")

    assert {title: line.text for title, line in lines.items() if not line.is_unknown} == {
        "Decided by": "central commission (whole country)",
        "Applications close (whole country)": "International applications close: E-7",
        "Time for the decision": "5 calendar days, not later than E-4",
        "Documents": (
            "Application of the organization or the foreign state, "
            "Copy of the founding document; not asked of a foreign state"
        ),
    }
    assert {title for title, line in lines.items() if line.is_unknown} == {
        "Only in session",
        "Citizens of the host excluded",
        "One person of a sender at a precinct commission",
    }
    assert lines["Only in session"].text == "No source says how the commission decides."


def test_kenya_closes_on_a_fixed_day_and_kazakhstan_by_the_ministry_and_for_a_year() -> None:
    assert _lines("ke-2022", "international_observer")["Applications close (whole country)"].text == (
        "Applications close: 2022-06-28"
    )
    assert _lines("kz-2023", "foreign_media")["Decided by"].text == "foreign ministry (whole country)"
    assert _lines("kz-2023", "domestic_observer")["Valid for"].text == "12 months"


def test_a_category_with_two_scopes_has_two_last_days() -> None:
    lines = _lines("az-2024", "domestic_observer")

    assert lines["Decided by"].text == (
        "central commission (whole country), constituency commission (one constituency)"
    )
    assert lines["Applications close (one constituency)"].text == "Applications for one constituency close: E-5"
    assert lines["One person of a sender at a precinct commission"] == RuleLine(
        "One person of a sender at a precinct commission", "yes"
    )


def test_rules_for_all_categories() -> None:
    az = {line.title: line for line in common_rules_of(load_profile("az-2024"), "az")}
    ge = {line.title: line for line in common_rules_of(load_profile("ge-standing"), "en")}

    assert az["Who may invite"].text == "Milli Məclis, Xarici İşlər Nazirliyi, Mərkəzi Seçki Komissiyası"
    assert az["Accreditation ends"].text == "with the official publication of the results"
    assert az["List of grounds of refusal is complete"].text == "yes"
    assert az["Appeal"].is_unknown
    assert ge["Appeal"].text == (
        "a refusal is handed over within 1, appealed within 2, and judged within 2 calendar days"
    )


@pytest.mark.parametrize("code", profile_codes())
def test_every_unknown_rule_of_a_category_is_named_as_unknown(code: str) -> None:
    profile = load_profile(code)
    # A category whose deadline is unknown has one such line per scope; Unknown stands once.
    for row, shown in zip(profile.categories, categories_of(profile, "en"), strict=True):
        notes = {note for path, note in profile.unknown_rules() if path.startswith(f"categories.{row.code}.")}
        assert {line.text for line in shown.lines if line.is_unknown} == notes
    assert {line.text for line in common_rules_of(profile, "en") if line.is_unknown} == {
        rule.note
        for rule in (
            profile.inviters,
            profile.validity,
            profile.appeal,
            profile.grounds_closed.refusal,
            profile.grounds_closed.revocation,
        )
        if isinstance(rule, Unknown)
    }
