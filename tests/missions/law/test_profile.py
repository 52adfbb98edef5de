"""The profiles that ship with the product are sound, and what is wrong in one is named."""

from pathlib import Path

import pytest

from missions.law.profile import ProfileError, check_profiles, load_profile, profile_codes
from missions.law.rules import Basis, Unknown
from missions.states import CommissionLevel, Inviter


def test_the_profiles_that_ship() -> None:
    assert profile_codes() == ("az-2024", "ke-2022")
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
    assert profile.grounds_closed is True
    assert [ground.code for ground in profile.grounds] == ["information_not_confirmed", "host_citizen", "received_late"]
    assert profile.source(profile.ground("host_citizen").source).basis is Basis.LAW


def test_kenya_has_other_categories_and_says_what_it_does_not_know() -> None:
    profile = load_profile("ke-2022")

    assert [category.code for category in profile.categories] == [
        "international_observer", "domestic_observer", "media", "voter_education",
    ]  # fmt: skip
    assert isinstance(profile.polling, Unknown)
    assert isinstance(profile.inviters, Unknown)
    assert isinstance(profile.category("international_observer").decision_days, Unknown)
    assert [ground.code for ground in profile.grounds] == ["papers_not_signed", "received_late"]


@pytest.mark.parametrize("code", profile_codes())
def test_what_is_assumed_is_never_called_law(code: str) -> None:
    profile = load_profile(code)

    assert profile.source(profile.vetting.source).basis is not Basis.LAW


@pytest.mark.parametrize("code", profile_codes())
def test_inviters_and_deciders_are_those_that_the_product_knows(code: str) -> None:
    profile = load_profile(code)
    inviters = () if isinstance(profile.inviters, Unknown) else profile.inviters

    assert {inviter.code for inviter in inviters} <= set(Inviter.values)
    assert {rule.decided_by for row in profile.categories for rule in row.scopes} <= set(CommissionLevel)
