"""The acts of the demonstration in order; each finds out what is left to do, so a second run changes nothing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.db.models import Max
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from accreditation.models import Application
from config.demo.access import SpecialAccess
from config.demo.arrivals import Arrivals
from config.demo.badges import Badges
from config.demo.checks import Checks
from config.demo.counts import Counts
from config.demo.deployment import Deployment
from config.demo.desk import Desk
from config.demo.exchanges import Exchanges
from config.demo.incidents import Incidents
from config.demo.letters import Letters
from config.demo.losses import Losses
from config.demo.papers import Papers
from config.demo.polling_day import PollingDay
from config.demo.programme import MinistryProgramme
from config.demo.publications import Publications, embargo_lifts
from config.demo.setting import Scene
from config.demo.stays import Stays
from config.demo.story import Story, read_story
from config.jobs import run_due
from config.reference.files import write_reference_data
from missions.kernel import clock
from missions.kernel.models import Event
from missions.models import Election, User

Tick = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the files lie, where answers to them go, and where progress is shown."""

    reference: Path
    answers: Path
    console: Console

    def play(self) -> tuple[Story, Election]:
        """All acts, from writing the files to delivering the reminders of the last day."""
        with self._act("Files as they would arrive", 1) as tick:
            if not (self.reference / "manifest.toml").exists():
                write_reference_data(self.reference)
            tick("")
        story = read_story(self.reference)
        scene = Scene(self.reference, story)
        election, people = scene.election(), scene.staff()
        if not _is_told(election, story):
            self._tell(scene, election, people)
        return story, election

    def _tell(self, scene: Scene, election: Election, people: dict[str, User]) -> None:
        story = scene.story
        arrivals = Arrivals(self.reference, self.answers, story, election, people["registrar"])
        told_until = last_day_told(story)
        with self._act("Taking in the files", scene.file_count(arrivals)) as tick:
            scene.take_in_files(election, people, arrivals, tick)
        with self._act("Laying timelines", 1) as tick:
            scene.lay_timelines(election, people)
            tick("")
        deployment = Deployment(
            story=story,
            election=election,
            planner=people["planner"],
            access=SpecialAccess(election, people["protocol"]),
        )
        desk = self._desk(story, election, people, arrivals, deployment)
        days_left = (story.days[-1] - deployment.planning_day).days
        with self._act("Eight weeks at the desk", len(story.days) - days_left) as tick:
            desk.walk(after=told_until, until=deployment.planning_day, on_day=lambda day: tick(f"{day:%d %B %Y}"))
        deployment.choose_rules()
        owners = deployment.owners()
        with self._act("Planning and releasing", len(owners)) as tick:
            for owner in owners:
                deployment.plan_and_release(owner)
                tick(owner.code if owner else "pool")
        with self._act("The last days", days_left) as tick:
            desk.walk(after=max(told_until, deployment.planning_day), on_day=lambda day: tick(f"{day:%d %B %Y}"))
        for line in embargo_lifts(story, election):
            self.console.print(line)
        clock.set_to(story.stands_at)
        run_due(at=story.stands_at)
        desk.call_next_session()  # last, since it says that the story is told

    def _desk(
        self, story: Story, election: Election, people: dict[str, User], arrivals: Arrivals, deployment: Deployment
    ) -> Desk:
        registrar, reviewer, approver = people["registrar"], people["reviewer"], people["approver"]
        protocol = people["protocol"]
        return Desk(
            story=story,
            election=election,
            registrar=registrar,
            reviewer=reviewer,
            approver=approver,
            arrivals=arrivals,
            papers=Papers(story, election, registrar),
            incidents=Incidents(self.reference, story, election, reviewer, approver, people["deputy"]),
            others=(
                Stays(story, election, protocol),
                Letters(story, election, protocol),
                Badges(story, election, registrar, protocol),
                Checks(story, election, registrar),
                MinistryProgramme(story, election, protocol),
                Publications(story, election, registrar, approver),
                Counts(story, election, registrar, approver),
                Exchanges(story, election, protocol),
                Losses(deployment, protocol, registrar),
                PollingDay(deployment),
            ),
        )

    @contextmanager
    def _act(self, title: str, steps: int) -> Iterator[Tick]:
        columns = (
            TextColumn("{task.description:<28}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[step]}"),
        )
        with Progress(*columns, console=self.console) as progress:
            task = progress.add_task(title, total=steps, step="")
            yield lambda step: progress.update(task, advance=1, step=step)


def last_day_told(story: Story) -> date:
    """The day before the last one of which the history knows: an interrupted story is told on after it."""
    last: datetime | None = Event.objects.aggregate(last=Max("at"))["last"]
    return last.astimezone(ZoneInfo(story.election.time_zone)).date() - timedelta(days=1) if last else date.min


def _is_told(election: Election, story: Story) -> bool:
    """Whether the story has come to its end: the session after it is called and has an agenda."""
    after_the_end = Application.objects.filter(election=election, session__held_at__gt=story.stands_at)
    return after_the_end.exists()
