"""What of an application rests on election day and is stored: the time for the decision, where the law bounds it so.

The deadline that an application was judged by when it was submitted stays what it was.
"""

from collections.abc import Mapping
from datetime import date, datetime

from django.db.models import QuerySet

from accreditation import rules
from accreditation.models import Application
from accreditation.services.profiles import profile_of
from accreditation.states import UNDECIDED_STATES
from missions.kernel.events import EventDraft, record_events
from missions.models import Election, User

_BATCH = 500


def lock_undecided(*, election_id: int) -> None:
    """Lock every application of the election that is not decided, so that none is judged by a day that goes away."""
    rows = Application.objects.filter(election=election_id, state__in=UNDECIDED_STATES).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


def redate_decisions(*, election_id: int, by: User | None, at: datetime) -> int:
    """Bring the times for decisions in line with election day; returns how many changed.

    To be called within the transaction that moves the day. Records "redated" on each application.
    """
    election = Election.objects.get(pk=election_id)
    changed = decision_times(election, e_day=election.e_day, among=Application.objects.all())
    rows = list(Application.objects.filter(pk__in=changed).select_related("observer", "nomination").order_by("pk"))
    for row in rows:
        row.decide_by, row.version = changed[row.pk], row.version + 1
    Application.objects.bulk_update(rows, ["decide_by", "version"], batch_size=_BATCH)
    events = [EventDraft("redated", row, scope_id=row.nomination.mission_id, changed=["decide_by"]) for row in rows]
    record_events(events, by=by, at=at)
    return len(rows)


def decision_times(election: Election, *, e_day: date, among: QuerySet[Application]) -> Mapping[int, datetime | None]:
    """The applications that would have to be decided by another instant if this were election day. One query.

    What came back from an appeal has a time of its own, which no election day bounds.
    """
    profile = profile_of(election)
    bounded = [row.code for row in profile.categories if row.decision_latest_offset is not None] if profile else []
    waiting = among.filter(
        election=election,
        state__in=UNDECIDED_STATES,
        category__in=bounded,
        complete_since__isnull=False,
        decide_by__isnull=False,
        decisions=None,
    )
    rows = waiting.order_by().values_list("pk", "category", "complete_since", "decide_by") if bounded else ()
    times = (
        (pk, rules.decision_due(profile, category, complete_since=complete_since, e_day=e_day), decide_by)
        for pk, category, complete_since, decide_by in rows
        if complete_since is not None
    )
    return {pk: due for pk, due, decide_by in times if due != decide_by}
