"""Figures frozen and published on their days, and what others said, kept beside ours."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from config.demo.story import Story
from missions.models import Election, Organization, User
from missions.reports.figures.models import FigureClaim, FrozenFigures
from missions.reports.figures.services.claims import Said, publish_claim, record_claim
from missions.reports.figures.services.freezing import freeze_figures, publish_figures


@dataclass(frozen=True, slots=True)
class Counts:
    """Who freezes and who publishes. Figures are known by their instant, claims by their source."""

    story: Story
    election: Election
    registrar: User
    approver: User

    def on(self, day: date) -> None:
        """What is counted, recorded and published on this day."""
        for row in self.story.plot["figures"]:
            if self.story.is_on(day, row["frozen"]):
                self._freeze(row, self.story.moment(row["frozen"]))
        for row in self.story.plot["claims"]:
            if self.story.is_on(day, row["recorded"]):
                self._record(row, self.story.moment(row["recorded"]))

    def _freeze(self, row: dict[str, Any], at: datetime) -> None:
        as_of = self.story.moment(row["as_of"])
        figures = FrozenFigures.objects.filter(election=self.election, as_of=as_of).first() or freeze_figures(
            election=self.election, as_of=as_of, by=self.registrar, at=at
        )
        if figures.published_at is None:
            publish_figures(figures=figures, by=self.approver, at=self.story.moment(row["published"]))

    def _record(self, row: dict[str, Any], at: datetime) -> None:
        claim = FigureClaim.objects.filter(election=self.election, source=row["source"]).first() or record_claim(
            election=self.election, said=self._said(row, at), by=self.registrar, at=at
        )
        if row["is_public"] and claim.published_at is None:
            publish_claim(claim=claim, by=self.approver, at=at)

    def _said(self, row: dict[str, Any], at: datetime) -> Said:
        organization = Organization.objects.get(acronym=row["organization"]) if "organization" in row else None
        return Said(
            source=row["source"],
            said_on=self.story.day(row["said_on"]),
            as_of=at,
            text=row["text"],
            observers=row.get("observers"),
            countries=row.get("countries"),
            organization=organization,
        )
