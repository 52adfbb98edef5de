"""The scheduler needs no Django: nothing of it is imported, and it works where Django cannot be."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]

SCRIPT = """
import importlib, pkgutil, sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "rest_framework", "celery"}:
            raise ImportError(name)

sys.meta_path.insert(0, Refuse())
import missions.timeline.scheduler as package
names = [module.name for module in pkgutil.iter_modules(package.__path__)]
for name in names:
    importlib.import_module(f"missions.timeline.scheduler.{name}")
ours = {"accreditation", "config", "stations"}
print(len(names), sorted(name for name in sys.modules if name.split(".")[0] in ours | {"django"}))
"""


def test_no_module_imports_django_or_another_app() -> None:
    modules = [path for path in (ROOT / "missions/timeline/scheduler").glob("*.py") if path.stem != "__init__"]

    answer = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", SCRIPT], cwd=ROOT, capture_output=True, text=True, check=True, env={"PYTHONPATH": ""}
    )

    assert answer.stdout.split(maxsplit=1) == [str(len(modules)), "[]\n"]
