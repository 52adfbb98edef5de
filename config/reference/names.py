"""Names and languages of invented people, by nationality and by the script of the file."""

from dataclasses import dataclass
from functools import cache

from config.reference.chance import Chance
from config.reference.geography import DATA
from missions.data.reading import Table, read_toml
from missions.kernel.text import weak_key

ATTEMPTS = 200


@dataclass(frozen=True, slots=True)
class Name:
    """The name of one person; given names are empty for people with a single name."""

    surname: str
    given_names: str
    patronymic: str


@dataclass(frozen=True, slots=True)
class Culture:
    """Names that go together. Surnames and patronymics may be "for men/for women"."""

    code: str
    surnames: tuple[str, ...]
    female: tuple[str, ...]
    male: tuple[str, ...]
    patronymics: tuple[str, ...]
    single: int


@dataclass(frozen=True, slots=True)
class People:
    """What is usual for one nationality: cultures by likelihood, and languages (ISO 639-1)."""

    cultures: tuple[str, ...]
    languages: tuple[str, ...]


@cache
def cultures() -> dict[str, Culture]:
    """All cultures by code."""
    return _names()[0]


@cache
def nationalities() -> dict[str, People]:
    """What is usual for each nationality that occurs."""
    return _names()[1]


class Namer:
    """Gives every person a name of their own, so that nobody looks like somebody else by accident."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._taken: set[str] = set()

    def take(self, surname: str, given_names: str) -> None:
        """Keep a name from being given."""
        self._taken.add(weak_key(f"{surname} {given_names}"))

    def name(self, nationality: str, sex: str, script: str) -> tuple[Name, str]:
        """Return a new name and the code of its culture. Raises ValueError when a pool is used up."""
        for _attempt in range(ATTEMPTS):
            culture = self._culture(nationality, script)
            name = self._draw(culture, sex)
            key = weak_key(f"{name.surname} {name.given_names}")
            if key not in self._taken:
                self._taken.add(key)
                return name, culture.code
        raise ValueError(f"no names left for {nationality}")

    def _culture(self, nationality: str, script: str) -> Culture:
        code = self._chance.pick(nationalities()[nationality].cultures)
        return cultures().get(f"{code}_{script}", cultures()[code])

    def _draw(self, culture: Culture, sex: str) -> Name:
        surname = _form(self._chance.pick(culture.surnames), sex)
        given = self._chance.pick(culture.female if sex == "f" else culture.male)
        if self._chance.holds(culture.single):
            return Name(given, "", "")
        patronymic = _form(self._chance.pick(culture.patronymics), sex) if culture.patronymics else ""
        return Name(surname, given, patronymic)


def _form(text: str, sex: str) -> str:
    forms = text.split("/")
    return forms[-1] if sex == "f" else forms[0]


@cache
def _names() -> tuple[dict[str, Culture], dict[str, People]]:
    table = read_toml(DATA / "names.toml")
    found = {culture.code: culture for culture in table.each("cultures", _read_culture)}
    pairs = {code: text.partition(";") for code, text in table.table("nationalities").pop_texts()}
    table.finish()
    return found, {
        code: People(tuple(names.split()), tuple(languages.split())) for code, (names, _sep, languages) in pairs.items()
    }


def _read_culture(table: Table) -> Culture:
    return Culture(
        code=table.code(),
        surnames=table.texts("surnames"),
        female=table.texts("female"),
        male=table.texts("male"),
        patronymics=table.texts("patronymics") if table.has("patronymics") else (),
        single=table.count("single") if table.has("single") else 0,
    )
