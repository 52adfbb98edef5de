"""Reads of reports: what everybody may read now, when that changes next, and what concerns a mission."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Prefetch, QuerySet, Subquery

from missions.kernel.clock import clock_now
from missions.kernel.errors import MissingError
from missions.kernel.files import read_file_bytes
from missions.kernel.models import ClockOffset
from missions.models import Election, Mission
from missions.reports.figures.selectors import FiguresOnRecord, PublicClaim, PublicFigures, figures_on_record
from missions.reports.models import Report, ReportFile
from missions.reports.recommendations.selectors import (
    WITH_RECOMMENDATIONS,
    PublicRecommendation,
    public_recommendation,
)
from missions.reports.states import ReportKind, ReportState
from missions.states import MissionKind


@dataclass(frozen=True, slots=True)
class PublicationMoment:
    """The instant of the one clock, and the next one at which something becomes public; None if nothing waits."""

    now: datetime
    next_at: datetime | None
    is_simulated: bool = False

    @property
    def seconds_left(self) -> float | None:
        """Seconds until then; None if nothing waits."""
        return (self.next_at - self.now).total_seconds() if self.next_at else None


@dataclass(frozen=True, slots=True)
class Sender:
    """One mission behind a report, with the people who lead it."""

    mission: str
    organization: str
    heads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file that everybody may read. `name_in_storage` is nobody's business outside."""

    language: str
    size: int
    sha256: str
    name_in_storage: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class PublicReport:
    """A report with a public page. A retracted one has no files, and says when and why it was retracted.

    `senders` are the mission itself, and of a joint mission those that share the statement, each under its own heads.
    """

    election_code: str
    election_name: str
    time_zone: str
    number: int
    kind: ReportKind
    title: str
    mission: str
    is_joint: bool
    senders: tuple[Sender, ...]
    published_at: datetime
    retracted_at: datetime | None
    retraction_reason: str
    files: tuple[PublicFile, ...]
    recommendations: tuple[PublicRecommendation, ...] = ()

    @property
    def organizations(self) -> tuple[str, ...]:
        """The acronyms of all that stand behind it."""
        return tuple(sender.organization for sender in self.senders if sender.organization)

    @property
    def changed_at(self) -> datetime:
        """When the page last said something new."""
        return self.retracted_at or self.published_at


@dataclass(frozen=True, slots=True)
class ElectionOnRecord:
    """An election with a public page: how many reports have one below it, the published figures, latest last, and
    what others say about them.
    """

    code: str
    name: str
    e_day: date
    time_zone: str
    reports: int
    figures: tuple[PublicFigures, ...] = ()
    claims: tuple[PublicClaim, ...] = ()


def publication_moment() -> PublicationMoment:
    """Now, and when the public record changes next by itself. One query, by the database's clock."""
    waiting = Subquery(Report.objects.embargoed().order_by("embargo_until").values("embargo_until")[:1])
    now, next_at, offset = ClockOffset.objects.sole().values_list(clock_now(), waiting, "offset").get()
    return PublicationMoment(now, next_at, is_simulated=bool(offset))


def elections_on_record() -> tuple[ElectionOnRecord, ...]:
    """Every election with a public page of a report or a published figure, the latest first. Four queries."""
    reports = dict(Report.objects.on_record().order_by().values_list("election").annotate(count=Count("pk")))
    figures = figures_on_record()
    rows = Election.objects.filter(pk__in={*reports, *figures}).order_by("-e_day", "code")
    return tuple(_on_record(row, reports.get(row.pk, 0), figures.get(row.pk, FiguresOnRecord())) for row in rows)


def find_election_on_record(code: str, *, reports: int) -> ElectionOnRecord:
    """The election with so many pages of reports. Raises MissingError if nothing of it is public. Three queries."""
    row = Election.objects.filter(code=code).first()
    figures = figures_on_record(row).get(row.pk) if row else None
    if row is None or not (reports or figures):
        raise MissingError
    return _on_record(row, reports, figures or FiguresOnRecord())


def public_record(*, election_code: str = "", most: int | None = None) -> tuple[PublicReport, ...]:
    """Every report that has a public page, of one election or of all, the latest first. A bounded number of queries."""
    rows = Report.objects.on_record().order_by("-embargo_until", "-pk")
    if election_code:
        rows = rows.filter(election__code=election_code)
    return tuple(_public(report) for report in _whole(rows)[:most])


def find_public_report(election_code: str, number: int) -> PublicReport:
    """The report at this address. Raises MissingError, the same for one that is not public and one that is not."""
    rows = Report.objects.on_record().filter(election__code=election_code, number=number)
    report = _whole(rows).first()
    if report is None:
        raise MissingError
    return _public(report)


def find_public_file(election_code: str, number: int, language: str) -> PublicFile:
    """The file at this address, if it is public now. Raises MissingError."""
    public = Report.objects.public().filter(election__code=election_code, number=number)
    file = ReportFile.objects.filter(report__in=public, language=language).first()
    if file is None:
        raise MissingError
    return _file(file)


def read_public_file(file: PublicFile) -> bytes:
    """The bytes of a file that `find_public_file` or `public_record` gave. Raises FileLostError."""
    return read_file_bytes(file.name_in_storage)


def missions_behind(report: Report) -> tuple[int, ...]:
    """The ids of the mission of the report, and of a joint one those that share it."""
    children = report.mission.children.all() if report.mission.kind == MissionKind.JOINT else ()
    return (report.mission_id, *(child.pk for child in children))


def missions_with_statement(mission_ids: Collection[int]) -> set[int]:
    """Those of the missions that have handed in a preliminary statement, whether or not it is public. One query."""
    handed_in = Report.objects.filter(
        mission__in=mission_ids,
        kind=ReportKind.PRELIMINARY,
        state__in=[ReportState.SUBMITTED, ReportState.REGISTERED],
    )
    return set(handed_in.values_list("mission", flat=True))


def _on_record(row: Election, reports: int, found: FiguresOnRecord) -> ElectionOnRecord:
    return ElectionOnRecord(row.code, row.name, row.e_day, row.time_zone, reports, found.figures, found.claims)


def _whole(rows: "QuerySet[Report]") -> "QuerySet[Report]":
    children = Mission.objects.select_related("organization").prefetch_related("heads").order_by("code")
    return rows.select_related("election", "mission__organization").prefetch_related(
        "mission__heads", Prefetch("mission__children", children), "files", WITH_RECOMMENDATIONS
    )


def _public(report: Report) -> PublicReport:
    if report.number is None or report.embargo_until is None:
        raise ValueError(f"report {report.pk} has no public page")
    is_joint = report.mission.kind == MissionKind.JOINT
    missions = [report.mission, *(report.mission.children.all() if is_joint else ())]
    return PublicReport(
        election_code=report.election.code,
        election_name=report.election.name,
        time_zone=report.election.time_zone,
        number=report.number,
        kind=ReportKind(report.kind),
        title=report.title,
        mission=report.mission.name,
        is_joint=is_joint,
        senders=_senders(missions),
        published_at=report.embargo_until,
        retracted_at=report.retracted_at,
        retraction_reason=report.retraction_reason,
        files=() if report.retracted_at else tuple(_file(file) for file in report.files.all()),
        recommendations=()
        if report.retracted_at
        else tuple(public_recommendation(row) for row in report.recommendations.all()),
    )


def _senders(missions: Sequence[Mission]) -> tuple[Sender, ...]:
    return tuple(
        Sender(
            mission=mission.name,
            organization=mission.organization.acronym if mission.organization else "",
            heads=tuple(str(head) for head in mission.heads.all()),
        )
        for mission in missions
    )


def _file(file: ReportFile) -> PublicFile:
    return PublicFile(file.language, file.size, file.sha256, file.name_in_storage)
