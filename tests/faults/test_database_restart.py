"""F3: PostgreSQL dies and comes back under eight writers. What was acknowledged is there, and nothing twice."""

import datetime as dt
import random
import time
from pathlib import Path

import pytest
from django.db import connection

from missions.kernel import clock
from missions.models import Mission, TokenScope, User
from tests.accreditation.intake.services.test_records import record
from tests.faults.nodes import AGAIN, Writers, ask, running_node
from tests.faults.own_postgres import own_postgres
from tests.faults.processes import database_url
from tests.missions.api.world import new_token

pytestmark = [pytest.mark.servers, pytest.mark.django_db(transaction=True)]
WRITES, CLIENTS = 80, 8
#: Of F3: so many seconds after PostgreSQL is there again, somebody has written.
RECOVERED_WITHIN = 10.0


@pytest.mark.skipif(connection.vendor == "sqlite", reason="there is no server to restart")
def test_f3_every_acknowledged_write_is_there_once(
    mission: Mission, lead: User, at: dt.datetime, tmp_path: Path
) -> None:
    clock.set_to(at)
    Mission.objects.filter(pk=mission.pk).update(ceiling=None)
    token = new_token(lead, TokenScope.WRITE)
    bodies = [{"mission": mission.pk, "nominations": [record(number)]} for number in range(2, WRITES + 2)]
    log = tmp_path / "web.log"
    with own_postgres(database_url()) as postgres, running_node(log, database=postgres.url, workers=2) as node:
        writers = Writers([node.port], "/api/v1/nominations/", token)
        writers.start(bodies, clients=CLIENTS)
        recovered = []
        for share in (0.2, 0.6):
            writers.wait_for(int(WRITES * share))
            postgres.restart_at_once()
            recovered.append(_seconds_to_next(writers))
            writers.wait_for(int(WRITES * (share + 0.2)))
            for _cut in range(random.randrange(2, 5)):
                postgres.cut_one()
        writers.join()
        again = writers.send(node.port, "key-0", bodies[0])
        nominations = postgres.rows("SELECT reference FROM accreditation_nomination")
        keys = postgres.rows("SELECT key FROM kernel_idempotencykey")
        ready = ask(node.port, "GET", "/readyz")

    references = sorted(f"R-{number}" for number in range(2, WRITES + 2))
    assert writers.told().keys() <= AGAIN | {0}, log.read_text()[-3000:]
    assert sorted(row[0] for row in nominations) == references
    assert sorted(row[0] for row in keys) == sorted(writers.taken)
    assert len(writers.taken) == WRITES
    assert sorted(_reference(answer.body) for answer in writers.taken.values()) == references
    assert all("Retry-After" in answer.headers for answer in writers.refusals if answer.status == 503)
    assert 503 in writers.told()  # the control: they did meet a database that was away
    assert (again.status, again.body, again.headers["Idempotency-Replayed"]) == (
        201,
        writers.taken["key-0"].body,
        "true",
    )
    assert (max(recovered) <= RECOVERED_WITHIN, ready.status) == (True, 200)


def _seconds_to_next(writers: Writers) -> float:
    """From now until the next write that is taken: the same server processes go on, nobody has restarted them."""
    began, before = time.monotonic(), len(writers.taken_at)
    while len(writers.taken_at) == before:
        assert time.monotonic() - began < 60, "nobody writes any more"
        time.sleep(0.01)
    return time.monotonic() - began


def _reference(body: dict[str, list[dict[str, str]]]) -> str:
    return body["results"][0]["reference"]
