"""The probe as a process: its answer is taken over, and its end, of whatever kind, is a refusal and no crash."""

import subprocess
import sys
from typing import Any

import pytest

from accreditation.papers import pdf
from accreditation.papers.errors import PaperRefusedError
from accreditation.papers.pdf import ensure_harmless_pdf
from tests.corpus.files import papers as made


def refusal(data: bytes) -> str:
    with pytest.raises(PaperRefusedError) as caught:
        ensure_harmless_pdf(data)
    return caught.value.reason


def test_a_sound_scan_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    run, answers = subprocess.run, []

    def overheard(*args: Any, **options: Any) -> "subprocess.CompletedProcess[bytes]":
        answers.append(run(*args, **options))
        return answers[-1]

    monkeypatch.setattr(subprocess, "run", overheard)
    ensure_harmless_pdf(made.pdf(5))

    assert [(answer.returncode, answer.stdout.strip()) for answer in answers] == [(0, b'{"fault": ""}')]


def test_the_answer_of_the_process_is_taken_over() -> None:
    assert refusal(made.pdf_with_endless_pages()) == "pdf_broken"


def test_the_process_knows_nothing_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither secrets nor settings go where hostile bytes are parsed."""
    seen = []

    def run(command: list[str], **options: object) -> "subprocess.CompletedProcess[bytes]":
        seen.append((command, options["env"]))
        return subprocess.CompletedProcess(command, 0, b'{"fault": ""}')

    monkeypatch.setenv("SECRET_KEY", "secret")
    monkeypatch.setattr(subprocess, "run", run)
    ensure_harmless_pdf(made.pdf())

    ((command, environment),) = seen
    assert command == [sys.executable, "-m", "accreditation.papers.pdf_probe"]
    assert isinstance(environment, dict)
    assert set(environment) <= {*pdf._INHERITED, "OPENBLAS_NUM_THREADS"}


@pytest.mark.parametrize("program", ["import time; time.sleep(60)", "import os; os.kill(os.getpid(), 9)", "1 / 0"])
def test_a_process_that_hangs_or_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    real = subprocess.run

    def run(command: list[str], **options: object) -> object:
        return real([sys.executable, "-S", "-c", program], **options)  # type: ignore[call-overload]  # as it was called

    monkeypatch.setattr(pdf, "_TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(subprocess, "run", run)

    assert refusal(made.pdf()) == "pdf_too_complex"


def test_the_process_caps_its_memory_and_time() -> None:
    program = (
        "import resource as r\nfrom accreditation.papers import pdf_probe as p\np._cap()\n"
        "print(r.getrlimit(r.RLIMIT_AS)[1], r.getrlimit(r.RLIMIT_CPU)[1])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=pdf._ROOT, capture_output=True, check=True)  # noqa: S603

    assert done.stdout.split() == [str(512 * 1024 * 1024).encode(), b"8"]
