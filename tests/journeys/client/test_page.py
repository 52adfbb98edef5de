"""The page about the client: its program does what the page says, on the day on which the demonstration stands."""

import datetime as dt
import os
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.management import call_command
from pytest_django.live_server_helper import LiveServer

from missions.kernel import clock
from missions.models import Mission, User
from tests.journeys.client.generating import DOCS

_BLOCK = re.compile(r"^```(python|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
MOMENT = dt.datetime(2024, 2, 8, 12, 30, tzinfo=dt.UTC)


@pytest.mark.one_database
def test_the_program_of_the_page_prints_what_the_page_says(
    live_server: LiveServer, client_package: Path, other_mission: Mission, other_lead: User
) -> None:
    assert other_mission.code == "PABSEC"
    clock.set_to(MOMENT)
    cache.clear()
    token = StringIO()
    call_command("issue_token", other_lead.email, name="python client", scope="write", stdout=token)
    program, printed = (text for _kind, text in _BLOCK.findall((DOCS / "client.md").read_text(encoding="utf-8")))

    done = subprocess.run(  # noqa: S603 - the page's own program
        [sys.executable, "-c", program],
        env={
            **os.environ,
            **{"PYTHONPATH": str(client_package.parent), "DESK": live_server.url, "TOKEN": token.getvalue().strip()},
            **{"NO_PROXY": "*", "no_proxy": "*"},
        },
        capture_output=True,
        text=True,
        timeout=110,
        check=False,
    )

    assert (done.returncode, done.stderr) == (0, "")
    # The last line of the page is the type checker's.
    assert done.stdout.splitlines() == printed.splitlines()[:-1]
