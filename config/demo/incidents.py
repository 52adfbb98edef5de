"""What happens to single people beside the straight way: an appeal, a suspension, a revocation, a replacement."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db.models import QuerySet

from accreditation.intake.schema import draft_of, nomination_schema
from accreditation.models import Accreditation, Application, Revocation
from accreditation.services.accreditations import (
    reinstate_accreditation,
    replace_accreditation,
    suspend_accreditation,
)
from accreditation.services.appeals import appeal_refusal
from accreditation.services.decisions import accredit_application
from accreditation.services.drafts import NominationDraft
from accreditation.services.revocations import decide_revocation, propose_revocation
from accreditation.services.verdicts import Verdict
from accreditation.states import AccreditationState, AgendaOutcome, ApplicationState
from config.demo.story import Story
from config.reference.files import SUCCESSOR
from missions.kernel.spreadsheets.reader import read_table
from missions.models import Election, Mission, User

_A = AccreditationState


@dataclass(frozen=True, slots=True)
class Incidents:
    """The plot of single people, and the folder of files. An act looks at the state first, so that it happens once."""

    reference: Path
    story: Story
    election: Election
    reviewer: User
    approver: User
    deputy: User

    def on(self, day: date) -> None:
        """Everything that befalls somebody on this day, after the session."""
        for act in (self._replace, self._suspend, self._revoke, self._appeal):
            act(day)

    def verdicts(self, day: date) -> dict[int, Verdict]:
        """What the commission makes of single people in the session of the day, by application."""
        rows = {row["reference"]: row for row in self.story.plot["verdicts"] if self.story.day(row["day"]) == day}
        concerned = self._applications().filter(nomination__reference__in=rows)
        return {
            application.pk: Verdict(AgendaOutcome(row["outcome"]), row["ground"], row["text"])
            for application in concerned
            for row in [rows[application.nomination.reference]]
        }

    def _appeal(self, day: date) -> None:
        """The mission's lead appeals, and somebody else than who refused upholds it."""
        plot = self.story.plot["appeal"]
        if self.story.is_on(day, plot["lodged"]):
            for application in self._of(plot["reference"], ApplicationState.REFUSED):
                lead = self._lead(application.nomination.mission)
                at = self.story.moment(plot["lodged"])
                appeal_refusal(application=application, reason=plot["reason"], by=lead, at=at)
        if self.story.is_on(day, plot["upheld"]):
            for application in self._of(plot["reference"], ApplicationState.APPEALED):
                accredit_application(application=application, by=self.deputy, at=self.story.moment(plot["upheld"]))

    def _suspend(self, day: date) -> None:
        plot = self.story.plot["suspension"]
        if self.story.is_on(day, plot["begins"]):
            for row in self._accredited(plot["reference"], _A.ACTIVE):
                at = self.story.moment(plot["begins"])
                suspend_accreditation(accreditation=row, reason=plot["reason"], by=self.approver, at=at)
        if self.story.is_on(day, plot["ends"]):
            for row in self._accredited(plot["reference"], _A.SUSPENDED):
                at = self.story.moment(plot["ends"])
                reinstate_accreditation(accreditation=row, reason=plot["reason_to_end"], by=self.approver, at=at)

    def _revoke(self, day: date) -> None:
        """The reviewer proposes, the approver decides."""
        plot = self.story.plot["revocation"]
        proposals = Revocation.objects.filter(election=self.election)
        if self.story.is_on(day, plot["proposed"]) and not proposals.exists():
            for row in self._accredited(plot["reference"], _A.ACTIVE):
                at, why = self.story.moment(plot["proposed"]), plot["text"]
                propose_revocation(accreditation=row, ground=plot["ground"], text=why, by=self.reviewer, at=at)
        if self.story.is_on(day, plot["decided"]):
            for proposal in proposals.proposed():
                decide_revocation(revocation=proposal, by=self.approver, at=self.story.moment(plot["decided"]))

    def _replace(self, day: date) -> None:
        """The mission hands an accreditation back and names who comes instead, in one act."""
        plot = self.story.plot["replacement"]
        if self.story.is_on(day, plot["noted"]):
            for row in self._accredited(plot["reference"], _A.ACTIVE):
                mission = row.application.nomination.mission
                replace_accreditation(
                    accreditation=row,
                    successor=self._successor(mission),
                    reason=plot["reason"],
                    by=self._lead(mission),
                    at=self.story.moment(plot["noted"]),
                )

    def _successor(self, mission: Mission) -> NominationDraft:
        path = self.reference / SUCCESSOR / f"{mission.code}.xlsx"
        table = read_table(path.read_bytes(), file_name=path.name, schema=nomination_schema())
        return draft_of(table.rows[0].value)

    def _applications(self) -> QuerySet[Application]:
        rows = Application.objects.filter(election=self.election)
        return rows.select_related("nomination__mission", "observer", "election").order_by("pk")

    def _of(self, reference: str, state: ApplicationState) -> list[Application]:
        return list(self._applications().filter(nomination__reference=reference, state=state))

    def _accredited(self, reference: str, state: AccreditationState) -> list[Accreditation]:
        rows = Accreditation.objects.filter(election=self.election, state=state)
        joined = rows.select_related("application__nomination__mission", "election", "observer")
        return list(joined.filter(application__nomination__reference=reference))

    def _lead(self, mission: Mission) -> User:
        return User.objects.filter(memberships__mission=mission).order_by("pk")[0]
