"""The browser judges every case of the file of vectors as Python does."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

VECTORS = Path(__file__).parents[1] / "accreditation/badges/codes/badge-vectors.json"

JUDGE = """async ({trusts, cases}) => {
    const {fromBase64url} = await import("/static/verify/bytes.js");
    const {openKeyList, openRevocations} = await import("/static/verify/lists.js");
    const {judge} = await import("/static/verify/verdict.js");
    const opened = {};
    for (const [name, trust] of Object.entries(trusts)) {
        const root = fromBase64url(trust.root);
        const keys = await openKeyList(
            fromBase64url(trust.keys), {x: root.slice(0, 32), y: root.slice(32)}, trust);
        const revoked = trust.revoked === null ? null
            : await openRevocations(fromBase64url(trust.revoked), keys, trust);
        opened[name] = {keys, revoked, environment: trust.environment, redAfter: trust.red_after};
    }
    const verdicts = [];
    for (const {code, trust, now, places, photo} of cases) {
        const {result, reason, colour, listAge, badge} = await judge(code, {trust: opened[trust], now, places, photo});
        verdicts.push({result, reason, colour, list_age: listAge, shown: badge !== null});
    }
    return verdicts;
}"""

KEEP = """async (cases) => {
    const {fromBase64url} = await import("/static/verify/bytes.js");
    const {openKeyList, openRevocations} = await import("/static/verify/lists.js");
    const open = async (text, keys, {kind, root, election, environment}, highest) => {
        const bytes = fromBase64url(text);
        const point = fromBase64url(root);
        return kind === "keys"
            ? openKeyList(bytes, {x: point.slice(0, 32), y: point.slice(32)}, {election, environment, highest})
            : openRevocations(bytes, keys, {environment, highest});
    };
    const numbers = [];
    for (const one of cases) {
        const keys = one.kind === "keys" ? null : await open(one.keys, null, {...one, kind: "keys"}, 0);
        let number = 0;
        for (const text of [one.kept, one.offered].filter((list) => list !== null)) {
            try {
                number = (await open(text, keys, one, number)).number;
            } catch (error) {
                if (error.reason === undefined) {
                    throw error;
                }
            }
        }
        numbers.push(number);
    }
    return numbers;
}"""


def test_the_browser_judges_and_keeps_as_the_file_says(visitor: Visitor) -> None:
    vectors: dict[str, Any] = json.loads(VECTORS.read_text(encoding="ascii"))
    cases, lists = vectors["cases"], vectors["lists"]
    parts = ("result", "reason", "colour", "list_age", "shown")
    visitor.page.goto(f"{visitor.origin}/b")

    verdicts = visitor.page.evaluate(JUDGE, {"trusts": vectors["trusts"], "cases": cases})
    numbers = visitor.page.evaluate(KEEP, lists)

    expected = {case["name"]: {part: case[part] for part in parts} for case in cases}
    assert dict(zip(expected, verdicts, strict=True)) == expected
    kept = {case["name"]: case["number"] for case in lists}
    assert dict(zip(kept, numbers, strict=True)) == kept
