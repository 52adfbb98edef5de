"""Scans in PDF: at most five pages, nothing that acts, nothing inside. Kept as they came, since one may be signed.

The parser runs in a process of its own (`pdf_probe`), which caps its memory and time; a web worker survives whatever
a file does to it.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from accreditation.papers.errors import PaperRefusedError

_ROOT: Final = Path(__file__).resolve().parents[2]
_INHERITED: Final = ("PATH", "LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
#: Of the clock on the wall, on a machine that may be busy; its computing time is capped lower.
_TIMEOUT_SECONDS: Final = 20


def is_pdf(data: bytes) -> bool:
    """Whether the content begins like a PDF."""
    return data.startswith(b"%PDF-")


def ensure_harmless_pdf(data: bytes) -> None:
    """Raise PaperRefusedError unless the PDF is nothing but a few pages.

    Its codes: pdf_broken, pdf_encrypted, pdf_too_many_pages, pdf_too_complex, pdf_javascript, pdf_open_action,
    pdf_launch, pdf_embedded_file, pdf_xfa.
    """
    environment = {key: os.environ[key] for key in _INHERITED if key in os.environ}
    environment["OPENBLAS_NUM_THREADS"] = "1"  # each thread reserves address space that the cap counts
    try:
        probe = subprocess.run(
            [sys.executable, "-m", "accreditation.papers.pdf_probe"],
            cwd=_ROOT,
            env=environment,
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_TIMEOUT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PaperRefusedError("pdf_too_complex") from None
    fault = str(json.loads(probe.stdout)["fault"]) if probe.returncode == 0 else "pdf_too_complex"
    if fault:
        raise PaperRefusedError(fault)
