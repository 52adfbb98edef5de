"""States and closed lists of the programme, each state enum beside its table."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from missions.kernel.transitions import Transitions


class ResourceKind(TextChoices):
    """How something is shared. A host or a press hall takes one delegation at a time, a hall holds sessions."""

    HOST = "host", _("host")
    HALL = "hall", _("briefing hall")
    PRESS = "press", _("press hall")
    POOL = "pool", _("desks, counters or vehicles")


class RequestKind(TextChoices):
    """What a mission asks for, in the order in which a mission goes through it."""

    ARRIVAL = "arrival", _("reception at the airport")
    BADGES = "badges", _("badges")
    BRIEFING = "briefing", _("briefing")
    MINISTER = "minister", _("meeting with the minister")
    CHAIR = "chair", _("meeting with the chair of the commission")
    PRESS = "press", _("press conference")
    DEPARTURE = "departure", _("transfer to the airport")


#: What may be refused if there is not room for everybody. Everything else the ministry owes each mission.
WISHED_KINDS = frozenset({RequestKind.MINISTER, RequestKind.CHAIR, RequestKind.PRESS})
#: Which kinds of requests a resource of that kind can serve at all.
SERVED_KINDS = {
    ResourceKind.HOST: frozenset({RequestKind.MINISTER, RequestKind.CHAIR}),
    ResourceKind.HALL: frozenset({RequestKind.BRIEFING}),
    ResourceKind.PRESS: frozenset({RequestKind.PRESS}),
    ResourceKind.POOL: frozenset({RequestKind.ARRIVAL, RequestKind.BADGES, RequestKind.DEPARTURE}),
}


class RequestState(TextChoices):
    ASKED = "asked", _("asked")
    WITHDRAWN = "withdrawn", _("withdrawn")


_R = RequestState
REQUEST_TRANSITIONS: Transitions[RequestState] = {
    _R.ASKED: frozenset({_R.WITHDRAWN}),
    _R.WITHDRAWN: frozenset(),
}


class ProgrammeState(TextChoices):
    ORDERED = "ordered", _("being made")
    FAILED = "failed", _("failed")
    DRAFT = "draft", _("draft")
    RELEASED = "released", _("released")
    SUPERSEDED = "superseded", _("superseded")
    DISCARDED = "discarded", _("discarded")


_P = ProgrammeState
PROGRAMME_TRANSITIONS: Transitions[ProgrammeState] = {
    _P.ORDERED: frozenset({_P.DRAFT, _P.FAILED, _P.DISCARDED}),
    _P.FAILED: frozenset({_P.DISCARDED}),
    _P.DRAFT: frozenset({_P.RELEASED, _P.DISCARDED}),
    _P.RELEASED: frozenset({_P.SUPERSEDED}),
    _P.SUPERSEDED: frozenset(),
    _P.DISCARDED: frozenset(),
}
#: Programmes that missions were told of.
TOLD_STATES = (_P.RELEASED, _P.SUPERSEDED)


class Method(TextChoices):
    """How a programme is made: afresh, or from the released one after something has changed."""

    FRESH = "fresh", _("made afresh")
    FULL_WEIGHT = "weight", _("as many and as high as possible, then few changes")
    LEAST_CHANGE = "keep", _("as few changes as possible")
