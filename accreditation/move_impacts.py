"""What a move of election day means at the accreditation desk: who is accredited, who applied late, who is there."""

from collections.abc import Iterator
from datetime import datetime, time

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accreditation import rules
from accreditation.models import Accreditation, Application, Nomination
from accreditation.services.redating import decision_times
from accreditation.states import LIVE_ACCREDITATION_STATES, ApplicationState, Category
from missions.impact import Change, Impact, Viewer, Weight
from missions.kernel.errors import Text
from missions.law.calendar import ONE_DAY, local_instant
from missions.law.rules import Scope
from missions.models import Election
from missions.timeline.changes import ElectionMove

_ACCREDITATION = gettext_lazy("Accreditation")
_STAY = gettext_lazy("Stay")
_LATE = ApplicationState.INADMISSIBLE_LATE


class MovedDesk:
    """The provider of this app (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a move of election day; silent about every other change. Ten queries at most, and counts only."""
        if not isinstance(change, ElectionMove):
            return
        election = Election.objects.get(pk=change.election_id)
        yield from _accredited(election, change, user)
        yield from _deciding(election, change, user)
        yield from _late(election, change, user)
        yield from _present(election, change, user)


moved_desk = MovedDesk()


def _accredited(election: Election, change: ElectionMove, user: Viewer) -> Iterator[Impact]:
    """What was decided stands; only a term that the law counts in months may run out before the day."""
    live = Accreditation.objects.visible_to(user).filter(election=election, state__in=LIVE_ACCREDITATION_STATES)
    over = live.filter(_term_over(election, change)).count()
    standing = live.count() - over
    if standing:
        sentence = ngettext(
            "%(count)d accreditation stands as it was decided.",
            "%(count)d accreditations stand as they were decided.",
            standing,
        )
        yield _counted("accreditations_stand", Weight.TELLS, _("Accreditations"), sentence, standing)
    if over:
        sentence = ngettext(
            "%(count)d accreditation ends before the new day: its term is over.",
            "%(count)d accreditations end before the new day: their terms are over.",
            over,
        )
        yield _counted("accreditations_over", Weight.SPOILS, _("Terms in months"), sentence, over)


def _term_over(election: Election, change: ElectionMove) -> Q:
    """Those whose term in months ends before the polls of the new day close."""
    closes = local_instant(change.new_day, election.closes_at, election.time_zone)
    profile, over = rules.known_profile(election.profile_code), Q(pk=None)
    for category in Category:
        before = rules.ended_if_given_before(profile, category, results_published_at=None, at=closes)
        if before is not None:
            over |= Q(category=category, valid_from__lt=before)
    return over


def _deciding(election: Election, change: ElectionMove, user: Viewer) -> Iterator[Impact]:
    count = len(decision_times(election, e_day=change.new_day, among=Application.objects.visible_to(user)))
    if count:
        sentence = ngettext(
            "%(count)d application must be decided by another day.",
            "%(count)d applications must be decided by another day.",
            count,
        )
        yield _counted("decide_by_moves", Weight.ALTERS, _("Time for the decision"), sentence, count)


def _late(election: Election, change: ElectionMove, user: Viewer) -> Iterator[Impact]:
    """Whoever came too late stays late, for that was judged; but by the new day it would have been in time."""
    profile = rules.known_profile(election.profile_code)
    late = Application.objects.visible_to(user).filter(election=election, state=_LATE, submitted_at__isnull=False)
    rows = late.order_by().values_list("category", "constituency", "submitted_at")
    count = sum(
        rules.judge_filing(
            profile,
            category,
            e_day=change.new_day,
            submitted_at=submitted_at,
            scope=Scope.CONSTITUENCY if constituency else Scope.COUNTRY,
        ).in_time
        for category, constituency, submitted_at in rows
        if submitted_at is not None
    )
    if count:
        sentence = ngettext(
            "%(count)d application was late and would be in time. It stays late unless leave is granted.",
            "%(count)d applications were late and would be in time. They stay late unless leave is granted.",
            count,
        )
        url = f"{reverse('admin:accreditation_application_changelist')}?state__exact={_LATE}"
        url = url if user.has_perm("accreditation.view_application") else ""
        yield _counted("late_in_time", Weight.TELLS, _("Late applications"), sentence, count, url=url)


def _present(election: Election, change: ElectionMove, user: Viewer) -> Iterator[Impact]:
    """Who leaves before the new day, comes only after it, or travels on a passport that is over by then."""
    begins = local_instant(change.new_day, time(0), election.time_zone)
    ends = local_instant(change.new_day + ONE_DAY, time(0), election.time_zone)
    people = _accredited_people(user, election)
    leaving = people.filter(Q(leaves_at__lt=begins) | Q(leaves_at=None, departs_on__lt=change.new_day)).count()
    coming = people.filter(Q(comes_at__gte=ends) | Q(comes_at=None, arrives_on__gt=change.new_day)).count()
    lapsing = people.filter(observer__passport_expires_on__lt=change.new_day).count()
    if leaving:
        sentence = ngettext(
            "%(count)d person leaves before the new day, as far as is known.",
            "%(count)d people leave before the new day, as far as is known.",
            leaving,
        )
        yield _counted("stay_ends_before", Weight.TELLS, _("Departures"), sentence, leaving, group=_STAY)
    if coming:
        sentence = ngettext(
            "%(count)d person comes only after the new day, as far as is known.",
            "%(count)d people come only after the new day, as far as is known.",
            coming,
        )
        yield _counted("stay_begins_after", Weight.TELLS, _("Arrivals"), sentence, coming, group=_STAY)
    if lapsing:
        sentence = ngettext(
            "%(count)d passport is over by the new day.", "%(count)d passports are over by the new day.", lapsing
        )
        yield _counted("passport_over", Weight.TELLS, _("Passports"), sentence, lapsing, group=_STAY)


def _accredited_people(user: Viewer, election: Election) -> "QuerySet[Nomination]":
    """The nominations of the accredited, with the instants between which the people are in the country."""
    live = Nomination.objects.visible_to(user).filter(
        mission__election=election, applications__accreditation__state__in=LIVE_ACCREDITATION_STATES
    )
    return live.annotate(
        comes_at=Coalesce("stay__arrived_at", "stay__arrives_at"),
        leaves_at=Coalesce("stay__left_at", "stay__departs_at"),
    ).distinct()


def _counted(
    code: str, weight: Weight, subject: Text, sentence: str, count: int, *, group: Text = _ACCREDITATION, url: str = ""
) -> Impact:
    """A count moves under everybody's hands, so no preview is out of date because of it."""
    return Impact(code, "", weight, group, subject, sentence % {"count": count}, None, url)
