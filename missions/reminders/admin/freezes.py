"""Restores of the database: mails are held back from each on, until staff let them go."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from missions.admin.moves import Move, MoveForm, MovesAdmin
from missions.admin.pages import column, history_of, local_text
from missions.kernel.errors import Text
from missions.models import User
from missions.reminders.models import Message, OutboxFreeze
from missions.reminders.permissions import can_thaw_outbox
from missions.reminders.selectors import old_messages
from missions.reminders.services.freezing import thaw_outbox
from missions.reminders.states import MessageState


class ThawForm(MoveForm):
    """Asks what becomes of mails that may have gone out already."""

    sends_old = forms.BooleanField(
        label=_("Send the old mails too"),
        required=False,
        help_text=_("Mails that were due before the restore. Those that went out in the lost time then go twice."),
    )


def _thaw(freeze: OutboxFreeze, answers: Mapping[str, Any], by: User, at: datetime) -> object:
    return thaw_outbox(by=by, at=at, sends_old=answers["sends_old"])


THAW: Move[OutboxFreeze] = Move(
    name="thaw",
    label=_("Let mails go out"),
    sentence=_(
        "Mails that were due before the restore are dropped, because they may have gone out then. What became due "
        "since goes out at once if it is still of use."
    ),
    may=can_thaw_outbox,
    fits=lambda freeze, user: freeze.completed_at is not None and freeze.thawed_at is None,
    run=_thaw,
    form=ThawForm,
    tone="primary",
)


@admin.register(OutboxFreeze)
class OutboxFreezeAdmin(MovesAdmin):
    """Each restore of this database. Rows come from `manage.py restore` only."""

    page_template = "desk/facts.html"
    page_select_related = ("thawed_by",)
    moves: ClassVar[tuple[Move[Any], ...]] = (THAW,)
    list_display = ("epoch", "taken", "began", "standing")
    list_select_related = ("thawed_by",)
    search_fields = ("=epoch", "thawed_by__email")

    @column(_("backup taken (UTC)"), ordering="taken_at")
    def taken(self, freeze: OutboxFreeze) -> str:
        return local_text(freeze.taken_at, "UTC")

    @column(_("restored (UTC)"), ordering="began_at")
    def began(self, freeze: OutboxFreeze) -> str:
        return local_text(freeze.began_at, "UTC")

    @column(_("mails"), tones={"held": "warning", "broken": "danger", "free": "success"})
    def standing(self, freeze: OutboxFreeze) -> tuple[str, Text]:
        return _standing(freeze)

    def get_page_context(self, request: HttpRequest, obj: OutboxFreeze) -> dict[str, Any]:
        return {
            "zone": "UTC",
            "moves": self.moves_for(request, obj),
            "facts": [
                (_("Backup taken"), local_text(obj.taken_at, "UTC")),
                (_("Restored"), local_text(obj.began_at, "UTC")),
                (_("Complete"), local_text(obj.completed_at, "UTC")),
                (_("Mails"), _standing(obj)[1]),
                (_("Let go"), local_text(obj.thawed_at, "UTC")),
                (_("By"), str(obj.thawed_by or "")),
                *_counts(obj, cast(User, request.user)),
            ],
            "history": history_of(obj, "UTC"),
        }


def _standing(freeze: OutboxFreeze) -> tuple[str, Text]:
    if freeze.thawed_at is not None:
        return "free", _("go out")
    if freeze.completed_at is None:
        return "broken", _("held back: the restore was broken off")
    return "held", _("held back")


def _counts(freeze: OutboxFreeze, user: User) -> list[tuple[Text, object]]:
    if freeze.thawed_at is not None:
        return [(_("Old mails that were dropped"), str(freeze.cancelled))]
    waiting = Message.objects.visible_to(user).filter(state=MessageState.PLANNED)
    return [
        (_("Old mails that wait"), str(old_messages(freeze).visible_to(user).count())),
        (_("All mails that wait"), str(waiting.count())),
    ]
