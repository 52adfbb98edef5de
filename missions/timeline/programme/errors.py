"""What the programme refuses, each error named after its sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class ResourceRefusedError(RuleViolationError):
    """What is shared cannot be set up like this; each fault is a violation."""

    code = "resource-refused"
    title = _("The resource cannot be set up like this")


class ResourceChangedError(ConflictError):
    """Somebody else changed the resource since it was read, or it is there already."""

    code = "resource-changed"
    title = _("The resource was changed meanwhile; please look again")


class RequestRefusedError(RuleViolationError):
    """The request cannot be taken; each fault is a violation: window_too_short, language_unknown and others."""

    code = "request-refused"
    title = _("The request cannot be taken like this")


class RequestThereError(ConflictError):
    """The mission has asked for this already."""

    code = "request-there"
    title = _("The mission has asked for this already; withdraw the earlier request first")


class RequestBookedError(ConflictError):
    """The mission has been told a time for it."""

    code = "request-booked"
    title = _("The request has a place in the released programme; withdraw it and ask again")


class RequestNotPlacedError(ConflictError):
    """The version has no booking for the request."""

    code = "request-not-placed"
    title = _("The request has no place in this version")


class NothingAskedError(RuleViolationError):
    """There are no requests, or nothing that could serve them."""

    code = "nothing-asked"
    title = _("There is nothing to make a programme of")


class ProgrammeInProgressError(ConflictError):
    """A version is being made already."""

    code = "programme-in-progress"
    title = _("A version is being made already; wait for it or discard it")


class NothingReleasedError(ConflictError):
    """There is no released version to repair."""

    code = "nothing-released"
    title = _("No version is released that could be repaired")


class ProgrammeOvertakenError(ConflictError):
    """Another version was released since this one was ordered."""

    code = "programme-overtaken"
    title = _("Another version was released since this one was made; make a new one from it")


class ProgrammeBreaksRulesError(RuleViolationError):
    """The version may not be released; the violations name each broken rule in words."""

    code = "programme-breaks-rules"
    title = _("The programme breaks rules")


class PlaceTakenError(ConflictError):
    """The place is held by another booking, or the move would break a rule; the violations tell which."""

    code = "place-taken"
    title = _("The booking cannot be moved there")


class ProgrammeNotMovableError(ConflictError):
    """Only drafts are changed by hand."""

    code = "programme-not-movable"
    title = _("Only a draft is changed by hand")


class ProgrammeChangedError(ConflictError):
    """Two acts on the programme met; nothing was done by this one."""

    code = "programme-changed"
    title = _("The programme was changed meanwhile; please look again")
