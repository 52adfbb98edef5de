"""Writing to many: the draft, to whom it would go, the confirmation, and how far it has come."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from missions.admin.additions import AddingAdmin
from missions.admin.moves import Move, ReasonForm
from missions.admin.pages import column, history_of, local_text, moment
from missions.models import User
from missions.reminders.admin.broadcast_forms import BroadcastChangeForm, BroadcastForm, CountForm, spec_of
from missions.reminders.admin.messages import MESSAGE_TONES
from missions.reminders.broadcast_audience import count_languages, find_audience, samples_of, written_for
from missions.reminders.models import Broadcast
from missions.reminders.permissions import can_send_broadcast
from missions.reminders.selectors import count_by_state
from missions.reminders.services.broadcasts import (
    BROADCAST_RULE,
    change_broadcast,
    discard_broadcast,
    messages_of,
    prepare_broadcast,
    send_broadcast,
    stop_broadcast,
    write_broadcast,
)
from missions.reminders.states import Audience, BroadcastState, MessageState
from missions.reminders.traits import trait_of
from missions.states import MissionKind, OrganizationKind

_B = BroadcastState
_TONES = {_B.DRAFT: "info", _B.PREPARED: "warning", _B.QUEUED: "success", _B.STOPPED: "danger"}
#: So many people who are left out, and mails that failed, are named on the page.
_SHOWN = 50
_UNSENT = (MessageState.FAILED, MessageState.PARKED, MessageState.EXPIRED)


def _is_open(broadcast: Broadcast, user: object) -> bool:
    return broadcast.state in (_B.DRAFT, _B.PREPARED)


MOVES: tuple[Move[Broadcast], ...] = (
    Move(
        name="prepare",
        label=_("Show to whom it goes"),
        sentence=_(
            "The people and the words are fixed as they are now. Then you have half an hour to look and to send."
        ),
        may=can_send_broadcast,
        fits=_is_open,
        run=lambda broadcast, answers, by, at: prepare_broadcast(broadcast=broadcast, by=by, at=at),
        tone="primary",
    ),
    Move(
        name="send",
        label=_("Send it"),
        sentence=_("Each of these people gets the mail once, now. It cannot be taken back from who has received it."),
        may=can_send_broadcast,
        fits=lambda broadcast, user: broadcast.state == _B.PREPARED,
        run=lambda broadcast, answers, by, at: send_broadcast(
            broadcast=broadcast, typed_count=answers["count"], by=by, at=at
        ),
        form=CountForm,
        tone="success",
    ),
    Move(
        name="rewrite",
        label=_("Change"),
        sentence=_("What was shown before has to be looked at again."),
        may=can_send_broadcast,
        fits=_is_open,
        run=lambda broadcast, answers, by, at: change_broadcast(
            broadcast=broadcast, spec=spec_of(answers), by=by, at=at
        ),
        form=BroadcastChangeForm,
    ),
    Move(
        name="stop",
        label=_("Stop"),
        sentence=_("What has not gone out yet is cancelled. What is on its way arrives."),
        may=can_send_broadcast,
        fits=lambda broadcast, user: broadcast.state == _B.QUEUED,
        run=lambda broadcast, answers, by, at: stop_broadcast(
            broadcast=broadcast, reason=answers["reason"], by=by, at=at
        ),
        form=ReasonForm,
        tone="danger",
    ),
    Move(
        name="discard",
        label=_("Discard"),
        sentence=_("Nothing is sent. The draft stays to be read."),
        may=can_send_broadcast,
        fits=_is_open,
        run=lambda broadcast, answers, by, at: discard_broadcast(broadcast=broadcast, by=by, at=at),
        tone="danger",
    ),
)


@admin.register(Broadcast)
class BroadcastAdmin(AddingAdmin):
    """Letters to many people, each with the page that shows them and tells what became of them."""

    page_template = "desk/broadcast.html"
    page_select_related = ("election", "author")
    addition_form = BroadcastForm
    addition_label = _("Write to many")
    addition_sentence = _("Nothing is sent yet: the page that follows shows who would get it.")
    moves: ClassVar[tuple[Move[Broadcast], ...]] = MOVES
    list_display = ("subject", "election", "state_label", "recipients", "written", "author")
    list_filter = ("state", "election")
    list_select_related = ("election", "author")
    search_fields = ("texts__subject",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return can_send_broadcast(request.user)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("texts")

    def add(self, answers: Mapping[str, Any], by: User, at: datetime) -> Broadcast:
        return write_broadcast(spec=spec_of(answers), by=by, at=at)

    @column(_("subject"))
    def subject(self, broadcast: Broadcast) -> str:
        return next((text.subject for text in _by_language(broadcast)), str(broadcast))

    @column(_("state"), ordering="state", tones=_TONES)
    def state_label(self, broadcast: Broadcast) -> tuple[str, str]:
        return broadcast.state, broadcast.get_state_display()

    @column(_("written"), ordering="created_at")
    def written(self, broadcast: Broadcast) -> str:
        return local_text(broadcast.created_at, broadcast.election.zone)

    def get_page_context(self, request: HttpRequest, obj: Broadcast) -> dict[str, Any]:
        zone = obj.election.time_zone
        return {
            "broadcast": obj,
            "subject": self.subject(obj),
            "tone": _TONES.get(BroadcastState(obj.state), "calm"),
            "facts": [(label, value) for label, value in _facts_of(obj, zone) if value],
            "texts": _by_language(obj),
            "preview": _preview_of(obj, at=moment(request)) if _is_open(obj, request.user) else None,
            "progress": _progress_of(obj) if obj.queued_at else None,
            "moves": self.moves_for(request, obj),
            "history": history_of(obj, zone),
            "zone": zone,
        }


def _by_language(broadcast: Broadcast) -> list[Any]:
    return sorted(broadcast.texts.all(), key=lambda text: (text.language != "en", text.language))


def _facts_of(broadcast: Broadcast, zone: str) -> list[tuple[Any, Any]]:
    traits = [trait.title if (trait := trait_of(code)) else code for code in broadcast.traits]
    return [
        (_("Election"), broadcast.election),
        (_("People of missions"), _listed(Audience(code).label for code in broadcast.audiences)),
        (_("Organizations"), _listed(OrganizationKind(kind).label for kind in broadcast.organization_kinds)),
        (_("Kinds of missions"), _listed(MissionKind(kind).label for kind in broadcast.mission_kinds)),
        (_("State of the delegation"), _listed(traits)),
        (_("Missions"), _listed(broadcast.missions.order_by("code"))),
        (_("Staff"), _listed(broadcast.groups)),
        (_("Written by"), broadcast.author),
        (_("Shown"), broadcast.prepared_at and local_text(broadcast.prepared_at, zone)),
        (_("Sent"), broadcast.queued_at and local_text(broadcast.queued_at, zone)),
        (_("Stopped"), broadcast.stopped_at and local_text(broadcast.stopped_at, zone)),
    ]


def _listed(values: Any) -> str:
    return ", ".join(str(value) for value in values)


def _preview_of(broadcast: Broadcast, *, at: datetime) -> dict[str, Any]:
    """Who would get it now, and three of these mails as they would be."""
    texts = list(broadcast.texts.all())
    found = find_audience(broadcast, at=at)
    return {
        "people": len(found.readers),
        "languages": count_languages(found.readers, texts),
        "samples": [(reader, written_for(reader, broadcast, texts)) for reader in samples_of(found.readers)],
        "left_out": found.left_out[:_SHOWN],
        "more": max(0, len(found.left_out) - _SHOWN),
    }


def _progress_of(broadcast: Broadcast) -> dict[str, Any]:
    mails = messages_of(broadcast)
    counts = count_by_state(mails)
    return {
        "tiles": [(count.state.label, MESSAGE_TONES.get(count.state, "calm"), count.messages) for count in counts],
        "is_going": any(count.state in (MessageState.PLANNED, MessageState.LEASED) for count in counts),
        "failed": [
            (mail, reverse("admin:reminders_message_change", args=(mail.pk,)))
            for mail in mails.filter(state__in=_UNSENT).order_by("to_address")[:_SHOWN]
        ],
        "all_url": f"{reverse('admin:reminders_message_changelist')}?{urlencode({'rule': BROADCAST_RULE})}",
    }
