"""The piles of the desk: what waits for one's own act, what is urgent, and what stands at which step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_
from urllib.parse import parse_qs, urlencode

from django.db.models import Case, Count, F, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter

from accreditation import rules
from accreditation.models import Application, Finding
from accreditation.permissions import can_decide_application, can_review_application
from accreditation.querysets import Viewer
from accreditation.selectors import DUE_SOON
from accreditation.states import QUEUE_STATES, ApplicationState, Category, Severity
from missions.admin.pages import moment
from missions.kernel.errors import Text
from missions.law.profile import profile_codes
from missions.models import Election

_S = ApplicationState
#: Nobody has to act on these any more; no pile holds them.
_OVER = (_S.ACCREDITED, _S.REFUSED, _S.REFUSED_FINAL, _S.WITHDRAWN)
#: The parameter of the list that the filter by category reads.
CATEGORY = "category__exact"


@dataclass(frozen=True, slots=True)
class Queue:
    """One pile of the desk: its name in addresses, its title, whether it is a step of the work, and its tone."""

    code: str
    title: Text
    is_step: bool = True
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Pile:
    """A pile with its size and its address."""

    queue: Queue
    count: int
    url: str
    chosen: bool = False


MINE = Queue("mine", _("My work"), is_step=False)
QUEUES = (
    MINE,
    Queue("overdue", _("Overdue"), is_step=False, urgent=True),
    Queue("soon", _("Due in 24 hours"), is_step=False),
    Queue("blocked", _("Blocked by findings"), is_step=False),
    Queue("draft", _("Drafts")),
    Queue("submitted", _("To open")),
    Queue("review", _("In review")),
    Queue("agenda", _("To put on an agenda")),
    Queue("decide", _("To decide")),
    Queue("appealed", _("Appeals")),
    Queue("incomplete", _("Waiting for the mission")),
    Queue("late", _("Late")),
)
_BY_CODE = {queue.code: queue for queue in QUEUES}


def queues_for(user: Viewer) -> tuple[Queue, ...]:
    """The piles that make sense to a person: who does nothing with applications has no work of their own there."""
    acts = can_review_application(user) or can_decide_application(user)
    return QUEUES if acts else tuple(queue for queue in QUEUES if queue is not MINE)


def queue_condition(code: str, *, user: Viewer, at: datetime) -> Q:
    """Which applications are in the pile at that instant, for that person."""
    undecided = Q(state__in=QUEUE_STATES)
    return {
        "mine": _mine(user),
        "overdue": undecided & Q(decide_by__lte=at),
        "soon": undecided & Q(decide_by__gt=at, decide_by__lte=at + DUE_SOON),
        "blocked": undecided & Q(pk__in=_blocking().values("application")),
        "draft": Q(state=_S.DRAFT),
        "submitted": Q(state=_S.SUBMITTED),
        "review": Q(state=_S.UNDER_REVIEW),
        "agenda": Q(state=_S.RECOMMENDED) & ~_without_session(),
        "decide": Q(state=_S.SCHEDULED) | (Q(state=_S.RECOMMENDED) & _without_session()),
        "appealed": Q(state=_S.APPEALED),
        "incomplete": Q(state=_S.INCOMPLETE),
        "late": Q(state=_S.INADMISSIBLE_LATE),
    }[code]


def _mine(user: Viewer) -> Q:
    """What waits for an act of this person that nobody else has begun.

    A reviewer opens, vets, admits and puts on an agenda; what somebody else reviewed comes back to that one. An
    approver decides what others have reviewed.
    """
    mine = Q(pk__in=())
    if can_review_application(user):
        own = Q(reviewed_by=None) | Q(reviewed_by=user.pk)
        mine |= Q(state__in=(_S.SUBMITTED, _S.INADMISSIBLE_LATE)) | (Q(state=_S.UNDER_REVIEW) & own)
        mine |= Q(state=_S.RECOMMENDED) & ~_without_session()
    if can_decide_application(user):
        ripe = Q(state__in=(_S.SCHEDULED, _S.APPEALED)) | (Q(state=_S.RECOMMENDED) & _without_session())
        mine |= ripe & ~Q(reviewed_by=user.pk)
    return mine


def _without_session() -> Q:
    """Applications of elections and categories of which the law is known to need no session."""
    return reduce(or_, _sessionless(), Q(pk__in=()))


def _sessionless() -> list[Q]:
    found = []
    for code in profile_codes():
        profile = rules.known_profile(code)
        categories = [category for category in Category if rules.decides_without_session(profile, category)]
        if categories:
            elections = Election.objects.filter(profile_code=code)
            found.append(Q(election__in=elections.values("pk"), category__in=categories))
    return found


def _blocking() -> "QuerySet[Finding]":
    return Finding.objects.filter(severity=Severity.BLOCK, closed_at=None)


def sizes(applications: "QuerySet[Application]", *, user: Viewer, at: datetime) -> dict[str, dict[str, int]]:
    """How many of the applications are in each pile: by category, then by pile. One query."""
    counts = {
        queue.code: Count("pk", filter=queue_condition(queue.code, user=user, at=at)) for queue in queues_for(user)
    }
    rows = applications.exclude(state__in=_OVER).order_by("category").values_list("category").annotate(**counts)
    return {category: dict(zip(counts, found, strict=True)) for category, *found in rows}


def piles(
    applications: "QuerySet[Application]", *, user: Viewer, at: datetime, address: str, chosen: Mapping[str, str]
) -> tuple[list[Pile], list[Pile]]:
    """The piles, each counted within the chosen category; and the categories, counted within the chosen pile.

    Only categories that occur are named, and none where there is but one. One query.
    """
    found = sizes(applications, user=user, at=at)
    code, category = chosen.get("queue", ""), chosen.get(CATEGORY, "")
    counted = [found.get(category, {})] if category else list(found.values())
    by_queue = [
        Pile(
            queue,
            sum(row.get(queue.code, 0) for row in counted),
            _address(address, "" if queue.code == code else queue.code, category),
            chosen=queue.code == code,
        )
        for queue in queues_for(user)
    ]
    by_category = [
        Pile(
            Queue(name, Category(name).label),
            found[name].get(code, 0) if code else sum(found[name][queue.code] for queue in QUEUES if queue.is_step),
            _address(address, code, "" if name == category else name),
            chosen=name == category,
        )
        for name in Category.values
        if name in found
    ]
    return by_queue, by_category if len(by_category) > 1 else []


def _address(address: str, code: str, category: str) -> str:
    chosen = {key: value for key, value in (("queue", code), (CATEGORY, category)) if value}
    return f"{address}?{urlencode(chosen)}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an application stands in a pile that somebody works through: the pile, and who comes next."""

    queue: Queue
    url: str
    following: Application | None


def place_of(application: Application, *, user: Viewer, at: datetime, kept: str, address: str) -> Place | None:
    """The pile that the person came from, else their own work; None for who has none. One query.

    `kept` are the parameters of the list that the person came from. After the last of the pile follows its first.
    """
    asked = {key: values[0] for key, values in parse_qs(kept).items()}
    queue = _BY_CODE.get(asked.get("queue", ""), MINE)
    if queue not in queues_for(user):
        return None
    category = asked.get(CATEGORY, "")
    rows = Application.objects.visible_to(user).filter(queue_condition(queue.code, user=user, at=at))
    if category:
        rows = rows.filter(category=category)
    first = Case(When(_later(application), then=Value(0)), default=Value(1))
    rows = rows.exclude(pk=application.pk).select_related("observer")
    following = rows.defer("observer__passport_number", "observer__mrz").order_by(
        first, F("decide_by").asc(nulls_last=True), "pk"
    )
    return Place(queue, _address(address, queue.code, category), following.first())


def _later(application: Application) -> Q:
    """Behind the application in the order of a pile: by the time for the decision, those without one last."""
    if application.decide_by is None:
        return Q(decide_by=None, pk__gt=application.pk)
    same = Q(decide_by=application.decide_by, pk__gt=application.pk)
    return Q(decide_by__gt=application.decide_by) | same | Q(decide_by=None)


class QueueFilter(RadioFilter):  # type: ignore[misc]  # unfold is untyped
    """The piles of the desk as a filter."""

    title = _("queue")
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Text]]:
        return [(queue.code, queue.title) for queue in queues_for(request.user)]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Application]") -> "QuerySet[Application]":
        code = self.value()
        if code not in _BY_CODE:
            return queryset
        return queryset.filter(queue_condition(code, user=request.user, at=moment(request)))
