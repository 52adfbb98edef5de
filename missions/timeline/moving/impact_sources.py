"""What a move of election day means for the deadlines of the law, and for mails: those planned and those sent."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from missions.impact import Change, Impact, Viewer, Weight
from missions.law.profile import ProfileError, load_profile
from missions.models import Election
from missions.reminders.models import Message
from missions.reminders.states import MessageState
from missions.timeline.changes import ElectionMove
from missions.timeline.models import Milestone
from missions.timeline.moving.rules import Course, MovedDeadline, moved_deadlines

_LAW = gettext_lazy("Legal deadlines")
_MAILS = gettext_lazy("Mails")
_SENTENCES = {
    Course.MOVES: (Weight.ALTERS, gettext_lazy("Moves from %(was)s to %(becomes)s.")),
    Course.IS_OVER: (Weight.SPOILS, gettext_lazy("Lies in the past at once: it was %(was)s and becomes %(becomes)s.")),
    Course.REOPENS: (Weight.ALTERS, gettext_lazy("Lies ahead again: it was %(was)s and becomes %(becomes)s.")),
    Course.STAYS_OVER: (
        Weight.TELLS,
        gettext_lazy("Lies in the past and stays there: it was %(was)s and becomes %(becomes)s."),
    ),
}


class MovedCalendar:
    """The provider of the legal calendar (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a move of election day; silent about every other change, and where the law is not known. One query."""
        if not isinstance(change, ElectionMove):
            return
        election = Election.objects.get(pk=change.election_id)
        try:
            profile = load_profile(election.profile_code)
        except ProfileError:
            return
        language = get_language() or "en"
        for row in moved_deadlines(profile, e_day=election.e_day, new_day=change.new_day, at=at):
            yield _of_deadline(row, election, row.deadline.title.text(language))


class MovedMails:
    """The provider of mails (missions.impact.ImpactSource). It stands here, for reminders know no timelines."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a move of election day; silent about every other change. Three queries."""
        if not isinstance(change, ElectionMove):
            return
        election = Election.objects.get(pk=change.election_id)
        told = _of_the_days(election, user)
        planned = told.filter(state__in=(MessageState.PLANNED, MessageState.LEASED)).count()
        if planned:
            yield _of_planned(planned, user)
        sent = told.filter(state=MessageState.SENT).order_by().values("rule")
        counts = sent.annotate(mails=Count("pk"), people=Count("to_address", distinct=True), last=Max("sent_at"))
        for row in counts.order_by("rule"):
            last = date_format(row["last"].astimezone(election.zone), "j M Y, H:i")
            yield _of_sent(row["rule"], row["mails"], row["people"], last, user)


moved_calendar = MovedCalendar()
moved_mails = MovedMails()


def _of_deadline(row: MovedDeadline, election: Election, title: str) -> Impact:
    weight, sentence = _SENTENCES[row.course]
    facts = {"was": _local(row.was, election), "becomes": _local(row.becomes, election)}
    return Impact(
        code=f"deadline_{row.course}",
        key=row.deadline.code,
        weight=weight,
        group=_LAW,
        subject=title,
        sentence=sentence % facts,
        facts=(row.was.isoformat(), row.becomes.isoformat()),
    )


def _of_the_days(election: Election, user: Viewer) -> QuerySet[Message]:
    """Mails about steps of the missions that have not happened, and mails that name election day."""
    steps = Milestone.objects.filter(mission__election=election, actual_at=None).order_by().values("pk")
    about_steps = Q(subject_type=Milestone._meta.label_lower, subject_id__in=steps)
    naming = Q(body__contains=election.e_day.isoformat())
    return Message.objects.visible_to(user).filter(about_steps | naming, mission__election=election)


def _of_planned(count: int, user: Viewer) -> Impact:
    sentence = ngettext(
        "%(count)d mail about a day that moves waits. It is not sent unless its reason still holds then.",
        "%(count)d mails about days that move wait. None is sent unless its reason still holds then.",
        count,
    )
    subject = _("Planned, not sent")
    return Impact("mails_planned", "", Weight.ALTERS, _MAILS, subject, sentence % {"count": count}, None, _page(user))


def _of_sent(rule: str, mails: int, people: int, last: str, user: Viewer) -> Impact:
    said = ngettext("%(count)d mail has", "%(count)d mails have", mails) % {"count": mails}
    whom = ngettext("%(count)d person", "%(count)d people", people) % {"count": people}
    sentence = _("%(mails)s told the former day to %(people)s, the last one on %(last)s.")
    return Impact(
        code="mails_told",
        key=rule,
        weight=Weight.TELLS,
        group=_MAILS,
        subject=_("Sent: %(rule)s") % {"rule": rule.replace("_", " ")},
        sentence=sentence % {"mails": said, "people": whom, "last": last},
        facts=None,
        url=_page(user, f"?state__exact=sent&rule__exact={rule}"),
    )


def _page(user: Viewer, query: str = "") -> str:
    if not user.has_perm("reminders.view_message"):
        return ""
    return reverse("admin:reminders_message_changelist") + query


def _local(instant: datetime, election: Election) -> str:
    return date_format(instant.astimezone(election.zone), "j M Y, H:i")
