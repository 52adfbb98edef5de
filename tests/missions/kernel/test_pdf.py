"""The probe as a process: its answer is taken over, and its end, of whatever kind, is a refusal and no crash."""

import subprocess
import sys
from typing import Any

import pytest

from missions.kernel import pdf
from missions.kernel.pdf import pdf_fault
from missions.kernel.pdf_probe import PdfLimits
from tests.corpus.files import papers as made

LIMITS = PdfLimits(pages=5, objects=20_000, seconds=8)


def test_a_sound_scan_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    run, answers = subprocess.run, []

    def overheard(*args: Any, **options: Any) -> "subprocess.CompletedProcess[bytes]":
        answers.append(run(*args, **options))
        return answers[-1]

    monkeypatch.setattr(subprocess, "run", overheard)
    assert pdf_fault(made.pdf(5), LIMITS) == ""

    assert [(answer.returncode, answer.stdout.strip()) for answer in answers] == [(0, b'{"fault": ""}')]


def test_the_answer_of_the_process_is_taken_over() -> None:
    assert pdf_fault(made.pdf_with_endless_pages(), LIMITS) == "pdf_broken"


def test_the_process_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither secrets nor settings go where hostile bytes are parsed."""
    seen = []

    def run(command: list[str], **options: object) -> "subprocess.CompletedProcess[bytes]":
        seen.append((command, options["env"]))
        return subprocess.CompletedProcess(command, 0, b'{"fault": ""}')

    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setattr(subprocess, "run", run)
    pdf_fault(made.pdf(), LIMITS)

    ((command, environment),) = seen
    assert command == [sys.executable, "-m", "missions.kernel.pdf_probe", "5", "20000", "8"]
    assert isinstance(environment, dict)
    assert set(environment) <= {*pdf._INHERITED, "OPENBLAS_NUM_THREADS"}


@pytest.mark.parametrize("program", ["import time; time.sleep(60)", "import os; os.kill(os.getpid(), 9)", "1 / 0"])
def test_a_process_that_hangs_or_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    real = subprocess.run

    def run(command: list[str], **options: object) -> object:
        return real([sys.executable, "-S", "-c", program], **options)  # type: ignore[call-overload]  # as it was called

    monkeypatch.setattr(pdf, "_PATIENCE", 0.04)
    monkeypatch.setattr(subprocess, "run", run)

    assert pdf_fault(made.pdf(), LIMITS) == "pdf_too_complex"


def test_the_process_caps_its_memory_and_time() -> None:
    program = (
        "import resource as r\nfrom missions.kernel import pdf_probe as p\np._cap(8)\n"
        "print(r.getrlimit(r.RLIMIT_AS)[1], r.getrlimit(r.RLIMIT_CPU)[1])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=pdf._ROOT, capture_output=True, check=True)  # noqa: S603

    assert done.stdout.split() == [str(512 * 1024 * 1024).encode(), b"8"]
