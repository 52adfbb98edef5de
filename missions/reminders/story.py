"""What becomes of a message and why, in words for the staff: why it went, why it did not, what it waits for."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from missions.reminders.models import MailPause, Message, OutboxFreeze
from missions.reminders.states import MessageState

#: A due message that nobody has taken for so long says that no sender is at work.
NOBODY_SENDS_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, and how loud it is: "info", "success", "warning" or "danger"."""

    text: str
    tone: str = "info"


def story_of(message: Message, *, at: datetime, zone: ZoneInfo) -> Sentence:
    """Where the message stands at the instant and why, with instants by the clocks of the zone. At most two queries."""
    match message.state:
        case MessageState.PLANNED:
            return _waiting(message, at, zone)
        case MessageState.LEASED:
            return _under_way(message, at, zone)
        case MessageState.SENT:
            return _sent(message, zone)
        case MessageState.CANCELLED:
            return Sentence(_("It was not sent. %(why)s") % {"why": message.error})
        case MessageState.EXPIRED:
            return _expired(message, zone)
        case MessageState.PARKED:
            return Sentence(_("%(why)s The log tells what broke.") % {"why": message.error}, "danger")
    return _failed(message)


def _waiting(message: Message, at: datetime, zone: ZoneInfo) -> Sentence:
    due = _moment(message.due_at, zone)
    if message.not_after < at:
        return Sentence(_("It is of no use any more and is closed with the next round."), "warning")
    if message.waits_for_digest:
        return Sentence(_("It goes out on %(due)s inside the one mail a day of its mission.") % {"due": due})
    if message.due_at > at and message.put_offs:
        told = ngettext(
            "It was put off once, because of: %(why)s. The next attempt is on %(due)s.",
            "It was put off %(times)d times, the last time because of: %(why)s. The next attempt is on %(due)s.",
            message.put_offs,
        )
        return Sentence(told % {"times": message.put_offs, "why": message.error, "due": due}, "warning")
    if message.due_at > at:
        return Sentence(_("It goes out on %(due)s.") % {"due": due})
    return _frozen(zone) or _held_up(message, at, zone) or _unattended(message, at)


def _frozen(zone: ZoneInfo) -> Sentence | None:
    freeze = OutboxFreeze.objects.holding().first()
    if freeze is None:
        return None
    told = _("No mail goes out since the database was restored on %(at)s. Staff let mails go under Restores.")
    return Sentence(told % {"at": _moment(freeze.began_at, zone)}, "warning")


def _held_up(message: Message, at: datetime, zone: ZoneInfo) -> Sentence | None:
    """The pause that a due message waits for: that of our own server before that of its domain."""
    pauses = MailPause.objects.filter(domain__in=[MailPause.OUR_SERVER, message.domain], until__gt=at)
    pause = pauses.order_by("domain").first()
    if pause is None or pause.until is None:
        return None
    facts = {
        "domain": pause.domain,
        "since": _moment(pause.since, zone),
        "until": _moment(pause.until, zone),
        "why": pause.reason,
    }
    if pause.domain == MailPause.OUR_SERVER:
        told = _("Our mail server takes no mail since %(since)s: %(why)s. It is tried again on %(until)s.")
    else:
        told = _(
            "All mail to %(domain)s waits until %(until)s, because nothing was taken there since %(since)s: %(why)s."
        )
    return Sentence(told % facts, "warning")


def _unattended(message: Message, at: datetime) -> Sentence:
    overdue = at - message.due_at
    if overdue < NOBODY_SENDS_AFTER:
        return Sentence(_("It is due and goes out within seconds."))
    minutes = int(overdue.total_seconds() // 60)
    return Sentence(
        _("It is due for %(minutes)d minutes and no sender has taken it. Is a worker at work?") % {"minutes": minutes},
        "danger",
    )


def _under_way(message: Message, at: datetime, zone: ZoneInfo) -> Sentence:
    if message.lease_until and message.lease_until <= at:
        return Sentence(_("Its sender has died; another one takes it with the next round."), "warning")
    until = _moment(message.lease_until, zone)
    return Sentence(_("A sender has it until %(until)s; after that another one may take it.") % {"until": until})


def _sent(message: Message, zone: ZoneInfo) -> Sentence:
    facts = {"at": _moment(message.sent_at, zone), "answer": message.answer}
    if message.carrier_id:
        return Sentence(_("It went out inside another mail on %(at)s.") % facts, "success")
    if not message.answer:
        return Sentence(_("It was handed over on %(at)s.") % facts, "success")
    return Sentence(_("The mail server took it on %(at)s and answered: %(answer)s") % facts, "success")


def _expired(message: Message, zone: ZoneInfo) -> Sentence:
    told = _("It was not sent: since %(end)s it is of no use.") % {"end": _moment(message.not_after, zone)}
    if message.error:
        told = f"{told} {_('The last trouble was: %(why)s') % {'why': message.error}}"
    return Sentence(told, "warning")


def _failed(message: Message) -> Sentence:
    facts = {"why": message.error}
    if not message.attempts:
        return Sentence(_("It could never be sent. %(why)s") % facts, "danger")
    return Sentence(_("It is not tried again, because of: %(why)s") % facts, "danger")


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return date_format(at.astimezone(zone), "j M Y, H:i") if at else ""
