"""Many polling stations with a device each, people with badges who observe there, and codes that are really signed."""

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.codes.token import BadgeClaims, code_text, sign_badge
from accreditation.badges.models import Badge, CheckDevice
from accreditation.badges.services.devices import digest_of
from accreditation.badges.services.trust import set_up_test_trust
from accreditation.badges.signer.keyring import signing_key
from accreditation.badges.states import BadgeState, CollectionProof
from accreditation.models import Accreditation, Application, Nomination, Observer
from accreditation.states import ApplicationState, Category, Role, Sex
from missions.kernel import clock
from missions.models import Constituency, Election, Mission, User
from stations.models import PollingStation
from tests.benchmarks.doors_load import Call
from tests.reference import (
    add_central_commission,
    add_election,
    add_first_constituency,
    add_mission,
    add_odihr,
    home_station,
)

SCANS = "/api/v1/verification/scans/"
VERIFY = "/api/v1/verification/verify/"
#: Every so many doors one badge is shown that is at the door before at the same time: a copy.
COPIES = 50
_CHUNK = 2_000
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Door:
    """A device at its place, and the code ids of those who come in."""

    token: str
    code_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doors:
    """An election day."""

    election: Election
    key: SigningKey
    doors: tuple[Door, ...]
    now: dt.datetime

    def checks(self, count: int) -> list[Call]:
        """So many single scans, one device after the other, of somebody who is at no other door."""
        doors = (self.doors[number % len(self.doors)] for number in range(count))
        return [self._scans(door.token, door.code_ids[1:2]) for door in doors]

    def days(self) -> list[Call]:
        """The whole day of every device as one batch; some show a badge that is elsewhere at that moment."""
        return [self._scans(door.token, door.code_ids) for door in self.doors]

    @property
    def copies(self) -> int:
        """How many doors have seen a copy."""
        return len(self.doors[COPIES::COPIES])

    def questions(self, count: int) -> list[Call]:
        """So many real codes to verify."""
        code_ids = [code_id for door in self.doors for code_id in door.code_ids]
        return [Call(VERIFY, body={"code": self._code(code_ids[number % len(code_ids)])}) for number in range(count)]

    def _scans(self, token: str, code_ids: Sequence[str]) -> Call:
        times = [self.now - dt.timedelta(minutes=30 * number) for number in range(len(code_ids))]
        scans = [
            {
                "nonce": str(uuid.uuid4()),
                "result": "compare",
                "photo": "shown",
                "device_time": at.isoformat(),
                "list_number": 1,
                "code_id": code_id,
            }
            for code_id, at in zip(code_ids, times, strict=True)
        ]
        return Call(SCANS, token, {"device_now": clock.now().isoformat(), "scans": scans})

    def _code(self, code_id: str) -> str:
        second = int(self.now.timestamp())
        claims = BadgeClaims(
            election=self.election.code,
            code_id=bytes.fromhex(code_id),
            number=int(code_id, 16),
            issue=1,
            name="SEVINJ ALIYEVA",
            organization="Office for Democratic Institutions",
            role="sto",
            areas=(),
            portrait=None,
            not_before=second - 3600,
            expires=second + 5 * 86_400,
            issued=second,
        )
        return code_text(sign_badge(claims, self.key, environment="test"), url="https://verify.example/b")


def make_doors(count: int, *, people: int = 14) -> Doors:
    """So many stations with a device each, and so many people at each, all of them accredited and with a badge."""
    now = clock.now()
    election, by = add_election("bench"), User.objects.create_user("bench@ministry.example", is_staff=True)
    constituency, mission = (
        add_first_constituency(add_central_commission(election)),
        add_mission(election, add_odihr(), ceiling=None),
    )
    keys = set_up_test_trust(election=election, at=now)
    PollingStation.objects.bulk_create([_station(constituency, number) for number in range(count)], batch_size=_CHUNK)
    code_ids = _badges(mission, count * people, by=by, at=now)
    tokens = [f"odv_{number:043d}" for number in range(count)]
    CheckDevice.objects.bulk_create(
        [
            CheckDevice(
                election=election,
                name=f"Door {number}",
                place_code=f"{number:05d}",
                token_digest=digest_of(token),
                added_at=now - _DAY,
                added_by=by,
                enrolled_at=now,
                last_seen_at=now,
            )
            for number, token in enumerate(tokens)
        ],
        batch_size=_CHUNK,
    )
    at_door = [code_ids[start : start + people] for start in range(0, len(code_ids), people)]
    for number in range(COPIES, count, COPIES):
        at_door[number] = [at_door[number - 1][0], *at_door[number][1:]]
    doors = tuple(Door(token, tuple(ids)) for token, ids in zip(tokens, at_door, strict=True))
    return Doors(election, signing_key(keys, at=now)[0], doors, now)


def _badges(mission: Mission, count: int, *, by: User, at: dt.datetime) -> list[str]:
    code_ids = [f"{number:016x}" for number in range(1, count + 1)]
    for start in range(0, count, _CHUNK):
        numbers = range(start + 1, min(start + _CHUNK, count) + 1)
        accredited = _accredited(mission, numbers, by=by, at=at)
        Badge.objects.bulk_create(
            Badge(
                election=mission.election,
                accreditation=accreditation,
                mission=mission,
                number=number,
                issue=1,
                code_id=f"{number:016x}",
                state=BadgeState.HANDED_OVER,
                content={"areas": []},
                valid_from=at - _DAY,
                valid_until=at + 5 * _DAY,
                intended_at=at,
                intended_by=by,
                key_id="00" * 8,
                token=b"bench",
                signed_at=at,
                printed_at=at,
                handed_over_at=at,
                handed_over_by=by,
                collected_by="Somebody",
                collection_proof=CollectionProof.SIGNATURE,
            )
            for number, accreditation in zip(numbers, accredited, strict=True)
        )
    return code_ids


def _accredited(mission: Mission, numbers: range, *, by: User, at: dt.datetime) -> list[Accreditation]:
    election = mission.election
    people = Observer.objects.bulk_create(
        Observer(
            election=election,
            surname=f"Surname{number}",
            given_names="Given",
            folded_name=f"surname{number} given",
            sex=Sex.FEMALE,
            birth_date=dt.date(1990, 5, 17),
            nationality="LVA",
            passport_issuer="LVA",
            passport_number=f"P{number}",
            passport_key=f"{number}",
            passport_expires_on=at.date() + 900 * _DAY,
            languages=["en"],
        )
        for number in numbers
    )
    nominations = Nomination.objects.bulk_create(
        Nomination(
            mission=mission, observer=person, role=Role.STO, reference=person.passport_key, documents_on=at.date(),
            created_at=at,
        )
        for person in people
    )  # fmt: skip
    applications = Application.objects.bulk_create(
        Application(
            election=election,
            observer=nomination.observer,
            nomination=nomination,
            category=Category.INTERNATIONAL_OBSERVER,
            state=ApplicationState.ACCREDITED,
            submitted_at=at,
            reviewed_by=by,
        )
        for nomination in nominations
    )
    return Accreditation.objects.bulk_create(
        Accreditation(
            election=election,
            observer=application.observer,
            application=application,
            category=Category.INTERNATIONAL_OBSERVER,
            number=number,
            valid_from=at - _DAY,
        )
        for number, application in zip(numbers, applications, strict=True)
    )


def _station(constituency: Constituency, number: int) -> PollingStation:
    """Neighbours in number are three hundred kilometres apart."""
    latitude = "38.50000" if number % 2 else "41.50000"
    return home_station(constituency, code=f"{number:05d}", latitude=latitude)
