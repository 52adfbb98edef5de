"""Why a sample cannot be drawn, locked or changed."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class SampleRefusedError(RuleViolationError):
    """The wishes contradict each other or the register; each is a violation beside its field."""

    code = "sample-refused"
    title = _("The sample cannot be drawn like this")


class SamplePlannedInPoolError(RuleViolationError):
    """A host-coordinated mission has no sample of its own."""

    code = "sample-planned-in-pool"
    title = _("The stations of this mission are chosen together with those of the other host-coordinated missions")


class SampleTooLateError(ConflictError):
    """Election day has begun: what is drawn now was not chosen before."""

    code = "sample-too-late"
    title = _("A sample is locked before election day begins")


class AnotherSampleLockedError(ConflictError):
    """The mission, or the pool, has a locked sample already."""

    code = "another-sample-locked"
    title = _("Another sample is locked already; a locked sample is final")


class SampleNotLockedError(ConflictError):
    """Before the lock a sample is drawn again, not mended."""

    code = "sample-not-locked"
    title = _("Stations are replaced in a locked sample only; before that, draw another one")


class StationNotInSampleError(RuleViolationError):
    """The station is not among those that are to be visited."""

    code = "station-not-in-sample"
    title = _("The station is not in the sample")


class ReserveExhaustedError(ConflictError):
    """Every station of the stratum's reserve has been used."""

    code = "reserve-exhausted"
    title = _("The reserve of this stratum is used up")
