"""All benches, one after the other: `python -m tests.benchmarks`. Exits with 1 if any of them did, after the last."""

import subprocess
import sys

#: In the order of their tables. Each is a module of its own with a line of its own to start it.
BENCHES = (
    "optimizer",
    "routes",
    "scheduler",
    "samples",
    "duplicates",
    "citizens",
    "desk",
    "badge_signing",
    "badge_printing",
    "badge_page",
    "badge_scans",
    "lists",
    "moving",
    "rules",
    "reminders",
    "mail",
    "reports",
    "load",
)


def main() -> int:
    """Run them, each in a fresh process; a missed target keeps no other from its table."""
    missed = [bench for bench in BENCHES if _run(bench)]
    if missed:
        sys.stdout.write(f"Targets were missed, or a bench broke: {', '.join(missed)}\n")
    return 1 if missed else 0


def _run(bench: str) -> int:
    return subprocess.run([sys.executable, "-m", f"{__package__}.{bench}_bench"], check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(main())
