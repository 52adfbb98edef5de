"""`python -m accreditation.badges.ceremony`: the acts of a ceremony. Writes no file over another, and no half ones."""

import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from accreditation.badges.ceremony import rules
from accreditation.badges.ceremony.errors import (
    CeremonyError,
    LockedRootError,
    NotUnderRootError,
    WrongElectionError,
)
from accreditation.badges.ceremony.files import (
    KeyRequest,
    LockedRoot,
    RootPublic,
    lock_root,
    read_locked_root,
    read_request,
    read_root_public,
    write_root_public,
)
from accreditation.badges.ceremony.passphrases import add_sources, read_passphrases
from accreditation.badges.ceremony.telling import lines_of, recognized, told_time
from accreditation.badges.codes.cose import ENVIRONMENTS
from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.keylist import KeyList, open_key_list, sign_key_list
from accreditation.badges.codes.keys import SigningKey

_SECRET_MODE = 0o400


def main(arguments: Sequence[str] | None = None) -> int:
    """Carry one act out; 0, or 1 with the reason on the error stream."""
    options = _parser().parse_args(arguments)
    try:
        options.act(options)
    except (CeremonyError, CodeError, OSError) as error:
        code = error.code if isinstance(error, CeremonyError) else type(error).__name__
        sys.stderr.write(f"Refused ({code}): {error}\n")
        return 1
    return 0


def make_root(options: Namespace) -> None:
    """Make the root of an election and lock its private half under two passphrases."""
    now = _now(options)
    passphrases = read_passphrases(options, is_new=True)
    key = SigningKey.new()
    told = {"election": options.election, "environment": options.environment, "made": now}
    data = write_root_public(key, **told)
    public = read_root_public(data)
    locked = lock_root(key, public, passphrases)
    if read_locked_root(locked).unlock(passphrases).public != key.public:  # before anybody relies on it
        raise LockedRootError("The new file does not open.")
    _write(options.root, locked, mode=_SECRET_MODE)
    _write(options.public, data)
    _tell(lines_of(public))


def first_list(options: Namespace) -> None:
    """Sign the first list of a root, with one signing key."""
    now, root = _now(options), read_locked_root(options.root.read_bytes())
    request = _request(options.request, root.public)
    use = rules.Use.of_days(options.first_use or now, options.days)
    keys = rules.first_list(election=root.public.election, key=request.key, use=use, now=now, number=options.number)
    _sign(keys, root, options)


def rotate(options: Namespace) -> None:
    """Sign the next list, with one signing key more."""
    now, root = _now(options), read_locked_root(options.root.read_bytes())
    previous, request = _previous(options, root.public), _request(options.request, root.public)
    use = rules.Use.of_days(options.first_use or rules.next_first_use(previous, now=now), options.days)
    _sign(rules.with_key(previous, key=request.key, use=use, now=now), root, options)


def withdraw(options: Namespace) -> None:
    """Sign the next list, in which a key is withdrawn; with a request, its successor stands beside it."""
    now, root = _now(options), read_locked_root(options.root.read_bytes())
    previous = _previous(options, root.public)
    following = rules.without_key(previous, kid=options.key, now=now)
    if options.request is not None:
        request = _request(options.request, root.public)
        use = rules.Use.of_days(options.first_use or rules.next_first_use(following, now=now), options.days)
        following = rules.with_key(previous, key=request.key, use=use, now=now, withdrawing=options.key)
    _sign(following, root, options)


def show(options: Namespace) -> None:
    """Say what a file is and what it says."""
    root = read_root_public(options.root.read_bytes()) if options.root else None
    keys = _opened(options.keys, root) if options.keys and root else None
    _tell(lines_of(recognized(options.file.read_bytes(), root=root, keys=keys)))


def _parser() -> ArgumentParser:
    parser = ArgumentParser(prog="python -m accreditation.badges.ceremony", description=__doc__)
    acts = parser.add_subparsers(title="acts", required=True)

    making = _act(acts.add_parser("make-root", help="make the root of an election"), make_root, signs=True)
    making.add_argument("--election", required=True, help="the code of the election")
    making.add_argument("--environment", choices=ENVIRONMENTS, default="production")
    making.add_argument("--public", required=True, type=Path, help="where the public half is written")

    first = _act(acts.add_parser("first-list", help="sign the first list of a root"), first_list, signs=True)
    first.add_argument("--request", required=True, type=Path, help="the request of the first signing key")
    first.add_argument("--number", type=int, default=1, help="above the last one of a root that this one replaces")
    _add_use(first)

    rotation = _act(acts.add_parser("rotate", help="sign the next list, with one key more"), rotate, signs=True)
    rotation.add_argument("--previous", required=True, type=Path, help="the newest list there is")
    rotation.add_argument("--request", required=True, type=Path, help="the request of the new signing key")
    _add_use(rotation)

    withdrawal = _act(acts.add_parser("withdraw", help="sign the next list, a key withdrawn"), withdraw, signs=True)
    withdrawal.add_argument("--previous", required=True, type=Path, help="the newest list there is")
    withdrawal.add_argument("--key", required=True, type=bytes.fromhex, help="the key, 16 hexadecimal digits")
    withdrawal.add_argument("--request", type=Path, help="the request of a key in its place")
    _add_use(withdrawal)

    showing = _act(acts.add_parser("show", help="say what a file says"), show)
    showing.add_argument("file", type=Path)
    showing.add_argument("--root", type=Path, help="the public half of the root, to check a list of keys")
    showing.add_argument("--keys", type=Path, help="the list of keys, to check a list of revoked badges")
    return parser


def _act(parser: ArgumentParser, act: Callable[[Namespace], None], *, signs: bool = False) -> ArgumentParser:
    parser.set_defaults(act=act)
    if signs:
        parser.add_argument("--root", required=True, type=Path, help="the file of the root's private half")
        parser.add_argument("--now", type=_instant, metavar="TIME", help="instead of this machine's clock")
        add_sources(parser)
        if act is not make_root:
            parser.add_argument("--out", required=True, type=Path, help="where the list is written")
    return parser


def _add_use(parser: ArgumentParser) -> None:
    parser.add_argument("--first-use", type=_instant, metavar="TIME", help="when the key signs first")
    parser.add_argument("--days", type=int, default=30, help="for how many days it signs (default: 30, the most)")


def _instant(text: str) -> int:
    """Seconds of a time as in 2024-01-18T12:00Z. A time without a zone is refused: it would be anybody's."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError
    return int(instant.timestamp())


def _now(options: Namespace) -> int:
    now: int = options.now or int(time.time())
    _tell([f"The time is {told_time(now)}. Compare it with a watch."])
    return now


def _request(path: Path, root: RootPublic) -> KeyRequest:
    request = read_request(path.read_bytes())
    if (request.election, request.environment) != (root.election, root.environment):
        raise WrongElectionError(
            f"The root is for {root.election} ({root.environment}), the request for {request.election} "
            f"({request.environment})."
        )
    _tell(lines_of(request))
    return request


def _previous(options: Namespace, root: RootPublic) -> KeyList:
    return _opened(options.previous, root)


def _opened(path: Path, root: RootPublic) -> KeyList:
    try:
        return open_key_list(path.read_bytes(), root.key, election=root.election, environment=root.environment)
    except CodeError as error:
        raise NotUnderRootError(f"{path.name} is no list of keys that this root signed: {error}.") from error


def _sign(keys: KeyList, root: LockedRoot, options: Namespace) -> None:
    key = root.unlock(read_passphrases(options))
    data = sign_key_list(keys, key, environment=root.public.environment)
    _write(options.out, data)
    _tell(lines_of(_opened(options.out, root.public)))


def _write(path: Path, data: bytes, *, mode: int = 0o644) -> None:
    with path.open("xb") as file:
        path.chmod(mode)
        file.write(data)


def _tell(lines: Iterable[str]) -> None:
    sys.stdout.writelines(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
