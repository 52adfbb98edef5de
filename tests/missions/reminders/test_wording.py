import datetime as dt
from pathlib import Path

import pytest

from missions.reminders.wording import COMMON, MailWordingError, Wordings, day_text, instant_text
from missions.states import MailLanguage

ENGLISH = '[news]\nsubject = "{count} {count:letter|letters}"\nbody = "Dear {name}"\nreason = "you wait for it."\n'
RUSSIAN = (
    '[news]\nsubject = "{count} {count:письмо|письма|писем}"\nbody = "Уважаемый {name}"\nreason = "Вы его ждёте."\n'
)


@pytest.fixture
def wordings(tmp_path: Path) -> Wordings:
    """A room with one mail in two languages."""
    (tmp_path / "en.toml").write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "ru.toml").write_text(RUSSIAN, encoding="utf-8")
    return Wordings(tmp_path)


def test_a_mail_is_written_in_the_language_of_its_reader(wordings: Wordings) -> None:
    written = wordings.write("news", {"count": 3, "name": "Анна"}, language="ru")
    assert (written.subject, written.body, written.reason) == ("3 письма", "Уважаемый Анна", "Вы его ждёте.")
    assert wordings.say("news.body", {"name": "Ann"}, language="en") == "Dear Ann"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("письма|", ""), "ru.toml: news.subject: word-forms-wrong"),
        (("{name}", "{person}"), "ru.toml: news.body: asks for other values than in 'en'"),
        ((" {name}", ""), "ru.toml: news.body: asks for other values than in 'en'"),
        (("{name}", "{name"), "ru.toml: news.body: place-broken"),
        (("reason", "cause"), "ru.toml: news.cause: must be in this language and in 'en', or in neither"),
        (("[news]", "[new"), "ru.toml: not readable as TOML: .*"),
    ],
)
def test_a_wrong_file_is_named_with_its_key(wordings: Wordings, change: tuple[str, str], problem: str) -> None:
    (wordings.folder / "ru.toml").write_text(RUSSIAN.replace(*change), encoding="utf-8")
    with pytest.raises(MailWordingError, match=f"^{problem}$"):
        wordings.sentences("ru")


def test_a_language_without_a_file_is_named(wordings: Wordings) -> None:
    with pytest.raises(MailWordingError, match=r"^az\.toml: no such file$"):
        wordings.sentences("az")


@pytest.mark.parametrize("language", MailLanguage.values)
def test_what_stands_below_every_mail_is_there_in_every_language(language: str) -> None:
    assert COMMON.sentences(language).keys() == COMMON.sentences("en").keys()


@pytest.mark.parametrize(
    ("language", "day"),
    [("en", "5 February 2024"), ("az", "5 fevral 2024"), ("ru", "5 февраля 2024"), ("fr", "5 février 2024")],
)
def test_a_day_is_written_as_people_write_it(language: str, day: str) -> None:
    at = dt.datetime(2024, 2, 4, 20, 30, tzinfo=dt.UTC)
    assert day_text(dt.date(2024, 2, 5), language=language) == day
    assert instant_text(at, "Asia/Baku", language=language) == f"{day}, 00:30 (Asia/Baku)"
