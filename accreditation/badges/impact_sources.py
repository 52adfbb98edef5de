"""Which badges a correction spoils."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accreditation.badges.models import Badge
from accreditation.badges.states import LIVE_BADGE_STATES, BadgeState
from accreditation.changes import AccreditedPersonChange
from accreditation.states import AccreditationState
from missions.impact import Change, Impact, Viewer, Weight

_BADGES = gettext_lazy("Badges")
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


spoiled_badges = SpoiledBadges()


def _sentence(badge: Badge) -> str:
    if badge.accreditation.state == AccreditationState.SUSPENDED:
        said = _("Becomes void. Another one can be issued when the accreditation counts again.")
    else:
        said = _("Becomes void. Another one is issued and has to be printed.")
    card = _CARD.get(BadgeState(badge.state))
    return f"{said} {card}" if card else said
