"""The page for those who begin with the API: its commands are run as they stand, and it prints what comes back."""

import datetime as dt
import json
import os
import re
import shlex
import shutil
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

PAGE = Path(__file__).resolve().parents[2] / "docs" / "first-nomination.md"
_BLOCK = re.compile(r"^```(sh|json|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TOKEN = re.compile(r"\$\(\.venv/bin/python manage\.py (.*?)\)")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z")
_END = "---- end of the block ----"
#: The day after the election, on which the demonstration stands.
MOMENT = dt.datetime(2024, 2, 8, 12, 30, tzinfo=dt.UTC)


@pytest.mark.skipif(shutil.which("curl") is None, reason="the page is for people who have curl")
@pytest.mark.one_database
def test_the_page_says_what_happens(
    live_server: LiveServer, other_mission: Mission, other_lead: User, tmp_path: Path
) -> None:
    User.objects.filter(pk=other_lead.pk).update(email="lead@pabsec.example")
    assert other_mission.code == "PABSEC"
    clock.set_to(MOMENT)
    cache.clear()
    blocks = _BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    commands = [text for kind, text in blocks if kind == "sh"]

    printed = _run(
        "".join(f"{text}\necho\necho '{_END}'\n" for text in commands), desk=live_server.url, folder=tmp_path
    )

    answers = [told for told in (part.strip() for part in printed.split(_END)) if told]
    meant = [text.strip() for kind, text in blocks if kind != "sh"]
    assert [_as_read(answer) for answer in answers] == [_as_read(answer) for answer in meant]
    assert len(answers) == 5


def _run(script: str, *, desk: str, folder: Path) -> str:
    """What the shell prints. The token is made in this process, whose database is the test's own."""
    (folder / "var").mkdir()
    command = _TOKEN.search(script)
    assert command is not None
    out = StringIO()
    call_command(*shlex.split(command[1]), stdout=out)
    ready = script.replace(command[0], out.getvalue().strip()).replace(".venv/bin/python", sys.executable)
    ready = ready.replace("http://127.0.0.1:8000", desk)
    environment = {**os.environ, "NO_PROXY": "*", "no_proxy": "*"}
    done = subprocess.run(  # noqa: S603 - the page's own commands
        ["bash", "-e", "-c", ready],  # noqa: S607 - the one that people have
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    return done.stdout


def _as_read(text: str) -> object:
    """An answer without what differs from desk to desk: ids and instants."""
    if not text.startswith("{"):
        return text
    return json.loads(_INSTANT.sub("an instant", text), parse_int=lambda _digits: 0)
