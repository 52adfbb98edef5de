"""The table of one mission's days, and the rows about what missions share, what was published and what was mailed."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from rich.table import Table

from config.demo.story import Story
from missions.kernel import clock
from missions.models import Election, Mission, User
from missions.reminders.models import Message
from missions.reminders.states import MessageState
from missions.reports.figures.models import FigureClaim, FrozenFigures
from missions.reports.models import Report
from missions.reports.recommendations.models import Recommendation
from missions.reports.states import ReportState
from missions.timeline.models import Milestone
from missions.timeline.programme.models import Programme
from missions.timeline.programme.records import SolutionRecord, solution_from_json
from missions.timeline.programme.selectors import bookings_of
from missions.timeline.programme.states import TOLD_STATES, ProgrammeState
from missions.timeline.scheduler.problem import SLOT_MINUTES
from missions.timeline.selectors import timeline_rows

Row = tuple[str, str]


def course_table(story: Story, election: Election, viewer: User) -> Table:
    """What the watched mission did and was to do, with its places in the ministry's programme, by the host's clocks."""
    mission = Mission.objects.visible_to(viewer).get(election=election, code=story.plot["watched"]["mission"])
    at = clock.now()
    lines = [
        (row.planned, row.title, "cancelled" if row.is_cancelled else _made(row.actual, election))
        for row in timeline_rows(mission, at=at)
    ]
    lines += [
        (event.starts_at, f"{event.title}, {event.place}", "cancelled" if event.is_cancelled else "booked")
        for event in bookings_of([mission.pk], viewer)
    ]
    table = Table("when", "what", "state", title=f"{mission.name}: its days", title_justify="left")
    for when, what, state in sorted(lines):
        table.add_row(_local(when, election), what, state)
    return table


def shared_rows(election: Election) -> Iterator[Row]:
    """The programmes that were released with their gaps, and what first come, first served would have given."""
    for programme in Programme.objects.filter(election=election, state__in=TOLD_STATES).order_by("version"):
        solution = solution_from_json(programme.solution)
        if solution is not None:
            state = ProgrammeState(programme.state).label
            yield f"programme {programme.version}, {state}", f"{programme.bookings.count()} places"
            yield from _solution_rows(solution)


def publication_rows(election: Election) -> Iterator[Row]:
    """Reports and what they recommend by how they stand towards the public at this moment, and the figures."""
    now = clock.now()
    for report in Report.objects.filter(election=election).select_related("mission").order_by("embargo_until", "pk"):
        if report.state == ReportState.REGISTERED and report.embargo_until is not None:
            word = "public since" if report.embargo_until <= now else "under embargo until"
            yield f"report of {report.mission.code}", f"{word} {_local(report.embargo_until, election)}"
    advice = Recommendation.objects.public().filter(report__election=election)
    answered = advice.exclude(answers=None).distinct().count()
    yield "public recommendations, answered", f"{advice.count()}, {answered}"
    for figures in FrozenFigures.objects.published().filter(election=election).order_by("as_of"):
        yield "published figures", f"{figures}, as of {_local(figures.as_of, election)}"
    for claim in FigureClaim.objects.public().filter(election=election).order_by("pk"):
        yield "  said by others", f"{claim.source}: {claim.text}"


def mail_rows(election: Election) -> Iterator[Row]:
    """Steps of all missions, and mails by rule."""
    yield "milestones", f"{Milestone.objects.filter(mission__election=election).count()}"
    mails = Message.objects.order_by("rule")
    yield "mails planned", f"{mails.count()}"
    yield "mails sent", f"{mails.filter(state=MessageState.SENT).count()}"
    counted = Counter(mails.filter(state=MessageState.SENT).values_list("rule", flat=True))
    for rule, count in sorted(counted.items()):
        yield f"  {rule}", f"{count}"


def _solution_rows(solution: SolutionRecord) -> Iterator[Row]:
    granted, delay = solution.granted, solution.delay
    yield "  weight granted", f"{granted.value:,} of {solution.asked:,} asked; gap {granted.gap:.2%}"
    yield "  delay by rank", f"{delay.value:,}; {f'gap {delay.gap:.2%}' if delay.bound else 'the least is not proven'}"
    yield "  idle time of heads", f"{solution.idle.value * SLOT_MINUTES:,} minutes"
    if (first := solution.first_come) is not None:
        failed = f", {first.failed} that had to be placed were not" if first.failed else ""
        yield "  first come, first served", f"weight {first.granted:,}, delay {first.delay:,}{failed}"
    if (repair := solution.repair) is not None:
        yield (
            "  repaired",
            f"{len(repair.changed)} places changed, {len(repair.forced)} were lost; {repair.fewest} at least",
        )


def _made(actual: datetime | None, election: Election) -> str:
    return f"happened {_local(actual, election)}" if actual else "not noted"


def _local(at: datetime, election: Election) -> str:
    return f"{at.astimezone(election.zone):%d %b %H:%M}"
