"""Who is told at once: leads whose people were decided on, suspended or revoked. Once for each act of the commission.

A mail names references and the legal ground. The reasons stand on the page and in the letter; no passport is near.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from accreditation import rules
from accreditation.models import Accreditation, AgendaItem, Application, Decision
from accreditation.states import AccreditationState, ApplicationState, Outcome
from missions.kernel.models import Event
from missions.models import Mission
from missions.reminders.models import Message
from missions.reminders.rules import SUBJECT_MAX_LENGTH
from missions.reminders.sources import ReminderDraft
from missions.timeline.selectors import lead_addresses

#: Older acts are no news: whoever comes later finds them on the pages.
_NEWS = timedelta(days=3)
#: So long a mail waits for people of its list who are not decided on yet.
_PATIENCE = timedelta(hours=1)
_MOST_LINES = 50


@dataclass(frozen=True, slots=True)
class _News:
    """One act as far as it concerns one mission: what names it, when it was, and the text about it."""

    subject_type: str
    subject_id: int
    at: datetime
    mission: Mission
    subject: str
    body: str


class _ToLeads:
    """A source that tells the leads of missions what happened, right away."""

    rule = ""

    def news(self, *, at: datetime) -> Iterator[_News]:
        """What happened lately."""
        raise NotImplementedError

    def due(self, *, at: datetime) -> Iterator[ReminderDraft]:
        """One draft for each lead and act of the last three days."""
        found = list(self.news(at=at))
        leads = lead_addresses({news.mission.pk for news in found})
        for news in found:
            for address in leads.get(news.mission.pk, ()):
                yield ReminderDraft(
                    to_address=address,
                    subject_type=news.subject_type,
                    subject_id=news.subject_id,
                    slot=news.at.astimezone(news.mission.election.zone).date(),
                    due_at=news.at,
                    not_after=news.at + _NEWS,
                    mission_id=news.mission.pk,
                    subject=news.subject[:SUBJECT_MAX_LENGTH],
                    body=news.body,
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
            lines = list(_refusal_lines(mission, refusals)) if row["refused"] else []
            yield _decision_news(mission, row["first"], row["last_at"], row["accredited"], row["refused"], lines)


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
            names = list(people.values_list("object_label", flat=True)[:_MOST_LINES])
            yield _stop_news(missions[row["scope_id"]], row["first"], row["at"], row["verb"], row["count"], names)


decision_made = DecisionMade()
accreditation_stopped = AccreditationStopped()


def _missions(keys: Iterable[int | None]) -> dict[int | None, Mission]:
    return {row.pk: row for row in Mission.objects.filter(pk__in=set(keys)).select_related("election")}


def _unfinished(at: datetime) -> set[tuple[int | None, int]]:
    """Items that were voted on just now, and missions whose people on them are still being decided on."""
    items = AgendaItem.objects.filter(decided_at__gt=at - _PATIENCE, decided_at__lte=at)
    waiting = Application.objects.filter(agenda_item__in=items, state=ApplicationState.SCHEDULED)
    return set(waiting.order_by().values_list("agenda_item", "nomination__mission").distinct())


def _refusal_lines(mission: Mission, refusals: QuerySet[Decision]) -> Iterator[str]:
    """A line for each refused person: the mission's own reference, the ground, and until when one may appeal."""
    profile = rules.known_profile(mission.election.profile_code)
    language = get_language() or "en"
    titles = {ground.code: ground.title.text(language) for ground in profile.grounds} if profile else {}
    rows = refusals.select_related("application__nomination").order_by("pk")[:_MOST_LINES]
    for row in rows:
        yield f"{row.application.nomination.reference}: {titles.get(row.ground, row.ground)}"
        closes_at = rules.appeal_deadline(profile, refused_at=row.decided_at)
        if closes_at is not None:
            local = f"{closes_at.astimezone(mission.election.zone):%Y-%m-%d %H:%M}"
            yield "  " + _("An appeal must be made before %(when)s (%(zone)s).") % {
                "when": local,
                "zone": mission.election.time_zone,
            }


def _decision_news(
    mission: Mission, first: int, at: datetime, accredited: int, refused: int, lines: Iterable[str]
) -> _News:
    total = accredited + refused
    subject = ngettext("Decision on %(count)d person: %(mission)s", "Decisions on %(count)d people: %(mission)s", total)
    body = _("%(mission)s, %(election)s\n\nAccredited: %(accredited)d\nRefused: %(refused)d\n") % {
        "mission": mission.name,
        "election": mission.election.name,
        "accredited": accredited,
        "refused": refused,
    }
    return _News(
        subject_type=Decision._meta.label_lower,
        subject_id=first,
        at=at,
        mission=mission,
        subject=subject % {"count": total, "mission": mission.code},
        body="\n".join([body, *lines, ""]) if refused else body,
    )


def _stop_news(mission: Mission, first: int, at: datetime, verb: str, count: int, names: list[str]) -> _News:
    if verb == "suspended":
        subject = ngettext("%(count)d accreditation was suspended", "%(count)d accreditations were suspended", count)
    else:
        subject = ngettext("%(count)d accreditation was revoked", "%(count)d accreditations were revoked", count)
    left = count - len(names)
    more = [ngettext("and %(count)d more", "and %(count)d more", left) % {"count": left}] if left else []
    heading = f"{mission.name}, {mission.election.name}"
    return _News(
        subject_type=Event._meta.label_lower,
        subject_id=first,
        at=at,
        mission=mission,
        subject=f"{mission.code}: {subject % {'count': count}}",
        body="\n".join([heading, "", f"{subject % {'count': count}}:", *names, *more, ""]),
    )
