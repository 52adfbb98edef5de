"""RELIABILITY F12: the server dies between the commit and its answer, and the client asks again with the same key."""

import json
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import pytest
from django.db import connection

from missions.kernel.models import IdempotencyKey
from missions.models import ApiToken, TokenScope, User
from tests.faults.processes import running_command, wait_until
from tests.faults.smtp_sink import free_port
from tests.missions.api.world import new_token


def _post(port: int, secret: str, name: str, key: str) -> tuple[int, bytes, str | None]:
    """Status, body and the mark of a repeated answer. Raises what a broken line raises."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": key, "Content-Type": "application/json"}
    try:
        line.request("POST", "/api/v1/me/tokens/", json.dumps({"name": name}), headers)
        response = line.getresponse()
        return response.status, response.read(), response.headers["Idempotency-Replayed"]
    finally:
        line.close()


def _listens(port: int) -> bool:
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        line.request("GET", "/problems/")
        return line.getresponse().status == 200
    except OSError:
        return False
    finally:
        line.close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="a real server, on one database")
def test_what_was_committed_before_the_server_died_is_answered_again(lead: User, tmp_path: Path) -> None:
    """The worker dies after each commit. Its successor finds the answer under the key, and makes nothing twice."""
    secret, port = new_token(lead, TokenScope.WRITE), free_port()
    command = ("-m", "gunicorn", "config.wsgi", "--preload", "--workers", "1", "--bind", f"127.0.0.1:{port}")
    with running_command(*command, log=tmp_path / "web.log", FAILPOINT="write_committed") as server:
        try:
            wait_until(lambda: _listens(port))
            with pytest.raises((OSError, HTTPException)):
                _post(port, secret, "portal", "one")
            answers = [_post(port, secret, "portal", "one") for _turn in range(2)]
            with pytest.raises((OSError, HTTPException)):
                _post(port, secret, "laptop", "two")
            other = _post(port, secret, "portal", "three")
        finally:
            server.terminate()
            server.wait(30)

    assert [(status, mark) for status, _body, mark in answers] == [(201, "true")] * 2
    assert answers[0] == answers[1]
    made = ApiToken.objects.exclude(name__startswith="test ").order_by("name")
    assert list(made.values_list("name", flat=True)) == ["laptop", "portal"]
    assert json.loads(answers[0][1])["starts_with"] == made[1].token_key
    assert other[0] == 409  # another key is another act, and the name is taken: the first was carried out
    assert set(IdempotencyKey.objects.values_list("key", flat=True)) == {"one", "two"}
