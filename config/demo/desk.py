"""The accreditation desk's eight weeks: papers come in, are vetted, and the commission decides in its sessions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from django.db.models import Exists, OuterRef, QuerySet

from accreditation.models import AgendaItem, Application, CommissionSession, Finding
from accreditation.services.agenda import schedule_application, schedule_list
from accreditation.services.applications import (
    close_finding,
    open_review,
    receive_document,
    recommend_application,
    submit_application,
    withdraw_application,
)
from accreditation.services.sessions import call_session
from accreditation.services.verdicts import Verdict, Votes
from accreditation.services.voting import carry_out_item, decide_session
from accreditation.states import AgendaOutcome, ApplicationState, DocumentKind, Severity
from config.demo.arrivals import Arrivals
from config.demo.incidents import Incidents
from config.demo.papers import Papers
from config.demo.story import Story
from missions.models import Commission, Election, User
from missions.reminders.models import Message
from missions.reminders.services.delivery import deliver_due
from missions.reminders.services.digests import gather_digests
from missions.reminders.services.planning import plan_reminders
from missions.states import CommissionLevel

_S = ApplicationState


class DayAct(Protocol):
    """What others do beside the desk on each day of the story."""

    def on(self, day: date) -> None: ...


@dataclass(frozen=True, slots=True)
class Desk:
    """The people at the desk, the election that they work on, and what others do on the same days, in their order."""

    story: Story
    election: Election
    registrar: User
    reviewer: User
    approver: User
    arrivals: Arrivals
    papers: Papers
    incidents: Incidents
    others: tuple[DayAct, ...]

    def walk(self, *, on_day: Callable[[date], None], after: date = date.min, until: date = date.max) -> None:
        """Walk the days of the story after the one and until the other; a day that is done finds nothing to do."""
        for day in (day for day in self.story.days if after < day <= until):
            self._remind(self._time(day, "reminders"))
            if day <= self.story.last_desk_day:
                self._work(day)
            for act in (self.incidents, *self.others):
                act.on(day)
            on_day(day)

    def _work(self, day: date) -> None:
        self.arrivals.on(day)
        self.papers.on(day)
        self._morning(day)
        if day == self.story.last_desk_day:
            self._last_day(day)
        self._review(self._in_state(_S.SUBMITTED), self._time(day, "review"))
        self._recommend(day)
        self._hold_session(day)

    def _time(self, day: date, step: str) -> datetime:
        return self.story.instant(day, self.story.plot["desk"][step])

    def _in_state(self, *states: ApplicationState) -> QuerySet[Application]:
        rows = Application.objects.filter(election=self.election, state__in=states)
        return rows.select_related("nomination").order_by("pk")

    def _morning(self, day: date) -> None:
        at = self._time(day, "papers")
        marks = self.story.plot["marks"]
        for application in self._in_state(_S.DRAFT).filter(nomination__documents_on__lte=day):
            submit_application(application=application, by=self.registrar, at=at)
        taken_back = self._in_state(_S.SUBMITTED, _S.UNDER_REVIEW, _S.RECOMMENDED)
        for application in taken_back.filter(nomination__reference__endswith=marks["withdrawn"]):
            withdraw_application(application=application, by=self.registrar, at=at, reason="Travel cancelled.")

    def _remind(self, at: datetime) -> None:
        """Plan and deliver, unless a later morning has come already: then the story is told on after a break."""
        if not Message.objects.filter(planned_at__gt=at).exists():
            plan_reminders(at=at)
            gather_digests(at=at)
            deliver_due(at=at)

    def _review(self, applications: Iterable[Application], at: datetime) -> None:
        for application in applications:
            open_review(application=application, by=self.reviewer, at=at)

    def _recommend(self, day: date) -> None:
        """Whoever has no open blocking finding goes on; a proven bar to accreditation goes on to be refused."""
        at = self._time(day, "recommend")
        self._close_findings(at)
        blocking = Finding.objects.filter(application=OuterRef("pk"), severity=Severity.BLOCK, closed_at=None)
        waiting = self._in_state(_S.UNDER_REVIEW).exclude(Exists(blocking))
        if day == self.story.last_desk_day:
            there = self._in_state(_S.RECOMMENDED).count()
            waiting = waiting[: max(0, self.story.plot["last_day"]["recommended"] - there)]
        for application in list(waiting):
            recommend_application(application=application, by=self.reviewer, at=at)

    def _close_findings(self, at: datetime) -> None:
        """Bars that are proven, and findings that turned out to be harmless, each with its note."""
        notes = {row["finding"]: row["note"] for row in (*self._bars, *self.story.plot["explained"])}
        found = Finding.objects.filter(
            application__election=self.election,
            application__state=_S.UNDER_REVIEW,
            code__in=notes,
            closed_at=None,
        )
        for finding in found.select_related("application__nomination"):
            close_finding(finding=finding, note=notes[finding.code], by=self.reviewer, at=at)

    @property
    def _bars(self) -> list[dict[str, str]]:
        bars: list[dict[str, str]] = self.story.plot["refusals"]
        return bars

    def _hold_session(self, day: date) -> None:
        """Decide on the categories of the day; on a day without any, the commission does not meet."""
        categories = self.story.decided_on(day)
        if not categories:
            return
        at = self.story.instant(day, self.story.plot["commission"]["session_time"])
        recommended = self._in_state(_S.RECOMMENDED).filter(category__in=categories)
        people = list(recommended.select_related("nomination__mission"))
        if people:
            self._put_on_agenda(self._session(at, at), people, at)
        self._carry_out(at)
        # Usually the one just called; after a break also one that was interrupted.
        undecided = CommissionSession.objects.filter(
            held_at__lte=at,
            applications__state=_S.SCHEDULED,
            applications__agenda_item__outcome="",
            election=self.election,
        )
        votes = Votes(**self.story.plot["commission"]["votes"])
        for session in undecided.distinct():
            exceptions = {**self._refusals(session), **self.incidents.verdicts(day)}
            decide_session(session=session, votes=votes, exceptions=exceptions, by=self.approver, at=at)

    def _carry_out(self, at: datetime) -> None:
        """Items that were voted on right before a break, and that some of the people still wait on."""
        voted = AgendaItem.objects.filter(session__election=self.election, applications__state=_S.SCHEDULED)
        for item in voted.exclude(outcome="").distinct():
            carry_out_item(item=item, by=self.approver, at=at)

    def _put_on_agenda(self, session: CommissionSession, applications: Iterable[Application], at: datetime) -> None:
        """The commission votes on the people of a mission in one list, and on somebody who comes alone by name."""
        lists: dict[str, list[Application]] = {}
        for application in applications:
            lists.setdefault(application.nomination.mission.name, []).append(application)
        for title, people in lists.items():
            if len(people) == 1:
                schedule_application(application=people[0], session=session, by=self.registrar, at=at)
            else:
                keys = [person.pk for person in people]
                schedule_list(session=session, title=title, application_ids=keys, by=self.registrar, at=at)

    def _session(self, held_at: datetime, at: datetime) -> CommissionSession:
        """The session of that hour: called now, unless an interrupted day has called it."""
        commission = Commission.objects.get(election=self.election, level=CommissionLevel.CENTRAL)
        sessions = CommissionSession.objects.filter(commission=commission)
        called = sessions.filter(held_at=held_at).first()
        if called is not None:
            return called
        number = f"{sessions.count() + 1}/{held_at.year}"
        return call_session(commission=commission, number=number, held_at=held_at, by=self.registrar, at=at)

    def call_next_session(self) -> None:
        """The next session is called when the story ends, and has an agenda; it is not yet held."""
        if self._in_state(_S.SCHEDULED).exists():
            return
        at = self.story.stands_at
        session = self._session(self.story.at("commission", "next_session"), at)
        for application in list(self._in_state(_S.RECOMMENDED)[: self.story.plot["last_day"]["scheduled"]]):
            schedule_application(application=application, session=session, by=self.registrar, at=at)

    def _refusals(self, session: CommissionSession) -> dict[int, Verdict]:
        """Those whom a proven bar keeps out."""
        verdicts = {row["finding"]: Verdict(AgendaOutcome.REFUSED, row["ground"], row["text"]) for row in self._bars}
        barred = Finding.objects.filter(
            application__session=session, application__state=_S.SCHEDULED, code__in=verdicts
        )
        return {key: verdicts[code] for key, code in barred.values_list("application_id", "code")}

    def _last_day(self, day: date) -> None:
        """Missing papers arrive at last, so that the desk has something to do when the story ends."""
        at, last = self._time(day, "papers"), self.story.plot["last_day"]
        mark = self.story.plot["marks"]["papers_missing"]
        late = Application.objects.filter(election=self.election, nomination__reference__endswith=mark)
        for application in late.order_by("pk")[: last["papers_handed_in"]]:
            if application.state != _S.INCOMPLETE:
                continue
            for kind in DocumentKind:
                receive_document(application=application, kind=kind, by=self.registrar, at=at)
