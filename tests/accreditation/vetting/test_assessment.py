"""All findings about one person: their order, what is left out, and what they may never hold."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from accreditation.states import ListKind, Severity
from accreditation.vetting.assessment import assess, without_profile
from accreditation.vetting.facts import ListedKey, Revoked, Surroundings, person_key
from missions.law.profile import load_profile
from missions.law.rules import RuleProfile
from tests.accreditation.vetting.facts import SOUND, brief, facts

AZ = load_profile("az-2024")
KE = load_profile("ke-2022")
ALONE = Surroundings()


def other(surname: str = "Petrova", number: str = "hash-of-number") -> Surroundings:
    person = person_key(
        surname=surname, given_names="Anna", birth_date=SOUND.birth_date, passport_issuer="BGR", passport_key=number
    )
    return Surroundings(people=(person,))


def test_nothing_is_found_on_a_sound_nomination() -> None:
    assert assess(SOUND, profile=AZ, around=ALONE) == ()


def test_blocking_findings_come_first() -> None:
    applicant = facts(
        nationalities=("AZE",), passport_expires_on=date(2024, 3, 1), documents=frozenset({"photo", "pledge"})
    )

    assert brief(assess(applicant, profile=AZ, around=other(number="x"))) == [
        ("host_citizenship", Severity.BLOCK),
        ("documents_missing", Severity.BLOCK),
        ("passport_expires_soon", Severity.WARN),
        ("usual_documents_missing", Severity.WARN),
        ("pledge_missing", Severity.WARN),
        ("same_name", Severity.WARN),
    ]


def test_without_law_the_rest_is_looked_at_all_the_same() -> None:
    expired = facts(passport_expires_on=date(2000, 1, 1), passport_issued_on=date(2001, 1, 1))

    assert brief(assess(expired, profile=None, around=other())) == [
        ("passport_issued_after_expiry", Severity.BLOCK),
        ("same_passport", Severity.BLOCK),
    ]
    assert brief((without_profile("zz"),)) == [("election_without_profile", Severity.WARN)]


def test_a_category_without_rules_blocks_and_the_rest_is_looked_at() -> None:
    assert brief(assess(facts(category="tourist"), profile=AZ, around=other())) == [
        ("category_not_in_profile", Severity.BLOCK),
        ("same_passport", Severity.BLOCK),
    ]


DAYS = st.dates(min_value=date(2023, 6, 1), max_value=date(2024, 12, 31))
AROUND = st.builds(
    Surroundings,
    people=st.lists(
        st.builds(
            person_key,
            surname=st.sampled_from(["Petrova", "Петрова"]),
            given_names=st.just("Anna"),
            birth_date=st.sampled_from([SOUND.birth_date, date(1981, 1, 1)]),
            passport_issuer=st.just("BGR"),
            passport_key=st.sampled_from(["hash-of-number", "hash-of-other"]),
        ),
        max_size=3,
    ).map(tuple),
    near_passport=st.booleans(),
    same_photo=st.booleans(),
    listed=st.lists(
        st.builds(
            ListedKey,
            st.sampled_from(ListKind),
            st.sampled_from([None, SOUND.birth_date, date(1981, 1, 1)]),
        ),
        max_size=3,
    ).map(tuple),
    revoked=st.frozensets(st.sampled_from(Revoked)),
)


@given(
    arrives_on=st.none() | DAYS,
    departs_on=st.none() | DAYS,
    expires_on=DAYS,
    issued_on=st.none() | DAYS,
    birth_date=st.dates(min_value=date(1900, 1, 1), max_value=date(2024, 12, 31)),
    documents=st.frozensets(st.sampled_from(["form", "photo", "passport_copy", "pledge"])),
    nationalities=st.lists(st.sampled_from(["AZE", "KEN", "BGR"]), min_size=1, max_size=2).map(tuple),
    category=st.sampled_from(["international_observer", "domestic_observer", "foreign_media", "tourist"]),
    profile=st.sampled_from([AZ, KE, None]),
    around=AROUND,
)
def test_any_facts_give_different_codes_in_words_and_no_passport(
    arrives_on: date | None,
    departs_on: date | None,
    expires_on: date,
    issued_on: date | None,
    birth_date: date,
    documents: frozenset[str],
    nationalities: tuple[str, ...],
    category: str,
    profile: RuleProfile | None,
    around: Surroundings,
) -> None:
    applicant = facts(
        arrives_on=arrives_on,
        departs_on=departs_on,
        passport_expires_on=expires_on,
        passport_issued_on=issued_on,
        birth_date=birth_date,
        documents=documents,
        nationalities=nationalities,
        category=category,
    )

    findings = assess(applicant, profile=profile, around=around)

    codes = [finding.code for finding in findings]
    assert len(codes) == len(set(codes))
    assert all(finding.sentence for finding in findings)
    assert not any("hash-of" in str(part) for row in findings for part in (row.sentence, *sum(row.evidence, ())))
