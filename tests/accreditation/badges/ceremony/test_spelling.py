import hashlib

from accreditation.badges.ceremony.spelling import fingerprint_of, is_same, spelled

POINT = bytes(range(64))


def test_a_fingerprint_is_the_beginning_of_the_hash_in_groups() -> None:
    assert hashlib.sha256(POINT).hexdigest().startswith("fdeab9acf3710362bd2658cdc9a29e8f")
    assert fingerprint_of(POINT) == "7XVL-TLHT-OEBW-FPJG-LDG4-TIU6"


def test_every_group_is_read_aloud_in_words() -> None:
    assert spelled("7XVL-AB23") == ("Seven Xray Victor Lima", "Alfa Bravo Two Three")


def test_what_is_typed_is_the_same_whatever_its_case_and_spaces() -> None:
    told = fingerprint_of(POINT)

    assert is_same(told.lower().replace("-", " "), told)
    assert not is_same(told[:-1], told)
    assert not is_same("", told)
