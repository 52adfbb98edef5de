"""What is wrong with a PDF that somebody sent: it is parsed in a process of its own, which caps its memory and time.

A web worker survives whatever a file does to the parser (`pdf_probe`).
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from missions.kernel.pdf_probe import PdfLimits

_ROOT: Final = Path(__file__).resolve().parents[2]
_INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
#: Of the clock on the wall, for each second of computing: the machine may be busy.
_PATIENCE: Final = 2.5
_TOO_COMPLEX: Final = "pdf_too_complex"


def is_pdf(data: bytes) -> bool:
    """Whether the content begins like a PDF."""
    return data.startswith(b"%PDF-")


def pdf_fault(data: bytes, limits: PdfLimits) -> str:
    """The code of what is wrong with the PDF; empty if it is nothing but pages.

    The codes: pdf_broken, pdf_encrypted, pdf_too_many_pages, pdf_too_complex, pdf_javascript, pdf_open_action,
    pdf_launch, pdf_embedded_file, pdf_xfa.
    """
    environment = {key: os.environ[key] for key in _INHERITED if key in os.environ}
    environment["OPENBLAS_NUM_THREADS"] = "1"  # each thread reserves address space that the cap counts
    bounds = [str(number) for number in (limits.pages, limits.objects, limits.seconds)]
    try:
        probe = subprocess.run(  # noqa: S603 - a fixed command and three numbers
            [sys.executable, "-m", "missions.kernel.pdf_probe", *bounds],
            cwd=_ROOT,
            env=environment,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.seconds * _PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return _TOO_COMPLEX
    return str(json.loads(probe.stdout)["fault"]) if probe.returncode == 0 else _TOO_COMPLEX
