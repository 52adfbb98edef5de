"""What the accreditation desk refuses, each error named after its sentence."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RefusedError, RuleViolationError


class CeilingReachedError(RuleViolationError):
    """The mission has fewer places left than people in the request."""

    code = "ceiling-reached"
    title = _("The mission has no more places")


class QuotaByInvitationError(RuleViolationError):
    """Places of international observers are granted by invitations, not by the desk."""

    code = "quota-by-invitation"
    title = _("Places of international observers come with the invitations")


class OnePerCommissionError(ConflictError):
    """The sender has a person at this precinct already, and the law allows no second one."""

    code = "one-per-commission"
    title = _("The sender has a person at this precinct already")


class NotAPollsterError(RuleViolationError):
    """Nobody of the mission is accredited to conduct an exit poll."""

    code = "not-a-pollster"
    title = _("The mission has no accredited exit pollster")


class ExitPollRefusedError(RuleViolationError):
    """The result of an exit poll contradicts itself; each fault is a violation."""

    code = "exit-poll-refused"
    title = _("The result was not taken")


class ExitPollTakenError(ConflictError):
    """The pollster has handed in another result under this title; results are never overwritten."""

    code = "exit-poll-taken"
    title = _("Another result stands under this title")


class NotMovableError(ConflictError):
    """The nomination cannot go over to the other mission."""

    code = "nomination-not-movable"
    title = _("The nomination cannot move to this mission")


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


class AppealLateError(RuleViolationError):
    """The time in which the law allows an appeal is over."""

    code = "appeal-late"
    title = _("The time for an appeal is over")


class AlreadyAccreditedError(ConflictError):
    """The person holds a live accreditation of this category."""

    code = "already-accredited"
    title = _("The person is accredited already")


class AppliedAgainError(ConflictError):
    """The person has applied again since the accreditation ended, and an old one cannot come back."""

    code = "applied-again"
    title = _("A newer application of the person is under way")


class StillValidError(RuleViolationError):
    """The event that ends accreditations has not happened yet."""

    code = "still-valid"
    title = _("The accreditation has not expired yet")


class SessionNotHeldYetError(RuleViolationError):
    """A session decides nothing before its hour."""

    code = "session-not-held-yet"
    title = _("The session has not been held yet")


class AgendaItemDecidedError(ConflictError):
    """The session has voted on the item already; nothing is added to it or taken from it any more."""

    code = "agenda-item-decided"
    title = _("The item of the agenda has been decided already")


class NothingToDecideError(ConflictError):
    """Nobody on the item, or in the session, waits for a decision."""

    code = "nothing-to-decide"
    title = _("Nobody waits for a decision here")


class DecidedAsListError(RuleViolationError):
    """The person stands on the agenda in a list, and there is one vote on the list."""

    code = "decided-as-list"
    title = _("The person is on a list of the agenda and is decided with it")


class VotesMissingError(RuleViolationError):
    """The law has the commission decide by vote, and the votes were not given."""

    code = "votes-missing"
    title = _("Give the votes for, against and abstaining")


class TitleMissingError(RuleViolationError):
    """A list on an agenda needs a title."""

    code = "title-missing"
    title = _("Give the list a title")


class OwnRefusalError(RefusedError):
    """Who refused an application may not uphold the appeal against it."""

    code = "own-refusal"
    title = _("The person who refused an application may not uphold the appeal")


class OrganizationRevokedError(RuleViolationError):
    """The commission has taken the accreditations of the whole organization away."""

    code = "organization-revoked"
    title = _("The accreditations of this organization were revoked")


class RevocationNotGroundedError(RuleViolationError):
    """A revocation lacks a ground of the profile, or its reasons."""

    code = "revocation-not-grounded"
    title = _("A revocation needs a legal ground and its reasons")


class RevocationProposedError(ConflictError):
    """The same revocation is proposed already and waits for its decision."""

    code = "revocation-proposed"
    title = _("The revocation is proposed already")


class RevocationClosedError(ConflictError):
    """The revocation was decided or dropped before."""

    code = "revocation-closed"
    title = _("The revocation has been decided or dropped already")


class ProposerDecidesError(RefusedError):
    """Who proposed a revocation may not decide it."""

    code = "proposer-decides"
    title = _("The person who proposed a revocation may not decide it")


class NobodyWaitsError(RuleViolationError):
    """No application of the mission and category waits to be opened."""

    code = "nobody-waits"
    title = _("Nobody waits for a review here")


class ReviewUnderWayError(ConflictError):
    """The same review was ordered before, and is not done."""

    code = "review-under-way"
    title = _("This review has been ordered already and is under way")


class MrzRefusedError(RuleViolationError):
    """A text is no sound machine-readable zone; each fault is a violation and names its field."""

    code = "mrz-refused"
    title = _("The machine-readable zone is not sound")


class PersonSharedError(RefusedError):
    """Another mission has nominated the person too, so what is stored of the passport is the ministry's to change."""

    code = "person-shared"
    title = _("The ministry will look at this person's papers")


class ListRefusedError(RuleViolationError):
    """Some rows of a list have errors; each is a violation, and none was taken."""

    code = "list-refused"
    title = _("The list has errors")


class PoliticalGroupRefusedError(RuleViolationError):
    """The name of a political group is too long, or has characters that no text may have."""

    code = "political-group-refused"
    title = _("The political group was not taken")


class StayDatesError(RuleViolationError):
    """The dates of a stay contradict each other or the clock."""

    code = "stay-dates"
    title = _("The dates of the stay do not fit together")


class StayChangedError(ConflictError):
    """Somebody else changed the stay since it was read."""

    code = "stay-changed"
    title = _("The stay has changed since you read it")


class NothingToCorrectError(RuleViolationError):
    """Everything that was given is so already."""

    code = "nothing-to-correct"
    title = _("Nothing would change")


class NameRefusedError(RuleViolationError):
    """A part of the name is missing or no name; each fault is a violation and names its field."""

    code = "name-refused"
    title = _("This is not a name")


class AccreditationEndedError(ConflictError):
    """The accreditation has ended, so nothing rests on what it says."""

    code = "accreditation-ended"
    title = _("The accreditation has ended")


class PreviewOutdatedError(ConflictError):
    """What the change touches is no longer what the person has been shown; a new preview shows it."""

    code = "preview-outdated"
    title = _("Things have changed since the preview; please look at it again")


class RevocationPendingError(ConflictError):
    """The accreditation is being taken away, and a change must not get it out of that."""

    code = "revocation-pending"
    title = _("A revocation of this accreditation is under way")
