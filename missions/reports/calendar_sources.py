"""What reports put into calendars: the instant at which each becomes public."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from missions.models import Mission
from missions.reports.models import Report
from missions.reports.permissions import can_read_register
from missions.reports.states import NUMBERED_STATES
from missions.reports.web import addresses
from missions.states import MissionKind
from missions.timeline.feeds.events import CalendarEvent, EventKind, Scope


class PublicationEvents:
    """Ends of embargoes for those who know of them, and for everybody else what has been made public."""

    def events(self, scope: Scope, *, at: datetime) -> Iterator[CalendarEvent]:
        """Each report as soon as it is registered; a retracted one as cancelled. One query and the permissions.

        Titles are content and stay out, since calendars are copied to telephones.
        """
        known = Q(pk__in=Report.objects.on_record().values("pk")) | Q(pk__in=_announced(scope).values("pk"))
        rows = Report.objects.filter(known, election__in=scope.elections, state__in=NUMBERED_STATES)
        for report in rows.select_related("election", "mission"):
            if report.embargo_until is not None:
                yield _event(report, report.embargo_until)


publications = PublicationEvents()


def _announced(scope: Scope) -> "QuerySet[Report]":
    """The reports of which the reader may know that they will be public, within what the calendar is about."""
    if scope.reader.is_host and not can_read_register(scope.reader):
        return Report.objects.none()
    visible = Report.objects.visible_to(scope.reader)
    if not scope.missions:
        return visible
    joint = Mission.objects.filter(kind=MissionKind.JOINT, children__in=scope.missions)
    return visible.filter(Q(mission__in=scope.missions) | Q(mission__in=joint.values("pk")))


def _event(report: Report, public_at: datetime) -> CalendarEvent:
    names = {"mission": report.mission.code, "kind": report.get_kind_display()}
    return CalendarEvent(
        uid=f"report-{report.pk}",
        kind=EventKind.PUBLICATION,
        title=_("%(mission)s: %(kind)s becomes public") % names,
        starts_at=public_at,
        zone=report.election.time_zone,
        details=addresses.whole(f"{addresses.election_path(report.election.code)}{report.number}/"),
        sequence=report.version,
        is_cancelled=report.retracted_at is not None,
    )
