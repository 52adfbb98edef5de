"""What may break between the intent of a badge and its signature: no badge is unrecorded, and no number given twice.

A trigger of the real database fails single rows; a real signer in a process of its own is killed, and runs as a user of
its own whose keys nobody else can read.
"""

import datetime as dt
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.db import connection
from pytest_django.fixtures import Settings

from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.revocations import RevocationReason, open_revocations
from accreditation.badges.codes.token import BadgeClaims, code_text, sign_badge
from accreditation.badges.codes.verdict import Trust, judge
from accreditation.badges.errors import SignerAwayError
from accreditation.badges.models import Badge, SigningAttempt
from accreditation.badges.services import signing
from accreditation.badges.services.custody import void_badge
from accreditation.badges.services.issuing import issue_badge, issue_badges, reissue_badge, sign_waiting
from accreditation.badges.services.revoking import sign_due_list
from accreditation.badges.services.trust import set_up_test_trust
from accreditation.badges.signer import request_signatures
from accreditation.badges.signer.protocol import SigningResult
from accreditation.badges.states import VoidReason
from accreditation.models import Accreditation
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Election, User
from tests.accreditation.badges.conftest import MakeAccreditation
from tests.faults.processes import database_url

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
#: Users and the group that no account of the machine has.
SIGNER, WEB, STRANGER, GROUP = 61_001, 61_002, 61_003, 61_000
IS_ROOT = os.getuid() == 0


@contextmanager
def failing(event: str, condition: str) -> Iterator[None]:
    """While the block runs, the database itself refuses rows of badges for which the condition holds."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER injected BEFORE {event} ON badges_badge WHEN {condition} "
                "BEGIN SELECT RAISE(ABORT, 'injected'); END"
            )
            undo = ["DROP TRIGGER injected"]
        else:
            cursor.execute(
                "CREATE FUNCTION injected() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'injected'; END $$"
            )
            cursor.execute(
                f"CREATE TRIGGER injected BEFORE {event} ON badges_badge FOR EACH ROW WHEN ({condition}) "
                "EXECUTE FUNCTION injected()"
            )
            undo = ["DROP TRIGGER injected ON badges_badge", "DROP FUNCTION injected()"]
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for statement in undo:
                cursor.execute(statement)


@pytest.fixture
def people(make_accreditation: MakeAccreditation) -> list[Accreditation]:
    return [make_accreditation(number) for number in (2, 3, 4)]


@pytest.fixture
def intended(accreditation: Accreditation, issuer: User, at: dt.datetime, trust: KeyList, settings: Settings) -> Badge:
    """A badge whose signer was away."""
    door, settings.BADGE_SIGNER = settings.BADGE_SIGNER, f"{__name__}.away"
    badge = issue_badge(accreditation=accreditation, by=issuer, at=at)
    settings.BADGE_SIGNER = door
    assert badge.state == "intended"
    return badge


def away(request: object, *, at: dt.datetime) -> None:
    raise SignerAwayError


def rows() -> list[tuple[int, str, str, bool]]:
    """Number, code id, state, and whether there is a signature."""
    told = Badge.objects.order_by("number").values_list("number", "code_id", "state", "token")
    return [(number, code_id, state, token is not None) for number, code_id, state, token in told]


@pytest.mark.usefixtures("trust")
def test_a_signature_that_cannot_be_stored_leaves_the_intent_and_stops_nobody(
    people: list[Accreditation], issuer: User, at: dt.datetime
) -> None:
    with failing("UPDATE", "NEW.state = 'signed' AND NEW.number = 2"):
        issue_badges(accreditation_ids=[one.pk for one in people], by=issuer, at=at)
        broken = rows()

    assert [(number, state, is_signed) for number, _code, state, is_signed in broken] == [
        (1, "signed", True),
        (2, "intended", False),
        (3, "signed", True),
    ]
    assert (Event.objects.filter(verb="badge_signed").count(), SigningAttempt.objects.count()) == (2, 2)
    assert sign_waiting(at=at) == 1
    assert [row[:2] for row in rows()] == [row[:2] for row in broken]  # the same number and the same code
    assert {row[2] for row in rows()} == {"signed"}
    assert Event.objects.filter(verb="badge_signed").count() == 3


@pytest.mark.usefixtures("trust")
def test_an_intent_that_cannot_be_stored_is_never_signed(
    people: list[Accreditation], issuer: User, at: dt.datetime, settings: Settings
) -> None:
    with failing("INSERT", "NEW.number = 2"):
        results = issue_badges(accreditation_ids=[one.pk for one in people], by=issuer, at=at)

    assert [bool(result.code) for result in results] == [False, True, True]
    assert [(number, state) for number, _code, state, _signed in rows()] == [(1, "signed")]
    assert sum(SigningAttempt.objects.values_list("badges", flat=True)) == 1
    issue_badges(accreditation_ids=[one.pk for one in people], by=issuer, at=at)
    assert [(number, state) for number, _code, state, _signed in rows()] == [
        (1, "signed"),
        (2, "signed"),
        (3, "signed"),
    ]


def test_a_badge_that_leaked_between_signature_and_storing_can_be_revoked(
    intended: Badge, issuer: User, at: dt.datetime, trust: KeyList, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    leaked: list[bytes] = []

    def sign_and_die(claims: BadgeClaims, *args: object, **kwargs: object) -> bytes:
        leaked.append(sign_badge(claims, *args, **kwargs))  # type: ignore[arg-type]
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(signing, "sign_badge", sign_and_die)
        with pytest.raises(KeyboardInterrupt):
            request_signatures([intended.pk], at=at)
    assert rows() == [(intended.number, intended.code_id, "intended", False)]
    assert not SigningAttempt.objects.exists()

    newer = reissue_badge(badge=intended, reason=VoidReason.SPOILED, note="the signer died", by=issuer, at=at)
    listed = open_revocations(bytes(sign_due_list(election=newer.election, at=at).data), trust, environment="test")

    code = code_text(leaked[0], url=settings.BADGE_URL)
    believing, knowing = Trust(trust, None, "test", None), Trust(trust, listed, "test", None)
    now = int(at.timestamp())
    assert judge(code, trust=believing, now=now).reason == "no_photo"  # it is a true signature …
    assert judge(code, trust=knowing, now=now).reason == "void"  # … and was recorded before it was made
    assert (newer.number, newer.issue, newer.state) == (intended.number + 1, 2, "signed")


def test_numbers_of_void_badges_are_not_given_again(
    intended: Badge, people: list[Accreditation], issuer: User, at: dt.datetime
) -> None:
    void_badge(badge=intended, reason=VoidReason.SPOILED, note="a test", by=issuer, at=at)

    issue_badges(accreditation_ids=[one.pk for one in people], by=issuer, at=at)

    assert [number for number, *_rest in rows()] == [1, 2, 3, 4]


def test_a_leaked_badge_is_on_the_list_even_if_it_was_only_intended(
    intended: Badge, at: dt.datetime, trust: KeyList
) -> None:
    Accreditation.objects.filter(pk=intended.accreditation_id).update(state="revoked", reason="a test", ended_at=at)

    row = sign_due_list(election=intended.election, at=at)

    told = open_revocations(bytes(row.data), trust, environment="test")
    assert told.entries == {bytes.fromhex(intended.code_id): RevocationReason.VOID}


# --- The signer as a process


@pytest.fixture
def house(settings: Settings) -> Iterator[Path]:
    """A folder that every user of the machine can enter, with the signer's folders in it."""
    folder = Path(tempfile.mkdtemp(prefix="badge-signer-"))
    folder.chmod(0o755)
    settings.BADGE_ENVIRONMENT = "test"
    settings.BADGE_KEY_DIR = folder / "keys"
    settings.BADGE_PUBLISHED_DIR = folder / "published"
    settings.BADGE_SIGNER_SOCKET = folder / "run" / "signer.sock"
    settings.BADGE_SIGNER = "accreditation.badges.signer.socket.ask"
    (folder / "run").mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def waiting(house: Path, people: list[Accreditation], election: Election, issuer: User, at: dt.datetime) -> list[int]:
    """Three badges that wait, at the signer's own time, for a signer that has not started yet."""
    clock.set_to(at)
    set_up_test_trust(election=election, at=at)
    results = issue_badges(accreditation_ids=[one.pk for one in people], by=issuer, at=at)
    return [result.badge_id for result in results if result.badge_id is not None]


@contextmanager
def signer_process() -> Iterator[subprocess.Popen[bytes]]:
    """The command in a process and, as root, of a user of its own, ready to sign; killed when the block ends."""
    environment = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "BADGE_KEY_DIR": str(django_settings.BADGE_KEY_DIR),
        "BADGE_PUBLISHED_DIR": str(django_settings.BADGE_PUBLISHED_DIR),
        "BADGE_SIGNER_SOCKET": str(django_settings.BADGE_SIGNER_SOCKET),
        "PYTHONPATH": str(ROOT),
    }
    as_itself = [sys.executable, "manage.py", "badge_signer"]
    as_another = [sys.executable, "-m", "tests.faults.signer_child", str(SIGNER), str(GROUP)]
    process = subprocess.Popen(  # noqa: S603 - a fixed command
        as_another if IS_ROOT else as_itself, cwd=ROOT, env=environment, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline().startswith(b"Signing behind ")
        yield process
    finally:
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


@contextmanager
def open_to_all() -> Iterator[None]:
    """Let every user of the machine reach the test database while the block runs."""
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in _database_files()}
    for path in modes:
        path.chmod(0o777)
    try:
        yield
    finally:
        for path, mode in modes.items():
            if path.exists():
                path.chmod(mode)


def _database_files() -> list[Path]:
    """SQLite's files with their folder; of PostgreSQL the folder of its socket."""
    if connection.vendor == "sqlite":
        database = Path(str(connection.settings_dict["NAME"]))
        return [database.parent, *database.parent.glob(f"{database.name}*")]
    return [Path(parse_qs(urlsplit(os.environ["DATABASE_URL"]).query)["host"][0])]


def as_user(user: int, groups: Sequence[int], program: str) -> str:
    """What a small program says when another user of the machine runs it, or the name of its error."""
    becoming = f"import os, socket; os.setgroups({list(groups)}); os.setgid({user}); os.setuid({user}); "
    command = [sys.executable, "-I", "-c", becoming + program]
    done = subprocess.run(command, cwd="/", capture_output=True, timeout=30, check=False)  # noqa: S603 - fixed
    return done.stdout.decode() or done.stderr.decode().strip().rpartition("\n")[2].partition(":")[0]


def asking(place: Path, badge_id: int) -> str:
    """A program that asks for the signature of a badge."""
    line = json.dumps({"do": "badges", "ids": [badge_id], "by": None}) + "\n"
    return (
        "s = socket.socket(socket.AF_UNIX); "
        f"s.connect({str(place)!r}); s.sendall({line.encode()!r}); print(s.makefile().readline(), end='')"
    )


def assert_kept_apart(place: Path, private: Path, badge_id: int) -> None:
    """T16: the web's user may ask, and read nothing; anybody else may do neither. Three real users, so only as root."""
    status = place.stat()
    reading = f"print(open({str(private)!r}).read())"
    assert (status.st_uid, status.st_gid) == (SIGNER, GROUP)
    assert as_user(SIGNER, [], reading).startswith("-----BEGIN PRIVATE KEY-----")
    assert as_user(WEB, [GROUP], reading) == "PermissionError"
    assert as_user(STRANGER, [], reading) == "PermissionError"
    assert as_user(STRANGER, [], asking(place, badge_id)) == "PermissionError"
    answer = json.loads(as_user(WEB, [GROUP], asking(place, badge_id)))
    assert answer == {"results": [{"badge_id": badge_id, "code": "", "detail": ""}], "number": 0}


def test_a_signer_with_keys_of_its_own_is_killed_and_goes_on(waiting: list[int], house: Path, at: dt.datetime) -> None:
    first, second, _third = waiting
    keys, place = house / "keys", house / "run" / "signer.sock"
    private = sorted(keys.glob("*.pem"))
    assert [stat.S_IMODE(path.stat().st_mode) for path in (keys, *private)] == [0o700, 0o400, 0o400]
    if IS_ROOT:
        for path in (keys, *private, house / "run"):
            os.chown(path, SIGNER, GROUP)

    with open_to_all():
        with signer_process() as signer:
            assert stat.S_IMODE(place.stat().st_mode) == 0o660
            if IS_ROOT:
                assert_kept_apart(place, private[0], first)
            assert request_signatures([first], at=at) == (SigningResult(first),)
            signer.send_signal(signal.SIGKILL)
            signer.wait()
            with pytest.raises(SignerAwayError):
                request_signatures([second], at=at)
        assert place.exists()  # what a dead process leaves behind
        before = rows()
        assert [state for _number, _code, state, _signed in before] == ["signed", "intended", "intended"]

        with signer_process() as signer:
            assert sign_waiting(at=at) == 2
            signer.send_signal(signal.SIGTERM)
            assert signer.wait(timeout=30) == 0

    assert not place.exists()
    assert [row[:2] for row in rows()] == [row[:2] for row in before]
    assert {row[2] for row in rows()} == {"signed"}
