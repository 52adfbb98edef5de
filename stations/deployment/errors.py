"""Why a deployment plan cannot be made, released or thrown away."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class ElectionWithoutStationsError(RuleViolationError):
    """There is no polling station to send anybody to."""

    code = "election-without-stations"
    title = _("The election has no polling stations")


class MissionWithoutObserversError(RuleViolationError):
    """Nobody of the mission, or of the pool, is accredited for deployment."""

    code = "mission-without-observers"
    title = _("No accredited long-term or short-term observer is there to deploy")


class NobodyToDeployError(RuleViolationError):
    """There are accredited observers, but none of them may be deployed; the violations count the reasons."""

    code = "nobody-to-deploy"
    title = _("None of the accredited observers may be deployed")


class MissionPlannedInPoolError(RuleViolationError):
    """A host-coordinated mission has no plan of its own."""

    code = "mission-planned-in-pool"
    title = _("This mission is planned together with the other host-coordinated missions")


class PlanNotSolvedError(ConflictError):
    """The optimizer gave no plan; `violations` has its code."""

    code = "plan-not-solved"
    title = _("The planning run ended without a plan")


class PinImpossibleError(RuleViolationError):
    """Something that was pinned cannot be held; the violations name the team, and the station of a visit."""

    code = "pin-impossible"
    title = _("What is pinned cannot be held")


class RunInProgressError(ConflictError):
    """A plan of the same owner is being made already."""

    code = "plan-run-in-progress"
    title = _("A plan is being made already; wait for it, or cancel it")


class RunTakenError(ConflictError):
    """The order was called off, or another worker has taken it over."""

    code = "plan-run-taken"
    title = _("The order does not stand any more")


class OtherPlansBaseError(RuleViolationError):
    """A plan is made from a version of the same mission or pool, and from none that was thrown away."""

    code = "base-of-another-plan"
    title = _("A new version is made from a version of the same mission or pool")


class PlanBreaksRulesError(RuleViolationError):
    """The plan may not be released; the violations name team, rule and evidence."""

    code = "plan-breaks-rules"
    title = _("The plan breaks rules of deployment")


class PlanChangedError(ConflictError):
    """Somebody changed the draft while it was being released; nothing has happened."""

    code = "plan-changed"
    retry_after_seconds = 1
    title = _("The plan has changed in this moment; please look at it again")


class PlanNotDraftError(ConflictError):
    """Only a draft is changed by hand; whoever wants another version of a released plan changes a copy."""

    code = "plan-not-draft"
    title = _("Only a draft can be changed; copy the plan into a draft first")


class NothingToUndoError(ConflictError):
    """The draft is as it was made."""

    code = "nothing-to-undo"
    title = _("There is no change that could be taken back")


class NothingChangesError(RuleViolationError):
    """The act would leave everything as it is."""

    code = "nothing-changes"
    title = _("This would change nothing")


class NotInPlanError(RuleViolationError):
    """A team, an area, a visit or a place that the plan or its election does not have; the violation says which."""

    code = "not-in-plan"
    title = _("The plan has no such part")


class ObserverNotDeployableError(RuleViolationError):
    """Not accredited to be deployed, of another mission, or in the plan for another mission: nothing says which."""

    code = "observer-not-deployable"
    title = _("This person cannot be deployed in this plan")


class ObserverInTeamError(RuleViolationError):
    """A team is made of people who have none."""

    code = "observer-in-team"
    title = _("Somebody of them is in a team already")


class RolesDifferError(RuleViolationError):
    """Long-term and short-term observers make no team together."""

    code = "roles-differ"
    title = _("A team is of long-term or of short-term observers")


class NotLongTermError(RuleViolationError):
    """Short-term teams supervise no area."""

    code = "not-long-term"
    title = _("Only a long-term team looks after an area")


class PlaceMissingError(RuleViolationError):
    """It is not said where the team works, or not in the way of teams of its kind."""

    code = "place-missing"
    title = _("Say where the team works")


class AreaNameError(RuleViolationError):
    """An area has a name, and no other area of the plan has the same."""

    code = "area-name-taken"
    title = _("Give the area a name that no other area of the plan has")


class StationNotUsableError(RuleViolationError):
    """A station that the election does not have, or that is out of use; the violation says which."""

    code = "station-not-usable"
    title = _("Nobody can be sent to this station")


class VisitTwiceError(RuleViolationError):
    """A team comes to a station once in each stage of the day."""

    code = "visit-twice"
    title = _("The team comes to this station already")


class VisitHoursError(RuleViolationError):
    """A visit ends after it has begun, and is on election day or in the nights beside it."""

    code = "visit-hours-wrong"
    title = _("The visit does not end after it begins, or is on another day")


class DayFullError(RuleViolationError):
    """The team would reach its last station after the count."""

    code = "day-full"
    title = _("The day has no room for this many visits")


class RuleNotBrokenError(ConflictError):
    """There is nothing to lift: the rule blocks nothing there, or somebody has lifted it already."""

    code = "rule-not-broken"
    title = _("This rule does not block the plan there")


class RuleNotLiftableError(RuleViolationError):
    """No reason lifts this rule."""

    code = "rule-not-liftable"
    title = _("Nobody can let this rule be broken")


class OverrideWithoutReasonError(RuleViolationError):
    """Whoever lets a rule be broken says why."""

    code = "override-reason-missing"
    title = _("Give the reason")


class RulesNotChosenError(RuleViolationError):
    """Something in a choice of rules is not known or not complete; the violations name it."""

    code = "deployment-rules-wrong"
    title = _("These rules of deployment cannot be chosen")


class RulesChangedError(ConflictError):
    """Somebody else has chosen the rules since they were read."""

    code = "deployment-rules-changed"
    title = _("The rules of deployment have changed; please look at them again")


class SharesNotChosenError(RuleViolationError):
    """A share is out of range; the violations name each."""

    code = "visit-shares-wrong"
    title = _("These shares of visits cannot be chosen")


class ApprovalNotAskedForError(ConflictError):
    """Nobody approves going there: nobody goes, or everybody may by day."""

    code = "approval-not-asked-for"
    title = _("No approval is asked for this area")


class ApprovalWithoutNoteError(RuleViolationError):
    """Whoever records an approval says how it was given."""

    code = "approval-note-missing"
    title = _("Say how the approval was given")


class ObserverDoubleBookedError(ConflictError):
    """Somebody of the plan is already in a released plan at the same time; the violations name the observers."""

    code = "observer-double-booked"
    title = _("An observer would be in two places at one time")


class PlanNotReleasedError(ConflictError):
    """Only a released plan can be acknowledged; this one is a draft, or another one has taken its place."""

    code = "plan-not-released"
    title = _("The plan is not the released one")


class BreakGlassWithoutReasonError(RuleViolationError):
    """Whoever reads a mission's own plan says why."""

    code = "break-glass-reason-missing"
    title = _("Give the reason; the mission reads it at once")


class NothingReleasedError(RuleViolationError):
    """The mission plans for itself and has released nothing; its drafts nobody else reads, for no reason."""

    code = "no-plan-released"
    title = _("The mission has no released plan")


class GlassNotInTheWayError(ConflictError):
    """The ministry reads the plan as it is: it makes it, or the mission shares it."""

    code = "glass-not-in-the-way"
    title = _("The ministry may read the plan of this mission")


class GlassBrokenAlreadyError(ConflictError):
    """The person may read the plan already; when that is over, it is asked for anew."""

    code = "glass-broken-already"
    title = _("You may read this plan already")


class BreakGlassOverError(ConflictError):
    """It has ended by itself, or somebody has ended it."""

    code = "break-glass-over"
    title = _("This is over already")
