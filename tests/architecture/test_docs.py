"""Whatever the documents point to is there: files, pictures and headings."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
_LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)")
_HEADING = re.compile(r"^#+ (?P<text>.+)$", re.MULTILINE)


def _anchor(heading: str) -> str:
    """The name under which a heading is linked."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _is_there(document: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    path = document.parent / name if name else document
    if not anchor:
        return path.exists()
    return path.is_file() and anchor in {_anchor(found["text"]) for found in _HEADING.finditer(path.read_text())}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    targets = [found["target"] for found in _LINK.finditer(document.read_text())]
    assert [target for target in targets if "://" not in target and not _is_there(document, target)] == []


def test_a_picture_that_no_document_shows_is_not_kept() -> None:
    shown = {Path(found["target"]).name for path in DOCUMENTS for found in _LINK.finditer(path.read_text())}
    assert {path.name for path in (ROOT / "docs" / "images").iterdir()} <= shown
