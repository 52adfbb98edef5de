"""To whom a broadcast goes right now, in which words, and who is left out and why. Reads only."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from missions.models import Membership, Mission, User
from missions.reminders import rules
from missions.reminders.audiences import AudienceBook, Recipient
from missions.reminders.models import Broadcast, BroadcastText
from missions.reminders.states import Audience
from missions.reminders.texts import Facts, render, render_line
from missions.reminders.traits import trait_of
from missions.reminders.wording import COMMON, Written
from missions.states import MailLanguage, MembershipRole

#: What the texts of a broadcast may name; the mission only where nobody of the host's own staff reads them.
VARIABLES = frozenset({"election", "name"})
MISSION_VARIABLES = VARIABLES | {"mission"}
SAMPLES = 3
_ROLES = {
    Audience.LEADS: (MembershipRole.LEAD,),
    Audience.FOCAL_POINTS: (MembershipRole.FOCAL_POINT,),
    Audience.MEMBERS: tuple(MembershipRole),
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A person who gets the mail once, for however many missions. `mission_id` is None unless it is just one."""

    person: Recipient
    missions: tuple[str, ...]
    mission_id: int | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Somebody who gets nothing though the filter means them, and why."""

    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Found:
    """The audience at an instant."""

    readers: tuple[Reader, ...]
    left_out: tuple[LeftOut, ...]


@dataclass(frozen=True, slots=True)
class LanguageCount:
    """How many people of one language read the text of which language."""

    language: MailLanguage
    text: MailLanguage
    people: int


def find_audience(broadcast: Broadcast, *, at: datetime) -> Found:
    """Who gets the mail, by address, and who is left out. A handful of queries, however many people there are."""
    missions = {mission.pk: mission for mission in missions_meant(broadcast, at=at)}
    audiences = tuple(Audience(code) for code in broadcast.audiences)
    book = AudienceBook()
    book.turn_to(missions)
    people: dict[str, Recipient] = {}
    of_missions: dict[str, list[Mission]] = {}
    left_out = []
    for mission in missions.values():
        found = [person for audience in audiences for person in book.of_mission(mission.pk, audience)]
        if audiences and not found:
            left_out.append(LeftOut(str(mission), _("Nobody acts for the mission in these roles.")))
        for person in dict.fromkeys(found):
            people[person.address] = person
            of_missions.setdefault(person.address, []).append(mission)
    for group in broadcast.groups:
        people.update({person.address: person for person in book.of_group(group)})
    left_out.extend(_deactivated(broadcast, missions, audiences))
    readers = []
    for address, person in sorted(people.items()):
        if problem := rules.address_problem(address):
            left_out.append(LeftOut(rules.storable(address, max_length=rules.ADDRESS_MAX_LENGTH), problem))
        else:
            readers.append(_reader(person, of_missions.get(address, [])))
    return Found(tuple(readers), tuple(left_out))


def missions_meant(broadcast: Broadcast, *, at: datetime) -> list[Mission]:
    """The missions of the election that every filter lets through, by code; none if no role of theirs is asked."""
    if not broadcast.audiences:
        return []
    missions = Mission.objects.filter(election=broadcast.election_id)
    if broadcast.mission_kinds:
        missions = missions.filter(kind__in=broadcast.mission_kinds)
    if broadcast.organization_kinds:
        missions = missions.filter(organization__kind__in=broadcast.organization_kinds)
    chosen = set(broadcast.missions.values_list("pk", flat=True))
    found = [mission for mission in missions.order_by("code") if not chosen or mission.pk in chosen]
    for code in broadcast.traits:
        trait = trait_of(code)
        having = set(trait.mission_ids(broadcast.election_id, at)) if trait else set()
        found = [mission for mission in found if mission.pk in having]
    return found


def text_for(language: MailLanguage, texts: Iterable[BroadcastText]) -> BroadcastText:
    """The text that somebody of this language reads: the own, else the English one, else the first there is."""
    by_language = {MailLanguage(text.language): text for text in texts}
    for candidate in (language, *MailLanguage):
        if candidate in by_language:
            return by_language[candidate]
    raise LookupError("a broadcast has at least one text")


def written_for(reader: Reader, broadcast: Broadcast, texts: Iterable[BroadcastText]) -> Written:
    """The mail as this person gets it. Raises TextError if a text asks for what nobody knows."""
    text = text_for(reader.person.language, texts)
    facts: Facts = {
        "name": reader.person.name or reader.person.address,
        "mission": ", ".join(reader.missions),
        "election": broadcast.election.name,
    }
    return Written(
        language=text.language,
        subject=render_line(text.subject, facts, language=text.language),
        body=render(text.body, facts, language=text.language),
        reason=COMMON.say("broadcast.reason", {"election": broadcast.election.name}, language=text.language),
    )


def count_languages(readers: Iterable[Reader], texts: Iterable[BroadcastText]) -> tuple[LanguageCount, ...]:
    """How many people of each language there are, and which text they get."""
    people = Counter(reader.person.language for reader in readers)
    return tuple(
        LanguageCount(language, MailLanguage(text_for(language, texts).language), people[language])
        for language in MailLanguage
        if people[language]
    )


def samples_of(readers: tuple[Reader, ...]) -> tuple[Reader, ...]:
    """Up to three real people to show the mail with: one of each language first."""
    first = {reader.person.language: reader for reader in reversed(readers)}
    chosen = dict.fromkeys([*first.values(), *readers])
    return tuple(chosen)[:SAMPLES]


def fingerprint_of(found: Found, broadcast: Broadcast, texts: Iterable[BroadcastText]) -> str:
    """Names exactly these people and words: another person, language, name or letter gives another one."""
    people = [
        (reader.person.address, reader.person.language, reader.person.name, reader.missions) for reader in found.readers
    ]
    words = sorted((text.language, text.subject, text.body) for text in texts)
    told = json.dumps([people, words, broadcast.election.name], ensure_ascii=False)
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def _reader(person: Recipient, missions: list[Mission]) -> Reader:
    names = tuple(mission.name for mission in missions)
    return Reader(person, names, missions[0].pk if len(missions) == 1 else None)


def _deactivated(
    broadcast: Broadcast, missions: dict[int, Mission], audiences: tuple[Audience, ...]
) -> Iterator[LeftOut]:
    roles = {role for audience in audiences for role in _ROLES[audience]}
    members = Membership.objects.filter(mission__in=missions, role__in=roles, user__is_active=False)
    staff = User.objects.filter(groups__name__in=broadcast.groups, is_active=False)
    addresses = {*members.values_list("user__email", flat=True), *staff.values_list("email", flat=True)}
    return (LeftOut(address, _("The account is deactivated.")) for address in sorted(addresses))
