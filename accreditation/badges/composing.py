"""From the rows of an accreditation to the words of its card."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max, QuerySet

from accreditation.badges.content import BadgeContent, read_content
from accreditation.badges.errors import BadgeOverError, NoLatinNameError
from accreditation.badges.models import Badge
from accreditation.badges.rules import Difference, Period, differences, period_of
from accreditation.badges.wording import card_languages
from accreditation.letters.errors import LanguageNotOfferedError
from accreditation.models import Accreditation, Application, Document, Observer, Stay
from accreditation.services.profiles import profile_of
from accreditation.states import DocumentKind
from accreditation.vetting.icao9303 import FILLER, NoLatinFormError, printed_name
from accreditation.vetting.mrz import MrzError, parse_mrz
from missions.models import Election
from missions.places import area_code
from missions.selectors import first_vote
from missions.timeline.models import Milestone

#: Where a batch or a desk asks for no other one.
FOREIGN = "en"
#: Milestones that end a stay: of a whole mission, or of one of its groups.
_DEPARTURE = "departure"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the cards of some accreditations share, read once for all of them.

    The first vote is the one that the election follows in the end, itself if it follows none: its keys sign the badges.
    """

    election: Election
    first_vote: Election
    languages: tuple[str, ...]
    photos: Mapping[int, str]
    mission_ends: Mapping[int, datetime]

    def period(self, accreditation: Accreditation, *, at: datetime) -> Period:
        """How long a badge intended now is good. Raises BadgeOverError if that time is over."""
        period = period_of(
            accredited_from=accreditation.valid_from,
            leaves_on=_leaves_on(accreditation, self.mission_ends, self.election),
            at=at,
            zone=self.election.zone,
        )
        if period.valid_until <= max(at, period.valid_from):
            raise BadgeOverError
        return period

    def content(
        self, accreditation: Accreditation, *, number: str, valid_from: date, valid_until: date
    ) -> BadgeContent:
        """The words of a card, as things are now. Raises NoLatinNameError."""
        application, election = accreditation.application, self.election
        mission, observer = application.nomination.mission, accreditation.observer
        return BadgeContent(
            number=number,
            latin_name=latin_name(observer),
            local_name="" if _is_latin(observer.full_name) else observer.full_name,
            organization_code=mission.organization.acronym if mission.organization else mission.code,
            organization_name=mission.organization.name if mission.organization else mission.name,
            mission=mission.code,
            role=application.nomination.role,
            category=accreditation.category,
            accreditation_number=f"{accreditation.number:05d}",
            election_code=election.code,
            election_name=election.name,
            e_day=election.e_day,
            valid_from=valid_from,
            valid_until=valid_until,
            areas=_areas(application),
            languages=self.languages,
            photo_sha256=self.photos.get(application.pk, ""),
        )


def with_card_facts(accreditations: QuerySet[Accreditation]) -> QuerySet[Accreditation]:
    """The accreditations with all that a card asks of their rows, and nothing of their passports."""
    return accreditations.select_related(
        "election",
        "observer",
        "application__constituency__commission",
        "application__nomination__stay",
        "application__nomination__mission__organization",
    ).defer("observer__passport_number", "observer__mrz")


def surroundings_of(
    accreditations: Collection[Accreditation], *, election: Election, foreign: str = FOREIGN
) -> Surroundings:
    """What the cards of these accreditations of the election share. Two queries. Raises LanguageNotOfferedError."""
    if foreign not in card_languages():
        raise LanguageNotOfferedError
    profile = profile_of(election)
    own = [language for language in (profile.languages[:1] if profile else ()) if language in card_languages()]
    applications = [row.application_id for row in accreditations]
    missions = {row.application.nomination.mission_id for row in accreditations}
    photos = Document.objects.filter(application__in=applications, kind=DocumentKind.PHOTO, file__isnull=False)
    ends = Milestone.objects.filter(mission__in=missions, code__endswith=_DEPARTURE, cancelled_at=None).order_by()
    return Surroundings(
        election=election,
        first_vote=first_vote(election),
        languages=tuple(dict.fromkeys((*own, foreign))),
        photos=dict(photos.values_list("application", "file__sha256")),
        mission_ends=dict(ends.values_list("mission").annotate(last=Max("planned_at"))),
    )


def differences_now(badges: Collection[Badge]) -> dict[int, tuple[Difference, ...]]:
    """What each badge says that is no longer so, by the id of the badge; nothing for those that still tell the truth.

    Their accreditations must come `with_card_facts`. Two queries for each election.
    """
    found: dict[int, tuple[Difference, ...]] = {}
    for election in {row.accreditation.election for row in badges}:
        own = [row for row in badges if row.accreditation.election_id == election.pk]
        around = surroundings_of([row.accreditation for row in own], election=election)
        found |= {row.pk: told for row in own if (told := _differences(row, around))}
    return found


def _differences(badge: Badge, around: Surroundings) -> tuple[Difference, ...]:
    card = read_content(badge.content)
    try:
        now = around.content(
            badge.accreditation,
            number=card.number,
            valid_from=card.valid_from,
            valid_until=card.valid_until,
        )
    except NoLatinNameError:
        return (Difference("name", card.latin_name, badge.accreditation.observer.full_name),)
    return differences(card, now)


def latin_name(observer: Observer) -> str:
    """The name in Latin capitals: as it is written, transliterated, or as the machine-readable zone has it.

    Raises NoLatinNameError for a name in other letters whose zone is not known.
    """
    try:
        return printed_name(observer.full_name)
    except NoLatinFormError:
        zone = Observer.objects.values_list("mrz", flat=True).get(pk=observer.pk)
    try:
        read = parse_mrz(zone or "", today=observer.passport_expires_on)
    except MrzError as error:
        raise NoLatinNameError from error
    return f"{read.surname} {read.given_names}".replace(FILLER, " ").strip()


def _is_latin(name: str) -> bool:
    return all("LATIN" in unicodedata.name(letter, "") for letter in name if letter.isalpha())


def _leaves_on(accreditation: Accreditation, mission_ends: Mapping[int, datetime], election: Election) -> date | None:
    """The host's day on which the person leaves: as it came about, as planned, or with the mission; None: unknown."""
    nomination = accreditation.application.nomination
    stay: Stay | None = getattr(nomination, "stay", None)
    if stay is not None and (leaves_at := stay.left_at or stay.departs_at):
        return leaves_at.astimezone(election.zone).date()
    if nomination.departs_on is not None:
        return nomination.departs_on
    ends_at = mission_ends.get(nomination.mission_id)
    return ends_at.astimezone(election.zone).date() if ends_at else None


def _areas(application: Application) -> tuple[str, ...]:
    """Where the person may observe, by the codes that devices compare; nothing for the whole country."""
    if precinct := area_code(application.precinct_code):
        return (precinct,)
    return (area_code(application.constituency.commission.code),) if application.constituency else ()
