"""Who may invite, what invitations grant, and the order of their days."""

import datetime as dt

import pytest

from missions.law.profile import Unknown, load_profile, profile_codes
from missions.rules import date_violations, granted_places, inviters_under
from missions.states import Inviter


@pytest.mark.parametrize(
    ("ceilings", "places"),
    [([], 0), ([7], 7), ([7, 0, 5], 12), ([None], None), ([7, None], None)],
)
def test_places_add_up_and_one_without_a_ceiling_lifts_it(ceilings: list[int | None], places: int | None) -> None:
    assert granted_places(ceilings) == places


def test_the_law_names_who_invites() -> None:
    assert inviters_under("az-2024") == (Inviter.PARLIAMENT, Inviter.MFA, Inviter.CEC)


@pytest.mark.parametrize("code", ["", "no-such-profile", "ke-2022"])
def test_unknown_law_forbids_nobody(code: str) -> None:
    assert inviters_under(code) == tuple(Inviter)


@pytest.mark.parametrize("code", profile_codes())
def test_every_inviter_of_every_profile_is_known(code: str) -> None:
    inviters = load_profile(code).inviters

    expected = tuple(Inviter) if isinstance(inviters, Unknown) else tuple(row.code for row in inviters)
    assert inviters_under(code) == expected


DAY = dt.date(2023, 12, 11)
BEFORE = DAY - dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("reply_by", "replied_on", "fields"),
    [
        (None, None, []),
        (DAY, DAY, []),
        (BEFORE, None, ["reply_by"]),
        (None, BEFORE, ["replied_on"]),
        (BEFORE, BEFORE, ["reply_by", "replied_on"]),
    ],
)
def test_nothing_of_a_reply_is_before_its_note(
    reply_by: dt.date | None, replied_on: dt.date | None, fields: list[str]
) -> None:
    found = date_violations(noted_on=DAY, reply_by=reply_by, replied_on=replied_on)

    assert [violation.field for violation in found] == fields
