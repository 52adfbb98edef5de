"""Under hashed names the modules of the verification page still find each other."""

import re
import shutil
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from config.static_files import ModuleManifestStorage

IMPORT = re.compile(r"""^import(?: .* from)? ?"(\S+)";""", re.MULTILINE)


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleManifestStorage:
    """The page's files as `collectstatic` leaves them in production, but not compressed, which takes seconds."""
    monkeypatch.setattr(ModuleManifestStorage, "compress_files", lambda self, paths: ())
    source = Path(str(finders.find("verify")))
    shutil.copytree(source, tmp_path / "verify")
    storage = ModuleManifestStorage(location=str(tmp_path))
    origin = FileSystemStorage(location=str(tmp_path))
    paths = {
        str(path.relative_to(tmp_path)): (origin, str(path.relative_to(tmp_path))) for path in tmp_path.rglob("*.*")
    }
    failed = [outcome for _name, _hashed, outcome in storage.post_process(paths) if isinstance(outcome, Exception)]
    assert failed == []
    return storage


def test_every_module_is_imported_under_its_hashed_name(collected: ModuleManifestStorage) -> None:
    hashed = {name: new for name, new in collected.hashed_files.items() if name.endswith(".js")}
    imports = {
        str(Path(name).parent / imported)
        for name, new in hashed.items()
        for imported in IMPORT.findall(Path(collected.path(new)).read_text(encoding="utf-8"))
    }

    assert imports == set(hashed.values()) - {hashed["verify/page.js"]}
