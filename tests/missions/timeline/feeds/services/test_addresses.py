import datetime as dt

import pytest

from missions.kernel.errors import MissingError
from missions.kernel.models import Event
from missions.models import Mission, User
from missions.timeline.feeds.errors import FeedNameError, FeedNameTakenError
from missions.timeline.feeds.models import FeedAddress
from missions.timeline.feeds.selectors import address_of
from missions.timeline.feeds.services.addresses import make_address, note_reading, revoke_address

pytestmark = pytest.mark.django_db


def test_of_the_secret_nothing_is_kept_but_a_digest(mission: Mission, lead: User, at: dt.datetime) -> None:
    made = make_address(user=lead, mission=mission, name="  my   telephone ", at=at)

    row = FeedAddress.objects.get()
    assert (row.name, row.start, row.made_at) == ("my telephone", made.secret[:6], at)
    assert made.secret not in str(FeedAddress.objects.values()) + repr(made)
    assert made.secret not in str(Event.objects.values())
    assert address_of(made.secret) == row


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x00b"])
def test_a_name_that_is_none_is_refused(mission: Mission, lead: User, at: dt.datetime, name: str) -> None:
    with pytest.raises(FeedNameError):
        make_address(user=lead, mission=mission, name=name, at=at)


def test_a_name_is_free_again_once_its_address_is_revoked(mission: Mission, lead: User, at: dt.datetime) -> None:
    made = make_address(user=lead, mission=mission, name="telephone", at=at)
    with pytest.raises(FeedNameTakenError):
        make_address(user=lead, mission=None, name="telephone", at=at)

    revoke_address(address=made.address, by=lead, at=at)

    again = make_address(user=lead, mission=None, name="telephone", at=at)
    assert address_of(made.secret) is None
    assert address_of(again.secret) == again.address


def test_nobody_makes_an_address_for_a_mission_out_of_sight(
    other_mission: Mission, lead: User, at: dt.datetime
) -> None:
    with pytest.raises(MissingError):
        make_address(user=lead, mission=other_mission, name="telephone", at=at)

    assert not FeedAddress.objects.exists()


def test_nobody_revokes_an_address_of_somebody_else(
    mission: Mission, lead: User, other_lead: User, at: dt.datetime
) -> None:
    made = make_address(user=lead, mission=mission, name="telephone", at=at)

    with pytest.raises(MissingError):
        revoke_address(address=made.address, by=other_lead, at=at)

    assert address_of(made.secret) == made.address


def test_revoking_twice_is_one_event(mission: Mission, lead: User, at: dt.datetime) -> None:
    made = make_address(user=lead, mission=mission, name="telephone", at=at)

    for minutes in (0, 1):
        revoke_address(address=made.address, by=lead, at=at + dt.timedelta(minutes=minutes))

    assert FeedAddress.objects.get().revoked_at == at
    assert list(Event.objects.order_by("pk").values_list("verb", "scope_id")) == [
        ("calendar_address_made", mission.pk),
        ("calendar_address_revoked", mission.pk),
    ]


def test_reading_is_noted_every_few_minutes(mission: Mission, lead: User, at: dt.datetime) -> None:
    address = make_address(user=lead, mission=mission, name="telephone", at=at).address

    for minutes in (0, 4, 6):
        address.refresh_from_db()
        note_reading(address, at=at + dt.timedelta(minutes=minutes))

    address.refresh_from_db()
    assert address.last_read_at == at + dt.timedelta(minutes=6)
