"""Findings: each rule by its own table, what is unknown, and what evidence may never hold."""

from dataclasses import replace
from datetime import date

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from accreditation.states import Severity
from accreditation.vetting.facts import ApplicantFacts, KnownPeople, PersonKey, person_key
from accreditation.vetting.findings import (
    Finding,
    age,
    assess,
    host_citizenship,
    missing_documents,
    passport_expiry,
    same_person,
    stay,
)
from missions.law.profile import load_profile
from missions.law.rules import RuleProfile, Unknown

AZ = load_profile("az-2024")
KE = load_profile("ke-2022")
NOBODY = KnownPeople(())
SOUND = ApplicantFacts(
    nomination=1,
    category="international_observer",
    surname="Petrova",
    given_names="Anna",
    birth_date=date(1980, 5, 17),
    nationalities=("BGR",),
    passport_issuer="BGR",
    passport_key="hash-of-number",
    passport_expires_on=date(2030, 1, 1),
    documents=frozenset({"form", "photo", "passport_copy"}),
    arrives_on=date(2024, 2, 3),
    departs_on=date(2024, 2, 9),
    e_day=date(2024, 2, 7),
    as_of=date(2024, 1, 20),
)


def facts(**changes: object) -> ApplicantFacts:
    return replace(SOUND, **changes)  # type: ignore[arg-type]  # one table of changes for fields of several types


def other(nomination: int = 2, **changes: str) -> PersonKey:
    names = {"surname": "Petrova", "given_names": "Anna", "passport_issuer": "BGR", "passport_key": "hash-of-number"}
    return person_key(nomination=nomination, birth_date=SOUND.birth_date, **(names | changes))


def brief(findings: tuple[Finding, ...]) -> list[tuple[str, Severity]]:
    return [(finding.code, finding.severity) for finding in findings]


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


def test_nothing_is_found_on_a_sound_nomination() -> None:
    assert assess(SOUND, profile=AZ, others=NOBODY) == ()


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
    ("people", "found"),
    [
        ([], []),
        ([other(1)], []),
        ([other()], [("same_passport", Severity.BLOCK)]),
        ([other(surname="Smith")], [("same_passport", Severity.BLOCK)]),
        ([other(passport_issuer="ROU")], [("same_name", Severity.WARN)]),
        ([other(passport_key="x", surname="PETROVA")], [("same_name", Severity.WARN)]),
        ([other(passport_key="x", surname="Anna", given_names="Petrova")], [("same_name", Severity.WARN)]),
        ([other(passport_key="x", surname="Петрова", given_names="Анна")], [("similar_name", Severity.WARN)]),
        ([other(passport_key="x", surname="Ivanova")], []),
        (
            [other(2), other(3), other(4, passport_key="x"), other(5, passport_key="y", surname="Петрова")],
            [("same_passport", Severity.BLOCK), ("same_name", Severity.WARN)],
        ),
    ],
)
def test_the_same_person_twice(people: list[PersonKey], found: list[tuple[str, Severity]]) -> None:
    assert brief(same_person(SOUND, others=KnownPeople(people))) == found


def test_evidence_of_another_nomination_holds_nothing_of_it() -> None:
    people = KnownPeople([other(77), other(78, passport_key="x", surname="Петрова")])

    findings = same_person(SOUND, others=people)

    assert [finding.evidence for finding in findings] == [(("match", "passport"),), (("match", "similar_name"),)]
    assert [str(finding.sentence) for finding in findings] == [
        "The same passport is on another nomination.",
        "Another nomination has a similar name and the same date of birth, with another passport.",
    ]


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
        (code, severity, (("documents", codes),)) for code, severity, codes in found
    ]


def test_documents_of_the_mission_are_not_asked_of_the_person() -> None:
    (finding,) = missing_documents(facts(documents=frozenset()), profile=KE)

    assert (finding.code, finding.evidence) == ("documents_missing", (("documents", "pledge"),))


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
    (finding,) = assess(facts(category="tourist"), profile=AZ, others=NOBODY)

    assert (finding.code, finding.severity) == ("category_not_in_profile", Severity.BLOCK)


def test_an_assessment_puts_blocking_findings_first() -> None:
    applicant = facts(
        nationalities=("AZE",),
        passport_expires_on=date(2024, 3, 1),
        documents=frozenset({"photo"}),
        birth_date=SOUND.birth_date,
    )
    people = KnownPeople([other(passport_key="x")])

    assert brief(assess(applicant, profile=AZ, others=people)) == [
        ("host_citizenship", Severity.BLOCK),
        ("documents_missing", Severity.BLOCK),
        ("same_name", Severity.WARN),
        ("passport_expires_soon", Severity.WARN),
        ("usual_documents_missing", Severity.WARN),
    ]


DAYS = st.dates(min_value=date(2023, 6, 1), max_value=date(2024, 12, 31))


@given(
    arrives_on=st.none() | DAYS,
    departs_on=st.none() | DAYS,
    expires_on=DAYS,
    birth_date=st.dates(min_value=date(1900, 1, 1), max_value=date(2024, 12, 31)),
    documents=st.frozensets(st.sampled_from(["form", "photo", "passport_copy", "pledge"])),
    nationalities=st.lists(st.sampled_from(["AZE", "KEN", "BGR"]), min_size=1, max_size=2).map(tuple),
    category=st.sampled_from(["international_observer", "domestic_observer", "foreign_media", "tourist"]),
    profile=st.sampled_from([AZ, KE]),
    people=st.lists(st.builds(other, st.integers(1, 3), surname=st.sampled_from(["Petrova", "Петрова"])), max_size=3),
)
def test_any_facts_give_findings_with_different_codes_and_no_passport(
    arrives_on: date | None,
    departs_on: date | None,
    expires_on: date,
    birth_date: date,
    documents: frozenset[str],
    nationalities: tuple[str, ...],
    category: str,
    profile: RuleProfile,
    people: list[PersonKey],
) -> None:
    applicant = facts(
        arrives_on=arrives_on,
        departs_on=departs_on,
        passport_expires_on=expires_on,
        birth_date=birth_date,
        documents=documents,
        nationalities=nationalities,
        category=category,
    )

    findings = assess(applicant, profile=profile, others=KnownPeople(people))

    codes = [finding.code for finding in findings]
    assert len(codes) == len(set(codes))
    assert not any("hash-of-number" in str(part) for row in findings for part in (row.sentence, *sum(row.evidence, ())))
