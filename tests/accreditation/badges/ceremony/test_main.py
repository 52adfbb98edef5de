"""The acts as they are typed: files appear whole or not at all, and each refusal has its word."""

import os
import stat
from functools import partial
from pathlib import Path

import pytest

from accreditation.badges.ceremony import __main__ as ceremony
from accreditation.badges.ceremony.__main__ import main
from accreditation.badges.ceremony.envelope import COST, Passphrases
from accreditation.badges.ceremony.files import (
    lock_root,
    read_locked_root,
    read_root_public,
    write_request,
    write_root_public,
)
from accreditation.badges.codes import keylist, revocations
from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.keys import SigningKey

ANNA, BORIS = "correct horse battery", "staple of another keeper"
KEEPERS = ["--first-env", "ANNA", "--second-env", "BORIS"]
ROOT = SigningKey.new()
KEY, OTHER, THIRD = (SigningKey.new() for _ in range(3))
NOON = "2024-01-18T12:00Z"


@pytest.fixture
def table(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The table of a ceremony: the root in both halves, three requests, and two keepers who know their words."""
    monkeypatch.setenv("ANNA", ANNA)
    monkeypatch.setenv("BORIS", BORIS)
    public = write_root_public(ROOT, election="az-2024", environment="production", made=1)
    (tmp_path / "root.public").write_bytes(public)
    locked = lock_root(ROOT, read_root_public(public), Passphrases(ANNA, BORIS), cost=2**10)
    (tmp_path / "root.key").write_bytes(locked)
    for name, key in (("a", KEY), ("b", OTHER), ("c", THIRD)):
        request = write_request(key, election="az-2024", environment="production", made=1)
        (tmp_path / f"{name}.request").write_bytes(request)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def act(*words: str, now: str = NOON) -> int:
    return main([words[0], "--root", "root.key", "--now", now, *KEEPERS, *words[1:]])


def first_list() -> int:
    return act("first-list", "--request", "a.request", "--out", "keys-1.cose")


def rotate(*words: str, now: str = NOON) -> int:
    return act("rotate", "--previous", "keys-1.cose", "--request", "b.request", "--out", "keys-2.cose", *words, now=now)


def opened(path: Path) -> KeyList:
    return keylist.open_key_list(path.read_bytes(), ROOT.public, election="az-2024", environment="production")


def test_a_root_is_made_and_opens_for_both_keepers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BORIS", BORIS)
    monkeypatch.setattr(ceremony, "lock_root", partial(lock_root, cost=2**12))
    reading, writing = os.pipe()
    os.write(writing, f"{ANNA}\n".encode())
    os.close(writing)

    words = ["make-root", "--election", "az-2024", "--root", "root.key", "--public", "root.public"]
    assert main([*words, "--now", NOON, "--first-fd", str(reading), "--second-env", "BORIS"]) == 0

    public = read_root_public((tmp_path / "root.public").read_bytes())
    locked = read_locked_root((tmp_path / "root.key").read_bytes())
    assert stat.S_IMODE((tmp_path / "root.key").stat().st_mode) == 0o400
    assert locked.unlock(Passphrases(ANNA, BORIS)).public == public.key
    assert (public.election, public.environment, COST) == ("az-2024", "production", 2**17)
    told = capsys.readouterr().out
    assert f"Fingerprint {public.fingerprint}" in told
    assert "The time is 18 January 2024 12:00:00 UTC." in told
    assert ANNA not in told


def test_the_first_list_brings_the_first_key(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert first_list() == 0

    keys = opened(table / "keys-1.cose")
    assert (keys.number, [one.key for one in keys.keys]) == (1, [KEY.public])
    assert "signs from 18 January 2024 12:00:00 UTC to 17 February 2024 12:00:00 UTC" in capsys.readouterr().out


def test_the_first_list_of_another_root_goes_on_counting(table: Path) -> None:
    assert act("first-list", "--request", "a.request", "--out", "keys-8.cose", "--number", "8") == 0

    assert opened(table / "keys-8.cose").number == 8


def test_a_rotation_and_an_emergency_follow(table: Path) -> None:
    first_list()
    assert rotate(now="2024-02-01T12:00Z") == 0
    assert (
        act(
            "withdraw",
            "--previous",
            "keys-2.cose",
            "--key",
            KEY.kid.hex(),
            "--out",
            "keys-3.cose",
            now="2024-02-02T12:00Z",
        )
        == 0
    )

    second, third = opened(table / "keys-2.cose"), opened(table / "keys-3.cose")
    assert (second.number, third.number) == (2, 3)
    assert [one.is_withdrawn for one in second.keys] == [False, False]
    assert [one.is_withdrawn for one in third.keys] == [True, False]
    assert second.keys[1].first_use == second.keys[0].last_signature - 24 * 3600


def test_a_withdrawn_key_gets_a_successor_that_signs_at_once(table: Path) -> None:
    first_list()
    words = ["--previous", "keys-1.cose", "--key", KEY.kid.hex(), "--request", "b.request", "--out", "keys-2.cose"]

    assert act("withdraw", *words, now="2024-01-19T12:00Z") == 0

    keys = opened(table / "keys-2.cose")
    assert [(one.is_withdrawn, one.may_sign_at(keys.issued)) for one in keys.keys] == [(True, True), (False, True)]


def test_refusals_have_a_word_and_write_nothing(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first_list()
    write = (table / "b.request").write_bytes
    foreign = write_request(OTHER, election="az-2025", environment="production", made=1)
    rehearsal = write_request(OTHER, election="az-2024", environment="test", made=1)
    capsys.readouterr()
    sound = (table / "b.request").read_bytes()

    def word(*words: str, now: str = NOON) -> str:
        assert rotate(*words, now=now) == 1
        return capsys.readouterr().err.partition("(")[2].partition(")")[0]

    assert word("--first-use", "2024-01-20T11:59Z") == "too-soon"
    assert word("--days", "31") == "too-long"
    assert word(now="2024-01-18T11:00Z") == "number-shrinks"
    write(foreign)
    assert word() == "wrong-election"
    write(rehearsal)
    assert word() == "wrong-election"
    write(sound[:-1] + bytes([sound[-1] ^ 1]))
    assert word() == "proof-lost"
    write(b"nothing")
    assert word() == "not-this-file"
    write((table / "a.request").read_bytes())
    assert word() == "key-known"
    assert not (table / "keys-2.cose").exists()


def test_a_third_key_at_one_time_is_refused(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first_list()
    rotate("--first-use", "2024-01-25T12:00Z")
    capsys.readouterr()
    words = ["--previous", "keys-2.cose", "--request", "c.request", "--out", "keys-3.cose"]

    assert act("rotate", *words, "--first-use", "2024-02-01T12:00Z") == 1

    assert capsys.readouterr().err.startswith("Refused (third-key)")


def test_one_keeper_alone_signs_nothing(
    table: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BORIS", "a guess that is long enough")

    assert first_list() == 1

    assert capsys.readouterr().err.startswith("Refused (root-locked)")
    assert not (table / "keys-1.cose").exists()


def test_no_file_is_written_over(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first_list()
    before = (table / "keys-1.cose").read_bytes()

    assert first_list() == 1

    assert "Refused (FileExistsError)" in capsys.readouterr().err
    assert (table / "keys-1.cose").read_bytes() == before


def test_a_list_of_another_root_is_not_gone_on_with(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first_list()
    keys = opened(table / "keys-1.cose")
    (table / "keys-1.cose").write_bytes(keylist.sign_key_list(keys, OTHER, environment="production"))

    assert rotate() == 1

    assert "Refused (not-under-root)" in capsys.readouterr().err


def test_passphrases_are_asked_of_two_people_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    answers = iter([ANNA, ANNA, BORIS, "something else entirely"])
    asked: list[str] = []

    def type_next(prompt: str) -> str:
        asked.append(prompt)
        return next(answers)

    monkeypatch.setattr("getpass.getpass", type_next)

    assert main(["make-root", "--election", "az-2024", "--root", "root.key", "--public", "root.public"]) == 1

    assert asked == [
        "Passphrase of the first keeper: ",
        "The same again: ",
        "Passphrase of the second keeper: ",
        "The same again: ",
    ]
    assert "Refused (passphrase)" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_any_file_says_what_it_is(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first_list()
    second = int(opened(table / "keys-1.cose").issued)
    revoked = revocations.RevokedBadges(
        "az-2024", 7, second, second + 600, {bytes(8): revocations.RevocationReason.LOST}
    )
    signed = revocations.sign_revocations(revoked, KEY, environment="production")
    (table / "revoked.cose").write_bytes(signed)
    capsys.readouterr()

    def first_line(*words: str) -> str:
        code = main(["show", *words])
        told = capsys.readouterr()
        return (told.err if code else told.out).partition("\n")[0]

    under, keys = ["--root", "root.public"], ["--keys", "keys-1.cose"]
    assert first_line("root.key") == "Root key, its private half locked under two passphrases"
    assert first_line("root.public") == "Root key, its public half"
    assert first_line("a.request") == f"Request of the signing key {KEY.kid.hex()}, signed by it"
    assert first_line("keys-1.cose", *under).startswith("List of keys, number 1, of the election az-2024, issued 18 ")
    assert first_line("revoked.cose", *under, *keys) == "List of revoked badges, number 7, of the election az-2024"
    assert first_line("keys-1.cose").startswith("Refused (not-this-file)")
    assert first_line("revoked.cose", *under).startswith("Refused (not-this-file)")
