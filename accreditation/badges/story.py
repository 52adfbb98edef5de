"""The story of one badge, from the order to the end of its card: sentences for people, from history and columns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Max
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.keylist import KeyList
from accreditation.badges.codes.revocations import RevocationReason, open_revocations
from accreditation.badges.models import Badge, RevocationList
from accreditation.badges.services.trust import current_keys
from accreditation.badges.states import DEAD_BADGE_STATES, CollectionProof, ScanResult, VoidReason
from accreditation.models import Accreditation
from accreditation.states import AccreditationState
from missions.kernel.models import Event

#: The classes of the lists in words, as checkers read them.
_REASONS = {
    RevocationReason.WITHDRAWN: gettext_lazy("withdrawn"),
    RevocationReason.LOST: gettext_lazy("lost"),
    RevocationReason.REPLACED: gettext_lazy("replaced"),
    RevocationReason.VOID: gettext_lazy("void"),
}
#: What each event of a badge says; the fact is what its service noted.
_SENTENCES = {
    "badge_intended": gettext_lazy("Ordered by %(actor)s as %(number)s, badge %(issue)d of this person."),
    "badge_signed": gettext_lazy("Signed with the key %(fact)s."),
    "badge_printed": gettext_lazy("Printed by %(actor)s on the card %(fact)s."),
    "badge_file_taken_again": gettext_lazy("The file of the card was taken once more by %(actor)s."),
    "badge_handed_over": gettext_lazy("Handed over by %(actor)s to %(fact)s: %(proof)s."),
    "badge_lost": gettext_lazy("Reported lost; noted by %(actor)s."),
    "badge_returned": gettext_lazy("Taken back by %(actor)s."),
    "badge_void": gettext_lazy("Made void by %(actor)s: %(fact)s."),
    "badge_destroyed": gettext_lazy("Card destroyed by %(actor)s before the witness %(fact)s."),
}
#: Before every badge of it, whatever the clock of a rehearsal says.
_ISSUED = "accreditation_issued"
#: Lists after the end of a badge that are looked at for the one that names it first.
_LISTS = 5


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One thing that happened: the instant, the same as the host's clock shows it, a sentence, and what was noted."""

    at: datetime
    when: str
    sentence: str
    note: str = ""


def custody_story(badge: Badge) -> tuple[StoryStep, ...]:
    """What happened to a badge, oldest first: who did what, on which card, and which list named it. Seven queries."""
    zone = badge.election.zone
    own = list(Event.objects.of(badge).select_related("actor"))
    about = Event.objects.of(badge.accreditation).filter(at__gte=badge.intended_at).exclude(to_state="")
    accreditation = list(about.exclude(verb=_ISSUED).select_related("actor"))
    told = [
        *((event.at, _sentence(event, badge), event.reason) for event in own),
        *((event.at, _of_accreditation(event), event.reason) for event in accreditation),
        *_listed(badge, [*own, *accreditation]),
        *_checks(badge),
    ]
    told.sort(key=lambda step: step[0])
    return tuple(StoryStep(at, moment_text(at, zone), sentence, note) for at, sentence, note in told)


def moment_text(at: datetime, zone: ZoneInfo) -> str:
    """The instant as the host's clock shows it, saying whose time it is: "7 February 2024, 09:12, Baku time"."""
    city = zone.key.rpartition("/")[2].replace("_", " ")
    return _("%(moment)s, %(city)s time") % {"moment": date_format(at.astimezone(zone), "j F Y, H:i"), "city": city}


def _sentence(event: Event, badge: Badge) -> str:
    """What one event of the badge says. A verb that this version does not know is told as it is."""
    facts = [str(fact) for fact in event.changed]
    values = {
        "actor": str(event.actor or _("the system")),
        "fact": facts[0] if facts else "",
        "number": badge.number_text,
        "issue": badge.issue,
    }
    match event.verb:
        case "badge_printed" if not facts:
            return _("Printed by %(actor)s.") % values
        case "badge_handed_over":
            values["proof"] = CollectionProof(facts[1]).label
        case "badge_void":
            values["fact"] = VoidReason(facts[0]).label
    return str(_SENTENCES.get(event.verb, f"{event.verb.replace('_', ' ')}: %(actor)s")) % values


def _of_accreditation(event: Event) -> str:
    state = AccreditationState(event.to_state).label
    actor = str(event.actor or _("the system"))
    return _("The accreditation became %(state)s; done by %(actor)s.") % {"state": state, "actor": actor}


def _listed(badge: Badge, events: list[Event]) -> Iterator[tuple[datetime, str, str]]:
    """The first list that named the badge since it counted no more."""
    off = [event.at for event in events if event.to_state and (event.to_state in DEAD_BADGE_STATES or _is_off(event))]
    keys = current_keys(badge.election) if off else None
    if keys is None:
        return
    lists = RevocationList.objects.filter(election=badge.election, issued_at__gte=min(off)).order_by("number")
    for row in lists[:_LISTS]:
        if (reason := _reason_on(row, badge, keys)) is not None:
            sentence = _("Named as revoked (%(reason)s) by list %(number)d, which all checkers get.")
            yield row.issued_at, sentence % {"reason": _REASONS[reason], "number": row.number}, ""
            return


def _is_off(event: Event) -> bool:
    is_of_accreditation = event.object_type == Accreditation._meta.label_lower
    return is_of_accreditation and event.to_state != AccreditationState.ACTIVE


def _reason_on(row: RevocationList, badge: Badge, keys: KeyList) -> RevocationReason | None:
    """Why the list names the badge; None if it does not. Of lists that say the same, one keeps the bytes."""
    data = bytes(row.data)
    if not data:
        same = RevocationList.objects.filter(election=badge.election, digest=row.digest).order_by("-number").first()
        data = bytes(same.data) if same else b""
    try:
        entries = open_revocations(data, keys, environment=settings.BADGE_ENVIRONMENT).entries
    except CodeError:
        return None
    return entries.get(bytes.fromhex(badge.code_id))


def _checks(badge: Badge) -> Iterator[tuple[datetime, str, str]]:
    """How often the badge was checked at doors, in one step at the instant of the last check."""
    scans = badge.scans.filter(annulled_at=None).order_by()
    rows = list(scans.values_list("result").annotate(count=Count("pk"), last=Max("checked_at")).order_by("result"))
    if not rows:
        return
    count, last = sum(row[1] for row in rows), max(row[2] for row in rows)
    places = scans.values("place_code").distinct().count()
    results = ", ".join(f"{ScanResult(result).label}: {number}" for result, number, _last in rows)
    sentence = ngettext(
        "Checked %(count)d time until then, at %(places)s: %(results)s.",
        "Checked %(count)d times until then, at %(places)s: %(results)s.",
        count,
    )
    where = ngettext("%(count)d place", "%(count)d places", places) % {"count": places}
    yield last, sentence % {"count": count, "places": where, "results": results}, ""
