"""What badges refuse, each error named after its sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class SignerAwayError(ConflictError):
    """The signer does not answer. The intent stays, and a job asks again."""

    code = "signer-away"
    retry_after_seconds = 15
    title = _("The signer does not answer; the badge is signed as soon as it does")


class NoSigningKeyError(SignerAwayError):
    """The signer has no key that may sign now: none is listed, or the private half is not there."""

    code = "no-signing-key"
    retry_after_seconds = 300
    title = _("No key may sign badges of this election now")


class RootInstalledError(ConflictError):
    """The election has another root key; what was signed under it would lose all trust."""

    code = "root-installed"
    title = _("The election has another root key")


class FingerprintDiffersError(RuleViolationError):
    """The file is not the root key that was read aloud."""

    code = "fingerprint-differs"
    title = _("The fingerprint is not that of the file")


class TrustFileRefusedError(RuleViolationError):
    """The file is not what it should be, or not signed by whom it should be; the detail says why."""

    code = "trust-file-refused"
    title = _("The file is refused")


class KeyListOldError(ConflictError):
    """A list of this number or a higher one is installed: numbers only grow."""

    code = "key-list-old"
    title = _("A newer list of keys is installed already")


class TestTrustRefusedError(RuleViolationError):
    """Keys that nobody guards are for tests and demonstrations only."""

    __test__ = False  # for pytest, which collects what begins so
    code = "test-trust-refused"
    title = _("Test keys cannot be made for this election here")
