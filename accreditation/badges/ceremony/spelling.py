"""Fingerprints that people read aloud to each other, by the alphabet of radio operators."""

import base64
import hashlib

#: 120 bits: nobody finds a second key with the same fingerprint.
_BYTES = 15
_GROUP = 4
_WORDS = (
    *("Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot", "Golf", "Hotel", "India", "Juliett", "Kilo", "Lima"),
    *("Mike", "November", "Oscar", "Papa", "Quebec", "Romeo", "Sierra", "Tango", "Uniform", "Victor", "Whiskey"),
    *("Xray", "Yankee", "Zulu", "Two", "Three", "Four", "Five", "Six", "Seven"),
)
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def fingerprint_of(point: bytes) -> str:
    """The fingerprint of a public key (its point, 64 bytes): six groups of four letters and digits."""
    letters = base64.b32encode(hashlib.sha256(point).digest()[:_BYTES]).decode()
    return "-".join(letters[start : start + _GROUP] for start in range(0, len(letters), _GROUP))


def spelled(fingerprint: str) -> tuple[str, ...]:
    """Each group of a fingerprint in words, to be read aloud line by line."""
    return tuple(" ".join(_WORDS[_ALPHABET.index(letter)] for letter in group) for group in fingerprint.split("-"))


def is_same(typed: str, fingerprint: str) -> bool:
    """Whether what somebody typed is the fingerprint, whatever the case, the spaces and the dashes."""
    return "".join(typed.split()).replace("-", "").upper() == fingerprint.replace("-", "")
