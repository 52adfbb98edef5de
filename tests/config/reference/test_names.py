import pytest

from config.reference.chance import Chance
from config.reference.names import Namer, cultures, nationalities
from config.reference.others import read_others
from config.reference.senders import read_senders
from missions.countries import parse_country
from missions.kernel.text import clean_name, weak_key


def test_every_spelling_passes_the_rules_for_names_unchanged() -> None:
    for culture in cultures().values():
        for spelling in (*culture.surnames, *culture.female, *culture.male, *culture.patronymics):
            for form in spelling.split("/"):
                cleaned = clean_name(form)
                assert (cleaned.text, cleaned.notices) == (form, ())


def test_every_nationality_of_the_missions_has_names_and_languages() -> None:
    data = read_senders()
    senders = (*data.senders, *read_others(data.calendar).senders)
    needed = {seat.nationality for sender in senders for seat in sender.seats}

    assert nationalities().keys() == needed
    for code, people in nationalities().items():
        assert parse_country(code) == code
        assert set(people.cultures) <= cultures().keys()


def test_no_name_is_given_twice() -> None:
    namer = Namer(Chance(1, "names"))

    names = [namer.name("TUR", "f", "latin")[0] for _person in range(30)]

    assert len({weak_key(f"{name.surname} {name.given_names}") for name in names}) == 30


def test_a_pool_that_is_used_up_says_so() -> None:
    namer = Namer(Chance(1, "names"))

    def take_all() -> None:
        for _person in range(1000):
            namer.name("ALB", "m", "latin")

    with pytest.raises(ValueError, match="no names left for ALB"):
        take_all()


def test_kept_names_are_not_given() -> None:
    first = Namer(Chance(1, "names"))
    name, _culture = first.name("GEO", "m", "latin")
    second = Namer(Chance(1, "names"))
    second.take(name.surname, name.given_names)

    assert second.name("GEO", "m", "latin")[0] != name


@pytest.mark.parametrize(
    ("script", "alphabet"),
    [
        pytest.param("latin", "abcdefghijklmnopqrstuvwxyzəığşç", id="latin"),
        pytest.param("cyrillic", "абвгдежзийклмнопрстуфхцчшщыьэюяёәғқңөұүһіҳҷӣӯ", id="cyrillic"),
    ],
)
def test_names_are_spelt_in_the_script_of_the_file(script: str, alphabet: str) -> None:
    namer = Namer(Chance(5, "names"))

    name, _culture = namer.name("BLR", "m", script)

    assert name.given_names[1].lower() in alphabet
