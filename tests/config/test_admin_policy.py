"""The content policy of every answer: strict, and looser by one word under the admin only."""

import pytest
from django.test import Client

from tests.staff import browser_of, in_role

pytestmark = pytest.mark.django_db

STRICT = "script-src 'self'"


def scripts(client: Client, url: str) -> str:
    policy = client.get(url).headers["Content-Security-Policy"]
    return next(part.strip() for part in policy.split(";") if part.strip().startswith("script-src"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/admin/login/", f"{STRICT} 'unsafe-eval'"),
        ("/admin/nothing/here/", f"{STRICT} 'unsafe-eval'"),
        ("/", STRICT),
        ("/nothing/", STRICT),
        ("/administration/", STRICT),
        ("/api/v1/missions/", STRICT),
    ],
)
def test_only_the_admin_may_evaluate(client: Client, url: str, expected: str) -> None:
    assert scripts(client, url) == expected


def test_nothing_comes_from_outside_and_nobody_frames_a_page() -> None:
    policy = browser_of(in_role("auditor")).get("/admin/").headers["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";") if part.strip())

    assert "http" not in policy
    assert {name: parts[name] for name in ("default-src", "connect-src", "object-src", "frame-ancestors")} == {
        "default-src": "'self'",
        "connect-src": "'self'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
    }


def test_no_page_of_our_own_has_an_inline_script() -> None:
    text = browser_of(in_role("auditor")).get("/admin/").content.decode()

    assert [part[:60] for part in text.split("<script")[1:] if "src=" not in part.split(">")[0]] == []
