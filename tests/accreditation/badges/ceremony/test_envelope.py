"""One passphrase opens nothing, and nothing that is said beside the secret can be changed."""

from dataclasses import replace

import pytest

from accreditation.badges.ceremony.envelope import Envelope, Passphrases, seal, unseal
from accreditation.badges.ceremony.errors import LockedRootError, PassphraseError

BOTH = Passphrases("correct horse battery", "staple of another keeper")
CHEAP = 2**10


@pytest.fixture(scope="module")
def envelope() -> Envelope:
    return seal(b"the secret", said_openly=b"az-2024", passphrases=BOTH, cost=CHEAP)


def test_both_passphrases_open_it(envelope: Envelope) -> None:
    assert unseal(envelope, said_openly=b"az-2024", passphrases=BOTH) == b"the secret"
    assert b"the secret" not in envelope.sealed


@pytest.mark.parametrize(
    "typed",
    [
        replace(BOTH, second="wrong guess of the second"),
        replace(BOTH, first="wrong guess of the first"),
        replace(BOTH, second=""),
        Passphrases(BOTH.second, BOTH.first),
        Passphrases(BOTH.first, BOTH.first),
    ],
    ids=["first-alone", "second-alone", "second-empty", "swapped", "twice-the-same"],
)
def test_nothing_else_does(envelope: Envelope, typed: Passphrases) -> None:
    with pytest.raises(LockedRootError):
        unseal(envelope, said_openly=b"az-2024", passphrases=typed)


def test_what_is_said_openly_cannot_be_changed(envelope: Envelope) -> None:
    with pytest.raises(LockedRootError):
        unseal(envelope, said_openly=b"az-2025", passphrases=BOTH)


@pytest.mark.parametrize("cost", [1, 2**9, 2**10 + 1, 2**11, 2**40])
def test_another_cost_is_refused_or_opens_nothing(envelope: Envelope, cost: int) -> None:
    with pytest.raises(LockedRootError):
        unseal(replace(envelope, cost=cost), said_openly=b"az-2024", passphrases=BOTH)


def test_the_same_letters_of_another_system_are_the_same_passphrase() -> None:
    composed = Passphrases("şifrə ğüvənli deyil", BOTH.second)
    decomposed = Passphrases("s\u0327ifrə g\u0306u\u0308vənli deyil", BOTH.second)

    sealed = seal(b"x", said_openly=b"", passphrases=composed, cost=CHEAP)

    assert unseal(sealed, said_openly=b"", passphrases=decomposed) == b"x"


@pytest.mark.parametrize(
    "typed",
    [Passphrases("short", BOTH.second), Passphrases(BOTH.first, "x" * 14), Passphrases(BOTH.first, BOTH.first + " ")],
    ids=["first-short", "second-short", "the-same"],
)
def test_weak_passphrases_are_refused(typed: Passphrases) -> None:
    with pytest.raises(PassphraseError):
        seal(b"x", said_openly=b"", passphrases=typed, cost=CHEAP)


def test_passphrases_do_not_show_themselves() -> None:
    assert repr(BOTH) == "Passphrases(…)"
