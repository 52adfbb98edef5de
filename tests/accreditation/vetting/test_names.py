"""What a name shows by itself."""

import pytest

from accreditation.states import Severity
from accreditation.vetting.mrz import parse_mrz
from accreditation.vetting.names import unusual_names
from tests.accreditation.vetting.facts import SOUND, brief, facts
from tests.accreditation.vetting.zones import passport_zone


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"surname": "Pеtrova"}, [("mixed_script", Severity.WARN, "surname")]),
        ({"surname": "Pеtrova", "given_names": "Аnna"}, [("mixed_script", Severity.WARN, "surname, given_names")]),
        ({"surname": "әliyev"}, [("mixed_script", Severity.WARN, "surname")]),
        ({"given_names": "John 3rd"}, [("digits_in_name", Severity.WARN, "given_names")]),
        ({"patronymic": "Ivanovna2"}, [("digits_in_name", Severity.WARN, "patronymic")]),
        ({"given_names": ""}, [("no_given_name", Severity.INFO, None)]),
        ({"surname": "محمد"}, [("no_latin_name", Severity.WARN, None)]),
        ({"surname": "Петрова", "given_names": "Анна"}, []),
        ({"surname": "O'Neil-Əliyev"}, []),
        # Stored before the rule that refuses it: shown, and vetting goes on.
        ({"surname": "=Petrova"}, [("no_latin_name", Severity.WARN, None)]),
    ],
)
def test_unusual_names(changes: dict[str, str], found: list[tuple[str, Severity, str | None]]) -> None:
    findings = unusual_names(facts(**changes))

    assert [(row.code, row.severity, dict(row.evidence).get("fields")) for row in findings] == found


def test_a_zone_answers_how_a_name_is_printed() -> None:
    mrz = parse_mrz(passport_zone(), today=SOUND.as_of)

    assert brief(unusual_names(facts(surname="محمد"))) == [("no_latin_name", Severity.WARN)]
    assert unusual_names(facts(surname="محمد", mrz=mrz)) == ()
