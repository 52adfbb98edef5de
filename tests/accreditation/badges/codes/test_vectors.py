"""Every case of the file that the page in the browser runs too, and that the file is the one of its maker."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from accreditation.badges.codes.errors import CodeError
from accreditation.badges.codes.keylist import KeyList, open_key_list
from accreditation.badges.codes.keys import PublicKey
from accreditation.badges.codes.revocations import RevokedBadges, open_revocations
from accreditation.badges.codes.verdict import Photo, Trust, judge
from tests.accreditation.badges.codes.make_vectors import FILE, text_of_file

VECTORS: dict[str, Any] = json.loads(FILE.read_text(encoding="ascii"))
Case = dict[str, Any]


def bytes_of(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def trust_of(trust: Case) -> Trust:
    environment = trust["environment"]
    root = PublicKey.from_point(bytes_of(trust["root"]))
    keys = open_key_list(bytes_of(trust["keys"]), root, election=trust["election"], environment=environment)
    revoked = None
    if trust["revoked"] is not None:
        revoked = open_revocations(bytes_of(trust["revoked"]), keys, environment=environment)
    return Trust(keys, revoked, environment, trust["red_after"])


TRUSTS = {name: trust_of(trust) for name, trust in VECTORS["trusts"].items()}


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_judge_says_what_the_case_expects(case: Case) -> None:
    verdict = judge(
        case["code"], trust=TRUSTS[case["trust"]], now=case["now"], places=case["places"], photo=Photo(case["photo"])
    )

    assert {
        "result": verdict.result,
        "reason": verdict.reason,
        "colour": verdict.colour,
        "list_age": verdict.list_age,
        "shown": verdict.badge is not None,
    } == {name: case[name] for name in ("result", "reason", "colour", "list_age", "shown")}


@pytest.mark.parametrize("case", VECTORS["lists"], ids=lambda case: case["name"])
def test_lists_are_taken_or_refused_as_the_case_expects(case: Case) -> None:
    kept = None if case["kept"] is None else opened(case, case["kept"], 0)

    offered = opened(case, case["offered"], kept.number if kept else 0)

    now_kept = offered or kept
    assert (offered is not None, now_kept.number if now_kept else 0) == (case["taken"], case["number"])


def opened(case: Case, data: str, highest: int) -> KeyList | RevokedBadges | None:
    root = PublicKey.from_point(bytes_of(case["root"]))
    election, environment = case["election"], case["environment"]

    def keys_of(text: str, least: int = 0) -> KeyList:
        return open_key_list(bytes_of(text), root, election=election, environment=environment, highest=least)

    openers: dict[str, Callable[[], KeyList | RevokedBadges]] = {
        "keys": lambda: keys_of(data, highest),
        "revocations": lambda: open_revocations(
            bytes_of(data), keys_of(case["keys"]), environment=environment, highest=highest
        ),
    }
    try:
        return openers[case["kind"]]()
    except CodeError:
        return None


def test_each_line_of_the_table_has_cases() -> None:
    lines = {(case["result"], case["reason"], case["colour"]) for case in VECTORS["cases"]}

    assert lines >= {
        ("invalid", "too_long", "red"),
        ("invalid", "not_a_code", "red"),
        ("invalid", "malformed", "red"),
        ("forged", "algorithm", "red"),
        ("invalid", "claims", "red"),
        ("forged", "other_election", "red"),
        ("unknown_key", "update_keys", "amber"),
        ("forged", "unknown_key", "red"),
        ("forged", "signature", "red"),
        ("forged", "outside_key", "red"),
        ("revoked", "key_withdrawn", "red"),
        ("revoked", "withdrawn", "red"),
        ("revoked", "lost", "red"),
        ("revoked", "replaced", "red"),
        ("revoked", "void", "red"),
        ("clock_wrong", "clock_behind", "amber"),
        ("not_yet", "not_yet", "amber"),
        ("expired", "expired", "red"),
        ("photo_differs", "photo_differs", "red"),
        ("wrong_place", "wrong_place", "amber"),
        ("compare", "no_photo", "amber"),
        ("compare", "compare_photo", "amber"),
        ("valid", "valid", "green"),
        ("valid", "valid", "amber"),
        ("valid", "valid", "red"),
    }


def test_the_file_is_what_its_maker_writes() -> None:
    assert FILE.read_text(encoding="ascii") == text_of_file(), (
        "run python -m tests.accreditation.badges.codes.make_vectors"
    )
