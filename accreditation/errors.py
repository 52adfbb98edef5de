"""What the accreditation desk refuses, each error named after its sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RefusedError, RuleViolationError


class CeilingReachedError(RuleViolationError):
    """The mission has fewer places left than people in the request."""

    code = "ceiling-reached"
    title = _("The mission has no more places")


class NominationsRefusedError(RuleViolationError):
    """Some nominations contradict what is stored; each has a violation, and none was taken."""

    code = "nominations-refused"
    title = _("The nominations were not taken")


class RegisterChangedError(ConflictError):
    """Somebody else wrote the same unique fact at the same moment; the request may be repeated."""

    code = "register-changed"
    title = _("The register changed at the same moment; please try again")


class ElectionWithoutProfileError(RuleViolationError):
    """The act needs the law of the election, and no rule profile is chosen."""

    code = "election-without-profile"
    title = _("The election has no rule profile")


class ApplicationIncompleteError(RuleViolationError):
    """The application waits for documents; handing them in submits it again."""

    code = "application-incomplete"
    title = _("The application is incomplete")


class PapersNotTakenError(ConflictError):
    """The application is in a state in which no document can be added to it."""

    code = "papers-not-taken"
    title = _("Documents can no longer be added to this application")


class NoDocumentNamedError(RuleViolationError):
    """Documents were asked for without saying which."""

    code = "no-document-named"
    title = _("Say which documents are needed")


class BlockingFindingsError(RuleViolationError):
    """Findings that block are still open; each is a violation."""

    code = "blocking-findings-open"
    title = _("Blocking findings are open")


class FindingClosedError(ConflictError):
    """The finding was closed before."""

    code = "finding-closed"
    title = _("The finding is closed already")


class ReasonMissingError(RuleViolationError):
    """The act must be explained in words."""

    code = "reason-missing"
    title = _("A reason is needed")


class NotReviewedError(RuleViolationError):
    """Nobody has reviewed the application, so that a second person cannot decide it."""

    code = "not-reviewed"
    title = _("Nobody has reviewed the application yet")


class SamePersonDecidesError(RefusedError):
    """Who reviewed an application may not decide it."""

    code = "same-person-decides"
    title = _("The person who reviewed an application may not decide it")


class SessionRequiredError(RuleViolationError):
    """The law has the commission decide in session, and the application is on no agenda."""

    code = "session-required"
    title = _("The application must be scheduled for a session first")


class SessionOfAnotherElectionError(RuleViolationError):
    """Session, commission and application do not belong to the same election."""

    code = "session-of-another-election"
    title = _("The session belongs to another election")


class SessionNumberTakenError(ConflictError):
    """The commission already has a session of this number."""

    code = "session-number-taken"
    title = _("The number of the session is taken")


class NotOnAgendaError(RuleViolationError):
    """The application is not scheduled for the session."""

    code = "not-on-agenda"
    title = _("The application is not on the agenda of this session")


class RefusalNotGroundedError(RuleViolationError):
    """A refusal lacks a ground of the profile, or its reasons."""

    code = "refusal-not-grounded"
    title = _("A refusal needs a legal ground and its reasons")


class AlreadyAccreditedError(ConflictError):
    """The person holds a live accreditation of this category."""

    code = "already-accredited"
    title = _("The person is accredited already")


class StillValidError(RuleViolationError):
    """The event that ends accreditations has not happened yet."""

    code = "still-valid"
    title = _("The accreditation has not expired yet")
