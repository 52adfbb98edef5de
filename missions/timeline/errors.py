"""What stops a timeline from being laid or changed."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import ConflictError, RuleViolationError


class TimelineTemplateMissingError(RuleViolationError):
    """The mission has no timeline template."""

    code = "timeline-template-missing"
    title = _("No timeline template is chosen for the mission")


class TimelineTemplateUnknownError(RuleViolationError):
    """The mission names a template that the installation does not have, or whose file is wrong."""

    code = "timeline-template-unknown"
    title = _("The timeline template of the mission is not known")


class ElectionProfileUnknownError(RuleViolationError):
    """The election names a rule profile that the installation does not have, or whose file is wrong."""

    code = "election-profile-unknown"
    title = _("The rule profile of the election is not known")


class TimelineZoneUnknownError(RuleViolationError):
    """A zone is not known to this installation; the text names it."""

    code = "timeline-zone-unknown"
    title = _("The time zone is not known")


class MilestoneChangedError(ConflictError):
    """Somebody else has changed the step since it was read."""

    code = "milestone-changed"
    title = _("The step has changed since you read it; read it again")


class MilestoneCancelledError(ConflictError):
    """The step is cancelled, so that this cannot be done with it."""

    code = "milestone-cancelled"
    title = _("The step is cancelled")


class MilestoneStandsError(ConflictError):
    """The step is not cancelled, not marked or not changed by hand, so that there is nothing to take back."""

    code = "milestone-stands"
    title = _("There is nothing to take back at this step")


class MilestoneHappenedError(ConflictError):
    """The step is marked as made."""

    code = "milestone-happened"
    title = _("The step has happened already")


class MilestoneSharedError(ConflictError):
    """The step belongs to the mission above, where its one instant is kept."""

    code = "milestone-shared"
    title = _("The step is shared: it can be changed at the joint mission only")


class MilestoneNotInTemplateError(RuleViolationError):
    """The template of the mission has no such step to go back to."""

    code = "milestone-not-in-template"
    title = _("The template has no such step")


class MilestoneReasonMissingError(RuleViolationError):
    """A change by hand needs a reason."""

    code = "milestone-reason-missing"
    title = _("Give a reason")


class MilestoneFarAwayError(RuleViolationError):
    """The day lies out of all proportion to election day."""

    code = "milestone-far-away"
    title = _("The day is too far from election day")


class MilestonePredecessorError(RuleViolationError):
    """A step is to come after one that the timeline does not have, or after itself."""

    code = "milestone-predecessor"
    title = _("The steps that come before are not right")


class MilestoneInFutureError(RuleViolationError):
    """What has not come yet cannot have happened."""

    code = "milestone-in-future"
    title = _("This instant has not come yet")


class TimelineOutOfOrderError(RuleViolationError):
    """The change would put the timeline out of order. It can be made all the same, knowingly."""

    code = "timeline-out-of-order"
    title = _("The timeline would be out of order")
