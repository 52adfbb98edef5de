"""Recommendations as the public pages tell them: in the reader's language where there is such a text."""

from collections.abc import Sequence
from dataclasses import dataclass

from missions.reports.recommendations.selectors import PublicRecommendation, PublicText, text_in
from missions.reports.selectors import PublicReport
from missions.reports.web import addresses
from missions.reports.wording import Words

#: What visitors ask for who want those without an answer.
OPEN = "open"


@dataclass(frozen=True, slots=True)
class AdviceChoice:
    """What visitors of the recommendations of an election ask for; empty: all."""

    organization: str = ""
    addressee: str = ""
    answer: str = ""

    def fits(self, report: PublicReport, row: PublicRecommendation) -> bool:
        """Whether this recommendation of the report is among what is asked for."""
        return (
            (not self.organization or self.organization in report.organizations)
            and (not self.addressee or self.addressee == row.addressee)
            and (not self.answer or self.answer == (row.answer or OPEN))
        )


@dataclass(frozen=True, slots=True)
class Told:
    """A recommendation: its words, to whom it goes, and in words what the host answered and what became of it.

    `others` are its words in further languages, each under the language's name. `url` is its permanent place.
    """

    row: PublicRecommendation
    url: str
    text: PublicText | None
    others: tuple[tuple[str, PublicText], ...]
    addressee: str
    answer: str
    due: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ToldReport:
    """The recommendations of one report under its title."""

    url: str
    title: str
    senders: str
    published: str
    rows: tuple[Told, ...]


def told(report: PublicReport, row: PublicRecommendation, words: Words) -> Told:
    """One recommendation of the report in the words of a language."""
    text = text_in(row.texts, words.language)
    outcome = words.say(f"outcome.{row.outcome}") if row.outcome else ""
    return Told(
        row,
        url=f"{addresses.report_path(report, words.language)}#r{row.number}",
        text=text,
        others=tuple((words.language_name(one.language), one) for one in row.texts if one != text),
        addressee=words.say(f"addressee.{row.addressee}"),
        answer=words.say(f"answer.{row.answer}") if row.answer else words.say("advice.no_answer"),
        due=words.say("advice.due", day=words.day(row.due_on)) if row.due_on else "",
        outcome=f"{outcome} ({row.assessed_by})" if row.assessed_by else outcome,
    )


def told_reports(reports: Sequence[PublicReport], choice: AdviceChoice, words: Words) -> tuple[ToldReport, ...]:
    """The reports that have recommendations of the choice, in their order."""
    rows = [
        (report, tuple(told(report, row, words) for row in report.recommendations if choice.fits(report, row)))
        for report in reports
    ]
    return tuple(
        ToldReport(
            url=addresses.report_path(report, words.language),
            title=report.title,
            senders=", ".join(report.organizations) or report.mission,
            published=words.instant(report.published_at, report.time_zone),
            rows=found,
        )
        for report, found in rows
        if found
    )


def answers_of(reports: Sequence[PublicReport], words: Words) -> dict[str, dict[str, str]]:
    """By question of the choice, the answers that find something, each with its words."""
    pairs = [(report, row) for report in reports for row in report.recommendations]
    return {
        "organization": {name: name for report, _row in pairs for name in report.organizations},
        "addressee": {str(row.addressee): words.say(f"addressee.{row.addressee}") for _report, row in pairs},
        "answer": {
            row.answer or OPEN: words.say(f"answer.{row.answer}" if row.answer else "advice.no_answer")
            for _report, row in pairs
        },
    }
