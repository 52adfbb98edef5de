"""The profiles that ship with the product are sound, and what is wrong in one is named."""

from pathlib import Path

import pytest

from missions.law.profile import ProfileError, check_profiles, load_profile, profile_codes
from missions.law.rules import Basis, CitedFlag, Decider, GroundUse, RuleProfile, Unknown, Validity, ValidityEvent
from missions.states import CommissionLevel, Inviter


def test_the_profiles_that_ship() -> None:
    assert profile_codes() == ("az-2024", "ge-standing", "ke-2022", "kz-2023", "md-2021", "uz-2021")
    assert check_profiles() == []


def test_a_profile_is_read_once() -> None:
    assert load_profile("az-2024") is load_profile("az-2024")


@pytest.mark.parametrize("code", ["", "xx-1999", "../profiles/az-2024", "az-2024.toml"])
def test_an_absent_profile_is_refused(code: str) -> None:
    with pytest.raises(ProfileError, match="no such profile"):
        load_profile(code)


def test_every_wrong_file_of_a_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("code = 'b'\n", encoding="utf-8")
    (tmp_path / "c.toml").write_text("code = \n", encoding="utf-8")

    first, second = check_profiles(tmp_path)

    assert first == "a.toml: code: must be 'a' like the file's name"
    assert second.startswith("c.toml: not readable as TOML")


def test_azerbaijan_by_its_law() -> None:
    profile = load_profile("az-2024")
    category = profile.category("international_observer")

    assert (profile.host_country, profile.zone, profile.languages) == ("AZE", "Asia/Baku", ("az",))
    assert category.decision_days == 3
    assert category.by_session is True
    assert category.host_citizens_excluded is True
    assert profile.category("domestic_observer").host_citizens_excluded is False
    assert profile.grounds_closed.refusal is True
    assert isinstance(profile.grounds_closed.revocation, Unknown)
    assert [ground.code for ground in profile.grounds] == [
        "information_not_confirmed", "host_citizen", "received_late", "other_revocation",
    ]  # fmt: skip
    assert profile.source(profile.ground("host_citizen").source).basis is Basis.LAW


def test_kenya_has_other_categories_and_says_what_it_does_not_know() -> None:
    profile = load_profile("ke-2022")

    assert [category.code for category in profile.categories] == [
        "international_observer", "domestic_observer", "foreign_media", "voter_education",
    ]  # fmt: skip
    assert isinstance(profile.polling, Unknown)
    assert isinstance(profile.inviters, Unknown)
    assert isinstance(profile.category("international_observer").decision_days, Unknown)
    assert [ground.code for ground in profile.grounds] == [
        "papers_not_signed", "other_refusal", "received_late", "other_revocation",
    ]  # fmt: skip


def test_georgia_has_an_end_for_decisions_and_times_for_appeals() -> None:
    profile = load_profile("ge-standing")
    foreign, domestic = profile.category("international_observer"), profile.category("domestic_observer")

    assert (foreign.decision_days, foreign.decision_latest_offset) == (5, -4)
    assert (domestic.decision_days, domestic.decision_latest_offset) == (5, None)
    assert (profile.host_country, profile.zone) == ("GEO", "Asia/Tbilisi")
    assert not isinstance(profile.appeal, Unknown)
    assert (profile.appeal.delivery_days, profile.appeal.filing_days, profile.appeal.ruling_days) == (1, 2, 2)
    assert profile.required_documents("international_observer") == tuple(profile.documents)


def test_kazakhstan_lets_the_ministry_accredit_media_and_domestic_observers_for_a_year() -> None:
    profile = load_profile("kz-2023")

    assert [row.decided_by for row in profile.category("foreign_media").scopes] == [Decider.MINISTRY]
    assert profile.category("domestic_observer").valid_months == 12
    assert isinstance(profile.category("international_observer").decision_days, Unknown)


def test_uzbekistan_gives_mandates_within_five_days() -> None:
    profile = load_profile("uz-2021")

    assert [row.code for row in profile.categories] == ["international_observer"]
    assert profile.category("international_observer").decision_days == 5


def test_moldova_admits_citizens_who_represent_foreign_bodies_until_results_are_confirmed() -> None:
    profile = load_profile("md-2021")

    assert profile.category("international_observer").host_citizens_excluded is False
    assert profile.validity == Validity(ValidityEvent.RESULTS_CONFIRMED, "commission_pages")


def test_only_azerbaijan_is_known_to_limit_senders_to_one_person_at_a_commission() -> None:
    limited = [
        (code, row.code, row.one_per_commission)
        for code in profile_codes()
        for row in load_profile(code).categories
        if not isinstance(row.one_per_commission, Unknown)
    ]

    assert limited == [("az-2024", "domestic_observer", CitedFlag(holds=True, source="instruction_2003"))]
    assert load_profile("az-2024").source("instruction_2003").basis is Basis.INSTRUCTION


@pytest.mark.parametrize("code", profile_codes())
def test_an_act_that_needs_a_ground_can_always_name_one(code: str) -> None:
    """Where the list is not known to be closed, the reasons may name another ground; that row is never called law."""
    profile = load_profile(code)

    for use, closed in ((GroundUse.REFUSAL, profile.grounds_closed.refusal),
                        (GroundUse.REVOCATION, profile.grounds_closed.revocation)):  # fmt: skip
        open_rows = [row for row in profile.grounds_for(use) if row.code == f"other_{use}"]
        assert len(open_rows) == (0 if closed is True else 1)
        assert all(profile.source(row.source).basis is Basis.ASSUMPTION for row in open_rows)


def _rules(profile: RuleProfile) -> tuple[object, ...]:
    row = profile.category("international_observer")
    return (row.decision_days, row.decision_latest_offset, row.documents, profile.application_deadline(row.code))


def test_no_two_profiles_say_the_same() -> None:
    assert len({_rules(load_profile(code)) for code in profile_codes()}) == len(profile_codes())


@pytest.mark.parametrize("code", profile_codes())
def test_what_is_assumed_is_never_called_law(code: str) -> None:
    profile = load_profile(code)

    assert profile.source(profile.vetting.source).basis is not Basis.LAW


@pytest.mark.parametrize("code", profile_codes())
def test_inviters_and_deciders_are_those_that_the_product_knows(code: str) -> None:
    profile = load_profile(code)
    inviters = () if isinstance(profile.inviters, Unknown) else profile.inviters

    assert {inviter.code for inviter in inviters} <= set(Inviter.values)
    assert {rule.decided_by for row in profile.categories for rule in row.scopes} <= set(Decider)
    assert {level.value for level in Decider} == {*CommissionLevel.values, "ministry"}
