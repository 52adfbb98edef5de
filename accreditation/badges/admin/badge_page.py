"""What the page of a badge tells beside its story: the facts of the card, and the checks at the doors."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accreditation.badges.admin.tones import RESULT_TONES
from accreditation.badges.content import BadgeContent
from accreditation.badges.models import Badge, Scan
from accreditation.states import Role
from missions.admin.pages import DAY_FORMAT, local_text
from missions.kernel.errors import Text

#: More checks than this are not told one by one on the page.
SHOWN_CHECKS = 10


@dataclass(frozen=True, slots=True)
class DoorCheck:
    """One check as the page tells it."""

    at: str
    place: str
    result: str
    tone: str
    photo: str
    is_annulled: bool
    url: str


@dataclass(frozen=True, slots=True)
class DoorChecks:
    """The latest checks of a badge, and how many there are in all."""

    latest: tuple[DoorCheck, ...]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.latest)


def card_facts(badge: Badge, content: BadgeContent) -> tuple[tuple[Text, str], ...]:
    """What the card says in words, and what is known of the card itself."""
    zone = badge.election.zone
    days = f"{date_format(content.valid_from, DAY_FORMAT)} – {date_format(content.valid_until, DAY_FORMAT)}"
    return (
        (_("Name"), content.latin_name),
        (_("In its own script"), content.local_name),
        (_("Organization"), f"{content.organization_name} ({content.organization_code})"),
        (_("Role"), str(dict(Role.choices).get(content.role, content.role))),
        (_("Where valid"), ", ".join(content.areas) or _("everywhere")),
        (_("Days on the card"), days),
        (_("Good until"), local_text(badge.valid_until, zone)),
        (_("Issue"), str(badge.issue)),
        (_("Languages"), ", ".join(content.languages)),
        (_("Signing key"), badge.key_id),
        (_("Stock serial"), badge.stock_serial),
    )


def door_checks(request: HttpRequest, badge: Badge) -> DoorChecks | None:
    """The latest checks of the badge; None for who may not see them. Two queries."""
    if not request.user.has_perm("badges.view_scan"):
        return None
    scans = Scan.objects.visible_to(request.user).filter(badge=badge)
    zone = badge.election.zone
    latest = tuple(
        DoorCheck(
            at=local_text(scan.checked_at, zone),
            place=scan.place_code,
            result=scan.get_result_display(),
            tone=RESULT_TONES.get(scan.result, ""),
            photo=scan.get_photo_display(),
            is_annulled=scan.annulled_at is not None,
            url=reverse("admin:badges_scan_change", args=(scan.pk,)),
        )
        for scan in scans.order_by("-checked_at", "-pk")[:SHOWN_CHECKS]
    )
    return DoorChecks(latest, scans.count())
