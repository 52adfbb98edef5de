"""Who is told at once: leads whose people were decided on, suspended or revoked. Once for each act of the commission.

A mail names references and the legal ground. The reasons stand on the page and in the letter; no passport is near.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from django.db.models import Count, Max, Min, Q, QuerySet

from accreditation import rules
from accreditation.models import Accreditation, AgendaItem, Application, Decision
from accreditation.states import AccreditationState, ApplicationState, Outcome
from missions.kernel.models import Event
from missions.models import Mission
from missions.reminders.audiences import AudienceBook
from missions.reminders.models import Message
from missions.reminders.sources import ReminderDraft
from missions.reminders.states import Audience
from missions.reminders.texts import Fact
from missions.reminders.wording import Wordings, Written, instant_text
from missions.timeline.selectors import lead_addresses

WORDINGS = Wordings(Path(__file__).parent / "wordings")
#: Older acts are no news: whoever comes later finds them on the pages.
_NEWS = timedelta(days=3)
#: So long a mail waits for people of its list who are not decided on yet.
_PATIENCE = timedelta(hours=1)
_MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class _News:
    """One act as far as it concerns one mission: what names it, when it was, and the words about it by language."""

    subject_type: str
    subject_id: int
    at: datetime
    mission: Mission
    write: Callable[[str], Written]


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What a session decided on the people of one mission, and the refusals that its mail tells of."""

    mission: Mission
    accredited: int
    refused: int
    refusals: tuple[Decision, ...]

    def write(self, language: str) -> Written:
        """The counts, and a line for each refused person."""
        facts = {
            **_names_of(self.mission),
            "count": self.accredited + self.refused,
            "accredited": self.accredited,
            "refused": self.refused,
        }
        written = WORDINGS.write("decision_made", facts, language=language)
        return replace(written, body="\n".join((written.body, *self._lines(language), "")))

    def _lines(self, language: str) -> Iterator[str]:
        """The mission's own reference, the ground, and until when one may appeal."""
        profile = rules.known_profile(self.mission.election.profile_code)
        titles = {ground.code: ground.title.text(language) for ground in profile.grounds} if profile else {}
        if self.refusals:
            yield ""
        for row in self.refusals:
            facts = {"reference": row.application.nomination.reference, "ground": titles.get(row.ground, row.ground)}
            yield WORDINGS.say("decision_made.refusal", facts, language=language)
            closes_at = rules.appeal_deadline(profile, refused_at=row.decided_at)
            if closes_at is not None:
                instant = instant_text(closes_at, self.mission.election.time_zone, language=language)
                yield "  " + WORDINGS.say("decision_made.appeal", {"instant": instant}, language=language)
        if left := self.refused - len(self.refusals):
            yield WORDINGS.say("decision_made.more", {"count": left}, language=language)


@dataclass(frozen=True, slots=True)
class _Stop:
    """A suspension or revocation of accreditations of one mission; `names` are the first of the people."""

    mission: Mission
    verb: str
    count: int
    names: tuple[str, ...]

    def write(self, language: str) -> Written:
        """The names, a line each, and how many more there are."""
        left = self.count - len(self.names)
        more = (WORDINGS.say(f"{self.verb}.more", {"count": left}, language=language),) if left else ()
        facts = {**_names_of(self.mission), "count": self.count, "names": (*self.names, *more)}
        return WORDINGS.write(self.verb, facts, language=language)


class _ToLeads:
    """A source that tells the leads of missions what happened, right away."""

    rule = ""

    def news(self, *, at: datetime) -> Iterator[_News]:
        """What happened lately."""
        raise NotImplementedError

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """One draft for each lead and act of the last three days."""
        found = list(self.news(at=at))
        book = AudienceBook()
        book.turn_to({news.mission.pk for news in found})
        for news in found:
            write = cache(news.write)
            for lead in book.of_mission(news.mission.pk, Audience.LEADS):
                written = write(lead.language)
                yield ReminderDraft(
                    to_address=lead.address,
                    subject_type=news.subject_type,
                    subject_id=news.subject_id,
                    slot=news.at.astimezone(news.mission.election.zone).date(),
                    due_at=news.at,
                    not_after=news.at + _NEWS,
                    mission_id=news.mission.pk,
                    subject=written.subject,
                    body=written.body,
                    language=written.language,
                    reason=written.reason,
                )

    def still_due(self, message: Message, *, at: datetime) -> bool:
        """What happened stays true; but only who still leads the mission is told."""
        if message.mission_id is None:
            return False
        return message.to_address in lead_addresses({message.mission_id}).get(message.mission_id, ())


class DecisionMade(_ToLeads):
    """Tells the leads what a session decided on their people: a mail for each person or list of the agenda.

    Who of a list is decided on a day later is in another mail.
    """

    rule = "decision_made"

    def news(self, *, at: datetime) -> Iterator[_News]:
        """The decisions, counted by mission and item of the agenda. Few queries, however long a list is."""
        recent = Decision.objects.filter(decided_at__gt=at - _NEWS, decided_at__lte=at).order_by()
        groups = (
            recent.values("application__nomination__mission", "agenda_item", "session")
            .annotate(
                first=Min("pk"),
                last_at=Max("decided_at"),
                accredited=Count("pk", filter=Q(outcome=Outcome.ACCREDITED)),
                refused=Count("pk", filter=Q(outcome=Outcome.REFUSED)),
            )
            .order_by("first")
        )
        rows = list(groups)
        missions = _missions(row["application__nomination__mission"] for row in rows)
        unfinished = _unfinished(at)
        for row in rows:
            mission = missions[row["application__nomination__mission"]]
            if (row["agenda_item"], mission.pk) in unfinished:
                continue
            refusals = recent.filter(
                outcome=Outcome.REFUSED,
                agenda_item=row["agenda_item"],
                session=row["session"],
                application__nomination__mission=mission,
            )
            outcome = _Outcome(
                mission, row["accredited"], row["refused"], _refusals(refusals) if row["refused"] else ()
            )
            yield _News(Decision._meta.label_lower, row["first"], row["last_at"], mission, outcome.write)


class AccreditationStopped(_ToLeads):
    """Tells the leads which of their people's accreditations were suspended or revoked: a mail for each act."""

    rule = "accreditation_stopped"

    def news(self, *, at: datetime) -> Iterator[_News]:
        """The acts, told from the history. Three queries, and one for each act."""
        stopped = Accreditation.objects.filter(state__in=(AccreditationState.SUSPENDED, AccreditationState.REVOKED))
        recent = Event.objects.filter(
            object_type=Accreditation._meta.label_lower,
            object_id__in=stopped.order_by().values("pk"),  # few; the history has an index on its objects
            verb__in=("suspended", "revoked"),
            at__gt=at - _NEWS,
            at__lte=at,
        ).exclude(scope_id=None)
        acts = recent.order_by().values("scope_id", "verb", "at").annotate(first=Min("pk"), count=Count("pk"))
        rows = list(acts.order_by("first"))
        missions = _missions(row["scope_id"] for row in rows)
        for row in rows:
            people = recent.filter(scope_id=row["scope_id"], verb=row["verb"], at=row["at"]).order_by("pk")
            names = people.values_list("object_label", flat=True)[:_MOST_LINES]
            stop = _Stop(missions[row["scope_id"]], row["verb"], row["count"], tuple(names))
            yield _News(Event._meta.label_lower, row["first"], row["at"], stop.mission, stop.write)


decision_made = DecisionMade()
accreditation_stopped = AccreditationStopped()


def _missions(keys: Iterable[int | None]) -> dict[int | None, Mission]:
    return {row.pk: row for row in Mission.objects.filter(pk__in=set(keys)).select_related("election")}


def _unfinished(at: datetime) -> set[tuple[int | None, int]]:
    """Items that were voted on just now, and missions whose people on them are still being decided on."""
    items = AgendaItem.objects.filter(decided_at__gt=at - _PATIENCE, decided_at__lte=at)
    waiting = Application.objects.filter(agenda_item__in=items, state=ApplicationState.SCHEDULED)
    return set(waiting.order_by().values_list("agenda_item", "nomination__mission").distinct())


def _refusals(refused: QuerySet[Decision]) -> tuple[Decision, ...]:
    return tuple(refused.select_related("application__nomination").order_by("pk")[:_MOST_LINES])


def _names_of(mission: Mission) -> dict[str, Fact]:
    return {"mission": mission.name, "code": mission.code, "election": mission.election.name}
