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


class DeviceTermsError(RuleViolationError):
    """A checking device cannot be added like this."""

    code = "device-terms"
    title = _("The device cannot be added like this")


class DeviceNameTakenError(ConflictError):
    """The election has a device of this name."""

    code = "device-name-taken"
    title = _("Another device has this name")


class DeviceRevokedError(ConflictError):
    """The device was revoked, and that is for good."""

    code = "device-revoked"
    title = _("The device was revoked; add another one")


class EnrolmentRefusedError(RuleViolationError):
    """The code enrols no device: unknown, used or late. Which of them is not told."""

    code = "enrolment-refused"
    title = _("This code does not enrol a device; ask for a new one")


class ScanAnnulledError(ConflictError):
    """The scan is annulled already."""

    code = "scan-annulled"
    title = _("The scan is annulled already")


class AlertClosedError(ConflictError):
    """Somebody has closed the alert."""

    code = "alert-closed"
    title = _("The alert is closed already")


class BadgeNotPrintableError(RuleViolationError):
    """The card would have empty boxes for letters, or a symbol too dense to be read. Such a card is never printed."""

    code = "badge-not-printable"
    title = _("The badge cannot be printed as it is")
