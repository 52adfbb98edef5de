"""The files that the verification page is made of, and the name of this making of it."""

import hashlib
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.template.loader import get_template, render_to_string
from django.templatetags.static import static

#: The folder of the page's files among the static files.
FOLDER = "verify"
_SUFFIXES = {".js", ".css", ".svg", ".webmanifest"}


def asset_urls() -> list[str]:
    """The address of every file that the page needs, under the names that they have in this installation."""
    return [static(f"{FOLDER}/{path.relative_to(_folder())}") for path in _files()]


@cache
def release_name() -> str:
    """A name that changes when the page or a file of it does. Files do not change while a process runs."""
    digest = hashlib.sha256(render_to_string("verify/page.html").encode())
    digest.update(Path(get_template("verify/sw.js").origin.name).read_bytes())  # type: ignore[attr-defined]
    for path, url in zip(_files(), asset_urls(), strict=True):
        digest.update(url.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def _folder() -> Path:
    found = finders.find(FOLDER)
    if found is None:
        raise FileNotFoundError(FOLDER)
    return Path(found)


@cache
def _files() -> tuple[Path, ...]:
    return tuple(sorted(path for path in _folder().rglob("*") if path.suffix in _SUFFIXES))
