"""What all letters of one election share: languages, authorities, dates, and names in the languages of the letter."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from babel.dates import format_date, format_skeleton

from accreditation.letters.content import Fact, Texts
from accreditation.letters.errors import LanguageNotOfferedError
from accreditation.letters.wording import Phrases, offered_languages, phrases_of
from accreditation.services.profiles import profile_of
from accreditation.states import DatePrecision
from missions.countries import country_name
from missions.data.values import Wording
from missions.law.rules import RuleProfile, Unknown
from missions.models import Commission, Election
from missions.states import CommissionLevel, Inviter

#: Where a language alone does not say how its dates are written.
_DATE_LOCALES = {"en": "en_GB"}


@dataclass(frozen=True, slots=True)
class Frame:
    """An election, its law if it is known, and the phrases of the letter's languages, the state's first."""

    election: Election
    profile: RuleProfile | None
    phrases: tuple[Phrases, ...]

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(phrases.language for phrases in self.phrases)

    def say(self, key: str, **values: Texts) -> Texts:
        """The sentence in each language; each value is one text per language, or one for all."""
        return tuple(
            phrases.say(key, **{name: texts[place % len(texts)] for name, texts in values.items()})
            for place, phrases in enumerate(self.phrases)
        )

    def fact(self, label: str, *value: str) -> Fact:
        """A fact under a label of the wordings; texts that are equal in all languages are said once."""
        return Fact(self.say(f"label.{label}"), value[:1] if len(set(value)) == 1 else value)

    def in_each(self, tell: Callable[[str], str]) -> Texts:
        """What the function answers for each language."""
        return tuple(tell(language) for language in self.languages)

    def day(self, day: date, precision: str = DatePrecision.DAY) -> Texts:
        """The day, or what is known of it, as each language writes it."""
        return self.in_each(lambda language: _day(day, precision, _DATE_LOCALES.get(language, language)))

    def local_day(self, at: datetime) -> Texts:
        """The host's day of the instant."""
        return self.day(at.astimezone(self.election.zone).date())

    def country(self, code: str) -> Texts:
        return self.in_each(lambda language: country_name(code, language))

    def titled(self, title: Wording, otherwise: Texts) -> Texts:
        """A title of the law in the languages that it has, the other text in the rest."""
        return tuple(
            text if language == "en" or text != title.en else other
            for language, text, other in zip(self.languages, self.in_each(title.text), otherwise, strict=True)
        )

    def category(self, code: str) -> Texts:
        """The category as the law calls it, or as the wordings do."""
        usual = self.say(f"category.{code}")
        known = [category for category in self.profile.categories if category.code == code] if self.profile else []
        return self.titled(known[0].title, usual) if known else usual

    def election_name(self) -> Texts:
        """The name of the election; a title of the law where it has one in that language."""
        name = (self.election.name,) * len(self.phrases)
        if self.profile is None:
            return name
        titles = self.titled(self.profile.title, name)
        return tuple(
            self.election.name if language == "en" else title
            for language, title in zip(self.languages, titles, strict=True)
        )

    def ministry(self) -> Texts:
        """The foreign ministry, as the law calls it among those who may invite."""
        return self._inviter(Inviter.MFA, self.say("authority.ministry"))

    def commission(self, commission: Commission | None) -> Texts:
        """The commission, or the central one of the election where none is named."""
        commission = commission or self._central_commission()
        if commission is None:
            return self._inviter(Inviter.CEC, self.say("authority.commission"))
        name = (commission.name,) * len(self.phrases)
        return self._inviter(Inviter.CEC, name) if commission.level == CommissionLevel.CENTRAL else name

    def _central_commission(self) -> Commission | None:
        return self.election.commissions.filter(level=CommissionLevel.CENTRAL).first()

    def _inviter(self, code: str, otherwise: Texts) -> Texts:
        inviters = () if self.profile is None or isinstance(self.profile.inviters, Unknown) else self.profile.inviters
        known = [inviter.title for inviter in inviters if inviter.code == code]
        return self.titled(known[0], otherwise) if known else otherwise


def frame_of(election: Election, *, foreign: str) -> Frame:
    """The frame of letters in the election's own language and a foreign one.

    Where there is no wording in the state's language, or both are the same, one is left. Raises
    LanguageNotOfferedError for a foreign language without wording.
    """
    if foreign not in offered_languages():
        raise LanguageNotOfferedError
    profile = profile_of(election)
    own = profile.languages[:1] if profile else ()
    languages = dict.fromkeys((*(language for language in own if language in offered_languages()), foreign))
    return Frame(election, profile, tuple(phrases_of(language) for language in languages))


def _day(day: date, precision: str, locale: str) -> str:
    match precision:
        case DatePrecision.YEAR:
            return str(day.year)
        case DatePrecision.MONTH:
            return format_skeleton("yMMMM", day, locale=locale)
        case _:
            return format_date(day, "long", locale=locale)
