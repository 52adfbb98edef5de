"""Pure rules: what the law says of a filing, and that what it does not say blocks nothing."""

import datetime as dt
from dataclasses import replace

import pytest

from accreditation import rules
from accreditation.states import ApplicationState, Category, DocumentKind
from missions.law.profile import RuleProfile, load_profile, profile_codes
from missions.law.rules import GroundUse, Scope, Unknown

AZ = load_profile("az-2024")
KE = load_profile("ke-2022")
GE = load_profile("ge-standing")
KZ = load_profile("kz-2023")
MD = load_profile("md-2021")
CATEGORY = "international_observer"
E_DAY = dt.date(2024, 2, 7)
AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)
E_DAY_NOON = dt.datetime(2024, 2, 7, 12, tzinfo=dt.UTC)
#: Categories of profiles that the desk does not accredit: shown with their rules, and nothing else.
NOT_ACCREDITED = {("ke-2022", "voter_education")}


def test_a_profile_is_known_by_its_code_or_not_at_all() -> None:
    assert rules.known_profile("az-2024") is AZ
    assert rules.known_profile("") is None
    assert rules.known_profile("xx-1999") is None


def test_the_deadline_of_a_filing_is_an_instant_and_kept_until_then() -> None:
    closes = dt.datetime(2024, 1, 28, 20, tzinfo=dt.UTC)

    assert rules.judge_filing(AZ, CATEGORY, e_day=E_DAY, submitted_at=AT) == rules.Filing(closes, in_time=True)
    assert rules.judge_filing(AZ, CATEGORY, e_day=E_DAY, submitted_at=closes) == rules.Filing(closes, in_time=False)


@pytest.mark.parametrize(
    ("profile", "category"), [(None, CATEGORY), (AZ, "no_such_category"), (AZ, "foreign_media"), (AZ, "support_staff")]
)
def test_an_unknown_deadline_is_always_kept(profile: RuleProfile | None, category: str) -> None:
    filing = rules.judge_filing(profile, category, e_day=E_DAY, submitted_at=AT + dt.timedelta(days=400))

    assert filing == rules.Filing(None, in_time=True)


def test_the_time_for_a_decision_is_three_whole_days_or_unknown() -> None:
    due = dt.datetime(2024, 1, 21, 20, tzinfo=dt.UTC)

    assert rules.decision_due(AZ, CATEGORY, complete_since=AT, e_day=E_DAY) == due
    assert rules.decision_due(KE, CATEGORY, complete_since=AT, e_day=E_DAY) is None
    assert rules.decision_due(None, CATEGORY, complete_since=AT, e_day=E_DAY) is None
    assert rules.decision_due(AZ, "no_such_category", complete_since=AT, e_day=E_DAY) is None


def test_required_documents_are_those_of_each_person() -> None:
    assert rules.required_documents(AZ, CATEGORY) == {"form", "photo", "passport_copy"}
    assert rules.required_documents(KE, CATEGORY) == {"pledge"}
    assert rules.required_documents(AZ, "foreign_media") == frozenset()
    assert rules.required_documents(None, CATEGORY) == frozenset()


@pytest.mark.parametrize("code", profile_codes())
def test_every_document_that_a_profile_asks_of_a_person_can_be_received(code: str) -> None:
    profile = load_profile(code)

    asked = {kind for category in profile.categories for kind in rules.required_documents(profile, category.code)}

    assert asked <= set(DocumentKind.values)


def test_only_a_rule_that_is_known_does_without_a_session() -> None:
    without = replace(AZ, categories=tuple(replace(row, by_session=False) for row in AZ.categories))

    assert rules.decides_without_session(without, CATEGORY)
    assert not rules.decides_without_session(AZ, CATEGORY)
    assert not rules.decides_without_session(KE, CATEGORY)
    assert not rules.decides_without_session(None, CATEGORY)


def test_accreditations_end_with_the_event_of_the_law() -> None:
    before, after = AT - dt.timedelta(seconds=1), AT

    def ended(profile: RuleProfile | None, published: dt.datetime | None, at: dt.datetime) -> bool:
        return rules.has_ended(profile, CATEGORY, valid_from=E_DAY_NOON, results_published_at=published, at=at)

    assert not ended(AZ, None, AT)
    assert not ended(AZ, AT, before)
    assert ended(AZ, AT, after)
    assert isinstance(KE.validity, Unknown)
    assert ended(KE, None, AT)
    assert ended(None, None, AT)
    assert ended(MD, None, AT)  # the confirmation of results is not recorded, so people judge


def test_a_term_of_months_ends_with_the_same_day_a_year_later() -> None:
    valid_from = dt.datetime(2023, 2, 10, 12, tzinfo=dt.UTC)
    end = dt.datetime(2024, 2, 9, 18, tzinfo=dt.UTC)  # midnight before 10 February in Almaty

    def ended(at: dt.datetime) -> bool:
        return rules.has_ended(KZ, "domestic_observer", valid_from=valid_from, results_published_at=None, at=at)

    assert not ended(end - dt.timedelta(microseconds=1))
    assert ended(end)


def test_the_deadline_of_a_filing_depends_on_its_scope() -> None:
    def closes(profile: RuleProfile, scope: Scope) -> dt.datetime | None:
        return rules.judge_filing(profile, "domestic_observer", e_day=E_DAY, submitted_at=AT, scope=scope).deadline_at

    assert closes(AZ, Scope.COUNTRY) == dt.datetime(2024, 1, 28, 20, tzinfo=dt.UTC)
    assert closes(AZ, Scope.CONSTITUENCY) == dt.datetime(2024, 2, 2, 20, tzinfo=dt.UTC)
    assert closes(KE, Scope.CONSTITUENCY) is None  # no rule speaks of constituencies there


def test_the_times_of_an_appeal_are_known_or_not() -> None:
    assert rules.appeal_deadline(GE, refused_at=AT) == dt.datetime(2024, 1, 21, 20, tzinfo=dt.UTC)
    assert rules.ruling_deadline(GE, appealed_at=AT) == dt.datetime(2024, 1, 20, 20, tzinfo=dt.UTC)
    assert rules.appeal_deadline(AZ, refused_at=AT) is None
    assert rules.ruling_deadline(AZ, appealed_at=AT) is None
    assert rules.appeal_deadline(None, refused_at=AT) is None
    assert rules.ruling_deadline(None, appealed_at=AT) is None


def test_which_clocks_the_law_knows() -> None:
    def known(profile: RuleProfile | None, category: str = CATEGORY) -> rules.KnownClocks:
        return rules.known_clocks(profile, category, e_day=E_DAY, scope=Scope.COUNTRY)

    closes = dt.datetime(2024, 1, 28, 20, tzinfo=dt.UTC)
    nothing = rules.KnownClocks(None, deadline_known=False, decision_known=False, appeal_known=False)
    assert known(AZ) == rules.KnownClocks(closes, deadline_known=True, decision_known=True, appeal_known=False)
    assert known(AZ, "foreign_media") == nothing
    assert known(None) == known(AZ, "no_such_category") == nothing
    assert (known(KE).deadline_known, known(KE).decision_known) == (True, False)
    assert known(GE).appeal_known


@pytest.mark.parametrize(
    ("profile", "category", "sender_id", "precinct_code", "key"),
    [
        (AZ, "domestic_observer", 7, "012/03", "7:012/03"),
        (AZ, "domestic_observer", 7, "", ""),
        (AZ, "domestic_observer", None, "012/03", ""),
        (AZ, CATEGORY, 7, "012/03", ""),
        (AZ, "no_such_category", 7, "012/03", ""),
        (GE, "domestic_observer", 7, "012/03", ""),
        (None, "domestic_observer", 7, "012/03", ""),
    ],
)
def test_only_where_the_law_says_so_is_a_sender_bound_to_one_person_at_a_precinct(
    profile: RuleProfile | None, category: str, sender_id: int | None, precinct_code: str, key: str
) -> None:
    assert rules.exclusive_key(profile, category, sender_id=sender_id, precinct_code=precinct_code) == key


def test_who_chose_no_ground_is_told_those_of_the_law_in_words() -> None:
    [violation] = rules.refusal_violations(AZ, ground="", text="Not a citizen of the sender.")

    titles = [ground.title.text("en") for ground in AZ.grounds_for(GroundUse.REFUSAL)]
    assert len(titles) > 1
    assert violation.detail == f"Choose one of the grounds of the law: {'; '.join(titles)}."


def test_a_revocation_needs_a_ground_of_its_own_list_and_reasons() -> None:
    assert rules.revocation_violations(AZ, ground="other_revocation", text="Broke the law.") == []
    assert [row.code for row in rules.revocation_violations(AZ, ground="host_citizen", text=" ")] == [
        "unknown-ground", "text-missing",
    ]  # fmt: skip


@pytest.mark.parametrize("code", profile_codes())
def test_every_category_of_a_profile_is_one_of_the_desk_or_knowingly_is_not(code: str) -> None:
    strange = {(code, row.code) for row in load_profile(code).categories if row.code not in Category.values}

    assert strange == {pair for pair in NOT_ACCREDITED if pair[0] == code}


def test_papers_are_taken_and_people_corrected_before_they_are_judged() -> None:
    over = {
        ApplicationState.RECOMMENDED,
        ApplicationState.SCHEDULED,
        ApplicationState.ACCREDITED,
        ApplicationState.REFUSED,
        ApplicationState.REFUSED_FINAL,
        ApplicationState.WITHDRAWN,
    }

    assert set(rules.TAKES_PAPERS) == set(ApplicationState) - over
    assert set(rules.NOT_YET_JUDGED) == {"draft", "submitted", "incomplete", "withdrawn"}
