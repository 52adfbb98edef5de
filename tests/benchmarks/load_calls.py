"""What the crowd asks: the same requests as programs and browsers of missions send, each through the proxy."""

import datetime as dt
import itertools
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from PIL import Image

from missions.kernel import clock
from missions.kernel.spreadsheets.writer import OutputValue
from tests.accreditation.intake.conftest import ROW, csv
from tests.benchmarks.doors_load import Call, Form
from tests.benchmarks.load_installation import PROXY
from tests.benchmarks.load_instance import Sender, World, birth_date, surname

PHOTO_BYTES = 2_000_000
#: Every so many reports a device sends one twice, having heard nothing the first time.
TWICE = 20
#: What people have open while files are read.
DESK_PAGES = (
    "/admin/",
    "/admin/accreditation/application/",
    "/admin/accreditation/nomination/",
    "/admin/intake/nominationimport/",
)
LEAD_PAGES = ("/mission/", "/mission/timeline/milestone/", "/mission/deployment/deploymentplan/")


def creates(senders: Sequence[Sender], count: int, *, numbers: Iterator[int]) -> list[Call]:
    """So many nominations of one person each, one mission after the other."""
    return [_create(senders[turn % len(senders)], next(numbers)) for turn in range(count)]


def photos(waiting: Sequence[tuple[int, Sender]], files: Sequence[Path]) -> list[Call]:
    """A photo for each of these applications."""
    return [
        Call(
            f"/api/v1/applications/{application}/documents/",
            owner.token,
            form=Form({"kind": "photo"}, files[number % len(files)]),
            headers=_written(),
            name=str(application),
        )
        for number, (application, owner) in enumerate(waiting)
    ]


def reports(world: World, senders: Sequence[Sender], count: int) -> list[Call]:
    """So many reports of arrivals; some come twice, one right after the other, with the same nonce."""
    made: list[Call] = []
    for number in itertools.count():
        if len(made) >= count:
            return made[:count]
        sender = senders[number % len(senders)]
        call = _report(sender, world.stations[number % len(world.stations)], number)
        made.append(call)
        if number % TWICE == 0:
            made.append(Call(call.path, call.token, call.body, headers=_written(), name=call.name))
    raise AssertionError


def readings(sender: Sender, count: int) -> list[Call]:
    """The list of a mission's people, again and again."""
    return [Call("/api/v1/nominations/", sender.token, headers=PROXY) for _turn in range(count)]


def pages(world: World, senders: Sequence[Sender], count: int) -> list[Call]:
    """Pages of the desk and of leads, in turn."""
    made = []
    for number in range(count):
        if number % 2:
            path, session = LEAD_PAGES[number // 2 % len(LEAD_PAGES)], senders[number % len(senders)].session
        else:
            path, session = DESK_PAGES[number // 2 % len(DESK_PAGES)], world.desk_session
        made.append(Call(path, headers={**PROXY, "Cookie": session}))
    return made


def upload(sender: Sender, file: Path) -> Call:
    """A nomination file."""
    form = Form({"mission": str(sender.mission.pk)}, file)
    return Call("/api/v1/nomination-files/", sender.token, form=form, headers=_written(), name=file.name)


def commit(sender: Sender, key: int) -> Call:
    """Take a file in that has been read."""
    return Call(f"/api/v1/nomination-files/{key}/commit/", sender.token, {}, headers=_written(), name=str(key))


def write_nomination_file(path: Path, rows: int, *, numbers: Iterator[int]) -> None:
    """A text file of so many sound rows, long enough for the job to read it rather than the web server."""
    path.write_bytes(csv(*(_person(next(numbers)) for _row in range(rows))))


def spoil(path: Path) -> None:
    """Let a quotation begin in the second row that never ends."""
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join([*lines[:2], b'"' + lines[2], *lines[3:]]))


def write_photos(folder: Path, count: int) -> list[Path]:
    """So many different portraits of two megabytes each."""
    files = []
    for number in range(count):
        rng = random.Random(number)
        path = folder / f"portrait-{number}.jpg"
        small = Image.frombytes("RGB", (9, 12), rng.randbytes(9 * 12 * 3)).resize((1500, 2000))
        noise = Image.effect_noise((1500, 2000), 60).convert("RGB")
        Image.blend(small, noise, 0.5).save(path, "JPEG", quality=90)
        # To the byte: what is behind the picture is no part of it.
        path.write_bytes(path.read_bytes().ljust(PHOTO_BYTES, b"\0"))
        files.append(path)
    return files


def _create(sender: Sender, number: int) -> Call:
    person = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in _person(number).items()
        if value != ""
    }
    body = {"mission": sender.mission.pk, "nominations": [person]}
    return Call("/api/v1/nominations/", sender.token, body, headers=_written(), name=str(person["reference"]))


def _report(sender: Sender, station: int, number: int) -> Call:
    nonce, now = str(uuid.uuid4()), clock.now().isoformat()
    body = {
        "team": sender.teams[number % len(sender.teams)],
        "kind": "arrived",
        "station": station,
        "nonce": nonce,
        "client_time": now,
        "device_now": now,
    }
    return Call("/api/v1/presence-reports/", sender.token, body, headers=_written(), name=nonce)


def _person(number: int) -> dict[str, OutputValue]:
    today = clock.now().date()
    return ROW | {
        "reference": f"load-{number}",
        "surname": surname(number),
        "passport_number": f"L{number:07d}",
        "passport_expires_on": today + dt.timedelta(days=900),
        "birth_date": birth_date(number),
        "documents_on": today,
        "arrives_on": today + dt.timedelta(days=56),
        "departs_on": today + dt.timedelta(days=63),
    }


def _written() -> Mapping[str, str]:
    return {**PROXY, "Idempotency-Key": str(uuid.uuid4())}
