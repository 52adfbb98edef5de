"""Reads of the accreditation desk: figures, states, queues. Whatever reaches a person starts at `visible_to`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, OuterRef, Prefetch, Q, QuerySet, Subquery

from accreditation import rules
from accreditation.models import Accreditation, Application, ExitPollResult, Finding
from accreditation.querysets import AccreditationQuerySet, Viewer
from accreditation.states import LIVE_ACCREDITATION_STATES, QUEUE_STATES, ApplicationState, Category, DocumentKind
from missions.kernel.errors import Text
from missions.kernel.models import Event
from missions.models import Election, Mission, Organization
from missions.polling import CLOSED_EVERYWHERE_AFTER, polls_close_at

#: Whose decision is due before this has passed calls for attention.
DUE_SOON = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Figures:
    """The public figure: distinct people, organizations and nationalities with a live international accreditation."""

    observers: int
    organizations: int
    nationalities: int


@dataclass(frozen=True, slots=True)
class MissingPapers:
    """One incomplete application by its mission and reference, and the titles of the documents it waits for."""

    mission: Mission
    reference: str
    submitted_at: datetime | None
    documents: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class DueDecisions:
    """How many undecided applications of an election are due, by their states, and when the first of them is."""

    election: Election
    first_due: datetime
    counts: Mapping[ApplicationState, int]


def figures(election: Election) -> Figures:
    """The public figure of now: a person, an organization and a nationality count once each. One query."""
    return figures_among(Accreditation.objects.counted(election))


def figures_as_of(election: Election, *, at: datetime) -> Figures:
    """The public figure as it was at an instant, told from the history of each accreditation. One query."""
    return figures_among(_live_as_of(election, at).filter(category=Category.INTERNATIONAL_OBSERVER))


def people_as_of(
    election: Election, *, at: datetime, organization: Organization | None = None
) -> list[tuple[int, str, str]]:
    """Whom `figures_as_of` counts, of all or of one organization, in a fixed order. One query.

    Each line is a person's key, the acronym of an organization (empty if the mission has none) and the nationality.
    """
    rows = _live_as_of(election, at).filter(category=Category.INTERNATIONAL_OBSERVER)
    if organization is not None:
        rows = rows.filter(application__nomination__mission__organization=organization)
    acronym = "application__nomination__mission__organization__acronym"
    lines = rows.order_by().values_list("observer", acronym, "observer__nationality").distinct()
    return sorted((observer, name or "", country) for observer, name, country in lines)


def figures_among(accreditations: AccreditationQuerySet | QuerySet[Accreditation]) -> Figures:
    """The public figure as it would be if these accreditations alone counted. One query."""
    counts = accreditations.aggregate(
        observers=Count("observer", distinct=True),
        organizations=Count("application__nomination__mission__organization", distinct=True),
        nationalities=Count("observer__nationality", distinct=True),
    )
    return Figures(**counts)


def heads_as_of(election: Election, *, at: datetime) -> dict[Category, int]:
    """People accredited at an instant, each category counted apart, told as `figures_as_of`. One query."""
    rows = _live_as_of(election, at).order_by().values_list("category").annotate(heads=Count("observer", distinct=True))
    heads = dict(rows)
    return {category: heads.get(category, 0) for category in Category}


def visible_exit_polls(*, user: Viewer, at: datetime, election: Election | None = None) -> QuerySet[ExitPollResult]:
    """The exit polls that the person may read, of one election or all: of none in which a station is open still.

    Two queries, and one for each election that took place in the days before.
    """
    rows = ExitPollResult.objects.visible_to(user).select_related("mission")
    if election is not None:
        rows = rows.filter(mission__election=election)
    long_past = (at - CLOSED_EVERYWHERE_AFTER).date()
    recent = Election.objects.filter(e_day__gte=long_past, missions__exit_polls__isnull=False).distinct()
    closed = [row.pk for row in recent if polls_close_at(row) <= at]
    return rows.filter(Q(mission__election__e_day__lt=long_past) | Q(mission__election__in=closed))


def applications_by_state(
    election: Election, *, user: Viewer, category: Category | None = None
) -> dict[ApplicationState, int]:
    """How many applications, of one category or all, that the person may see are in each state. One query.

    Every state is there.
    """
    rows = Application.objects.visible_to(user).filter(election=election)
    if category is not None:
        rows = rows.filter(category=category)
    counts = dict(rows.order_by("state").values_list("state").annotate(count=Count("pk", distinct=True)))
    return {state: counts.get(state, 0) for state in ApplicationState}


def overdue_applications(election: Election, *, at: datetime, user: Viewer) -> QuerySet[Application]:
    """Undecided applications whose time for the decision is over, longest overdue first."""
    return _queue(election, user).filter(decide_by__lte=at).order_by("decide_by", "pk")


def applications_due_soon(
    election: Election, *, at: datetime, user: Viewer, within: timedelta = DUE_SOON
) -> QuerySet[Application]:
    """Undecided applications that must be decided from now until then, the most urgent first."""
    return _queue(election, user).filter(decide_by__gt=at, decide_by__lte=at + within).order_by("decide_by", "pk")


def missing_papers(*, mission_id: int | None = None) -> Iterator[MissingPapers]:
    """What each incomplete application waits for: what the law or custom asks and what the desk asked for.

    By mission and reference, of one mission or of all. For reminders, so without a viewer's scope. Three queries for
    each five hundred of them.
    """
    asked = Finding.objects.filter(code__startswith=rules.ASKED, closed_at=None)
    waiting = (
        Application.objects.filter(state=ApplicationState.INCOMPLETE)
        .select_related("nomination__mission__election")
        .prefetch_related("documents", Prefetch("findings", asked))
        .order_by("nomination__mission", "nomination__reference")
    )
    if mission_id is not None:
        waiting = waiting.filter(nomination__mission=mission_id)
    for row in waiting.iterator(chunk_size=500):
        yield MissingPapers(row.nomination.mission, row.nomination.reference, row.submitted_at, tuple(_awaited(row)))


def decisions_due_by(instant: datetime, *, election_id: int | None = None) -> list[DueDecisions]:
    """Per election the undecided applications whose time ends by the instant, the overdue ones too.

    For reminders, so without a viewer's scope. Two queries.
    """
    rows = Application.objects.filter(state__in=QUEUE_STATES, decide_by__lte=instant).order_by("election", "state")
    if election_id is not None:
        rows = rows.filter(election=election_id)
    grouped = rows.values_list("election", "state").annotate(count=Count("pk"), first=Min("decide_by"))
    counts: dict[int, dict[ApplicationState, int]] = {}
    first: dict[int, datetime] = {}
    for election, state, count, earliest in grouped:
        counts.setdefault(election, {})[ApplicationState(state)] = count
        first[election] = min(earliest, first.get(election, earliest))
    elections = Election.objects.filter(pk__in=counts).order_by("pk")
    return [DueDecisions(election, first[election.pk], counts[election.pk]) for election in elections]


def _live_as_of(election: Election, at: datetime) -> QuerySet[Accreditation]:
    """The accreditations that counted at the instant: the last state that the history gave them until then."""
    last_state = (
        Event.objects.filter(object_type=Accreditation._meta.label_lower, object_id=OuterRef("pk"), at__lte=at)
        .exclude(to_state="")
        .order_by("-at", "-pk")
        .values("to_state")[:1]
    )
    issued = Accreditation.objects.filter(election=election, valid_from__lte=at)
    return issued.annotate(state_then=Subquery(last_state)).filter(state_then__in=LIVE_ACCREDITATION_STATES)


def _awaited(application: Application) -> list[Text]:
    """The titles of the documents that an incomplete application waits for."""
    profile = rules.known_profile(application.nomination.mission.election.profile_code)
    received = {document.kind for document in application.documents.all()}
    asked = {finding.code.removeprefix(rules.ASKED) for finding in application.findings.all()}
    required = rules.required_documents(profile, application.category)
    return [kind.label for kind in DocumentKind if kind in asked or (kind in required and kind not in received)]


def _queue(election: Election, user: Viewer) -> QuerySet[Application]:
    visible = Application.objects.visible_to(user)
    return visible.filter(election=election, state__in=QUEUE_STATES).select_related("observer", "nomination__mission")
