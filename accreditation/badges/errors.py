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


class KeyStillTrustedError(ConflictError):
    """The badges of this key are good: the root has not withdrawn it."""

    code = "key-still-trusted"
    title = _("The key is not withdrawn in the installed list; install that list first")


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


class BadgeNotAccreditedError(ConflictError):
    """The accreditation has ended, by an act or by the clock; nobody gets a badge of it, or carries one away."""

    code = "badge-not-accredited"
    title = _("The accreditation has ended")


class BadgeSuspendedError(ConflictError):
    """The accreditation is suspended; its badges wait until it counts again."""

    code = "badge-suspended"
    title = _("The accreditation is suspended")


class LiveBadgeError(ConflictError):
    """The person has a badge that is still good; a new one takes its place only by a re-issue."""

    code = "badge-live"
    title = _("The person has a badge that is still good")


class BadgeOverError(RuleViolationError):
    """The person has left, or the badge has expired: a card would be good no day more."""

    code = "badge-over"
    title = _("The time in which the badge would be good is over")


class NoLatinNameError(RuleViolationError):
    """The name has letters without a Latin form, and the machine-readable zone that has one is not known."""

    code = "no-latin-name"
    title = _("The name has no Latin form; enter the machine-readable zone of the passport")


class BadgeNotSignedError(ConflictError):
    """The badge waits for its signature; it can be printed after that."""

    code = "badge-not-signed"
    retry_after_seconds = 15
    title = _("The badge is not signed yet")


class BadgeSpoiledError(RuleViolationError):
    """The card would say what is no longer so; each fact is a violation. A re-issue says it as it is now."""

    code = "badge-spoiled"
    title = _("What the badge says has changed")


class BadgePrintedError(ConflictError):
    """The card was printed. A second card of the same code is never made: a spoilt one is re-issued."""

    code = "badge-printed"
    title = _("The badge is printed already; if the card is spoilt, re-issue the badge")


class BadgeChangedError(ConflictError):
    """Somebody else changed the badge since it was read."""

    code = "badge-changed"
    title = _("The badge has changed since you read it")


class StockSerialTakenError(ConflictError):
    """Another badge was printed on the card of this serial; the detail says which."""

    code = "stock-serial-taken"
    title = _("Another badge was printed on the card of this serial")


class StockSerialNotCountableError(RuleViolationError):
    """A stack of cards needs a first serial with digits that can be counted up, of at most 40 characters."""

    code = "stock-serial-not-countable"
    title = _("The first serial must end in a number that can be counted up")


class CollectorMissingError(RuleViolationError):
    """A badge is handed to somebody with a name."""

    code = "collector-missing"
    title = _("Say who takes the badge")


class WitnessMissingError(RuleViolationError):
    """A card is destroyed before a witness with a name, who is not the person that destroys it."""

    code = "witness-missing"
    title = _("Name a witness other than yourself")


class NoCardError(RuleViolationError):
    """The badge was never printed, so there is no card of it."""

    code = "no-card"
    title = _("There is no card of this badge")


class CardDestroyedError(ConflictError):
    """The card was destroyed before."""

    code = "card-destroyed"
    title = _("The card is destroyed already")


class NotDestroyableError(ConflictError):
    """Only the card of a badge that was returned or made void is destroyed."""

    code = "not-destroyable"
    title = _("Only a returned or void badge is destroyed")


class NobodyOnBatchError(RuleViolationError):
    """Nobody of the choice has an accreditation that counts."""

    code = "nobody-on-batch"
    title = _("Nobody here needs a badge")


class BatchTooLargeError(RuleViolationError):
    """The batch has more people than one order may have."""

    code = "print-batch-too-large"
    title = _("Too many people for one batch")


class BatchUnfinishedError(ConflictError):
    """The batch is closed when its work is done."""

    code = "print-batch-unfinished"
    title = _("The batch is not finished yet")


class BatchClosedError(ConflictError):
    """The batch is closed and its sheets are erased."""

    code = "print-batch-closed"
    title = _("The batch is closed; its sheets were erased")
