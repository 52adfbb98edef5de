"""The command that issues a token prints its secret and nothing else."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from missions.kernel.models import Event
from missions.models import ApiToken, User
from tests.missions.api.world import as_user


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("issue_token", *arguments, stdout=out)
    return out.getvalue()


def days(token: ApiToken) -> int:
    """How long it lives, rounded: its expiry is counted from a moment before its row is made."""
    assert token.expiry is not None
    return round((token.expiry - token.created).total_seconds() / 86_400)


@pytest.mark.django_db
def test_the_printed_secret_signs_in(lead: User) -> None:
    secret = run("Lead@odihr.example", "--name", "laptop").removesuffix("\n")

    response = as_user(None).get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {secret}")

    token = ApiToken.objects.get()
    assert response.json()["email"] == "lead@odihr.example"
    assert (token.name, token.scope, days(token)) == ("laptop", "read", 90)
    assert Event.objects.get().verb == "token_issued"


@pytest.mark.django_db
def test_scope_and_days_can_be_chosen(lead: User) -> None:
    run(lead.email, "--name", "robot", "--scope", "write", "--days", "7")

    token = ApiToken.objects.get()
    assert (token.scope, days(token)) == ("write", 7)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "arguments",
    [
        ("nobody@odihr.example", "--name", "x"),
        ("lead@odihr.example", "--name", ""),
        ("lead@odihr.example", "--name", "x", "--days", "0"),
        ("lead@odihr.example", "--name", "x", "--days", str(10**12)),
        ("lead@odihr.example", "--name", "x", "--days", str(10**8)),
    ],
)
def test_what_cannot_be_issued_is_said(lead: User, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*arguments)

    assert ApiToken.objects.count() == 0
