"""Badges: the list, and the page of one with the card as it looks and the story of who had it."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter, RadioFilter, RelatedDropdownFilter

from accreditation.badges.admin.badge_page import card_facts, door_checks
from accreditation.badges.admin.cards import desk_url
from accreditation.badges.admin.desk import DeskPages
from accreditation.badges.admin.moves import BADGE_MOVES, PRINT
from accreditation.badges.admin.tones import BADGE_TONES
from accreditation.badges.admin.words import difference_lines
from accreditation.badges.composing import differences_now, with_card_facts
from accreditation.badges.content import read_content
from accreditation.badges.models import Badge
from accreditation.badges.rendering import left_out
from accreditation.badges.services.pictures import draw_faces, read_portrait
from accreditation.badges.states import LIVE_BADGE_STATES
from accreditation.badges.story import custody_story
from accreditation.models import Accreditation
from missions.admin.moves import Move
from missions.admin.pages import FoldedSearchMixin, column, local_text, plain_number
from missions.kernel.errors import DomainError, Text
from missions.kernel.web.downloads import private_picture


class PrintedFilter(RadioFilter):  # type: ignore[misc]  # unfold is untyped
    """Whether there is a card."""

    title = _("card")
    parameter_name = "card"

    def lookups(self, request: HttpRequest, model_admin: object) -> list[tuple[str, Text]]:
        return [("printed", _("printed")), ("none", _("not printed"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        chosen = self.value()
        return queryset if chosen not in ("printed", "none") else queryset.filter(printed_at__isnull=chosen == "none")


@admin.register(Badge)
class BadgeAdmin(FoldedSearchMixin, DeskPages):
    """Every badge under its number, whatever became of it."""

    folded_field = "accreditation__observer__folded_name"
    page_template = "desk/badge.html"
    page_select_related = ("election", "mission", "portrait", "printed_by", "handed_over_by", "destroyed_by")
    moves: ClassVar[tuple[Move[Badge], ...]] = BADGE_MOVES
    list_display = ("number_label", "person", "mission_code", "state_label", "stock_serial", "printed", "until")
    list_filter = (
        ("state", ChoicesCheckboxFilter),
        PrintedFilter,
        ("accreditation__category", ChoicesCheckboxFilter),
        ("mission", RelatedDropdownFilter),
        ("accreditation__election", RelatedDropdownFilter),
    )
    list_filter_submit = True
    list_select_related = ("election", "mission")
    search_fields = ("=number", "stock_serial", "mission__code")

    def get_urls(self) -> list[URLPattern]:
        portrait = self.admin_site.admin_view(self.portrait_view)
        face = self.admin_site.admin_view(self.face_view)
        return [
            path("<path:object_id>/portrait/", portrait, name="badges_badge_portrait"),
            path("<path:object_id>/front/", face, {"side": "front"}, name="badges_badge_front"),
            path("<path:object_id>/back/", face, {"side": "back"}, name="badges_badge_back"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        badges: QuerySet[Any] = super().get_queryset(request)
        return badges.defer("token")

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Any]", search_term: str
    ) -> tuple["QuerySet[Any]", bool]:
        """Also by the number as it stands on the card."""
        return super().get_search_results(request, queryset, plain_number(search_term, prefix="B-"))

    def portrait_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The portrait, to stand beside the person."""
        badge = self.find_or_404(request, object_id)
        try:
            return private_picture(read_portrait(badge), media_type=badge.portrait.media_type)
        except DomainError as error:  # there is none, or its file is lost
            raise Http404(error.detail) from error

    def face_view(self, request: HttpRequest, object_id: str, side: str) -> HttpResponse:
        """One side of the card, to look at; its symbol opens nothing."""
        badge = self.find_or_404(request, object_id)
        try:
            faces = draw_faces(badge)
        except DomainError as error:
            raise Http404(error.detail) from error
        return private_picture(faces.front if side == "front" else faces.back, media_type="image/png")

    @column(_("number"), ordering="number")
    def number_label(self, badge: Badge) -> str:
        return badge.number_text

    @column(_("name on the card"))
    def person(self, badge: Badge) -> str:
        return read_content(badge.content).latin_name

    @column(_("mission"), ordering="mission__code")
    def mission_code(self, badge: Badge) -> str:
        return badge.mission.code

    @column(_("state"), ordering="state", tones=BADGE_TONES)
    def state_label(self, badge: Badge) -> tuple[str, str]:
        return badge.state, badge.get_state_display()

    @column(_("printed"), ordering="printed_at")
    def printed(self, badge: Badge) -> str:
        return local_text(badge.printed_at, badge.election.zone) if badge.printed_at else ""

    @column(_("valid until"), ordering="valid_until")
    def until(self, badge: Badge) -> str:
        return local_text(badge.valid_until, badge.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Badge) -> dict[str, Any]:
        obj.accreditation = with_card_facts(Accreditation.objects.all()).get(pk=obj.accreditation_id)
        content = read_content(obj.content)
        told = differences_now([obj]).get(obj.pk, ()) if obj.state in LIVE_BADGE_STATES else ()
        later = Badge.objects.filter(accreditation=obj.accreditation_id, issue__gt=obj.issue)
        newer = later.select_related("election").defer("token").order_by("-issue").first()
        moves = self.moves_for(request, obj)
        if PRINT.fits(obj, request.user) and PRINT.may(request.user):
            moves.insert(0, {"label": _("Print at the desk"), "tone": "primary", "url": desk_url(obj.accreditation)})
        return {
            "badge": obj,
            "content": content,
            "tone": BADGE_TONES.get(obj.state, ""),
            "category": obj.accreditation.get_category_display(),
            "desk_url": desk_url(obj.accreditation),
            "newer": newer,
            "newer_url": self.page_url(newer) if newer else "",
            "differences": difference_lines(told),
            "faces": [
                (reverse(f"admin:badges_badge_{side}", args=(obj.pk,)), alt)
                for side, alt in (("front", _("The front of the card")), ("back", _("The back of the card")))
            ],
            "facts": card_facts(obj, content),
            "left_out": left_out(content),
            "story": custody_story(obj),
            "checks": door_checks(request, obj),
            "checks_url": f"{reverse('admin:badges_scan_changelist')}?{urlencode({'q': obj.number})}",
            "moves": moves,
            "zone": obj.election.time_zone,
        }
