"""The door: an order on stdin, an answer on stdout, stages and errors on stderr, and the exit codes."""

import io
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from missions.timeline.scheduler import __main__ as door
from missions.timeline.scheduler.explain import explain
from missions.timeline.scheduler.first_come import Order, first_come
from missions.timeline.scheduler.form import from_json, to_json
from missions.timeline.scheduler.pipeline import solve
from missions.timeline.scheduler.plan import Conflict, Plan, Repair, Served
from missions.timeline.scheduler.problem import Booking, Problem, Span
from missions.timeline.scheduler.repair import Mode, repair
from tests.missions.timeline.scheduler.builders import CHAIR, MINISTER, PRESS, held, meeting, problem, random_problem

ROOT = Path(__file__).resolve().parents[4]
WHOLE = problem(meeting("a"), meeting("b", coef=2), meeting("c"), meeting("d", weight=9))


@pytest.fixture(autouse=True)
def _keep_limit() -> Iterator[None]:
    """`main` caps the memory of this very process; give back what was."""
    before = resource.getrlimit(resource.RLIMIT_AS)
    yield
    resource.setrlimit(resource.RLIMIT_AS, before)


def run(
    monkeypatch: pytest.MonkeyPatch, whole: Problem, *arguments: str, published: list[Booking] | None = None
) -> int:
    work = door.Work(problem=whole, published=tuple(published or ()))
    monkeypatch.setattr(sys, "stdin", io.StringIO(to_json(work)))
    return door.main(list(arguments))


def test_solve(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, WHOLE, "solve", "--seed", "3", "--deadline", "60") == 0

    out, err = capsys.readouterr()
    assert from_json(Plan, out).digest() == solve(WHOLE, seed=3).digest()
    assert [json.loads(line)["stage"] for line in err.splitlines()] == ["hosts", "rest", "hosts again", "idle"]


def test_repair(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    lost = replace(WHOLE, hosts=(replace(MINISTER, closed=(Span(0, 1),)), CHAIR, PRESS))
    published = held(a=0, b=5, c=10)

    assert run(monkeypatch, lost, "repair", "--mode", "keep", published=published) == 0

    done = from_json(Repair, capsys.readouterr().out)
    assert done.plan.digest() == repair(lost, published, mode=Mode.KEEP).plan.digest()
    assert (done.mode, done.changed) == ("keep", ("a",))


def test_explain(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    musts = replace(WHOLE, requests=tuple(replace(row, must=True) for row in WHOLE.requests))

    assert run(monkeypatch, musts, "explain") == 0
    assert from_json(Conflict, capsys.readouterr().out) == explain(musts)
    assert run(monkeypatch, WHOLE, "explain") == 0
    assert capsys.readouterr().out == "null\n"


def test_first_come(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, WHOLE, "first-come", "--order", "rank", "--free") == 0

    served = from_json(Served, capsys.readouterr().out)
    assert served == first_come(WHOLE, order=Order.RANK, raster=False)


def test_failures_have_their_codes(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, problem(meeting("a", "nobody")), "solve") == door.EXIT_BAD_INPUT
    assert json.loads(capsys.readouterr().err) == {
        "code": "problem-unknown",
        "detail": "problem-unknown: host of a",
        "id": "a",
        "field": "host",
    }
    musts = replace(WHOLE, requests=tuple(replace(row, must=True) for row in WHOLE.requests))
    assert run(monkeypatch, musts, "solve") == door.EXIT_NO_PLAN
    assert json.loads(capsys.readouterr().err.splitlines()[-1]) == {"code": "impossible", "detail": "impossible"}


def test_memory_has_its_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr(door, "solve", fail)

    assert run(monkeypatch, WHOLE, "solve", "--memory-mb", "4000") == door.EXIT_MEMORY
    assert json.loads(capsys.readouterr().err) == {"code": "memory-exceeded", "detail": "4000 MB"}


def test_what_a_library_prints_is_no_part_of_the_answer() -> None:
    script = (
        "import ctypes, runpy; import missions.timeline.scheduler.explain as module\n"
        "module.explain = lambda *_, **__: ctypes.CDLL(None).puts(b'a remark of HiGHS') and None\n"
        "import sys; sys.argv = ['scheduler', 'explain']\n"
        "runpy.run_module('missions.timeline.scheduler', run_name='__main__')"
    )
    order = to_json(door.Work(problem=WHOLE))

    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script], cwd=ROOT, input=order, capture_output=True, text=True, check=True
    )

    assert done.stdout == "null\n"


def test_a_process_gives_the_same_plan_and_another_is_ended_without_an_answer() -> None:
    order = to_json(door.Work(problem=random_problem(0)))
    command = [sys.executable, "-m", "missions.timeline.scheduler", "solve", "--deadline", "60", "--memory-mb", "4000"]

    done = subprocess.run(  # noqa: S603 - our own module
        command, cwd=ROOT, input=order, capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": "1"}
    )
    with subprocess.Popen(  # noqa: S603 - our own module
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        process.terminate()
        out, _ = process.communicate()

    assert from_json(Plan, done.stdout).digest() == solve(random_problem(0)).digest()
    assert (process.returncode, out) == (-15, "")
