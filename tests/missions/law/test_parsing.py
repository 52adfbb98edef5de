"""A corpus of broken profiles: each differs from a sound one in one line, and the error names file and key."""

from pathlib import Path

import pytest

from missions.law.parsing import ProfileError, read_profile
from missions.law.profile import PROFILES

SOUND = (PROFILES / "az-2024.toml").read_text(encoding="utf-8")
OBSERVER = 'code = "international_observer"\n'


def broken(tmp_path: Path, old: str, new: str) -> Path:
    assert old in SOUND
    path = tmp_path / "az-2024.toml"
    path.write_text(SOUND.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "key", "problem"),
    [
        # the profile itself
        ('code = "az-2024"', 'code = "az-2025"', "code", "must be 'az-2024' like the file's name"),
        ('zone = "Asia/Baku"', 'zone = "Asia/Bakı"', "zone", "'Asia/Bakı' is not an IANA zone"),
        ('zone = "Asia/Baku"', 'zone = "+04:00"', "zone", "'+04:00' is not an IANA zone"),
        ('"AZE"', '"XYZ"', "host_country", "'XYZ' is not an ISO 3166 alpha-3 code"),
        ('"AZE"', '"AZ"', "host_country", "'AZ' is not an ISO 3166 alpha-3 code"),
        ('languages = ["az"]', "languages = [1]", "languages", "must be a list of texts"),
        ("refusal = true\n", "", "grounds_closed.refusal", "missing"),
        ("refusal = true", "refusal = 1", "grounds_closed.refusal", "must be true or false"),
        ("refusal = true", "refusals = true", "grounds_closed.refusal", "missing"),
        ('languages = ["az"]', 'languages = ["az"]\nmood = 1', "mood", "unknown key"),
        ('en = "Azerbaijan, presidential election 2024"', 'fr = "x"', "title.en", "missing"),
        ('az = "Azərbaycan,', 'tr = "Azerbaycan,', "title.tr", "unknown key"),
        # unknown must say why, and say nothing else
        ("refusal = true", "refusal = { unknown = '' }", "grounds_closed.refusal.unknown",
         "must be a text without spaces around it"),
        ("refusal = true", "refusal = { unknown = 'x', value = 1 }", "grounds_closed.refusal.value",
         "unknown key"),
        # hours, limits
        ("closes = 19:00:00", "closes = 08:00:00", "polling.closes", "must be later than the opening"),
        ("closes = 19:00:00", 'closes = "19:00"', "polling.closes", "must be a time of day"),
        ("minimum_age = 18", "minimum_age = 0", "vetting.minimum_age", "must be at least 1"),
        ('ends_with = "results_published"', 'ends_with = "spring"', "validity.ends_with",
         "'spring' is not one of results_published, results_confirmed"),
        ('appeal = { unknown = "No source gives the times of an appeal." }',
         'appeal = { delivery_days = 0, filing_days = 2, ruling_days = 2, source = "code_44" }',
         "appeal.delivery_days", "must be at least 1"),
        # categories
        ("decision_days = 3", "decision_days = -3", "categories[1].decision_days", "must be at least 1"),
        ("decision_days = 3", 'decision_days = "3"', "categories[1].decision_days", "must be a whole number"),
        ("decision_days = 3", "decision_days = 3\ndecision_latest_offset = '-4'",
         "categories[1].decision_latest_offset", "must be a whole number"),
        ("decision_days = 3", "decision_days = 3\nvalid_months = 0", "categories[1].valid_months",
         "must be at least 1"),
        ('{ holds = true, source = "instruction_2003" }', "true", "categories[2].one_per_commission",
         "must be a table"),
        ('{ holds = true, source = "instruction_2003" }', "{ holds = true }", "categories[2].one_per_commission.source",
         "missing"),
        ("by_session = true", "by_session = true\nquota = 3", "categories[1].quota", "unknown key"),
        ('decided_by = "central"', 'decided_by = "king"', "categories[1].scopes[1].decided_by",
         "'king' is not one of central, constituency, ministry"),
        ('scopes = [{ scope = "country", decided_by = "central" }]', "scopes = []", "categories[1].scopes",
         "must be a list of tables"),
        ('{ scope = "constituency", decided_by = "constituency" }', '{ scope = "country", decided_by = "central" }',
         "categories.domestic_observer.scopes", "a scope is there twice"),
        (OBSERVER, 'code = "domestic_observer"\n', "categories", "'domestic_observer' is there twice"),
        (OBSERVER, OBSERVER + 'application_deadline = { unknown = "?" }\n',
         "categories.international_observer.application_deadline",
         "must say why it is unknown exactly where no deadline is given"),
        ('application_deadline = { unknown = "No source gives a last day for journalists." }\n', "",
         "categories.foreign_media.application_deadline",
         "must say why it is unknown exactly where no deadline is given"),
        ('"photo", "passport_copy"]', '"photo", "passport_copy", "visa"]', "documents",
         "'visa' is cited but not defined"),
        ('"photo", "passport_copy"]', '"photo"]', "documents", "'passport_copy' is never used"),
        # deadlines
        ("offset_days = -50", "offset_days = -50.5", "deadlines[1].offset_days", "must be a whole number"),
        ("offset_days = -50", "date = 2023-12-19", "deadlines[1].offset_days", "missing"),
        ('anchor = "e_day"', 'anchor = "fixed"', "deadlines[1].date", "missing"),
        ("offset_days = -50", "offset_days = -50\ndate = 2023-12-19", "deadlines[1].date", "unknown key"),
        ('effect = "closes"', 'effect = "bends"', "deadlines[1].effect", "'bends' is not one of closes, opens"),
        ("local_time = 08:00:00", "local_time = 08:00:30", "deadlines[7].local_time", "must be a whole minute"),
        ("local_time = 08:00:00", "local_time = 08:00:00\nzone = 'Mars/North'", "deadlines[7].zone",
         "'Mars/North' is not an IANA zone"),
        ('categories = ["exit_pollster"]', 'categories = ["pollster"]', "deadlines.exit_poll_applications.categories",
         "'pollster' is cited but not defined"),
        ('scope = "constituency"\n', "", "categories.domestic_observer", "two deadlines close the same applications"),
        # campaign, airtime and events
        ('begins = "campaign_begins"', 'begins = "spring"', "campaign", "'spring' is cited but not defined"),
        ('ends = "campaign_ends"', 'ends = "airtime_draw"', "campaign", "'airtime_draw' is cited but not defined"),
        ('silence_until = "polling_opens"', 'silence_until = "dawn"', "campaign.silence_until",
         "'dawn' is not one of polling_opens, polling_closes"),
        ("slot_seconds = 537", "slot_seconds = 0", "airtime.slot_seconds", "must be at least 1"),
        ('["tue", "thu", "sat"]', '["tue", "thu", "caturday"]', "airtime.broadcasters[2].weekdays",
         "must be some of mon, tue, wed, thu, fri, sat, sun"),
        ('["tue", "thu", "sat"]', "[]", "airtime.broadcasters[2].weekdays",
         "must be some of mon, tue, wed, thu, fri, sat, sun"),
        ('code = "final_protocol"', 'code = "campaign_ends"', "deadlines", "'campaign_ends' is there twice"),
        ("offset_days = 6\n", "", "events[3].offset_days", "missing"),
        # grounds and sources
        ('use = "refusal"', 'use = "mood"', "grounds[1].use",
         "'mood' is not one of refusal, inadmissibility, revocation"),
        ('use = "revocation"', 'use = "refusal"', "grounds",
         "no ground has the use 'revocation', so that nothing could support it"),
        ('code = "received_late"', 'code = "host_citizen"', "grounds", "'host_citizen' is there twice"),
        ('source = "calendar_plan"', 'source = "hearsay"', "sources", "'hearsay' is cited but not defined"),
        ('basis = "law"', 'basis = "rumour"', "sources[1].basis",
         "'rumour' is not one of law, instruction, practice, press, assumption"),
        ('code = "mission_practice"', 'code = "other_practice"', "sources",
         "'mission_practice' is cited but not defined"),
        ('code = "parliament"', 'code = "mfa"', "inviters", "'mfa' is there twice"),
    ],
)  # fmt: skip
def test_a_broken_profile_is_refused(tmp_path: Path, old: str, new: str, key: str, problem: str) -> None:
    path = broken(tmp_path, old, new)

    with pytest.raises(ProfileError) as caught:
        read_profile(path)

    assert str(caught.value) == f"az-2024.toml: {key}: {problem}"


def test_airtime_without_a_campaign_has_no_days(tmp_path: Path) -> None:
    campaign = SOUND[SOUND.index("[campaign]") : SOUND.index("[airtime]")]
    path = broken(tmp_path, campaign, '[campaign]\nunknown = "nobody knows"\n\n')

    with pytest.raises(ProfileError) as caught:
        read_profile(path)

    assert str(caught.value) == "az-2024.toml: airtime: needs a campaign, on whose days it is given"


def test_a_deadline_may_name_its_own_zone(tmp_path: Path) -> None:
    path = broken(tmp_path, "local_time = 08:00:00", 'local_time = 08:00:00\nzone = "Asia/Seoul"')

    assert read_profile(path).deadline("campaign_ends").zone == "Asia/Seoul"


def test_a_source_that_nobody_cites_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "az-2024.toml"
    path.write_text(SOUND + '\n[[sources]]\ncode = "spare"\ntitle = "Spare"\nbasis = "law"\n', encoding="utf-8")

    with pytest.raises(ProfileError) as caught:
        read_profile(path)

    assert str(caught.value) == "az-2024.toml: sources: 'spare' is never used"
