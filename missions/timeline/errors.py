"""What stops a timeline from being laid."""

from django.utils.translation import gettext_lazy as _

from missions.kernel.errors import RuleViolationError


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
