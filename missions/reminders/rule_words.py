"""A rule in the words of the people who look at it."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.reminders.conditions import Condition
from missions.reminders.schedule import Timing
from missions.reminders.specs import RuleSpec, RuleStep
from missions.reminders.states import Audience, Clock


def audience_words(step: RuleStep) -> str:
    """Who is meant by a step."""
    return _("the group “%s”") % step.group if step.audience is Audience.GROUP else str(step.audience.label)


def anchor_words(spec: RuleSpec, condition: Condition | None) -> str:
    """From which instant the rule counts; its code where that is not known here."""
    known = condition.anchors if condition is not None else ()
    return next((str(anchor.title) for anchor in known if anchor.code == spec.anchor), spec.anchor)


def when_words(step: RuleStep, anchor: str) -> str:
    """When a step tells: "2 days before “election day”, at 08:00 by the host's clocks"."""
    clock = _("by the clocks of %s") % step.clock.label if step.clock is Clock.SUBJECT else _("by the host's clocks")
    first = _("%(days)s, at %(hour)s %(clock)s") % {
        "days": _days_words(step.timing.offset_days, anchor),
        "hour": f"{step.timing.local_time:%H:%M}",
        "clock": clock,
    }
    return "; ".join(part for part in (first, _again_words(step.timing)) if part)


def _days_words(offset: int, anchor: str) -> str:
    if offset == 0:
        return _("on the day of “%s”") % anchor
    days = abs(offset)
    before = ngettext("%(days)d day before “%(anchor)s”", "%(days)d days before “%(anchor)s”", days)
    after = ngettext("%(days)d day after “%(anchor)s”", "%(days)d days after “%(anchor)s”", days)
    return (before if offset < 0 else after) % {"days": days, "anchor": anchor}


def _again_words(timing: Timing) -> str:
    if timing.times == 1:
        return ""
    each = ngettext("every day", "every %(days)d days", timing.every_days) % {"days": timing.every_days}
    return _("%(each)s, at most %(times)d times in all") % {"each": each, "times": timing.times}
