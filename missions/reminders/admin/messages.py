"""The outbox: every mail with its text, its state, and in words why it went or did not."""

from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesCheckboxFilter

from missions.admin.moves import Move, MovesAdmin
from missions.admin.pages import DAY_FORMAT, column, history_of, local_text, moment, words
from missions.kernel.errors import Text
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.reminders.models import MailPause, Message
from missions.reminders.permissions import can_retry_message
from missions.reminders.services.retrying import retry_message
from missions.reminders.states import RETRIABLE_STATES, MessageState
from missions.reminders.story import story_of

_M = MessageState
MESSAGE_TONES = {
    _M.PLANNED: "info",
    _M.LEASED: "info",
    _M.SENT: "success",
    _M.FAILED: "danger",
    _M.PARKED: "danger",
}

RETRY: Move[Message] = Move(
    name="retry",
    label=_("Send again"),
    sentence=_(
        "It is tried at once, and then again as long as the mail server asks to try later. Whether its reason still "
        "holds is looked at before it is sent."
    ),
    may=can_retry_message,
    fits=lambda message, user: message.state in RETRIABLE_STATES,
    run=lambda message, answers, by, at: retry_message(message=message, by=by, at=at),
    tone="primary",
    in_bulk=True,
)


@admin.register(Message)
class MessageAdmin(MovesAdmin):
    """Every mail that was ever planned; nothing of it is written by hand."""

    page_template = "desk/message.html"
    page_select_related = ("mission__election", "carrier")
    moves: ClassVar[tuple[Move[Message], ...]] = (RETRY,)
    list_display = ("subject", "to_address", "state_label", "due", "sent", "attempts", "mission")
    list_filter = (("state", ChoicesCheckboxFilter), "rule", "domain")
    list_filter_submit = True
    list_select_related = ("mission__election",)
    search_fields = ("subject", "to_address", "mission__code", "=uid")

    @column(_("state"), ordering="state", tones=MESSAGE_TONES)
    def state_label(self, message: Message) -> tuple[str, str]:
        return message.state, message.get_state_display()

    @column(_("due"), ordering="due_at")
    def due(self, message: Message) -> str:
        return local_text(message.due_at, _zone(message))

    @column(_("sent"), ordering="sent_at")
    def sent(self, message: Message) -> str:
        return local_text(message.sent_at, _zone(message))

    def get_page_context(self, request: HttpRequest, obj: Message) -> dict[str, Any]:
        zone = _zone(obj)
        return {
            "message": obj,
            "tone": MESSAGE_TONES.get(_M(obj.state), "default"),
            "story": story_of(obj, at=moment(request), zone=zone),
            "links": self._links(obj),
            "moves": self.moves_for(request, obj),
            "carried": [(item, self.page_url(item)) for item in obj.carried.order_by("due_at", "pk")],
            "why": _why(obj, zone),
            "delivery": _delivery(obj, zone),
            "zone": zone.key,
            "history": history_of(obj, zone),
        }

    def _links(self, message: Message) -> list[tuple[Text, str]]:
        links: list[tuple[Text, str]] = []
        if message.carrier:
            links.append((_("The mail that carried it"), self.page_url(message.carrier)))
        if message.mission_id:
            links.append((_("Mission"), reverse("admin:missions_mission_change", args=(message.mission_id,))))
        return links


@admin.register(MailPause)
class MailPauseAdmin(ViewOnlyAdmin):
    """With whom there is trouble at the moment. A row goes by itself with the first mail that is taken."""

    list_display = ("name", "open_failures", "since_label", "until_label", "reason")
    search_fields = ("domain",)
    fields = ("name", "open_failures", "since_label", "until_label", "reason")

    @column(_("with whom"), ordering="domain")
    def name(self, pause: MailPause) -> str:
        return str(pause)

    @column(_("since (UTC)"), ordering="since")
    def since_label(self, pause: MailPause) -> str:
        return local_text(pause.since, "UTC")

    @column(_("paused until (UTC)"), ordering="until")
    def until_label(self, pause: MailPause) -> str:
        return local_text(pause.until, "UTC")


def _why(message: Message, zone: ZoneInfo) -> list[tuple[Text, object]]:
    return [
        (_("Because"), message.reason),
        (_("Rule"), words(message.rule)),
        (_("About"), f"{message.subject_type} {message.subject_id}"),
        (_("Day that names it"), date_format(message.slot, DAY_FORMAT)),
        (_("Planned"), local_text(message.planned_at, zone)),
    ]


def _delivery(message: Message, zone: ZoneInfo) -> list[tuple[Text, object]]:
    return [
        (_("Language"), message.get_language_display()),
        (_("Due"), local_text(message.due_at, zone)),
        (_("Of no use after"), local_text(message.not_after, zone)),
        (_("First tried"), local_text(message.tried_since, zone)),
        (_("Attempts"), str(message.attempts)),
        (_("Put off"), str(message.put_offs)),
        (_("Sent"), local_text(message.sent_at, zone)),
        (_("Answer of the mail server"), message.answer),
        (_("Last trouble"), message.error),
        (_("Message-ID"), f"<{message.uid}@{settings.MESSAGE_ID_DOMAIN}>"),
    ]


def _zone(message: Message) -> ZoneInfo:
    """The host's zone; of a mail about no mission, UTC."""
    return message.mission.election.zone if message.mission else ZoneInfo("UTC")
