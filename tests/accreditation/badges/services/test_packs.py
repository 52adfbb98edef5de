"""Packs of portraits: what belongs to a place now, by hash alone, within a size."""

import datetime as dt
import hashlib
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accreditation.badges.models import Badge, CheckDevice
from accreditation.badges.services import packs
from accreditation.badges.services.packs import pack_for
from accreditation.models import StoredFile
from missions.kernel.files import kept_file
from missions.models import Constituency, Election, User
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.accreditation.badges.doors import badge_row, device_at
from tests.stations.deployment.builders import home_stations

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files")]

MakeBadge = Callable[..., Badge]


@pytest.fixture
def device(election: Election, reviewer: User) -> CheckDevice:
    return device_at(election, "00012", reviewer)


@pytest.fixture
def make_badge(make_accreditation: MakeAccreditation, reviewer: User, at: dt.datetime) -> MakeBadge:
    """Makes a badge of the person of this number, whose portrait is `data`."""

    def make(number: int, data: bytes, **changes: object) -> Badge:
        with kept_file(data, folder="portraits") as name:
            file = StoredFile.objects.create(
                name_in_storage=name, media_type="image/webp", size=len(data), sha256="", created_at=at
            )
        portrait = {"portrait": file, "portrait_hash": hash_of(data).hex()}
        return badge_row(make_accreditation(number), reviewer, **{**portrait, **changes})

    return make


def hash_of(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:16]


def unpacked(data: bytes) -> tuple[int, dict[bytes, bytes]]:
    """How many were left out, and the portraits by their hashes: the format as its description says."""
    magic, count, left_out = struct.unpack_from(">4sII", data)
    assert magic == b"ODP1"
    portraits, place = {}, 12
    for _portrait in range(count):
        digest, length = struct.unpack_from(">16sI", data, place)
        portraits[digest] = data[place + 20 : place + 20 + length]
        place += 20 + length
    assert place == len(data)
    return left_out, portraits


def test_a_pack_holds_the_portraits_of_good_badges_by_their_hashes(
    device: CheckDevice, make_badge: MakeBadge, at: dt.datetime
) -> None:
    make_badge(1, b"first face")
    make_badge(2, b"second face")

    pack = pack_for(device, at=at)

    expected = {hash_of(face): face for face in (b"first face", b"second face")}
    assert unpacked(pack.data()) == (0, expected)


def test_what_is_over_unsigned_elsewhere_or_without_a_portrait_is_not_in_it(
    device: CheckDevice, make_badge: MakeBadge, at: dt.datetime
) -> None:
    make_badge(1, b"returned", state="returned", ended_at=at)
    make_badge(2, b"expired", valid_from=at - dt.timedelta(days=9), valid_until=at)
    make_badge(3, b"intended", state="intended", token=None, key_id="", signed_at=None)
    make_badge(4, b"elsewhere", content={"areas": ["00013", "0001"]})
    make_badge(5, b"none", portrait=None, portrait_hash="")
    make_badge(6, b"here", content={"areas": ["00013", "00012"]})

    assert unpacked(pack_for(device, at=at).data()) == (0, {hash_of(b"here"): b"here"})


def test_whoever_may_come_to_the_constituency_or_the_precinct_of_the_place_is_in_it(
    election: Election, constituency: Constituency, reviewer: User, make_badge: MakeBadge, at: dt.datetime
) -> None:
    home_stations(constituency, 1, latitude=40, longitude=48)
    make_badge(1, b"of the constituency", content={"areas": ["CONEC1"]})
    make_badge(2, b"of the precinct", content={"areas": ["00101"]})
    make_badge(3, b"of another constituency", content={"areas": ["CONEC2"]})

    packs = [pack_for(device_at(election, place, reviewer), at=at) for place in ("001-01", "ConEC-1", "-")]

    constituency_face, precinct_face, other_face = (
        hash_of(face).hex() for face in (b"of the constituency", b"of the precinct", b"of another constituency")
    )
    assert [{portrait.hash for portrait in pack.portraits} for pack in packs] == [
        {constituency_face, precinct_face},
        {constituency_face},
        {constituency_face, precinct_face, other_face},
    ]


def test_badges_of_another_election_are_not_in_it(device: CheckDevice, make_badge: MakeBadge, at: dt.datetime) -> None:
    make_badge(1, b"face")
    other = Election.objects.get()
    other.pk, other.code = None, "another"
    other.save()
    CheckDevice.objects.update(election=other)
    device.refresh_from_db()

    assert unpacked(pack_for(device, at=at).data()) == (0, {})


def test_the_tag_changes_with_the_portraits_and_with_nothing_else(
    device: CheckDevice, make_badge: MakeBadge, at: dt.datetime
) -> None:
    make_badge(1, b"first face")
    before = pack_for(device, at=at).etag
    again = pack_for(device, at=at + dt.timedelta(hours=1)).etag
    make_badge(2, b"second face")

    assert before == again
    assert before != pack_for(device, at=at).etag


def test_what_is_above_the_limit_is_left_out_and_counted(
    device: CheckDevice, make_badge: MakeBadge, at: dt.datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(1, 5):
        make_badge(number, b"%d" % number * 100)
    monkeypatch.setattr(packs, "PACK_LIMIT", 399)

    left_out, portraits = unpacked(pack_for(device, at=at).data())

    assert (left_out, len(portraits)) == (1, 3)


def test_a_portrait_whose_file_is_lost_keeps_the_others_from_nobody(
    device: CheckDevice, make_badge: MakeBadge, at: dt.datetime, private_files: Path, caplog: pytest.LogCaptureFixture
) -> None:
    lost = make_badge(1, b"lost")
    make_badge(2, b"there")
    assert lost.portrait is not None
    (private_files / lost.portrait.name_in_storage).unlink()

    assert unpacked(pack_for(device, at=at).data()) == (0, {hash_of(b"there"): b"there"})
    assert "A portrait is left out" in caplog.text


def test_the_tag_costs_two_queries_and_names_nobody(
    device: CheckDevice, make_badge: MakeBadge, at: dt.datetime
) -> None:
    make_badge(1, b"face")

    with CaptureQueriesContext(connection) as queries:
        pack = pack_for(device, at=at)
        etag = pack.etag

    assert (len(queries), len(etag)) == (2, 34)
    assert b"Adler" not in pack.data()
