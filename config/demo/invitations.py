"""Invitations on their days: planned together, sent by note one by one, and answered; the replies grant the places."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from config.demo.story import Story
from config.reference.files import ORGANIZATIONS, PLANNED
from missions.kernel.spreadsheets.reader import read_table
from missions.models import Election, Invitation, User
from missions.roster.layouts import InvitationRow, invitation_schema
from missions.roster.services import commit_roster
from missions.services.invitations import Note, record_reply, send_invitation, strike_invitation
from missions.states import InvitationState

_S = InvitationState
#: An act and its instant.
_Act = tuple[datetime, Callable[[], Invitation]]


@dataclass(frozen=True, slots=True)
class Invitations:
    """The file of plans, the file that says what became of them, and who keeps the notes."""

    reference: Path
    story: Story
    election: Election
    by: User

    def plan(self) -> None:
        """Take in organizations and missions, with all invitations planned, unless that is done."""
        if not Invitation.objects.filter(election=self.election).exists():
            data = (self.reference / PLANNED).read_bytes()
            at = self.story.at("invitations", "planned")
            commit_roster(data, file_name=PLANNED, election=self.election, by=self.by, at=at)

    def walk(self) -> None:
        """Send every note and take every reply, in the order of their days; what is done is left alone."""
        table = read_table(
            (self.reference / ORGANIZATIONS).read_bytes(), file_name=ORGANIZATIONS, schema=invitation_schema()
        )
        invited = Invitation.objects.filter(election=self.election).select_related("organization")
        known = {(row.organization.acronym, row.inviter): row for row in invited}
        acts = [
            act
            for parsed in table.rows
            for act in self._acts(parsed.value, known[parsed.value.organization, parsed.value.inviter])
        ]
        for _at, act in sorted(acts, key=lambda act: act[0]):
            act()

    def _acts(self, row: InvitationRow, invitation: Invitation) -> Iterator[_Act]:
        """What is left to do about one invitation."""
        times = self.story.plot["invitations"]
        if invitation.state == _S.PLANNED and row.note_date is None:
            at = self.story.at("invitations", "planned")
            yield at, partial(strike_invitation, invitation=invitation, by=self.by, at=at)
        if invitation.state == _S.PLANNED and row.note_date is not None:
            at = self.story.instant(row.note_date, times["notes_sent"])
            note = Note(row.note_number, row.note_date, row.addressee, row.ceiling, row.reply_by)
            yield at, partial(send_invitation, invitation=invitation, note=note, by=self.by, at=at)
        if invitation.state in (_S.PLANNED, _S.SENT) and row.replied_on is not None:
            at, accepted = self.story.instant(row.replied_on, times["replies_noted"]), row.state == _S.ACCEPTED
            reply = partial(record_reply, accepted=accepted, replied_on=row.replied_on)
            yield at, partial(reply, invitation=invitation, by=self.by, at=at)
