"""States and closed lists of deployment, each state enum beside its table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class PlanState(TextChoices):
    DRAFT = "draft", _("draft")
    RELEASED = "released", _("released")
    SUPERSEDED = "superseded", _("superseded")
    DISCARDED = "discarded", _("discarded")


_P = PlanState
PLAN_TRANSITIONS: Transitions[PlanState] = {
    _P.DRAFT: frozenset({_P.RELEASED, _P.DISCARDED}),
    _P.RELEASED: frozenset({_P.SUPERSEDED}),
    _P.SUPERSEDED: frozenset(),
    _P.DISCARDED: frozenset(),
}


class TeamKind(TextChoices):
    LONG_TERM = "lto", _("long-term")
    SHORT_TERM = "sto", _("short-term")
    OVERSEAS = "overseas", _("overseas")


class VisitKind(TextChoices):
    OPENING = "opening", _("opening")
    VOTING = "voting", _("voting")
    CLOSING_COUNT = "closing_count", _("closing and count")


class DayHalf(TextChoices):
    MORNING = "am", _("morning")
    AFTERNOON = "pm", _("afternoon")
