"""Which badges a correction spoils, and which a move of election day."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accreditation.badges.models import Badge
from accreditation.badges.selectors import badges_over_before
from accreditation.badges.states import LIVE_BADGE_STATES, BadgeState
from accreditation.changes import AccreditedPersonChange
from accreditation.states import AccreditationState
from missions.impact import Change, Impact, Viewer, Weight
from missions.law.calendar import local_instant
from missions.models import Election
from missions.timeline.changes import ElectionMove

_BADGES = gettext_lazy("Badges")
#: No card shows what these say.
_UNPRINTED = (BadgeState.INTENDED, BadgeState.SIGNED)
#: What has to be done about the card itself, by where it is.
_CARD = {
    BadgeState.PRINTED: gettext_lazy("Put its card aside."),
    BadgeState.HANDED_OVER: gettext_lazy("Its holder has to bring the card back."),
}


class SpoiledBadges:
    """The provider of this app (missions.impact.ImpactSource)."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a correction of an accredited person; silent about every other change. One query.

        Whatever may be corrected stands on the card or in its code.
        """
        if not isinstance(change, AccreditedPersonChange):
            return
        has_page = user.has_perm("badges.view_badge")
        rows = Badge.objects.visible_to(user).filter(
            accreditation__in=change.accreditation_ids, state__in=LIVE_BADGE_STATES
        )
        for badge in rows.select_related("accreditation", "mission").order_by("number"):
            yield Impact(
                code="badge_void",
                key=str(badge.pk),
                weight=Weight.SPOILS,
                group=_BADGES,
                subject=_("%(number)s, %(state)s (%(mission)s)")
                % {"number": badge, "state": badge.get_state_display(), "mission": badge.mission.code},
                sentence=_sentence(badge),
                facts=(badge.state, badge.version),
                url=reverse("admin:badges_badge_change", args=(badge.pk,)) if has_page else "",
            )


class MovedBadges:
    """The provider of moves of election day (missions.impact.ImpactSource). The end of a signed code never moves."""

    def of_change(self, change: Change, *, user: Viewer, at: datetime) -> Iterator[Impact]:
        """Of a move of election day; silent about every other change. Five queries, and counts only."""
        if not isinstance(change, ElectionMove):
            return
        election = Election.objects.get(pk=change.election_id)
        closes = local_instant(change.new_day, election.closes_at, election.time_zone)
        visible = Badge.objects.visible_to(user)
        live = visible.filter(accreditation__election=election, state__in=LIVE_BADGE_STATES)
        short = badges_over_before(live, election, instant=closes)
        on_paper = live.exclude(state__in=_UNPRINTED)
        counts = (short.exclude(state__in=_UNPRINTED).count(), on_paper.count(), live.count())
        yield from _of_move(*counts, url=_listed(election, user))


spoiled_badges = SpoiledBadges()
moved_badges = MovedBadges()


def _of_move(short: int, on_paper: int, live: int, *, url: str) -> Iterator[Impact]:
    """Cards that end too early, cards that are good and name the former day, and badges that no card shows yet."""
    told = (
        (
            "badges_too_short",
            Weight.SPOILS,
            short,
            _("Too short"),
            ngettext(
                "%(count)d card ends before the polls of the new day close. Issue it anew when the stay is settled.",
                "%(count)d cards end before the polls of the new day close. Issue them anew when stays are settled.",
                short,
            ),
        ),
        (
            "badges_name_day",
            Weight.TELLS,
            on_paper - short,
            _("Good"),
            ngettext(
                "%(count)d card stays good on the new day. It goes on naming the former one.",
                "%(count)d cards stay good on the new day. They go on naming the former one.",
                on_paper - short,
            ),
        ),
        (
            "badges_unprinted",
            Weight.SPOILS,
            live - on_paper,
            _("Not printed"),
            ngettext(
                "%(count)d badge without a card names the former day and is issued anew before it is printed.",
                "%(count)d badges without cards name the former day and are issued anew before they are printed.",
                live - on_paper,
            ),
        ),
    )
    for code, weight, count, subject, sentence in told:
        if count:
            yield Impact(code, "", weight, _BADGES, subject, sentence % {"count": count}, None, url)


def _listed(election: Election, user: Viewer) -> str:
    if not user.has_perm("badges.view_badge"):
        return ""
    return f"{reverse('admin:badges_badge_changelist')}?accreditation__election__id__exact={election.pk}"


def _sentence(badge: Badge) -> str:
    if badge.accreditation.state == AccreditationState.SUSPENDED:
        said = _("Becomes void. Another one can be issued when the accreditation counts again.")
    else:
        said = _("Becomes void. Another one is issued and has to be printed.")
    card = _CARD.get(BadgeState(badge.state))
    return f"{said} {card}" if card else said
