"""Why a ceremony stops. Each error has a stable code, which the protocol of the ceremony notes."""


class CeremonyError(Exception):
    """Nothing was signed and nothing was written. `code` is stable, the message is for the people in the room."""

    code = "ceremony"


class PassphraseError(CeremonyError):
    """A passphrase is too short, typed differently, or the same as the other one."""

    code = "passphrase"


class LockedRootError(CeremonyError):
    """The two passphrases do not open the root key, or its file was changed."""

    code = "root-locked"


class NotThisFileError(CeremonyError):
    """The file is not of the kind that is needed here."""

    code = "not-this-file"


class WrongElectionError(CeremonyError):
    """The files belong to different elections or environments."""

    code = "wrong-election"


class ProofLostError(CeremonyError):
    """The request is not signed by the key that it brings: whoever wrote it may not have that key."""

    code = "proof-lost"


class NotUnderRootError(CeremonyError):
    """The list of keys was not signed by this root."""

    code = "not-under-root"


class KeyKnownError(CeremonyError):
    """The key stands in the list already."""

    code = "key-known"


class KeyUnknownError(CeremonyError):
    """The key does not stand in the list."""

    code = "key-unknown"


class ThirdKeyError(CeremonyError):
    """More than two keys would sign at one time."""

    code = "third-key"


class TooSoonError(CeremonyError):
    """Devices would not have the list before the key is used."""

    code = "too-soon"


class TooLongError(CeremonyError):
    """The key would sign, or its badges would be good, for longer than is allowed."""

    code = "too-long"


class NumberError(CeremonyError):
    """The number of the list does not grow."""

    code = "number-shrinks"


class KeyLostError(CeremonyError):
    """A key that still counts is missing in the new list, was changed there, or is not withdrawn any more."""

    code = "key-lost"
