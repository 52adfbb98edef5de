"""Reports of missions: drafted, handed in, registered under an embargo, and public when the clock passes it.

Most bring their recommendations along; one is split out by the host, and the host answers some.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import typst

from config.demo.story import Story
from missions.kernel import clock
from missions.models import Election, Mission, User
from missions.reports.models import Report
from missions.reports.recommendations.models import Recommendation
from missions.reports.recommendations.services.following import Reply, answer_recommendation
from missions.reports.recommendations.services.splitting import add_recommendation
from missions.reports.recommendations.services.writing import Advice, write_recommendation
from missions.reports.recommendations.states import Addressee, Answer
from missions.reports.selectors import public_record
from missions.reports.services.drafts import add_file, draft_report
from missions.reports.services.registering import register_report, submit_report
from missions.reports.states import ReportKind, ReportState

#: What organizations really published is theirs to publish: these pages say that they are none of it.
_PAGE = """#set page(paper: "a4", margin: 2.5cm)
#set text(size: 11pt)
#text(size: 9pt, fill: luma(90))[Demonstration document. It is not a statement of the organization named.]
#v(1cm)
#text(size: 18pt, weight: "bold")[{title}]
#v(2mm)
{organization} · {election}
#v(8mm)
This page stands where a mission's own file stands in real use. It was made by the demonstration of Observer Desk, and
says nothing about any election.
"""


@dataclass(frozen=True, slots=True)
class Publications:
    """Who registers reports, and who answers for the host. A report is known by mission and kind."""

    story: Story
    election: Election
    registrar: User
    approver: User

    def on(self, day: date) -> None:
        """What missions draft and hand in on this day, and what is registered."""
        for row in self.story.plot["reports"]:
            for name, act in (("drafted", self._draft), ("submitted", self._submit), ("registered", self._register)):
                if name in row and self.story.is_on(day, row[name]):
                    act(row, self.story.moment(row[name]))
            for number, advice in enumerate(row.get("advice", ()), start=1):
                self._follow(row, number, advice, day)

    def _draft(self, row: dict[str, Any], at: datetime) -> None:
        mission = Mission.objects.get(election=self.election, code=row["mission"])
        report = self._of(row) or draft_report(
            mission=mission,
            kind=ReportKind(row["kind"]),
            title=row["title"],
            embargo_wished=self.story.moment(row["embargo"]) if "embargo" in row else None,
            by=self._lead(mission),
            at=at,
        )
        for language in row["languages"]:
            data = _pdf(title=row["title"], organization=mission.name, election=self.election.name)
            if not report.files.filter(language=language).exists():
                add_file(report=report, language=language, data=data, by=self._lead(mission), at=at)
        for number, advice in enumerate(row.get("advice", ()), start=1):
            if "split" not in advice and not report.recommendations.filter(number=number).exists():
                write_recommendation(report=report, advice=_advice(number, advice), by=self._lead(mission), at=at)

    def _submit(self, row: dict[str, Any], at: datetime) -> None:
        report = self._of(row, ReportState.DRAFT)
        if report is not None:
            submit_report(report=report, by=self._lead(report.mission), at=at)

    def _register(self, row: dict[str, Any], at: datetime) -> None:
        report = self._of(row, ReportState.SUBMITTED)
        if report is not None:
            embargo = self.story.moment(row["embargo"])
            register_report(report=report, embargo_until=embargo, by=self.registrar, at=at)

    def _follow(self, row: dict[str, Any], number: int, advice: dict[str, Any], day: date) -> None:
        """What the host does with one recommendation on this day."""
        for name, act in (("split", self._split), ("answered", self._answer)):
            if name in advice and self.story.is_on(day, advice[name]):
                at = self.story.moment(advice[name])
                clock.set_to(at)  # whether a report is public is asked of the one clock, whatever the act says
                act(row, number, advice, at)

    def _split(self, row: dict[str, Any], number: int, advice: dict[str, Any], at: datetime) -> None:
        report = self._of(row)
        if report is not None and not report.recommendations.filter(number=number).exists():
            add_recommendation(report=report, advice=_advice(number, advice), by=self.registrar, at=at)

    def _answer(self, row: dict[str, Any], number: int, advice: dict[str, Any], at: datetime) -> None:
        waiting = Recommendation.objects.filter(report=self._of(row), number=number, answers=None)
        said = advice["answered"]
        for recommendation in waiting.select_related("report"):
            reply = Reply(Answer(said["answer"]), said["text"], said["responsible"], self.story.day(said["due"]))
            answer_recommendation(recommendation=recommendation, reply=reply, by=self.approver, at=at)

    def _of(self, row: dict[str, Any], *states: ReportState) -> Report | None:
        reports = Report.objects.filter(election=self.election, mission__code=row["mission"], kind=row["kind"])
        return (reports.filter(state__in=states) if states else reports).select_related("mission").first()

    def _lead(self, mission: Mission) -> User | None:
        return User.objects.filter(memberships__mission=mission).order_by("pk").first()


def embargo_lifts(story: Story, election: Election) -> Iterator[str]:
    """Set the clock right before the embargo that the plot watches and right after, and tell what the public reads."""
    watched = story.plot["watched"]
    row = next(row for row in story.plot["reports"] if row["mission"] == watched["mission"] and "embargo" in row)
    ends_at = story.moment(row["embargo"])
    for at in (ends_at - timedelta(seconds=watched["seconds_before"]), ends_at):
        clock.set_to(at)
        read = [report for report in public_record(election_code=election.code) if report.title == row["title"]]
        senders = sorted(sender.organization for report in read for sender in report.senders)
        local = at.astimezone(election.zone)
        yield f"{local:%d %B, %H:%M:%S}: the public reads “{row['title']}” of {', '.join(senders) or 'nobody'}"


def _advice(number: int, row: dict[str, Any]) -> Advice:
    return Advice(
        number=number,
        texts=row["texts"],
        addressee=Addressee(row["addressee"]),
        is_priority=row.get("is_priority", False),
    )


def _pdf(**facts: str) -> bytes:
    source = _PAGE.format_map({name: _plain(value) for name, value in facts.items()})
    data: bytes = typst.compile(source.encode(), ignore_system_fonts=True)
    return data


def _plain(text: str) -> str:
    """The text as typst shows it, whatever characters it has."""
    return "".join(f"\\u{{{ord(char):x}}}" if not char.isalnum() and char != " " else char for char in text)
