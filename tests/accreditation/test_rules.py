"""Pure rules: what the law says of a filing, and that what it does not say blocks nothing."""

import datetime as dt
from dataclasses import replace

import pytest

from accreditation import rules
from accreditation.states import ApplicationState, DocumentKind
from missions.law.profile import RuleProfile, load_profile, profile_codes
from missions.law.rules import Unknown

AZ = load_profile("az-2024")
KE = load_profile("ke-2022")
CATEGORY = "international_observer"
E_DAY = dt.date(2024, 2, 7)
AT = dt.datetime(2024, 1, 18, 12, tzinfo=dt.UTC)


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

    assert rules.decision_due(AZ, CATEGORY, complete_since=AT) == due
    assert rules.decision_due(KE, CATEGORY, complete_since=AT) is None
    assert rules.decision_due(None, CATEGORY, complete_since=AT) is None
    assert rules.decision_due(AZ, "no_such_category", complete_since=AT) is None


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

    assert not rules.has_ended(AZ, results_published_at=None, at=AT)
    assert not rules.has_ended(AZ, results_published_at=AT, at=before)
    assert rules.has_ended(AZ, results_published_at=AT, at=after)
    assert isinstance(KE.validity, Unknown)
    assert rules.has_ended(KE, results_published_at=None, at=AT)
    assert rules.has_ended(None, results_published_at=None, at=AT)


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
