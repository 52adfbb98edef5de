"""The outbox: every mail with its text, its state, and why it did not go."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from missions.admin.pages import column, local_text
from missions.kernel.web.admin import ViewOnlyAdmin
from missions.reminders.models import Message
from missions.reminders.states import MessageState

_M = MessageState
MESSAGE_TONES = {
    _M.PLANNED: "info",
    _M.LEASED: "info",
    _M.SENT: "success",
    _M.FAILED: "danger",
    _M.PARKED: "danger",
}


@admin.register(Message)
class MessageAdmin(ViewOnlyAdmin):
    list_display = ("subject", "to_address", "state_label", "due", "sent", "attempts", "mission")
    list_filter = ("state", "rule")
    list_select_related = ("mission__election",)
    search_fields = ("subject", "to_address", "mission__code")
    readonly_fields = ("text",)
    fieldsets = (
        (None, {"fields": ("to_address", "subject", "text")}),
        (_("Delivery"), {"fields": ("state", "due_at", "not_after", "sent_at", "attempts", "error")}),
        (
            _("Why this mail"),
            {"fields": ("rule", "subject_type", "subject_id", "slot", "mission", "planned_at", "uid")},
        ),
    )

    @column(_("state"), ordering="state", tones=MESSAGE_TONES)
    def state_label(self, message: Message) -> tuple[str, str]:
        return message.state, message.get_state_display()

    @column(_("due"), ordering="due_at")
    def due(self, message: Message) -> str:
        return local_text(message.due_at, _zone(message))

    @column(_("sent"), ordering="sent_at")
    def sent(self, message: Message) -> str:
        return local_text(message.sent_at, _zone(message))

    @column(_("text"))
    def text(self, message: Message) -> SafeString:
        return format_html('<div class="desk-letter">{}</div>', message.body)


def _zone(message: Message) -> str:
    """The host's zone; of a mail about no mission, UTC."""
    return message.mission.election.time_zone if message.mission else "UTC"
