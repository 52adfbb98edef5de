"""Devices: a code that works once and for half an hour, a token kept as a digest, and an end that is for good."""

import datetime as dt
import re
from collections.abc import Callable

import pytest

from accreditation.badges.errors import (
    DeviceNameTakenError,
    DeviceRevokedError,
    DeviceTermsError,
    EnrolmentRefusedError,
)
from accreditation.badges.models import CheckDevice
from accreditation.badges.services.devices import (
    ENROLMENT_LIFETIME,
    add_device,
    digest_of,
    enrol_device,
    find_device,
    plain_code,
    renew_enrolment,
    revoke_device,
)
from missions.kernel.models import Event
from missions.models import Election, User
from tests.accreditation.badges.doors import device_with_token
from tests.racing import errors_of, race

SECOND = dt.timedelta(seconds=1)


def verbs(device: CheckDevice) -> list[str]:
    return list(Event.objects.of(device).values_list("verb", flat=True))


@pytest.mark.django_db
def test_a_device_is_added_with_a_code_and_enrolled_with_it(
    election: Election, reviewer: User, at: dt.datetime
) -> None:
    added = add_device(election=election, name=" Door 1 ", place_code="00012", by=reviewer, at=at)
    enrolled = enrol_device(code=added.code, at=at + ENROLMENT_LIFETIME - SECOND)

    device = CheckDevice.objects.get()
    assert re.fullmatch(r"([2-9A-HJKMNP-TV-Z]{4}-){3}[2-9A-HJKMNP-TV-Z]{4}", added.code)
    assert re.fullmatch(r"odv_[A-Za-z0-9_-]{43}", enrolled.token)
    assert (device.name, device.place_code, device.added_by) == ("Door 1", "00012", reviewer)
    assert (device.enrolment_digest, device.enrolment_ends_at) == ("", None)
    assert (device.token_digest, device.enrolled_at) == (digest_of(enrolled.token), at + ENROLMENT_LIFETIME - SECOND)
    assert find_device(enrolled.token, at=at) == device
    assert verbs(device) == ["device_added", "device_enrolled"]


@pytest.mark.django_db
def test_code_and_token_stand_in_no_repr_and_no_column(election: Election, reviewer: User, at: dt.datetime) -> None:
    added = add_device(election=election, name="Door 1", place_code="00012", by=reviewer, at=at)
    columns = str(CheckDevice.objects.values().get())
    enrolled = enrol_device(code=added.code, at=at)

    secrets = [added.code, plain_code(added.code), enrolled.token]
    told = columns + str(CheckDevice.objects.values().get()) + repr(added) + repr(enrolled)
    assert [secret for secret in secrets if secret in told] == []
    assert added.fragment == f"enrol-{plain_code(added.code)}"


@pytest.mark.django_db
@pytest.mark.parametrize("spelled", [str.lower, lambda code: code.replace("-", " "), lambda code: f"  {code}\n"])
def test_a_code_may_be_typed_in_many_ways(
    election: Election, reviewer: User, at: dt.datetime, spelled: Callable[[str], str]
) -> None:
    added = add_device(election=election, name="Door 1", place_code="00012", by=reviewer, at=at)

    assert enrol_device(code=spelled(added.code), at=at).device == added.device


@pytest.mark.django_db
def test_the_address_of_the_code_enrols_too(election: Election, reviewer: User, at: dt.datetime) -> None:
    added = add_device(election=election, name="Door 1", place_code="00012", by=reviewer, at=at)

    assert enrol_device(code=f"https://verify.example/b#{added.fragment}", at=at).device == added.device


@pytest.mark.django_db
def test_a_code_that_is_used_late_unknown_or_of_a_revoked_device_is_refused_alike(
    election: Election, reviewer: User, at: dt.datetime
) -> None:
    used = add_device(election=election, name="Used", place_code="1", by=reviewer, at=at)
    enrol_device(code=used.code, at=at)
    late = add_device(election=election, name="Late", place_code="1", by=reviewer, at=at)
    revoked = add_device(election=election, name="Revoked", place_code="1", by=reviewer, at=at)
    revoke_device(device=revoked.device, by=reviewer, at=at)

    sentences = set()
    for code, moment in (
        (used.code, at),
        (late.code, at + ENROLMENT_LIFETIME),
        (revoked.code, at),
        ("AAAA-AAAA-AAAA-AAAA", at),
        ("", at),
    ):
        with pytest.raises(EnrolmentRefusedError) as refused:
            enrol_device(code=code, at=moment)
        sentences.add(refused.value.detail)

    assert len(sentences) == 1
    assert CheckDevice.objects.exclude(token_digest="").get() == used.device


@pytest.mark.django_db
def test_a_new_code_takes_the_place_of_the_old_one_and_the_token_works_until_it_is_used(
    election: Election, reviewer: User, at: dt.datetime
) -> None:
    device, token = device_with_token(election, "00012", reviewer)
    first = renew_enrolment(device=device, by=reviewer, at=at)
    second = renew_enrolment(device=device, by=reviewer, at=at)

    with pytest.raises(EnrolmentRefusedError):
        enrol_device(code=first.code, at=at)
    assert find_device(token, at=at) == device
    newer = enrol_device(code=second.code, at=at)

    assert (find_device(token, at=at), find_device(newer.token, at=at)) == (None, device)


@pytest.mark.django_db
def test_a_revoked_device_is_nobody_from_then_on(election: Election, reviewer: User, at: dt.datetime) -> None:
    device, token = device_with_token(election, "00012", reviewer)

    revoked = revoke_device(device=device, by=reviewer, at=at)

    assert (revoked.revoked_at, revoked.revoked_by, revoked.token_digest) == (at, reviewer, "")
    assert find_device(token, at=at) is None
    assert verbs(device) == ["device_added", "device_enrolled", "device_revoked"]
    for again in (revoke_device, renew_enrolment):
        with pytest.raises(DeviceRevokedError):
            again(device=device, by=reviewer, at=at)


@pytest.mark.django_db
def test_that_a_device_was_seen_is_noted_every_five_minutes(election: Election, reviewer: User) -> None:
    device, token = device_with_token(election, "00012", reviewer)
    enrolled_at = device.last_seen_at
    assert enrolled_at is not None

    seen = [
        found.last_seen_at
        for minutes in (5, 6, 7)
        if (found := find_device(token, at=enrolled_at + dt.timedelta(minutes=minutes)))
    ]

    sixth = enrolled_at + dt.timedelta(minutes=6)
    assert seen == [enrolled_at, sixth, sixth]


@pytest.mark.django_db
@pytest.mark.parametrize(("name", "place"), [("", "1"), ("  ", "1"), ("Door", " "), ("x" * 101, "1"), ("x", "1" * 41)])
def test_name_and_place_must_fit(election: Election, reviewer: User, at: dt.datetime, name: str, place: str) -> None:
    with pytest.raises(DeviceTermsError):
        add_device(election=election, name=name, place_code=place, by=reviewer, at=at)


@pytest.mark.django_db
def test_two_devices_of_an_election_do_not_share_a_name(election: Election, reviewer: User, at: dt.datetime) -> None:
    add_device(election=election, name="Door 1", place_code="1", by=reviewer, at=at)

    with pytest.raises(DeviceNameTakenError):
        add_device(election=election, name="Door 1", place_code="2", by=reviewer, at=at)


@pytest.mark.django_db(transaction=True)
def test_of_many_who_use_one_code_at_once_one_gets_a_token(election: Election, reviewer: User, at: dt.datetime) -> None:
    added = add_device(election=election, name="Door 1", place_code="1", by=reviewer, at=at)

    results = race([lambda: enrol_device(code=added.code, at=at)] * 6)

    assert errors_of(results) == [EnrolmentRefusedError] * 5
    assert verbs(added.device) == ["device_added", "device_enrolled"]
