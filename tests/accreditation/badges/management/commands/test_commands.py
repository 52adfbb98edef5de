"""The commands of the server as they are typed: what they say, and that a refusal makes them fail."""

import datetime as dt
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accreditation.badges.ceremony import rules
from accreditation.badges.ceremony.files import read_request, read_root_public, write_root_public
from accreditation.badges.codes import keylist
from accreditation.badges.codes.keys import SigningKey
from accreditation.badges.models import Badge
from accreditation.badges.services.issuing import issue_badge
from accreditation.models import Accreditation
from missions.kernel import clock
from missions.models import Election, User

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("election", "badge_folders")]

ROOT = SigningKey.new()
ELECTION = ["--election", "az-2024"]
BY = ["--by", "Anna"]


@pytest.fixture
def carrier(tmp_path: Path, at: dt.datetime) -> Path:
    """What goes back and forth between the machines."""
    clock.set_to(at)
    (tmp_path / "root.public").write_bytes(write_root_public(ROOT, election="az-2024", environment="test", made=1))
    return tmp_path


def run(command: str, *words: str | Path) -> str:
    out = StringIO()
    call_command(command, *map(str, words), stdout=out)
    return out.getvalue()


def new_key(carrier: Path, name: str) -> SigningKey:
    """Make a key with the command; its private half as the signer would read it."""
    told = run("badge_new_key", *ELECTION, "--out", carrier / name)
    request = read_request((carrier / name).read_bytes())
    assert told.startswith(f"Signing key {request.key.kid.hex()}\nFingerprint {request.fingerprint}\n    ")
    return SigningKey.from_pem((carrier / "badge-keys" / f"{request.key.kid.hex()}.pem").read_bytes())


def install_root(carrier: Path) -> str:
    fingerprint = read_root_public((carrier / "root.public").read_bytes()).fingerprint
    return run("badge_install_root", carrier / "root.public", *ELECTION, *BY, "--fingerprint", fingerprint)


def sign(carrier: Path, keys: keylist.KeyList) -> Path:
    path = carrier / f"keys-{keys.number}.cose"
    path.write_bytes(keylist.sign_key_list(keys, ROOT, environment="test"))
    return path


def test_from_the_first_key_to_new_badges_after_an_emergency(
    carrier: Path, at: dt.datetime, accreditation: Accreditation, issuer: User
) -> None:
    now = int(at.timestamp())
    first, second = new_key(carrier, "a.request"), new_key(carrier, "b.request")
    assert install_root(carrier) == f"Root key {ROOT.kid.hex()} installed.\n"
    keys = rules.first_list(election="az-2024", key=first.public, use=rules.Use.of_days(now, 30), now=now)
    listed = sign(carrier, keys)
    assert run("badge_install_keys", listed, *ELECTION, *BY) == "List of keys 1 installed.\n"
    assert (carrier / "published" / "az-2024" / "keys.cose").read_bytes() == listed.read_bytes()
    assert run("badge_publish", *ELECTION) == "1 files changed.\n"
    badge = issue_badge(accreditation=accreditation, by=issuer, at=clock.now())
    assert badge.key_id == first.kid.hex()

    told = run("badge_withdraw_key", first.kid.hex())
    assert told == f"The key {first.kid.hex()} is destroyed here. Its badges stay good until the root withdraws it.\n"
    now = int(clock.now().timestamp())
    use = rules.Use.of_days(now, 30)
    following = rules.with_key(keys, key=second.public, use=use, now=now, withdrawing=first.kid)
    run("badge_install_keys", sign(carrier, following), *ELECTION, *BY)
    assert run("badge_reissue", "--key", first.kid.hex(), "--by", issuer.email) == (
        "1 done\n1 replaced, of these 1 signed; 0 not replaced.\n"
    )
    assert run("badge_publish", *ELECTION) == "1 files changed.\n"

    assert list(Badge.objects.order_by("number").values_list("state", "key_id")) == [
        ("void", first.kid.hex()),
        ("signed", second.kid.hex()),
    ]


def test_what_is_wrong_is_said_and_fails(carrier: Path, issuer: User) -> None:
    rubbish = carrier / "rubbish"
    rubbish.write_bytes(b"<html>")
    absent = ["--election", "az-1999"]
    wrong = ["--fingerprint", "AAAA"]

    for command, words, said in (
        ("badge_new_key", [*absent, "--out", carrier / "x"], "There is no election az-1999."),
        ("badge_new_key", [*ELECTION, "--out", rubbish], "Cannot write"),
        ("badge_install_root", [carrier / "root.public", *ELECTION, *BY, *wrong], "The fingerprint is not that"),
        ("badge_install_root", [rubbish, *ELECTION, *BY, *wrong], "not the public half of a root"),
        ("badge_install_root", [carrier / "none", *ELECTION, *BY, *wrong], "No such file"),
        ("badge_install_root", [rubbish, *absent, *BY, *wrong], "There is no election az-1999."),
        ("badge_install_keys", [rubbish, *ELECTION, *BY], "The election has no root key yet"),
        ("badge_install_keys", [rubbish, *absent, *BY], "There is no election az-1999."),
        ("badge_publish", absent, "There is no election az-1999."),
        ("badge_withdraw_key", ["00" * 8], "The key 0000000000000000 is not here."),
        ("badge_withdraw_key", ["../x"], "non-hexadecimal"),
        ("badge_reissue", ["--key", "00" * 8, "--by", "nobody@x.example"], "There is no user nobody@x.example."),
    ):
        with pytest.raises(CommandError, match=said):
            run(command, *words)

    assert rubbish.read_bytes() == b"<html>"
    assert not (carrier / "x").exists()
    assert not (carrier / "badge-keys").exists()
    assert Election.objects.filter(trust_root=None).exists()
