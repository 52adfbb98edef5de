"""Findings by the law: each rule by its own table, what is unknown, and how they are worded."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation

from accreditation.states import DatePrecision, Severity
from accreditation.vetting.findings import (
    Finding,
    age,
    binding_documents,
    category_unknown,
    host_citizenship,
    missing_documents,
    missing_pledge,
    passport_expiry,
    passport_issue,
    stay,
)
from missions.law.profile import load_profile
from missions.law.rules import RuleProfile, Unknown
from tests.accreditation.vetting.facts import brief, facts

AZ = load_profile("az-2024")
KE = load_profile("ke-2022")


def without_limits(profile: RuleProfile) -> RuleProfile:
    nothing = Unknown("not known")
    limits = replace(
        profile.vetting,
        passport_months_after_departure=nothing,
        longest_stay_days=nothing,
        minimum_age=nothing,
        maximum_age=nothing,
    )
    return replace(profile, vetting=limits)


@pytest.mark.parametrize("nationalities", [("AZE",), ("AZE", "TUR"), ("TUR", "AZE")])
def test_a_national_of_the_host_is_blocked_by_any_nationality(nationalities: tuple[str, ...]) -> None:
    (finding,) = host_citizenship(facts(nationalities=nationalities), profile=AZ)

    assert (finding.code, finding.severity) == ("host_citizenship", Severity.BLOCK)
    assert finding.evidence == (("nationality", "AZE"),)
    assert str(finding.sentence) == "Holds the nationality of the host country (Azerbaijan)."


def test_the_switch_of_the_category_admits_nationals_of_the_host() -> None:
    domestic = facts(category="domestic_observer", nationalities=("AZE",))

    assert host_citizenship(domestic, profile=AZ) == ()


def test_an_unknown_switch_gives_a_note_and_does_not_block() -> None:
    kenyan = facts(nationalities=("KEN",))

    assert brief(host_citizenship(kenyan, profile=KE)) == [("host_citizenship_rule_unknown", Severity.INFO)]
    assert host_citizenship(facts(nationalities=("AZE",)), profile=KE) == ()


@pytest.mark.parametrize(
    ("expires_on", "departs_on", "found"),
    [
        (date(2024, 1, 19), date(2024, 2, 9), [("passport_expired", Severity.BLOCK)]),
        (date(2024, 1, 20), date(2024, 2, 9), [("passport_expires_before_departure", Severity.BLOCK)]),
        (date(2024, 2, 8), date(2024, 2, 9), [("passport_expires_before_departure", Severity.BLOCK)]),
        (date(2024, 2, 9), date(2024, 2, 9), [("passport_expires_soon", Severity.WARN)]),
        (date(2024, 8, 8), date(2024, 2, 9), [("passport_expires_soon", Severity.WARN)]),
        (date(2024, 8, 9), date(2024, 2, 9), []),
        (date(2024, 7, 19), None, [("passport_expires_soon", Severity.WARN)]),
        (date(2024, 7, 20), None, []),
    ],
)
def test_passport_against_the_stay(
    expires_on: date, departs_on: date | None, found: list[tuple[str, Severity]]
) -> None:
    applicant = facts(passport_expires_on=expires_on, departs_on=departs_on)

    assert brief(passport_expiry(applicant, profile=AZ)) == found


def test_passport_findings_say_the_days() -> None:
    (finding,) = passport_expiry(facts(passport_expires_on=date(2024, 2, 8)), profile=AZ)

    assert str(finding.sentence) == "The passport expires on 8 February 2024, before the departure on 9 February 2024."
    assert finding.evidence == (("expires_on", "2024-02-08"), ("departs_on", "2024-02-09"))


def test_an_unknown_limit_of_the_passport_finds_nothing_after_departure() -> None:
    applicant = facts(passport_expires_on=date(2024, 2, 9))

    assert passport_expiry(applicant, profile=without_limits(AZ)) == ()
    assert brief(passport_expiry(facts(passport_expires_on=date(2024, 2, 8)), profile=without_limits(AZ))) == [
        ("passport_expires_before_departure", Severity.BLOCK)
    ]


@pytest.mark.parametrize(
    ("documents", "found"),
    [
        ({"form", "photo", "passport_copy"}, []),
        ({"form", "photo", "passport_copy", "pledge"}, []),
        ({"form", "passport_copy"}, [("documents_missing", Severity.BLOCK, "photo")]),
        ({"form", "photo"}, [("usual_documents_missing", Severity.WARN, "passport_copy")]),
        (
            set(),
            [
                ("documents_missing", Severity.BLOCK, "form, photo"),
                ("usual_documents_missing", Severity.WARN, "passport_copy"),
            ],
        ),
    ],
)
def test_missing_documents(documents: set[str], found: list[tuple[str, Severity, str]]) -> None:
    findings = missing_documents(facts(documents=frozenset(documents)), profile=AZ)

    assert [(row.code, row.severity, row.evidence) for row in findings] == [
        (code, severity, (("documents", codes), ("profile", "az-2024"))) for code, severity, codes in found
    ]


def test_documents_of_the_mission_are_not_asked_of_the_person() -> None:
    (finding,) = missing_documents(facts(documents=frozenset()), profile=KE)

    assert (finding.code, dict(finding.evidence)["documents"]) == ("documents_missing", "pledge")


def test_unknown_documents_give_a_note() -> None:
    findings = missing_documents(facts(category="foreign_media", documents=frozenset()), profile=AZ)

    assert brief(findings) == [("documents_rule_unknown", Severity.INFO)]


def test_sentences_are_worded_in_the_language_of_the_reader() -> None:
    (finding,) = missing_documents(facts(documents=frozenset({"form", "passport_copy"})), profile=AZ)

    with translation.override("en"):
        assert str(finding.sentence) == "Documents are missing: Photograph, 3 x 4 cm."
    with translation.override("az"):
        assert "Fotoşəkil, 3 x 4 sm" in str(finding.sentence)


@pytest.mark.parametrize(
    ("arrives_on", "departs_on", "found"),
    [
        (None, None, []),
        (None, date(2024, 2, 9), []),
        (date(2024, 2, 3), None, []),
        (date(2024, 2, 3), date(2024, 2, 2), [("departs_before_arrival", Severity.BLOCK)]),
        (date(2024, 2, 7), date(2024, 2, 7), []),
        (date(2024, 2, 8), date(2024, 2, 9), [("arrives_late", Severity.WARN)]),
        (date(2024, 2, 8), None, [("arrives_late", Severity.WARN)]),
        (date(2023, 12, 29), date(2024, 2, 27), []),
        (date(2023, 12, 29), date(2024, 2, 28), [("long_stay", Severity.WARN)]),
        (date(2024, 2, 8), date(2024, 6, 1), [("arrives_late", Severity.WARN), ("long_stay", Severity.WARN)]),
    ],
)
def test_stay(arrives_on: date | None, departs_on: date | None, found: list[tuple[str, Severity]]) -> None:
    assert brief(stay(facts(arrives_on=arrives_on, departs_on=departs_on), profile=AZ)) == found


def test_an_unknown_limit_of_the_stay_finds_nothing() -> None:
    applicant = facts(arrives_on=date(2023, 1, 1), departs_on=date(2024, 2, 9))

    assert stay(applicant, profile=without_limits(AZ)) == ()


@pytest.mark.parametrize(
    ("birth_date", "found"),
    [
        (date(2024, 1, 21), [("birth_in_future", Severity.BLOCK)]),
        (date(2006, 2, 8), [("too_young", Severity.WARN)]),
        (date(2006, 2, 7), []),
        (date(1923, 2, 8), []),
        (date(1923, 2, 7), [("too_old", Severity.WARN)]),
    ],
)
def test_age_on_election_day(birth_date: date, found: list[tuple[str, Severity]]) -> None:
    assert brief(age(facts(birth_date=birth_date), profile=AZ)) == found


def test_unknown_limits_of_age_find_nothing() -> None:
    assert age(facts(birth_date=date(1900, 1, 1)), profile=without_limits(AZ)) == ()
    assert age(facts(birth_date=date(2020, 1, 1)), profile=without_limits(AZ)) == ()


def test_a_category_that_the_profile_does_not_have_is_named() -> None:
    (finding,) = category_unknown(facts(category="tourist"), profile=AZ)

    assert (finding.code, finding.severity) == ("category_not_in_profile", Severity.BLOCK)
    assert category_unknown(facts(), profile=AZ) == ()


@pytest.mark.parametrize(
    ("birth_date", "precision", "found"),
    [
        (date(2006, 1, 1), DatePrecision.YEAR, []),
        (date(2007, 1, 1), DatePrecision.YEAR, ["too_young"]),
        (date(2006, 2, 1), DatePrecision.MONTH, []),
        (date(2006, 3, 1), DatePrecision.MONTH, ["too_young"]),
        (date(1923, 1, 1), DatePrecision.YEAR, []),
        (date(1922, 1, 1), DatePrecision.YEAR, ["too_old"]),
        (date(1923, 1, 1), DatePrecision.MONTH, ["too_old"]),
        (date(1923, 2, 1), DatePrecision.MONTH, []),
    ],
)
def test_a_date_of_birth_known_in_part_favours_the_person(
    birth_date: date, precision: DatePrecision, found: list[str]
) -> None:
    findings = age(facts(birth_date=birth_date, birth_precision=precision), profile=AZ)

    assert [finding.code for finding in findings] == found


@pytest.mark.parametrize(
    ("issued_on", "found"),
    [
        (None, []),
        (date(2020, 1, 1), []),
        (date(2024, 1, 20), []),
        (date(2024, 1, 21), [("passport_issued_in_future", Severity.WARN)]),
        (date(2030, 1, 1), [("passport_issued_in_future", Severity.WARN)]),
        (date(2030, 1, 2), [("passport_issued_after_expiry", Severity.BLOCK)]),
        (date(1980, 5, 17), []),
        (date(1980, 5, 16), [("passport_issued_before_birth", Severity.BLOCK)]),
    ],
)
def test_the_day_of_issue_against_birth_and_expiry(issued_on: date | None, found: list[tuple[str, Severity]]) -> None:
    assert brief(passport_issue(facts(passport_issued_on=issued_on))) == found


@pytest.mark.parametrize(
    ("profile", "documents", "missing"),
    [
        (AZ, {"pledge", "conflict_statement"}, None),
        (AZ, {"pledge"}, "conflict_statement"),
        (AZ, set(), "pledge, conflict_statement"),
        # The Kenyan law asks for the pledge, so `missing_documents` speaks of it.
        (KE, set(), "conflict_statement"),
    ],
)
def test_what_an_international_observer_signs(profile: RuleProfile, documents: set[str], missing: str | None) -> None:
    findings = missing_pledge(facts(documents=frozenset(documents)), profile=profile)

    assert [(row.code, row.severity, dict(row.evidence)["documents"]) for row in findings] == (
        [("pledge_missing", Severity.WARN, missing)] if missing else []
    )


@pytest.mark.parametrize("category", ["domestic_observer", "foreign_media", "exit_pollster"])
def test_nobody_else_is_asked_to_sign(category: str) -> None:
    assert missing_pledge(facts(category=category, documents=frozenset()), profile=AZ) == ()


def test_binding_documents_are_those_of_the_law_alone() -> None:
    assert binding_documents("international_observer", frozenset(), profile=AZ) == ["form", "photo"]
    assert binding_documents("international_observer", frozenset({"form"}), profile=AZ) == ["photo"]
    assert binding_documents("foreign_media", frozenset(), profile=AZ) == []


def test_limits_are_part_of_the_evidence_so_that_the_sentence_can_be_worded_later() -> None:
    (young,) = age(facts(birth_date=date(2006, 2, 8)), profile=AZ)
    (long,) = stay(facts(arrives_on=date(2023, 12, 29), departs_on=date(2024, 2, 28)), profile=AZ)
    (soon,) = passport_expiry(facts(passport_expires_on=date(2024, 2, 9)), profile=AZ)

    assert [young.sentence, long.sentence, soon.sentence] == [
        "Is younger than 18 years on election day.",
        "Stays longer than 60 days.",
        "The passport expires on 9 February 2024, less than 6 months after the stay.",
    ]


def test_a_finding_is_worded_when_it_is_read() -> None:
    finding = Finding("host_citizenship", Severity.BLOCK, (("nationality", "DEU"),))

    with translation.override("az"):
        assert "Almaniya" in finding.sentence
    with translation.override("en"):
        assert finding.sentence == "Holds the nationality of the host country (Germany)."
