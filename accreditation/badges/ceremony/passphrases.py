"""Where the two passphrases come from: two people at a keyboard, or, for rehearsals, descriptors and variables.

Never from the command line, which every user of a machine can read.
"""

import getpass
import os
from argparse import ArgumentParser, Namespace

from accreditation.badges.ceremony.envelope import Passphrases, check_passphrases
from accreditation.badges.ceremony.errors import PassphraseError

_LONGEST = 1024


def add_sources(parser: ArgumentParser) -> None:
    """The options that say where a passphrase is read from instead of the keyboard."""
    for keeper in ("first", "second"):
        source = parser.add_mutually_exclusive_group()
        source.add_argument(
            f"--{keeper}-fd", type=int, metavar="N", help=f"read the {keeper} passphrase from this file descriptor"
        )
        source.add_argument(
            f"--{keeper}-env", metavar="NAME", help=f"read the {keeper} passphrase from this environment variable"
        )


def read_passphrases(options: Namespace, *, is_new: bool = False) -> Passphrases:
    """Both passphrases; new ones are typed twice and checked at once. Raises PassphraseError."""
    typed = Passphrases(
        _read("first", options.first_fd, options.first_env, is_new=is_new),
        _read("second", options.second_fd, options.second_env, is_new=is_new),
    )
    if is_new:
        check_passphrases(typed)
    return typed


def _read(keeper: str, descriptor: int | None, variable: str | None, *, is_new: bool) -> str:
    if descriptor is not None:
        with os.fdopen(descriptor, encoding="utf-8", closefd=True) as source:
            return source.readline(_LONGEST).rstrip("\n")
    if variable is not None:
        if variable not in os.environ:
            raise PassphraseError(f"There is no environment variable {variable}.")
        return os.environ[variable]
    typed = getpass.getpass(f"Passphrase of the {keeper} keeper: ")
    if is_new and getpass.getpass("The same again: ") != typed:
        raise PassphraseError("The two times differ.")
    return typed
