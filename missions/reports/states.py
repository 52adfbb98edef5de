"""Kinds and states of reports, the table of transitions, and the languages that a file may be in."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class ReportKind(TextChoices):
    INTERIM = "interim", _("interim report")
    PRELIMINARY = "preliminary", _("preliminary statement")
    FINAL = "final", _("final report")
    PRESS_RELEASE = "press_release", _("press release")


class ReportState(TextChoices):
    """What people made of a report. Whether a registered one is public depends on the clock and is never stored."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    REGISTERED = "registered", _("registered")
    RETRACTED = "retracted", _("retracted")


_S = ReportState
REPORT_TRANSITIONS: Transitions[ReportState] = {
    _S.DRAFT: frozenset({_S.SUBMITTED}),
    _S.SUBMITTED: frozenset({_S.DRAFT, _S.REGISTERED}),
    _S.REGISTERED: frozenset({_S.RETRACTED}),
    _S.RETRACTED: frozenset(),
}

#: Under a number and with an embargo instant.
NUMBERED_STATES = (_S.REGISTERED, _S.RETRACTED)


class Publication(TextChoices):
    """How a numbered report stands towards the public; computed when read."""

    EMBARGOED = "embargoed", _("under embargo")
    PUBLIC = "public", _("public")
    RETRACTED = "retracted", _("retracted after publication")
    NEVER = "never", _("not published")
