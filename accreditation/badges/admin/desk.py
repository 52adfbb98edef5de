"""The badge desk: one field that takes a scan, a number or a name, and for each person the next act with its form."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accreditation.badges.admin.cards import ISSUE, desk_url
from accreditation.badges.admin.desk_found import found_line, scanned_badge
from accreditation.badges.admin.desk_person import AtDesk, at_desk
from accreditation.badges.admin.moves import HAND_OVER, PRINT, PRINT_AGAIN, REISSUE, TAKE_BACK
from accreditation.badges.admin.piles import work_piles
from accreditation.badges.models import Badge
from accreditation.badges.selectors import FOUND_AT_MOST, find_at_desk
from accreditation.badges.services.desk import SAME_MOMENT, PrintedCard
from accreditation.badges.states import CollectionProof
from missions.admin.moves import Move, MovesAdmin
from missions.admin.pages import moment
from missions.kernel.errors import DomainError
from missions.kernel.web.forms import show_on_form
from missions.models import Election

#: In the address of a person who was found by the code of a card: which badge it is of. The card is at the desk.
SCANNED = "scanned"
#: A longer text is no name; it is not shown again.
LONGEST_ASKED = 100


@dataclass(frozen=True, slots=True)
class Step:
    """An act for a person that is open now: its move, on what, and its form.

    `is_focused`: its button has the focus, so that Enter is all it takes. Printing begins with the serial. Nothing else
    has it: a scanner types Enter too, and scanning a card twice takes no badge back and issues none.
    """

    move: Move[Any]
    subject: Any
    form: forms.Form
    is_focused: bool


class DeskPages(MovesAdmin):
    """The pages of the desk, beside those of badges."""

    desk_template = "desk/badge_desk.html"
    desk_person_template = "desk/badge_desk_person.html"

    def get_urls(self) -> list[URLPattern]:
        desk = self.admin_site.admin_view(self.desk_view)
        person = self.admin_site.admin_view(self.desk_person_view)
        return [
            path("desk/", desk, name="badges_badge_desk"),
            path("desk/<int:accreditation_id>/", person, name="badges_badge_desk_person"),
            *super().get_urls(),
        ]

    def desk_view(self, request: HttpRequest) -> HttpResponse:
        """Take what was typed or scanned; one person found is gone to at once.

        It comes by POST alone: a scanned code opens doors, and addresses are written to logs.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        text = request.POST.get("text", "")
        found = find_at_desk(text, user=request.user)
        scanned = scanned_badge(text, found)
        if len(found) == 1:
            return HttpResponseRedirect(desk_url(found[0]) + (f"?{SCANNED}={scanned.pk}" if scanned else ""))
        return self.render_page(
            request,
            self.desk_template,
            title=_("Badge desk"),
            asked=text if len(text) <= LONGEST_ASKED else "",
            is_asked=bool(text.strip()),
            found=[found_line(row) for row in found[:FOUND_AT_MOST]],
            is_cut=len(found) > FOUND_AT_MOST,
            piles=work_piles(request, election) if (election := _latest_election()) else [],
        )

    def desk_person_view(self, request: HttpRequest, accreditation_id: int) -> HttpResponse:
        """One person at the desk: how things stand, what is in the way, and the next act.

        A card that was printed comes with the answer itself: its file is kept nowhere.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        person = at_desk(accreditation_id, scanned=request.GET.get(SCANNED, ""), user=request.user, at=moment(request))
        if person is None:
            raise Http404
        if request.method != "POST":
            return self._person_page(request, person)
        act = request.POST.get("act")
        step = next((step for step in self._steps(request, person, request.POST) if step.move.name == act), None)
        if step is None:
            messages.warning(request, gettext("This was done already, or somebody was faster."))
            return HttpResponseRedirect(desk_url(person.accreditation))
        if step.form.is_valid():
            try:
                done = step.move.run(step.subject, step.form.cleaned_data, self.actor(request), moment(request))
            except DomainError as error:
                show_on_form(step.form, error)
            else:
                return self._after(request, person, step, done)
        return self._person_page(request, person, tried=step)

    def _steps(self, request: HttpRequest, person: AtDesk, data: Mapping[str, Any] | None = None) -> list[Step]:
        """The acts that are open to this member of the staff, each with its form; the first is the next one."""
        badge = person.badge
        acts: list[tuple[Move[Any], Model]] = [(ISSUE, person.accreditation)]
        if badge is not None:
            acts += [(PRINT, badge), (HAND_OVER, badge)]
            if person.is_card_here:
                acts.append((TAKE_BACK, badge))
            if badge.printed_at is not None and moment(request) - badge.printed_at <= SAME_MOMENT:
                acts.append((PRINT_AGAIN, badge))
        initial = {"proof": CollectionProof.SCAN} if person.is_card_here else None
        return [
            Step(
                move,
                subject,
                move.form(data, subjects=[subject], initial=initial),
                is_focused=move is HAND_OVER or (move is ISSUE and badge is None),
            )
            for move, subject in acts
            if move.may(request.user) and move.fits(subject, request.user)
        ]

    def _after(self, request: HttpRequest, person: AtDesk, step: Step, done: object) -> HttpResponse:
        """Where an act leads: to the card, to the next person, or to the next step for this one."""
        if isinstance(done, PrintedCard):
            fresh = at_desk(person.accreditation.pk, user=request.user, at=moment(request)) or person
            return self._person_page(request, fresh, card=done)
        messages.success(request, gettext("Done: %(act)s.") % {"act": f"{step.move.label}, {person.name}"})
        if step.move in (HAND_OVER, TAKE_BACK):
            return HttpResponseRedirect(reverse("admin:badges_badge_desk"))
        return HttpResponseRedirect(desk_url(person.accreditation))

    def _person_page(
        self, request: HttpRequest, person: AtDesk, *, tried: Step | None = None, card: PrintedCard | None = None
    ) -> HttpResponse:
        """The page, with the form of the act that was tried in the place of a fresh one."""
        steps = [tried if tried and tried.move is step.move else step for step in self._steps(request, person)]
        badge = person.badge
        step = next((step for step in steps if step.move is not PRINT_AGAIN), None)
        response = self.render_page(
            request,
            self.desk_person_template,
            title=_("Badge desk"),
            person=person,
            badge=badge,
            here=request.get_full_path(),
            step=step,
            is_finding=step is None or not (step.is_focused or step.move is PRINT),
            again=next((step for step in steps if step.move is PRINT_AGAIN), None),
            card=card and {"name": card.name, "url": _data_url(card.pdf)},
            moves=self._other_moves(request, badge, steps) if badge else [],
            page_url=self.page_url(badge) if badge else "",
            status=422 if tried else 200,
        )
        add_never_cache_headers(response)
        return response

    def _other_moves(self, request: HttpRequest, badge: Badge, steps: list[Step]) -> list[dict[str, Any]]:
        """The buttons of the acts that have no form on the page; they lead to the pages of the badge."""
        here: list[Move[Any]] = [step.move for step in steps]
        if ISSUE in here:  # after a loss both would lead to another badge
            here.append(REISSUE)
        return [
            {"label": move.label, "tone": move.tone, "url": self.move_url(move, badge)}
            for move in self.open_moves(request, badge)
            if move not in here
        ]


def _latest_election() -> Election | None:
    return Election.objects.order_by("-e_day").first()


def _data_url(pdf: bytes) -> str:
    return f"data:application/pdf;base64,{base64.b64encode(pdf).decode()}"
